package org.slipway.ip;

import io.netty.util.collection.LongObjectHashMap;
import io.netty.util.collection.LongObjectMap;
import org.slipway.loop.Loop;

/**
 * Token buckets (RFC 1812 4.3.2.8, RFC 4443 2.4 (f)), one for each station that provokes errors, so that what one is told
 * never depends on what others are. Stations are named by their Ethernet address: of IPv6 addresses a guest has as many as
 * it likes.
 */
final class RateLimiter {

    /** More than a traceroute of parallel probes needs at once. */
    static final int BURST = 50;

    /** Linux sends one a second to each host, and 1000 in all. */
    static final int PER_SECOND = 100;

    /** As many as a port of the switch has; one that makes up more than that gets its errors, but silences nobody. */
    static final int MAX_STATIONS = 1024;

    private static final long INTERVAL_NANOS = 1_000_000_000L / PER_SECOND;

    private static final class Bucket {
        long fullAtNanos;

        Bucket(long nowNanos) {
            fullAtNanos = nowNanos;
        }
    }

    private final Loop loop;
    private final LongObjectMap<Bucket> buckets = new LongObjectHashMap<>();

    RateLimiter(Loop loop) {
        this.loop = loop;
    }

    /** Takes a token of {@code station}, as {@link org.slipway.wire.MacAddress#value}; returns whether there was one. */
    boolean take(long station) {
        long now = loop.nanoTime();
        Bucket bucket = bucket(station, now);
        long untilFull = Math.max(0, bucket.fullAtNanos - now);
        if (untilFull > (BURST - 1) * INTERVAL_NANOS) {
            return false;
        }
        bucket.fullAtNanos = now + untilFull + INTERVAL_NANOS;
        return true;
    }

    private Bucket bucket(long station, long now) {
        Bucket known = buckets.get(station);
        if (known != null) {
            return known;
        }
        if (buckets.size() == MAX_STATIONS) {
            // Most are full again, and the others may as well be: a bucket is forgotten in favour of its station.
            buckets.clear();
        }
        Bucket made = new Bucket(now);
        buckets.put(station, made);
        return made;
    }

    /** How many stations have a bucket. */
    int size() {
        return buckets.size();
    }
}
