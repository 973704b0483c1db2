package org.slipway.ip;

import java.util.function.LongUnaryOperator;

/**
 * On whose behalf this host acts just now: that of the station whose frame it handles, or of the one that an upper layer
 * names when it sends of its own accord. What it costs the host (neighbours, searches for them, ICMP errors) counts to the
 * share of that station.
 */
final class Cause {

    private long station = IpHost.UNKNOWN;
    private LongUnaryOperator shares = LongUnaryOperator.identity();

    /** By which name its share goes, or {@link IpHost#UNKNOWN}. */
    long share() {
        return shareOf(station);
    }

    /** By which name the share of {@code any} goes; of UNKNOWN by that. */
    long shareOf(long any) {
        return any == IpHost.UNKNOWN ? any : shares.applyAsLong(any);
    }

    /** Says how shares are named; see {@link IpHost#shares}. */
    void shares(LongUnaryOperator names) {
        shares = names;
    }

    /** Changes the station; returns the one before, which the caller restores. */
    long set(long newStation) {
        long before = station;
        station = newStation;
        return before;
    }
}
