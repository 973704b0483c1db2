package org.slipway.gateway;

import java.util.HashMap;
import java.util.Map;
import org.jspecify.annotations.Nullable;
import org.slipway.ip.SourceGuard;
import org.slipway.service.Lease;
import org.slipway.wire.InterfaceIdentifier;
import org.slipway.wire.IpAddress;

/**
 * Keeps a guest from using the address that another guest has leased, or has made itself (IPv6), while that one is there. A
 * guest that took the address of one that left, or shares its port, is let be.
 */
final class LeaseGuard implements SourceGuard {

    private final Stations stations;
    private final Map<IpAddress, Long> holders = new HashMap<>();
    private final SelfMadeAddresses selfMade = new SelfMadeAddresses();

    LeaseGuard(Stations stations) {
        this.stations = stations;
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
        if (lessee != null) {
            return lessee == mac || !stations.apart(lessee, mac);
        }
        if (source.isIpv4()) {
            return true;
        }
        long maker = selfMade.holder(source);
        if (maker == mac) {
            return true;
        }
        if (maker != SelfMadeAddresses.NOBODY && stations.apart(maker, mac) && !InterfaceIdentifier.isOf(source, mac)) {
            return false;
        }
        selfMade.claim(source, mac, stations.share(mac));
        return true;
    }
}
