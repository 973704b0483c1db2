package org.slipway.gateway;

import java.util.HashMap;
import java.util.Map;
import java.util.function.ToLongFunction;
import org.jspecify.annotations.Nullable;
import org.slipway.ip.IpHost;
import org.slipway.ip.SourceGuard;
import org.slipway.service.Lease;
import org.slipway.wire.IpAddress;

/**
 * Keeps a guest from using the address that another guest has leased, or of IPv6 addresses, which guests make themselves, one
 * that another is known to have, while that one is there. A guest that took the address of one that left, or shares its port,
 * is let be.
 */
final class LeaseGuard implements SourceGuard {

    private final Stations stations;
    private final ToLongFunction<IpAddress> neighbours;
    private final Map<IpAddress, Long> holders = new HashMap<>();

    /** {@code neighbours} knows which station has an address, or {@link IpHost#UNKNOWN}. */
    LeaseGuard(Stations stations, ToLongFunction<IpAddress> neighbours) {
        this.stations = stations;
        this.neighbours = neighbours;
    }

    void bound(Lease lease) {
        holders.put(lease.address(), lease.mac().value());
    }

    void released(Lease lease) {
        holders.remove(lease.address());
    }

    @Override
    public boolean allows(IpAddress source, long mac) {
        @Nullable Long lessee = holders.get(source);
        long holder = lessee != null ? lessee : source.isIpv4() ? IpHost.UNKNOWN : neighbours.applyAsLong(source);
        return holder == IpHost.UNKNOWN || holder == mac || !stations.apart(holder, mac);
    }
}
