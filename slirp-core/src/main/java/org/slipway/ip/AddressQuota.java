package org.slipway.ip;

import java.util.HashMap;
import java.util.Map;
import org.slipway.wire.IpAddress;

/** How many of something there may be, in all and for one address, so that no guest takes everything. */
public final class AddressQuota {

    private final int total;
    private final int perAddress;
    private final Map<IpAddress, Integer> taken = new HashMap<>();
    private int all;

    /** At most {@code total} in all, and {@code perAddress} for each address. */
    public AddressQuota(int total, int perAddress) {
        this.total = total;
        this.perAddress = perAddress;
    }

    /** Whether {@link #take} would give one to {@code address}. */
    public boolean hasRoom(IpAddress address) {
        return all < total && !isUsedUp(address);
    }

    /** Whether {@code address} has all that it may have. */
    public boolean isUsedUp(IpAddress address) {
        return taken.getOrDefault(address, 0) >= perAddress;
    }

    /** Takes one for {@code address}; false if there is none left for it. */
    public boolean take(IpAddress address) {
        if (!hasRoom(address)) {
            return false;
        }
        taken.merge(address, 1, Integer::sum);
        all++;
        return true;
    }

    /** Gives one back that {@link #take} gave. */
    public void giveBack(IpAddress address) {
        taken.computeIfPresent(address, (key, own) -> own == 1 ? null : own - 1);
        all--;
    }
}
