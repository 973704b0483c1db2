package org.slipway.service;

import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import org.slipway.wire.DnsAddresses;
import org.slipway.wire.IpAddress;

/** Names and their addresses, as a user gives them to a network; may change while it runs. On the network's loop only. */
public final class HostRecords {

    /** Of names. */
    public static final int MAX_NAMES = 4096;

    /** Of one name: an answer with as many fits into a datagram of EDNS. */
    public static final int MAX_ADDRESSES = 16;

    private final Map<String, List<IpAddress>> records = new LinkedHashMap<>();

    /**
     * Gives {@code name} one more address; nothing changes if it has it.
     *
     * @throws IllegalArgumentException if it is no name, or there are too many; the message is one line
     */
    public void add(String name, IpAddress address) {
        String key = key(name);
        if (!isHostName(key)) {
            throw new IllegalArgumentException(
                    "'" + name + "' is no host name: labels of letters, digits, '-' and '_'");
        }
        List<IpAddress> addresses = records.get(key);
        if (addresses == null) {
            if (records.size() == MAX_NAMES) {
                throw new IllegalArgumentException(
                        "there are " + MAX_NAMES + " host records, and no more are possible");
            }
            addresses = new ArrayList<>(1);
            records.put(key, addresses);
        }
        if (addresses.contains(address)) {
            return;
        }
        if (addresses.size() == MAX_ADDRESSES) {
            throw new IllegalArgumentException(
                    "'" + name + "' has " + MAX_ADDRESSES + " addresses, and no more are possible");
        }
        addresses.add(address);
    }

    /** Takes all addresses of {@code name} away; false if it has none. */
    public boolean remove(String name) {
        return records.remove(key(name)) != null;
    }

    /** All names, in lower case, and their addresses. */
    public Map<String, List<IpAddress>> all() {
        Map<String, List<IpAddress>> copy = new LinkedHashMap<>();
        records.forEach((name, addresses) -> copy.put(name, List.copyOf(addresses)));
        return copy;
    }

    /** The addresses of a name in lower case; empty if it has none. */
    List<IpAddress> addresses(String name) {
        return records.getOrDefault(name, List.of());
    }

    private static String key(String name) {
        String lower = name.toLowerCase(Locale.ROOT);
        return lower.endsWith(".") ? lower.substring(0, lower.length() - 1) : lower;
    }

    /** Whether {@code name}, in lower case, is made of what {@link org.slipway.wire.DnsMessage#questionName} reads. */
    static boolean isHostName(String name) {
        return DnsAddresses.isName(name)
                && name.chars()
                        .allMatch(
                                c -> c >= 'a' && c <= 'z' || c >= '0' && c <= '9' || c == '-' || c == '_' || c == '.');
    }
}
