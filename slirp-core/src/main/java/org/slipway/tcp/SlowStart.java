package org.slipway.tcp;

import java.util.concurrent.TimeUnit;

/**
 * Slow start (RFC 5681 3.1, byte counting of RFC 3465) that ends before the queue of the path overflows (RFC 9406, HyStart++):
 * when the round trip grows, the window grows at a quarter of the speed for five rounds, and then stops, unless the round trip
 * shrinks again. Only the first slow start of a connection looks at delays.
 */
final class SlowStart {

    /** RFC 9406 4.3, with its recommended values. */
    private static final long MIN_RTT_THRESHOLD = TimeUnit.MILLISECONDS.toNanos(4);

    private static final long MAX_RTT_THRESHOLD = TimeUnit.MILLISECONDS.toNanos(16);
    private static final int MIN_RTT_DIVISOR = 8;
    private static final int SAMPLES = 8;
    private static final int CONSERVATIVE_DIVISOR = 4;
    private static final int CONSERVATIVE_ROUNDS = 5;

    private static final long UNKNOWN = Long.MAX_VALUE;

    private boolean roundKnown;
    private int roundEnd;
    private int samples;
    private long lastRoundMin = UNKNOWN;
    private long roundMin = UNKNOWN;
    private long baseline = UNKNOWN;
    private int conservativeRounds;
    private boolean conservative;
    private boolean over;

    /** By how much {@code acked} bytes let the window grow. */
    int growth(int acked) {
        // One acknowledgment covers a whole batch here, so the limit of RFC 3465 is the bytes themselves.
        return conservative ? (acked + CONSERVATIVE_DIVISOR - 1) / CONSERVATIVE_DIVISOR : acked;
    }

    /** Takes a round-trip time; true if slow start is over. */
    boolean sampled(long rtt, int una, int next) {
        if (over) {
            return false;
        }
        if (!roundKnown || Seq.atMost(roundEnd, una)) {
            beginRound(next);
        }
        samples++;
        roundMin = Math.min(roundMin, rtt);
        if (samples >= SAMPLES && lastRoundMin != UNKNOWN) {
            if (conservative) {
                conservative = roundMin >= baseline;
            } else if (roundMin >= lastRoundMin + threshold()) {
                conservative = true;
                baseline = roundMin;
                conservativeRounds = 0;
            }
        }
        over = conservative && conservativeRounds >= CONSERVATIVE_ROUNDS;
        return over;
    }

    private long threshold() {
        return Math.max(MIN_RTT_THRESHOLD, Math.min(lastRoundMin / MIN_RTT_DIVISOR, MAX_RTT_THRESHOLD));
    }

    private void beginRound(int next) {
        roundKnown = true;
        roundEnd = next;
        lastRoundMin = roundMin;
        roundMin = UNKNOWN;
        samples = 0;
        conservativeRounds++;
    }

    /** A loss has told more than delays do. */
    void end() {
        over = true;
        conservative = false;
    }
}
