package org.slipway.gateway;

import java.net.InetSocketAddress;
import java.util.List;
import org.slipway.nat.ForwardRule;
import org.slipway.nat.GuestAccess;
import org.slipway.nat.GuestForward;
import org.slipway.nat.OutboundAddresses;
import org.slipway.nat.UdpFiltering;
import org.slipway.wire.Ipv6Packet;

/**
 * What {@code user,…} says.
 *
 * @param plan who has which address
 * @param mtu largest IP packet towards guests in bytes, {@link #MIN_MTU} to {@link #MAX_MTU}, with IPv6
 *     {@link #MIN_IPV6_MTU} at least; told by DHCP option 26 and by router advertisements
 * @param forwards from the host to guests
 * @param resolvers where DNS queries go, in the order of trying; empty: the host's own, from its resolv.conf
 * @param boot what guests boot from the network
 * @param access what guests may reach
 * @param filtering who may send datagrams to the port of a guest that has sent some
 * @param names what names guests are told
 * @param guestForwards from guests to the host
 * @param services what the gateway serves itself
 * @param outbound from which of its addresses the host speaks for guests
 * @param ownNames what the resolver knows by itself
 */
public record GatewayConfig(
        AddressPlan plan,
        int mtu,
        List<ForwardRule> forwards,
        List<InetSocketAddress> resolvers,
        NetBoot boot,
        GuestAccess access,
        UdpFiltering filtering,
        ToldNames names,
        List<GuestForward> guestForwards,
        OwnServices services,
        OutboundAddresses outbound,
        OwnNames ownNames) {

    /** Every IPv4 host takes packets of this size (RFC 791); libslirp's own lower bound is 68. */
    public static final int MIN_MTU = 576;

    /** Every link carries IPv6 packets of this size (RFC 8200 5). */
    public static final int MIN_IPV6_MTU = Ipv6Packet.MIN_MTU;

    /** As libslirp and slirp4netns bound it. */
    public static final int MAX_MTU = 65_521;

    public static final int DEFAULT_MTU = 1500;

    /** {@code user} without any option. */
    public static final GatewayConfig DEFAULT =
            new GatewayConfig(AddressPlan.DEFAULT, DEFAULT_MTU, List.of(), List.of());

    /** Without anything to boot, without names, and with what guests may do by default. */
    public GatewayConfig(AddressPlan plan, int mtu, List<ForwardRule> forwards, List<InetSocketAddress> resolvers) {
        this(
                plan,
                mtu,
                forwards,
                resolvers,
                NetBoot.NONE,
                GuestAccess.DEFAULT,
                UdpFiltering.ENDPOINT_INDEPENDENT,
                ToldNames.NONE,
                List.of(),
                OwnServices.DEFAULT,
                OutboundAddresses.NONE,
                OwnNames.NONE);
    }

    /** The same with something to boot. */
    public GatewayConfig booting(NetBoot what) {
        return new GatewayConfig(
                plan,
                mtu,
                forwards,
                resolvers,
                what,
                access,
                filtering,
                names,
                guestForwards,
                services,
                outbound,
                ownNames);
    }

    /** The same for guests that may reach what {@code what} says. */
    public GatewayConfig allowing(GuestAccess what) {
        return new GatewayConfig(
                plan,
                mtu,
                forwards,
                resolvers,
                boot,
                what,
                filtering,
                names,
                guestForwards,
                services,
                outbound,
                ownNames);
    }

    /** The same with another filtering of datagrams. */
    public GatewayConfig filtering(UdpFiltering how) {
        return new GatewayConfig(
                plan, mtu, forwards, resolvers, boot, access, how, names, guestForwards, services, outbound, ownNames);
    }

    /** The same with names that guests are told. */
    public GatewayConfig naming(ToldNames what) {
        return new GatewayConfig(
                plan,
                mtu,
                forwards,
                resolvers,
                boot,
                access,
                filtering,
                what,
                guestForwards,
                services,
                outbound,
                ownNames);
    }

    /** The same with forwards from guests to the host. */
    public GatewayConfig leading(List<GuestForward> to) {
        return new GatewayConfig(
                plan, mtu, forwards, resolvers, boot, access, filtering, names, to, services, outbound, ownNames);
    }

    /** The same with other services of the gateway's own. */
    public GatewayConfig serving(OwnServices what) {
        return new GatewayConfig(
                plan,
                mtu,
                forwards,
                resolvers,
                boot,
                access,
                filtering,
                names,
                guestForwards,
                what,
                outbound,
                ownNames);
    }

    /** The same from other addresses of the host. */
    public GatewayConfig speaking(OutboundAddresses from) {
        return new GatewayConfig(
                plan,
                mtu,
                forwards,
                resolvers,
                boot,
                access,
                filtering,
                names,
                guestForwards,
                services,
                from,
                ownNames);
    }

    /** The same with a resolver that knows names of its own. */
    public GatewayConfig knowing(OwnNames what) {
        return new GatewayConfig(
                plan,
                mtu,
                forwards,
                resolvers,
                boot,
                access,
                filtering,
                names,
                guestForwards,
                services,
                outbound,
                what);
    }

    /** Whether guests are told of a resolver, and may ask it. */
    boolean hasResolver() {
        return services.dns() && access.outside();
    }

    public GatewayConfig {
        forwards = List.copyOf(forwards);
        resolvers = List.copyOf(resolvers);
        guestForwards = List.copyOf(guestForwards);
        int min = plan.ipv6() == null ? MIN_MTU : MIN_IPV6_MTU;
        if (mtu < min || mtu > MAX_MTU) {
            throw new IllegalArgumentException("mtu=" + mtu + " is not " + min + " to " + MAX_MTU);
        }
    }
}
