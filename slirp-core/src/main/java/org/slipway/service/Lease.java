package org.slipway.service;

import org.slipway.wire.IpAddress;
import org.slipway.wire.MacAddress;

/**
 * An address that a guest holds.
 *
 * @param address from the pool
 * @param mac the guest's Ethernet address
 * @param hostname what the guest calls itself (option 12; in DHCPv6 option 39): printable ASCII, at most 63 characters; empty if it did not say
 * @param expiresAtNanos when the lease ends on the clock of {@link org.slipway.loop.Loop#nanoTime}; {@link Long#MAX_VALUE}
 *     for a BOOTP client, which never renews (RFC 1534 2)
 */
public record Lease(IpAddress address, MacAddress mac, String hostname, long expiresAtNanos) {

    /** RFC 1035 2.3.4: the longest label. */
    private static final int MAX_HOSTNAME = 63;

    /** Of what a guest calls itself, what may be shown to a person: printable ASCII, and not too much of it. */
    static String printable(String text) {
        StringBuilder name = new StringBuilder();
        for (int i = 0; i < text.length() && name.length() < MAX_HOSTNAME; i++) {
            char c = text.charAt(i);
            if (c > ' ' && c < 0x7f) {
                name.append(c);
            }
        }
        return name.toString();
    }
}
