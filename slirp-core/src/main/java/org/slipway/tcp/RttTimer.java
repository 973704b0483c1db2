package org.slipway.tcp;

import java.util.concurrent.TimeUnit;

/** Times one segment a round trip, as RFC 6298 3 asks, and none that was sent again (Karn's algorithm). */
final class RttTimer {

    private static final long TIMESTAMP_TICK = TimeUnit.MILLISECONDS.toNanos(1);

    private final RttEstimator rtt;
    private boolean timing;
    private int timedSequence;
    private long timedAt;
    private boolean repeated;
    private long repeatedAt;

    RttTimer(RttEstimator rtt) {
        this.rtt = rtt;
    }

    /** The segment with {@code seq} goes out now. */
    void start(long now, int seq) {
        timing = true;
        timedSequence = seq;
        timedAt = now;
    }

    void startIfIdle(long now, int seq) {
        if (!timing) {
            start(now, seq);
        }
    }

    /** Something is sent again. */
    void repeated(long now) {
        timing = false;
        repeated = true;
        repeatedAt = now;
    }

    /**
     * Takes a cumulative acknowledgment that is new.
     *
     * @param echoedRtt the round trip by the time stamp echoed, or -1; used where nothing better is known
     */
    void acknowledged(int ack, long now, long echoedRtt) {
        if (timing && Seq.lessThan(timedSequence, ack)) {
            rtt.measured(now - timedAt);
            timing = false;
        } else if (echoedRtt >= 0 && repeated && echoedRtt <= now - repeatedAt + TIMESTAMP_TICK) {
            // Of the repetition. Where the echo is of the first transmission, this may be the answer to a segment that
            // the peer had, its own answer to that lost: the age says nothing of the path, and the backing off stays.
            rtt.measured(echoedRtt);
        }
        repeated = false;
    }
}
