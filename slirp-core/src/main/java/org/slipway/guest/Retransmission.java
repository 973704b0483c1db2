package org.slipway.guest;

import java.util.concurrent.TimeUnit;
import java.util.function.IntConsumer;
import org.jspecify.annotations.Nullable;
import org.slipway.loop.Loop;
import org.slipway.loop.Timer;

/** Sends a request again and again while no answer comes, and then gives up. */
final class Retransmission {

    /** Four times: a network in memory loses little. */
    private static final long[] USUAL_SECONDS = {1, 2, 4, 8};

    private final Loop loop;
    private final long[] waitsSeconds;
    private final IntConsumer send;
    private final Runnable giveUp;
    private @Nullable Timer timer;
    private int tries;

    /** Waits 1, 2, 4 and 8 seconds. */
    Retransmission(Loop loop, IntConsumer send, Runnable giveUp) {
        this(loop, USUAL_SECONDS, send, giveUp);
    }

    /**
     * @param waitsSeconds how long each answer is waited for, and so how many are
     * @param send sends the request; is told how often that was done before
     * @param giveUp is called when the last answer did not come either
     */
    Retransmission(Loop loop, long[] waitsSeconds, IntConsumer send, Runnable giveUp) {
        this.loop = loop;
        this.waitsSeconds = waitsSeconds.clone();
        this.send = send;
        this.giveUp = giveUp;
    }

    /** Sends for the first time. */
    void start() {
        timer = loop.schedule(TimeUnit.SECONDS.toNanos(waitsSeconds[tries]), this::expired);
        send.accept(tries++);
    }

    private void expired() {
        if (tries < waitsSeconds.length) {
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
