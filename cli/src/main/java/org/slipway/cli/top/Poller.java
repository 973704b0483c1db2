package org.slipway.cli.top;

import java.io.IOException;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.TimeUnit;
import org.jspecify.annotations.Nullable;
import org.slipway.cli.control.RequestException;

/** Asks the network on a thread of its own, so that keys work while it does not answer. The methods may be called from any thread. */
final class Poller implements AutoCloseable {

    /** Hears of everything on the poller's thread. */
    interface Listener {

        void answered(Snapshot snapshot);

        /** The network does not answer; it will be asked again. */
        void lost(String reason);

        /** A flow was ended, or could not be. */
        void said(String text);
    }

    private final NetworkSource source;
    private final Listener listener;
    private final BlockingQueue<Runnable> requests = new LinkedBlockingQueue<>();
    private final Thread thread = new Thread(this::run, "slipway-top-network");

    /** Written by the thread alone. */
    private long intervalMillis;

    private boolean paused;

    Poller(NetworkSource source, Interval interval, Listener listener) {
        this.source = source;
        this.listener = listener;
        intervalMillis = interval.millis();
        thread.setDaemon(true);
    }

    /** Asks at once, and then at the interval. */
    void start() {
        thread.start();
    }

    /** Asks once more now and then each {@code interval}, or not at all if {@code pause}. */
    void pace(Interval interval, boolean pause) {
        requests.add(() -> {
            intervalMillis = interval.millis();
            paused = pause;
        });
    }

    /** Ends a flow, and asks what there is then. */
    void kill(String flow) {
        requests.add(() -> end(flow));
    }

    private void end(String flow) {
        try {
            source.kill(flow);
            listener.said(flow + " has been ended");
        } catch (RequestException e) {
            listener.said(String.valueOf(e.getMessage()));
        } catch (IOException e) {
            listener.lost(String.valueOf(e.getMessage()));
        }
    }

    private void run() {
        try {
            while (!Thread.currentThread().isInterrupted()) {
                ask();
                for (Runnable request = await(); request != null; request = requests.poll()) {
                    request.run();
                }
            }
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        } finally {
            source.close();
        }
    }

    private void ask() {
        if (paused) {
            return;
        }
        try {
            listener.answered(source.snapshot());
        } catch (IOException e) {
            if (!Thread.currentThread().isInterrupted()) {
                listener.lost(String.valueOf(e.getMessage()));
            }
        }
    }

    private @Nullable Runnable await() throws InterruptedException {
        return paused ? requests.take() : requests.poll(intervalMillis, TimeUnit.MILLISECONDS);
    }

    /** Stops asking. A question that waits for its answer ends: the interrupt closes its channel. */
    @Override
    public void close() {
        thread.interrupt();
    }
}
