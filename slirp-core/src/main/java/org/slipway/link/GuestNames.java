package org.slipway.link;

import java.util.BitSet;
import org.jspecify.annotations.Nullable;

/**
 * The names of the guests that are plugged in: {@code guest1}, {@code guest2}… The lowest free number is taken, so that a
 * guest that comes back is called as before. One for all links of a network, on its loop only.
 */
public final class GuestNames {

    /** Guests at a time in one network unless said otherwise: more than a host runs, fewer than it has descriptors. */
    public static final int DEFAULT_LIMIT = 1024;

    private static final String PREFIX = "guest";

    private final BitSet taken = new BitSet();
    private final int limit;

    /** Names for at most {@code limit} guests at a time. */
    public GuestNames(int limit) {
        this.limit = limit;
    }

    /** The most guests at a time. */
    public int limit() {
        return limit;
    }

    /** Takes a name, or returns null if there are {@link #limit} guests. */
    @Nullable
    String take() {
        int free = taken.nextClearBit(0);
        if (free >= limit) {
            return null;
        }
        taken.set(free);
        return PREFIX + (free + 1);
    }

    /** Gives back a name that {@link #take} returned. */
    void release(String name) {
        taken.clear(Integer.parseInt(name.substring(PREFIX.length())) - 1);
    }
}
