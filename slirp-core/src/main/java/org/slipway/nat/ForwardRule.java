package org.slipway.nat;

import java.net.SocketAddress;
import org.jspecify.annotations.Nullable;
import org.slipway.wire.IpAddress;

/**
 * A forward from the host to a guest ({@code hostfwd=}).
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
