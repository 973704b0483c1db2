package org.slipway.nat;

import java.net.SocketAddress;
import org.jspecify.annotations.Nullable;
import org.slipway.wire.IpAddress;

/**
 * A forward from the host to a guest ({@code hostfwd=}); the host may listen on one family for a guest of the other.
 *
 * <p>A client is shown to the guest as itself if the guest can answer that address. Else (it is of the other family, of the
 * host's loopback, of one link only, a Unix socket's, or has an address of the virtual network) it is shown as the gateway:
 * to a guest of IPv4 as its IPv4 address, to one of IPv6 as its address in the prefix, or as fe80::2 if the rule names a
 * link-local address of the guest.
 *
 * @param description the rule as the user wrote it, for messages
 * @param protocol what is forwarded
 * @param local where the host listens: an InetSocketAddress (port 0: the system picks), or a Netty DomainSocketAddress
 * @param guestAddress the guest, or null for the first address of the DHCP pool
 * @param guestPort 1 to 65535
 */
public record ForwardRule(
        String description,
        Protocol protocol,
        SocketAddress local,
        @Nullable IpAddress guestAddress,
        int guestPort) {

    /** What is forwarded. A unix stream socket leads to a TCP port of the guest. */
    public enum Protocol {
        TCP,
        UDP,
        UNIX
    }
}
