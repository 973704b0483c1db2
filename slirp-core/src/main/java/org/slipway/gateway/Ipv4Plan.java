package org.slipway.gateway;

import org.jspecify.annotations.Nullable;
import org.slipway.wire.IpAddress;
import org.slipway.wire.IpPrefix;

/**
 * Who has which IPv4 address in the virtual network. QEMU's plan, so that every existing script works: gateway .2, DNS .3,
 * leases from .15 on.
 *
 * @param network the network
 * @param host the gateway; stands for the host's loopback
 * @param dns the virtual resolver; may be outside, and is then behind the gateway
 * @param dhcpFirst first address of the DHCP pool, also the guest that forwards lead to by default
 * @param dhcpLast last address of the DHCP pool
 */
public record Ipv4Plan(IpPrefix network, IpAddress host, IpAddress dns, IpAddress dhcpFirst, IpAddress dhcpLast) {

    /** QEMU's default: 10.0.2.0/24. */
    public static final Ipv4Plan DEFAULT = of(IpPrefix.of(IpAddress.parse("10.0.2.0"), 24), null, null, null);

    private static final int HOST = 2;
    private static final int DNS = 3;
    private static final int DHCP_FIRST = 15;

    /** QEMU leases sixteen addresses. */
    private static final int DHCP_COUNT = 16;

    /**
     * Fills in what is not given and checks that all of it fits together.
     *
     * @throws IllegalArgumentException with QEMU's text and the value, if it does not
     */
    public static Ipv4Plan of(
            IpPrefix network, @Nullable IpAddress host, @Nullable IpAddress dns, @Nullable IpAddress dhcpStart) {
        if (network.length() > 29) {
            throw new IllegalArgumentException("net=" + network
                    + " is too small for a gateway, a resolver and a guest: the prefix length must be 4 to 29");
        }
        IpAddress gateway = host != null ? host : at(network, HOST);
        IpAddress resolver = dns != null ? dns : at(network, DNS);
        require(network.contains(gateway), "Host doesn't belong to network", "host", gateway, network);
        requireHost(network, "host", gateway);
        requireHost(network, "dns", resolver);
        require(!resolver.equals(gateway), "DNS must be different from host", "dns", resolver, network);
        IpAddress first = dhcpStart != null ? dhcpStart : defaultPoolStart(network, gateway, resolver);
        require(network.contains(first), "DHCP doesn't belong to network", "dhcpstart", first, network);
        requireHost(network, "dhcpstart", first);
        require(
                !first.equals(gateway) && !first.equals(resolver),
                "DHCP must be different from host and DNS",
                "dhcpstart",
                first,
                network);
        return new Ipv4Plan(network, gateway, resolver, first, poolEnd(network, gateway, resolver, first));
    }

    /** The pool goes on for sixteen addresses, up to the first service address or the broadcast address. */
    private static IpAddress poolEnd(IpPrefix network, IpAddress host, IpAddress dns, IpAddress first) {
        int last = first.ipv4Bits();
        for (int i = 1; i < DHCP_COUNT; i++) {
            IpAddress next = IpAddress.ipv4(first.ipv4Bits() + i);
            if (!isHostAddress(network, next) || next.equals(host) || next.equals(dns)) {
                break;
            }
            last = next.ipv4Bits();
        }
        return IpAddress.ipv4(last);
    }

    /** QEMU's .15 where the network has it; else the first address behind the services. */
    private static IpAddress defaultPoolStart(IpPrefix network, IpAddress host, IpAddress dns) {
        IpAddress start = at(network, network.length() <= 27 ? DHCP_FIRST : DNS + 1);
        while (start.equals(host) || start.equals(dns)) {
            start = IpAddress.ipv4(start.ipv4Bits() + 1);
        }
        return start;
    }

    /** An address that one station can have: of the network, neither its first nor its last; elsewhere, unicast. */
    private static void requireHost(IpPrefix network, String option, IpAddress address) {
        int first = address.ipv4Bits() >>> 24;
        boolean isUnicast = first != 0 && first != 127 && first < 224;
        if (!isUnicast || network.contains(address) && !isHostAddress(network, address)) {
            throw new IllegalArgumentException(
                    option + "=" + address + " cannot be the address of one station in " + network);
        }
    }

    /** Whether {@code address} is of the network, and neither its first nor its last. */
    boolean isStation(IpAddress address) {
        return isHostAddress(network, address);
    }

    private static boolean isHostAddress(IpPrefix network, IpAddress address) {
        return network.contains(address)
                && !address.equals(network.address())
                && !address.equals(network.ipv4Broadcast());
    }

    private static IpAddress at(IpPrefix network, int offset) {
        // QEMU: net | (0.0.2.x & ~mask): in networks larger than /24 the third byte is 2.
        return IpAddress.ipv4(network.address().ipv4Bits() | 0x0200 + offset & ~network.ipv4Mask());
    }

    private static void require(boolean holds, String error, String option, IpAddress value, IpPrefix network) {
        if (!holds) {
            throw new IllegalArgumentException(error + ": " + option + "=" + value + " in " + network);
        }
    }
}
