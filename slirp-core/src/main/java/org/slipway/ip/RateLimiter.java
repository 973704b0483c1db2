package org.slipway.ip;

import java.util.Arrays;
import org.slipway.loop.Loop;
import org.slipway.wire.IpAddress;

/**
 * Token buckets (RFC 1812 4.3.2.8), one for each of a few classes of addresses, so that one station that provokes many
 * errors does not use up those of others. A bucket is kept as the time at which it will be full again.
 */
final class RateLimiter {

    /** More than a traceroute of parallel probes needs at once. */
    static final int BURST = 50;

    /** Linux sends one a second to each host, and 1000 in all. */
    static final int PER_SECOND = 100;

    private static final int BUCKETS = 64;
    private static final long INTERVAL_NANOS = 1_000_000_000L / PER_SECOND;

    private final Loop loop;
    private final long[] fullAtNanos = new long[BUCKETS];

    RateLimiter(Loop loop) {
        this.loop = loop;
        Arrays.fill(fullAtNanos, loop.nanoTime());
    }

    /** Takes a token of {@code address}; returns whether there was one. */
    boolean take(IpAddress address) {
        int bucket = Math.floorMod(address.hashCode(), BUCKETS);
        long now = loop.nanoTime();
        long untilFull = Math.max(0, fullAtNanos[bucket] - now);
        if (untilFull > (BURST - 1) * INTERVAL_NANOS) {
            return false;
        }
        fullAtNanos[bucket] = now + untilFull + INTERVAL_NANOS;
        return true;
    }
}
