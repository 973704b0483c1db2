package org.slipway.cli;

import java.io.IOException;
import java.nio.file.Path;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import org.slipway.cli.top.ControlSource;
import org.slipway.cli.top.Interval;
import org.slipway.cli.top.NetworkSource;
import org.slipway.cli.top.Snapshot;
import org.slipway.cli.top.SortKey;
import org.slipway.cli.top.Top;
import org.slipway.cli.top.Traffic;
import org.slipway.network.NetworkException;

/**
 * One run of {@code slipway top}. Apart from {@link TopCommand}, whose methods picocli looks at whichever command is run: so no
 * other command loads what the screen is made of.
 */
final class TopRun {

    private final Console console;
    private final Path socket;
    private final SortKey sort;
    private final Interval interval;
    private final boolean once;

    /** Throws UsageException if {@code sort} or {@code seconds} are wrong. */
    TopRun(Console console, Path socket, String sort, double seconds, boolean once) {
        this.console = console;
        this.socket = socket;
        this.sort = sortKey(sort);
        this.interval = interval(seconds);
        this.once = once;
    }

    private static SortKey sortKey(String label) {
        SortKey key = SortKey.of(label);
        if (key == null) {
            throw new UsageException("--sort: flows are sorted by " + SortKey.labels() + ", not by '" + label + "'");
        }
        return key;
    }

    private static Interval interval(double seconds) {
        try {
            return new Interval(seconds);
        } catch (IllegalArgumentException e) {
            throw new UsageException("--interval: " + e.getMessage());
        }
    }

    /** Shows the network until the user has seen enough; returns the exit status. */
    int call() throws InterruptedException {
        try (NetworkSource source = new ControlSource(socket)) {
            Snapshot first = source.snapshot();
            if (once || !live(source, first)) {
                print(source, first);
            }
            return ExitCode.OK;
        } catch (IOException | UnsupportedOperationException e) {
            throw new NetworkException("no network answers at '" + socket + "': " + e.getMessage(), e);
        }
    }

    /** Whether there is a terminal to show it on; returns when the user has seen enough. */
    @SuppressWarnings("try") // the signals are only held
    private boolean live(NetworkSource source, Snapshot first) throws IOException, InterruptedException {
        try (Top top = Top.open(source, first, sort, interval)) {
            if (top == null) {
                return false;
            }
            try (Signals ends = Signals.handle(count -> top.quit());
                    Signals resizes = Signals.handleResize(top::resized)) {
                top.run();
            }
            return true;
        }
    }

    private void print(NetworkSource source, Snapshot first) throws IOException, InterruptedException {
        Traffic traffic = new Traffic();
        traffic.update(first);
        // Nothing counts it down: this is how long to wait for what passes meanwhile.
        new CountDownLatch(1).await(interval.millis(), TimeUnit.MILLISECONDS);
        TopText.lines(traffic.update(source.snapshot()), sort).forEach(console.out()::println);
    }
}
