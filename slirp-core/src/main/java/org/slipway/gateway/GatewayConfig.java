package org.slipway.gateway;

import java.net.InetSocketAddress;
import java.util.HashSet;
import java.util.List;
import java.util.Set;
import java.util.function.Consumer;
import org.slipway.nat.ForwardRule;
import org.slipway.nat.GuestAccess;
import org.slipway.nat.GuestForward;
import org.slipway.nat.OutboundAddresses;
import org.slipway.nat.UdpFiltering;
import org.slipway.wire.IpAddress;
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
 * @param dhcp what DHCP does beyond the common
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
        OwnNames ownNames,
        DhcpPlan dhcp) {

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
                OwnNames.NONE,
                DhcpPlan.DEFAULT);
    }

    /** The same with something to boot. */
    public GatewayConfig booting(NetBoot what) {
        return with(draft -> draft.boot = what);
    }

    /** The same for guests that may reach what {@code what} says. */
    public GatewayConfig allowing(GuestAccess what) {
        return with(draft -> draft.access = what);
    }

    /** The same with another filtering of datagrams. */
    public GatewayConfig filtering(UdpFiltering how) {
        return with(draft -> draft.filtering = how);
    }

    /** The same with names that guests are told. */
    public GatewayConfig naming(ToldNames what) {
        return with(draft -> draft.names = what);
    }

    /** The same with forwards from guests to the host. */
    public GatewayConfig leading(List<GuestForward> to) {
        return with(draft -> draft.guestForwards = to);
    }

    /** The same with other services of the gateway's own. */
    public GatewayConfig serving(OwnServices what) {
        return with(draft -> draft.services = what);
    }

    /** The same from other addresses of the host. */
    public GatewayConfig speaking(OutboundAddresses from) {
        return with(draft -> draft.outbound = from);
    }

    /** The same with a resolver that knows names of its own. */
    public GatewayConfig knowing(OwnNames what) {
        return with(draft -> draft.ownNames = what);
    }

    /** The same with DHCP that does more. */
    public GatewayConfig leasing(DhcpPlan what) {
        return with(draft -> draft.dhcp = what);
    }

    private GatewayConfig with(Consumer<Draft> change) {
        Draft draft = new Draft(this);
        change.accept(draft);
        return new GatewayConfig(
                plan,
                mtu,
                forwards,
                resolvers,
                draft.boot,
                draft.access,
                draft.filtering,
                draft.names,
                draft.guestForwards,
                draft.services,
                draft.outbound,
                draft.ownNames,
                draft.dhcp);
    }

    /** What of a configuration can be made different. */
    private static final class Draft {
        NetBoot boot;
        GuestAccess access;
        UdpFiltering filtering;
        ToldNames names;
        List<GuestForward> guestForwards;
        OwnServices services;
        OutboundAddresses outbound;
        OwnNames ownNames;
        DhcpPlan dhcp;

        Draft(GatewayConfig config) {
            boot = config.boot;
            access = config.access;
            filtering = config.filtering;
            names = config.names;
            guestForwards = config.guestForwards;
            services = config.services;
            outbound = config.outbound;
            ownNames = config.ownNames;
            dhcp = config.dhcp;
        }
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
        dhcp.check(plan, ownAddresses(plan, guestForwards, services));
    }

    /** The addresses of the guests' network that are the gateway's. */
    private static Set<IpAddress> ownAddresses(
            AddressPlan plan, List<GuestForward> guestForwards, OwnServices services) {
        Set<IpAddress> own = new HashSet<>(plan.hosts());
        own.addAll(plan.resolvers());
        guestForwards.forEach(forward -> own.add(forward.server()));
        SmbShare smb = services.smb();
        if (smb != null) {
            own.addAll(smb.servers());
        }
        return own;
    }
}
