package org.slipway.service;

import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;
import org.slipway.wire.IpAddress;
import org.slipway.wire.MacAddress;

/**
 * What guests that hold leases call themselves. Who has a name keeps it for as long as a lease of its lasts: another guest that
 * calls itself alike has none. As many as there are leases, and so bounded. On the network's loop only.
 */
final class LeaseNames {

    /** RFC 1123 2.1. */
    private static final Pattern LABEL = Pattern.compile("[a-z0-9]([a-z0-9-]{0,61}[a-z0-9])?");

    private record Owner(MacAddress mac, List<IpAddress> addresses) {}

    private final Map<String, Owner> names = new HashMap<>();
    private final Map<IpAddress, String> byAddress = new HashMap<>();

    void bound(Lease lease) {
        released(lease.address());
        String name = label(lease.hostname());
        if (name == null) {
            return;
        }
        Owner owner = names.computeIfAbsent(name, free -> new Owner(lease.mac(), new ArrayList<>(1)));
        if (owner.mac.equals(lease.mac())) {
            owner.addresses.add(lease.address());
            byAddress.put(lease.address(), name);
        }
    }

    void released(IpAddress address) {
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
        return LABEL.matcher(label).matches() ? label : null;
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
