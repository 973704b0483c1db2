package org.slipway.ip;

/**
 * On whose behalf this host acts just now: that of the station whose frame it handles, or of the one that an upper layer
 * names when it sends of its own accord. What it costs the host (neighbours, searches for them, ICMP errors) counts to the
 * share of that station.
 */
final class Cause {

    private long station = IpHost.UNKNOWN;

    /** The station, as {@link org.slipway.wire.MacAddress#value}, or {@link IpHost#UNKNOWN}. */
    long station() {
        return station;
    }

    /** Changes it; returns the one before, which the caller restores. */
    long set(long newStation) {
        long before = station;
        station = newStation;
        return before;
    }
}
