package org.slipway.ip;

import io.netty.util.collection.LongObjectHashMap;
import io.netty.util.collection.LongObjectMap;

/**
 * How many of something there may be, in all and for one share ({@link IpHost#share}: the stations behind one port), so that no
 * guest takes everything. A share is at most as large as what is left for all others: one greedy guest gets a half, two get a
 * third each, and who comes next finds a third as well, however many there are.
 */
public final class StationQuota {

    private final int total;
    private final int perShare;
    private final LongObjectMap<int[]> taken = new LongObjectHashMap<>();
    private int all;

    /** At most {@code total} in all, and {@code perShare} for each share. */
    public StationQuota(int total, int perShare) {
        this.total = total;
        this.perShare = perShare;
    }

    /** Whether {@link #take} would give one to {@code share}. */
    public boolean hasRoom(long share) {
        return all < total && !isUsedUp(share);
    }

    /** Whether {@code share} has some, and all that it may have just now. */
    public boolean isUsedUp(long share) {
        int[] own = taken.get(share);
        return own != null && own[0] >= Math.min(perShare, total - all);
    }

    /** Takes one for {@code share}; false if there is none left for it. */
    public boolean take(long share) {
        if (!hasRoom(share)) {
            return false;
        }
        int[] own = taken.get(share);
        if (own == null) {
            own = new int[1];
            taken.put(share, own);
        }
        own[0]++;
        all++;
        return true;
    }

    /** How many {@code share} has taken. */
    public int of(long share) {
        int[] own = taken.get(share);
        return own == null ? 0 : own[0];
    }

    /** Gives one back that {@link #take} gave to {@code share}. */
    public void giveBack(long share) {
        int[] own = taken.get(share);
        if (own == null) {
            return;
        }
        all--;
        if (--own[0] == 0) {
            taken.remove(share);
        }
    }
}
