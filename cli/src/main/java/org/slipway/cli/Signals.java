package org.slipway.cli;

import java.util.List;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.function.IntConsumer;
import sun.misc.Signal;
import sun.misc.SignalHandler;

/**
 * SIGINT, SIGTERM and SIGHUP of this process, and SIGWINCH. {@code sun.misc.Signal} because a shutdown hook can neither choose the exit
 * status nor hear a second signal; it stands in the supported module {@code jdk.unsupported}.
 */
final class Signals implements AutoCloseable {

    private record Previous(Signal signal, SignalHandler handler) {}

    private final List<Previous> previous;

    private Signals(List<Previous> previous) {
        this.previous = previous;
    }

    /** Calls {@code action} on a thread of the JVM at each signal, with how many there were, from 1 on. */
    static Signals handle(IntConsumer action) {
        return handle(List.of("INT", "TERM", "HUP"), action);
    }

    /** The same of the terminal's having another size. */
    static Signals handleResize(Runnable action) {
        return handle(List.of("WINCH"), count -> action.run());
    }

    private static Signals handle(List<String> names, IntConsumer action) {
        AtomicInteger count = new AtomicInteger();
        SignalHandler handler = signal -> action.accept(count.incrementAndGet());
        return new Signals(names.stream()
                .map(Signal::new)
                .map(signal -> new Previous(signal, Signal.handle(signal, handler)))
                .toList());
    }

    /** Gives the signals back to who had them before. */
    @Override
    public void close() {
        previous.forEach(old -> Signal.handle(old.signal, old.handler));
    }
}
