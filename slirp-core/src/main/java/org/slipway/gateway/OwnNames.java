package org.slipway.gateway;

import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Set;
import java.util.stream.Collectors;
import org.slipway.service.HostRecords;
import org.slipway.wire.DnsAddresses;
import org.slipway.wire.IpAddress;

/**
 * What the resolver is told of names.
 *
 * @param records names and the addresses that they have here, whatever others say; bounded as {@link HostRecords} is
 * @param blocked names that do not exist here, nor any below them; at most {@link #MAX_BLOCKED}
 */
public record OwnNames(Map<String, List<IpAddress>> records, Set<String> blocked) {

    /** No records, and nothing blocked. */
    public static final OwnNames NONE = new OwnNames(Map.of(), Set.of());

    /** A list of advertisers has as many. */
    public static final int MAX_BLOCKED = 1 << 20;

    public OwnNames {
        records = new LinkedHashMap<>(records);
        blocked = blocked.stream().map(OwnNames::canonical).collect(Collectors.toUnmodifiableSet());
        for (String name : blocked) {
            if (!DnsAddresses.isName(name)) {
                throw new IllegalArgumentException("'" + name + "' is no domain name");
            }
        }
        if (blocked.size() > MAX_BLOCKED) {
            throw new IllegalArgumentException(blocked.size() + " names are blocked, the limit is " + MAX_BLOCKED);
        }
        hostRecords(records);
    }

    private static String canonical(String name) {
        String lower = name.toLowerCase(Locale.ROOT);
        return lower.endsWith(".") ? lower.substring(0, lower.length() - 1) : lower;
    }

    /** The records, to be changed while the network runs. */
    HostRecords hostRecords() {
        return hostRecords(records);
    }

    private static HostRecords hostRecords(Map<String, List<IpAddress>> from) {
        HostRecords made = new HostRecords();
        from.forEach((name, addresses) -> addresses.forEach(address -> made.add(name, address)));
        return made;
    }
}
