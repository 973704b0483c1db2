package org.slipway.wire;

import java.util.EnumMap;
import java.util.Map;

/** How often each {@link DropReason} struck. Written by the network's loop only; {@link #snapshot} may be stale elsewhere. */
public final class DropCounters {

    private final long[] counts = new long[DropReason.values().length];

    /** Counts one drop. */
    public void count(DropReason reason) {
        counts[reason.ordinal()]++;
    }

    /** How often {@code reason} struck. */
    public long of(DropReason reason) {
        return counts[reason.ordinal()];
    }

    /** All reasons that struck at least once, in the order of the enum. */
    public Map<DropReason, Long> snapshot() {
        Map<DropReason, Long> result = new EnumMap<>(DropReason.class);
        for (DropReason reason : DropReason.values()) {
            if (counts[reason.ordinal()] > 0) {
                result.put(reason, counts[reason.ordinal()]);
            }
        }
        return result;
    }
}
