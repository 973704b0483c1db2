package org.slipway.guest;

import java.util.concurrent.TimeUnit;

/**
 * Until when something may be used of which a router told.
 *
 * @param forever whether it does not end
 * @param endNanos its end on the loop's clock, if it has one
 */
record Lifetime(boolean forever, long endNanos) {

    /** RFC 4861 4.6.2: all ones. */
    private static final long INFINITY_SECONDS = 0xffff_ffffL;

    /** {@code seconds}, an unsigned 32-bit number, from now on. */
    static Lifetime ofSeconds(long seconds, long nowNanos) {
        return new Lifetime(seconds == INFINITY_SECONDS, nowNanos + TimeUnit.SECONDS.toNanos(seconds));
    }

    /** How long it still lasts, 0 when it is over, {@code Long.MAX_VALUE} if it does not end. */
    long leftNanos(long nowNanos) {
        return forever ? Long.MAX_VALUE : Math.max(0, endNanos - nowNanos);
    }

    boolean isOver(long nowNanos) {
        return leftNanos(nowNanos) == 0;
    }
}
