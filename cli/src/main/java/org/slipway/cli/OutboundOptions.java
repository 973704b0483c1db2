package org.slipway.cli;

import java.net.NetworkInterface;
import java.net.SocketException;
import java.util.function.Function;
import org.jspecify.annotations.Nullable;
import org.slipway.nat.OutboundAddresses;
import org.slipway.wire.IpAddress;

/**
 * Reads {@code outbound-addr=} and {@code outbound-addr6=}: from which of its addresses the host speaks for guests. As with
 * slirp4netns it may be the name of an interface, which stands for its first address.
 */
final class OutboundOptions {

    private static final String IPV4 = "outbound-addr";
    private static final String IPV6 = "outbound-addr6";

    private OutboundOptions() {}

    static OutboundAddresses read(PortOptions options) {
        IpAddress ipv4 = address(options, IPV4, Literals::ipv4, true);
        IpAddress ipv6 = address(options, IPV6, Literals::ipv6, false);
        try {
            return new OutboundAddresses(ipv4, ipv6);
        } catch (IllegalArgumentException e) {
            throw options.error(String.valueOf(e.getMessage()));
        }
    }

    private static @Nullable IpAddress address(
            PortOptions options, String key, Function<String, @Nullable IpAddress> literal, boolean ipv4) {
        String value = options.value(key);
        if (value == null) {
            return null;
        }
        IpAddress address = literal.apply(value);
        if (address == null) {
            address = ofInterface(value, ipv4);
        }
        if (address == null) {
            throw options.error("Parameter '" + key + "' expects an " + (ipv4 ? "IPv4" : "IPv6")
                    + " address, or an interface that has one, not '" + value + "'");
        }
        return address;
    }

    /** The first address of the interface {@code name} that is of the family and leaves the link, or null. */
    private static @Nullable IpAddress ofInterface(String name, boolean ipv4) {
        try {
            NetworkInterface device = name.isEmpty() ? null : NetworkInterface.getByName(name);
            return device == null
                    ? null
                    : device.inetAddresses()
                            .map(IpAddress::of)
                            .filter(address -> address.isIpv4() == ipv4 && (ipv4 || !address.isLinkLocal()))
                            .findFirst()
                            .orElse(null);
        } catch (SocketException e) {
            return null;
        }
    }
}
