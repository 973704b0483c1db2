package org.slipway.guest;

import java.util.function.IntConsumer;
import org.jspecify.annotations.Nullable;
import org.slipway.loop.Loop;
import org.slipway.loop.Timer;

/** Sends a request up to four times, waiting 1, 2, 4 and 8 seconds for the answer: a network in memory loses little. */
final class Retransmission {

    private static final int TRIES = 4;
    private static final long FIRST_WAIT_NANOS = 1_000_000_000L;

    private final Loop loop;
    private final IntConsumer send;
    private final Runnable giveUp;
    private @Nullable Timer timer;
    private int tries;

    /**
     * @param send sends the request; is told how often that was done before, 0 to 3
     * @param giveUp is called when the last answer did not come either
     */
    Retransmission(Loop loop, IntConsumer send, Runnable giveUp) {
        this.loop = loop;
        this.send = send;
        this.giveUp = giveUp;
    }

    /** Sends for the first time. */
    void start() {
        timer = loop.schedule(FIRST_WAIT_NANOS << tries, this::expired);
        send.accept(tries++);
    }

    private void expired() {
        if (tries < TRIES) {
            start();
        } else {
            giveUp.run();
        }
    }

    /** The answer came, or nobody waits for it. Harmless when repeated. */
    void stop() {
        Timer armed = timer;
        if (armed != null) {
            armed.cancel();
            timer = null;
        }
    }
}
