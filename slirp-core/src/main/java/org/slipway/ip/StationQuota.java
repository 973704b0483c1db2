package org.slipway.ip;

import io.netty.util.collection.LongObjectHashMap;
import io.netty.util.collection.LongObjectMap;

/**
 * How many of something there may be, in all and for one station, so that no guest takes everything. Stations are named by
 * their Ethernet address ({@link org.slipway.wire.MacAddress#value}), and not by their IP address: a guest may have as many
 * of those as it likes.
 */
public final class StationQuota {

    private final int total;
    private final int perStation;
    private final LongObjectMap<int[]> taken = new LongObjectHashMap<>();
    private int all;

    /** At most {@code total} in all, and {@code perStation} for each station. */
    public StationQuota(int total, int perStation) {
        this.total = total;
        this.perStation = perStation;
    }

    /** Whether {@link #take} would give one to {@code station}. */
    public boolean hasRoom(long station) {
        return all < total && !isUsedUp(station);
    }

    /** Whether {@code station} has all that it may have. */
    public boolean isUsedUp(long station) {
        int[] own = taken.get(station);
        return own != null && own[0] >= perStation;
    }

    /** Takes one for {@code station}; false if there is none left for it. */
    public boolean take(long station) {
        if (!hasRoom(station)) {
            return false;
        }
        int[] own = taken.get(station);
        if (own == null) {
            own = new int[1];
            taken.put(station, own);
        }
        own[0]++;
        all++;
        return true;
    }

    /** Gives one back that {@link #take} gave to {@code station}. */
    public void giveBack(long station) {
        int[] own = taken.get(station);
        if (own == null) {
            return;
        }
        all--;
        if (--own[0] == 0) {
            taken.remove(station);
        }
    }
}
