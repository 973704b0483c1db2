package org.slipway.nat;

import java.net.InetSocketAddress;
import org.jspecify.annotations.Nullable;
import org.slipway.wire.IpAddress;

/**
 * From which of its addresses the host speaks for guests, one a family; libslirp's {@code outbound_addr}.
 *
 * @param ipv4 null for what the host's routes say
 * @param ipv6 null for what the host's routes say
 */
public record OutboundAddresses(
        @Nullable IpAddress ipv4, @Nullable IpAddress ipv6) {

    /** As the host's routes say. */
    public static final OutboundAddresses NONE = new OutboundAddresses(null, null);

    public OutboundAddresses {
        require(ipv4, ipv4 == null || ipv4.isIpv4());
        require(ipv6, ipv6 == null || !ipv6.isIpv4());
    }

    private static void require(@Nullable IpAddress address, boolean ofFamily) {
        boolean usable = address == null
                || ofFamily
                        && !address.isUnspecified()
                        && !address.isMulticast()
                        && !(address.isIpv4() && address.ipv4Bits() == -1)
                        // Such an address is one only together with an interface.
                        && !(!address.isIpv4() && address.isLinkLocal());
        if (!usable) {
            throw new IllegalArgumentException(address + " is not an address to send from");
        }
    }

    /** The address of a family, or null. */
    public @Nullable IpAddress of(boolean ofIpv4) {
        return ofIpv4 ? ipv4 : ipv6;
    }

    /**
     * From where to speak to {@code destination}; null for what the host's routes say. What stays on the host's loopback
     * needs no address of the outside.
     */
    public @Nullable IpAddress toward(IpAddress destination) {
        IpAddress address = of(destination.isIpv4());
        return address == null || destination.isLoopback() && !address.isLoopback() ? null : address;
    }

    /** As {@link #toward(IpAddress)}, for a socket, at any port. */
    public @Nullable InetSocketAddress toward(InetSocketAddress destination) {
        IpAddress address = toward(IpAddress.of(destination.getAddress()));
        return address == null ? null : new InetSocketAddress(address.toInetAddress(), 0);
    }
}
