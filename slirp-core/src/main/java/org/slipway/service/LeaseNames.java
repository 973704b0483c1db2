package org.slipway.service;

import java.util.ArrayList;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Set;
import org.jspecify.annotations.Nullable;
import org.slipway.wire.IpAddress;
import org.slipway.wire.MacAddress;

/**
 * What guests that hold leases call themselves. Who has a name keeps it for as long as a lease of its lasts: another guest that
 * calls itself alike has none. As many as there are leases, and so bounded. The names of static leases are there always. On the
 * network's loop only.
 */
final class LeaseNames {

    private record Owner(MacAddress mac, List<IpAddress> addresses) {}

    private final Map<String, Owner> names = new HashMap<>();
    private final Map<IpAddress, String> byAddress = new HashMap<>();
    private final Set<IpAddress> fixed = new HashSet<>();

    LeaseNames(List<StaticLease> leases) {
        for (StaticLease lease : leases) {
            if (!lease.name().isEmpty()) {
                claim(lease.name(), lease.mac(), lease.address());
                fixed.add(lease.address());
            }
        }
    }

    void bound(Lease lease) {
        released(lease.address());
        String name = label(lease.hostname());
        if (name != null && !fixed.contains(lease.address())) {
            claim(name, lease.mac(), lease.address());
        }
    }

    private void claim(String name, MacAddress mac, IpAddress address) {
        Owner owner = names.computeIfAbsent(name, free -> new Owner(mac, new ArrayList<>(1)));
        if (owner.mac.equals(mac)) {
            owner.addresses.add(address);
            byAddress.put(address, name);
        }
    }

    void released(IpAddress address) {
        if (fixed.contains(address)) {
            return;
        }
        String name = byAddress.remove(address);
        Owner owner = name == null ? null : names.get(name);
        if (owner != null) {
            owner.addresses.remove(address);
            if (owner.addresses.isEmpty()) {
                names.remove(name);
            }
        }
    }

    /** The first label of what a guest calls itself, in lower case; null if that is none that a host may have. */
    private static @Nullable String label(String hostname) {
        int dot = hostname.indexOf('.');
        String label = (dot < 0 ? hostname : hostname.substring(0, dot)).toLowerCase(Locale.ROOT);
        return StaticLease.isLabel(label) ? label : null;
    }

    /** The addresses of the guest of that name, in lower case; empty if there is none. */
    List<IpAddress> addresses(String label) {
        Owner owner = names.get(label);
        return owner == null ? List.of() : owner.addresses;
    }

    /** What the guest that holds {@code address} calls itself, or null. */
    @Nullable
    String name(IpAddress address) {
        return byAddress.get(address);
    }
}
