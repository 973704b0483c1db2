package org.slipway.tcp;

import java.util.concurrent.TimeUnit;

/**
 * How large a receive window the path can use: twice what our user takes in a round trip, so that the peer's window may double
 * (dynamic right-sizing). It begins small, grows while it is the limit, and never shrinks. The round trip is that of the time
 * stamps which the peer echoes in its data, or else the time that a window takes to be filled.
 */
final class ReceiveWindow {

    /** Segments beyond twice the need, for a peer in slow start. */
    private static final int SPARE_SEGMENTS = 16;

    /** Time stamps tick in milliseconds: a shorter round trip is taken as this. */
    private static final long MIN_ROUND = TimeUnit.MILLISECONDS.toNanos(1);

    private final int largest;
    private final int mss;
    private int size;
    private long roundTrip = -1;
    private long consumed;
    private boolean roundBegun;
    private long roundStart;
    private long roundConsumed;
    private boolean filling;
    private int fillingTo;
    private long fillingSince;

    /** Begins with {@code initial} bytes and grows to {@code largest}. */
    ReceiveWindow(int initial, int largest, int mss) {
        this.largest = largest;
        this.mss = mss;
        size = initial;
    }

    /** The window in bytes. */
    int size() {
        return size;
    }

    /** The user has taken {@code bytes}. */
    void consumed(int bytes) {
        consumed += bytes;
    }

    /** Data have come up to {@code next}, with an echo of age {@code echoedRtt}, or -1. */
    void arrived(int next, long echoedRtt, long now) {
        if (size == largest) {
            return;
        }
        if (echoedRtt >= 0) {
            measured(echoedRtt);
        } else if (!filling || Seq.atMost(fillingTo, next)) {
            if (filling) {
                measured(now - fillingSince);
            }
            filling = true;
            fillingTo = next + size;
            fillingSince = now;
        }
    }

    /** The peer's pauses make a sample too long, nothing makes it too short. */
    private void measured(long sample) {
        long clamped = Math.max(MIN_ROUND, sample);
        roundTrip = roundTrip < 0 || clamped < roundTrip ? clamped : roundTrip + (clamped - roundTrip) / 8;
    }

    /** Grows it if a round trip is over and the user has taken more than half of a window in it. */
    void tune(long now) {
        if (size == largest || roundTrip < 0) {
            return;
        }
        if (!roundBegun) {
            roundBegun = true;
        } else if (now - roundStart < roundTrip) {
            return;
        } else {
            long wanted = 2 * (consumed - roundConsumed) + (long) SPARE_SEGMENTS * mss;
            size = (int) Math.min(largest, Math.max(size, wanted));
        }
        roundStart = now;
        roundConsumed = consumed;
    }
}
