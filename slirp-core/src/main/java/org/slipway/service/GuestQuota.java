package org.slipway.service;

import java.util.HashMap;
import java.util.Map;
import org.slipway.wire.IpAddress;

/** How many of something there may be, in all and for one guest, so that no guest takes everything. */
final class GuestQuota {

    private final int total;
    private final int perGuest;
    private final Map<IpAddress, Integer> taken = new HashMap<>();
    private int all;

    GuestQuota(int total, int perGuest) {
        this.total = total;
        this.perGuest = perGuest;
    }

    /** Takes one for {@code guest}; false if there is none left for it. */
    boolean take(IpAddress guest) {
        int own = taken.getOrDefault(guest, 0);
        if (all >= total || own >= perGuest) {
            return false;
        }
        taken.put(guest, own + 1);
        all++;
        return true;
    }

    /** Gives one back that {@link #take} gave. */
    void giveBack(IpAddress guest) {
        taken.computeIfPresent(guest, (key, own) -> own == 1 ? null : own - 1);
        all--;
    }
}
