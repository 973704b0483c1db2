package org.slipway.tcp;

import java.util.concurrent.TimeUnit;

/**
 * The one timer of RFC 6298 and of RFC 9293 3.8.6.1: either something is unacknowledged, or something waits that the window
 * does not let go. It counts how often nobody has answered.
 */
final class SendTimer {

    private enum Kind {
        NONE,
        /** Something is unacknowledged (RFC 6298 5). */
        RETRANSMIT,
        /** Something waits, and the window does not let it go (RFC 9293 3.8.6.1). */
        PERSIST
    }

    static final long NEVER = Long.MAX_VALUE;

    /**
     * As many as Linux tries: with the time-out doubling from 200 ms to 60 s about ten minutes; RFC 9293 3.8.3 asks for 100 s at
     * least. With fewer, a path that loses three packets of ten would end connections now and then.
     */
    private static final int MAX_RETRANSMISSIONS = 15;

    /** From one second on this is 183 s; RFC 9293 3.8.3 (MUST-23) asks for 180 s at least. */
    private static final int MAX_SYN_RETRANSMISSIONS = 7;

    private static final long MAX_PERSIST = TimeUnit.SECONDS.toNanos(60);

    private final RttEstimator rtt;
    private Kind kind = Kind.NONE;
    private long at = NEVER;
    private int retries;
    private int persistBackoff;

    SendTimer(RttEstimator rtt) {
        this.rtt = rtt;
    }

    /** The earlier of two deadlines, either of which may be {@link #NEVER}. */
    static long earliest(long a, long b) {
        return a == NEVER ? b : b == NEVER ? a : a - b < 0 ? a : b;
    }

    void startRetransmission(long now) {
        kind = Kind.RETRANSMIT;
        at = now + rtt.rto();
    }

    /** The retransmission timer has expired before {@code now}, and what it asks for could not go until now. */
    void expireAt(long now) {
        kind = Kind.RETRANSMIT;
        at = now;
    }

    void startPersist(long now) {
        kind = Kind.PERSIST;
        at = now + Math.min(MAX_PERSIST, rtt.rto() << Math.min(persistBackoff, 12));
    }

    void stop() {
        kind = Kind.NONE;
        at = NEVER;
    }

    boolean isRunning() {
        return kind != Kind.NONE;
    }

    boolean isRetransmission() {
        return kind == Kind.RETRANSMIT;
    }

    boolean isPersist() {
        return kind == Kind.PERSIST;
    }

    /** When it expires, or {@link #NEVER}. */
    long deadline() {
        return at;
    }

    boolean isDue(long now) {
        return at != NEVER && now - at >= 0;
    }

    /** Expired: something is to be sent again, unless that was tried often enough already; then false. */
    boolean retry(boolean handshake) {
        rtt.backOff();
        return ++retries <= (handshake ? MAX_SYN_RETRANSMISSIONS : MAX_RETRANSMISSIONS);
    }

    /** A further probe of a closed window; false if enough of them were not answered. */
    boolean retryProbe() {
        return ++retries <= MAX_RETRANSMISSIONS;
    }

    void backOffPersist() {
        persistBackoff++;
    }

    /** Something new was acknowledged. */
    void progress() {
        retries = 0;
        persistBackoff = 0;
    }

    /** The peer lives, and keeps its window closed. */
    void heard() {
        if (kind == Kind.PERSIST) {
            retries = 0;
        }
    }

    /** How often it has expired since something new was acknowledged. */
    int retries() {
        return retries;
    }
}
