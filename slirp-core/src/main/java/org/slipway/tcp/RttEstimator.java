package org.slipway.tcp;

import java.util.concurrent.TimeUnit;

/** The retransmission time-out (RFC 6298), in nanoseconds. */
final class RttEstimator {

    /** RFC 6298 2.1: before any measurement. */
    static final long INITIAL_RTO = TimeUnit.SECONDS.toNanos(1);

    /**
     * RFC 6298 2.4 asks for a time-out of a second at least; as Linux does, this is the least allowance above the round-trip
     * time instead: guests are microseconds away, and delayed acknowledgments take at most 200 ms where they are not 40.
     */
    private static final long MIN_ALLOWANCE = TimeUnit.MILLISECONDS.toNanos(200);

    /** RFC 6298 2.5: at least 60 s. */
    static final long MAX_RTO = TimeUnit.SECONDS.toNanos(60);

    /** RFC 6298 5.7. */
    private static final long RTO_AFTER_LOST_SYN = TimeUnit.SECONDS.toNanos(3);

    /** RFC 8985 6.2, step 1: a route may change, so the minimum is that of five to ten minutes. */
    private static final long MIN_RTT_LIFETIME = TimeUnit.MINUTES.toNanos(5);

    private long smoothedRtt = -1;
    private long minRtt = -1;
    private long formerMinRtt = -1;
    private long minRttSince;
    private long rttVariation;
    private long rto = INITIAL_RTO;
    private int backoff;

    /**
     * Takes one measurement: of a segment that was sent once, or by a time stamp. Only this undoes the backing off (Karn): the
     * acknowledgment of a repeated segment may be that of the first, and the time-out too short for this path.
     */
    void measured(long rttNanos) {
        if (smoothedRtt < 0) {
            smoothedRtt = rttNanos;
            rttVariation = rttNanos / 2;
        } else {
            rttVariation += (Math.abs(smoothedRtt - rttNanos) - rttVariation) / 4;
            smoothedRtt += (rttNanos - smoothedRtt) / 8;
        }
        rto = smoothedRtt + Math.max(MIN_ALLOWANCE, 4 * rttVariation);
        backoff = 0;
    }

    /** Takes the round trip of a segment that was sent once for the minimum alone. */
    void sampled(long rttNanos, long now) {
        if (minRtt >= 0 && now - minRttSince > MIN_RTT_LIFETIME) {
            formerMinRtt = minRtt;
            minRtt = -1;
        }
        if (minRtt < 0) {
            minRttSince = now;
            minRtt = rttNanos;
        }
        minRtt = Math.min(minRtt, rttNanos);
    }

    /** The least round trip of the last minutes, or -1. */
    long minRtt() {
        return formerMinRtt < 0 ? minRtt : Math.min(minRtt, formerMinRtt);
    }

    /** RFC 6298 5.5: the timer has expired. */
    void backOff() {
        backoff++;
    }

    /** RFC 6298 5.7: the handshake is done, and the SYN had to be repeated. */
    void synRepeated() {
        if (smoothedRtt < 0) {
            rto = RTO_AFTER_LOST_SYN;
            backoff = 0;
        }
    }

    /** The time-out to arm now. */
    long rto() {
        return Math.min(MAX_RTO, rto << Math.min(backoff, 16));
    }

    /** The smoothed round-trip time, or -1 before the first measurement. */
    long smoothedRtt() {
        return smoothedRtt;
    }
}
