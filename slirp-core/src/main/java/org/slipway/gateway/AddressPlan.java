package org.slipway.gateway;

import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;
import org.slipway.nat.AddressPolicy;
import org.slipway.nat.GuestAccess;
import org.slipway.service.LocalNames;
import org.slipway.wire.IpAddress;
import org.slipway.wire.IpPrefix;
import org.slipway.wire.MacAddress;

/**
 * Who has which address in the virtual network.
 *
 * @param ipv4 null where guests have no IPv4
 * @param ipv6 null where guests have no IPv6; not both are null
 */
public record AddressPlan(@Nullable Ipv4Plan ipv4, @Nullable Ipv6Plan ipv6) {

    /** Both families, with QEMU's addresses but for the IPv6 prefix. */
    public static final AddressPlan DEFAULT = new AddressPlan(Ipv4Plan.DEFAULT, Ipv6Plan.DEFAULT);

    /** QEMU's default network alone: 10.0.2.0/24. */
    public static final AddressPlan IPV4_ONLY = new AddressPlan(Ipv4Plan.DEFAULT, null);

    public AddressPlan {
        if (ipv4 == null && ipv6 == null) {
            throw new IllegalArgumentException("IPv4 and IPv6 disabled");
        }
    }

    /**
     * The gateway's one address on the Ethernet: 52:55 and its IPv4 address, as libslirp has it; without IPv4 52:56 and the
     * last four bytes of its IPv6 address, as libslirp has it there.
     */
    public MacAddress gatewayMac() {
        if (ipv4 != null) {
            return new MacAddress(0x5255L << 32 | ipv4.host().ipv4Bits() & 0xffff_ffffL);
        }
        IpAddress host = ipv6 == null ? Ipv6Plan.LINK_LOCAL_HOST : ipv6.host();
        return new MacAddress(0x5256L << 32 | host.low() & 0xffff_ffffL);
    }

    /** The resolver's addresses, one a family. */
    public List<IpAddress> resolvers() {
        List<IpAddress> resolvers = new ArrayList<>();
        if (ipv4 != null) {
            resolvers.add(ipv4.dns());
        }
        if (ipv6 != null) {
            resolvers.add(ipv6.dns());
        }
        return resolvers;
    }

    /**
     * The guests' network that {@code address} is of.
     *
     * @throws IllegalArgumentException if it is of none
     */
    IpPrefix network(IpAddress address) {
        if (ipv4 != null && ipv4.network().contains(address)) {
            return ipv4.network();
        }
        if (ipv6 != null && ipv6.prefix().contains(address)) {
            return ipv6.prefix();
        }
        throw new IllegalArgumentException(address + " is not in the guests' network");
    }

    /** The guests' networks, IPv4 first. */
    public List<IpPrefix> networks() {
        List<IpPrefix> networks = new ArrayList<>();
        if (ipv4 != null) {
            networks.add(ipv4.network());
        }
        if (ipv6 != null) {
            networks.add(ipv6.prefix());
        }
        return networks;
    }

    /** The gateway's own addresses, on the link too. */
    List<IpAddress> hosts() {
        List<IpAddress> hosts = new ArrayList<>();
        if (ipv4 != null) {
            hosts.add(ipv4.host());
        }
        if (ipv6 != null) {
            hosts.add(ipv6.host());
            hosts.add(Ipv6Plan.LINK_LOCAL_HOST);
        }
        return hosts;
    }

    /** Whether {@code address} is of the guests' network. */
    boolean contains(IpAddress address) {
        return ipv4 != null && ipv4.network().contains(address)
                || ipv6 != null && (ipv6.prefix().contains(address) || !address.isIpv4() && address.isLinkLocal());
    }

    /** Whether {@code address} can be that of a station in the guests' network, apart from what the gateway has there. */
    boolean isStation(IpAddress address) {
        return ipv4 != null && ipv4.isStation(address)
                || ipv6 != null
                        && ipv6.prefix().contains(address)
                        && !address.equals(ipv6.prefix().address());
    }

    /** The network of one family, for a message. */
    String network(boolean ofIpv4) {
        if (ofIpv4) {
            return ipv4 == null ? "IPv4, which is off" : ipv4.network().toString();
        }
        return ipv6 == null ? "IPv6, which is off" : ipv6.prefix().toString();
    }

    /** The names of the gateway and the resolver below {@link LocalNames#DOMAIN}, and their addresses. */
    Map<String, List<IpAddress>> names() {
        List<IpAddress> gateway = new ArrayList<>();
        if (ipv4 != null) {
            gateway.add(ipv4.host());
        }
        if (ipv6 != null) {
            gateway.add(ipv6.host());
        }
        return Map.of("gateway", gateway, "dns", resolvers());
    }

    /** What guests may reach with these addresses. */
    AddressPolicy policy(GuestAccess access) {
        return new AddressPolicy(
                ipv4 == null ? null : new AddressPolicy.Network(ipv4.network(), ipv4.host()),
                ipv6 == null ? null : new AddressPolicy.Network(ipv6.prefix(), ipv6.host()),
                ipv6 == null ? null : Ipv6Plan.LINK_LOCAL_HOST,
                access);
    }
}
