package org.slipway.service;

import java.util.regex.Pattern;
import org.slipway.wire.IpAddress;
import org.slipway.wire.MacAddress;

/**
 * An address that is kept for one guest, of the pool or not.
 *
 * @param mac the guest's Ethernet address: no group, not zero
 * @param address what it gets, of either family
 * @param name what it is told to call itself, and is found under whether it is there or not: a label in lower case; empty:
 *     it calls itself as it likes
 */
public record StaticLease(MacAddress mac, IpAddress address, String name) {

    /** More guests than a network of one switch has. */
    public static final int MAX = 1024;

    /** RFC 1123 2.1. */
    private static final Pattern LABEL = Pattern.compile("[a-z0-9]([a-z0-9-]{0,61}[a-z0-9])?");

    public StaticLease {
        if (mac.equals(MacAddress.ZERO) || MacAddress.isGroup(mac.value())) {
            throw new IllegalArgumentException(mac + " is not the Ethernet address of one guest");
        }
        if (!name.isEmpty() && !isLabel(name)) {
            throw new IllegalArgumentException(
                    "'" + name + "' is no host name: 1 to 63 of a-z, 0-9 and '-', which stands at neither end");
        }
    }

    /** Whether {@code text} is a label that a host may have, in lower case. */
    static boolean isLabel(String text) {
        return LABEL.matcher(text).matches();
    }

    /** Whose it is: of a guest's associations in DHCPv6, the first. */
    LeaseHolder holder() {
        return LeaseHolder.of(mac.value());
    }
}
