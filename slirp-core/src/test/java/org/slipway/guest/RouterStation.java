package org.slipway.guest;

import static org.slipway.wire.Packets.bytesOf;

import io.netty.buffer.ByteBuf;
import io.netty.buffer.Unpooled;
import java.util.ArrayList;
import java.util.List;
import org.slipway.lan.TestPort;
import org.slipway.wire.EtherType;
import org.slipway.wire.EthernetFrame;
import org.slipway.wire.IcmpMessage;
import org.slipway.wire.Icmpv6Message;
import org.slipway.wire.IpAddress;
import org.slipway.wire.IpPrefix;
import org.slipway.wire.IpProtocol;
import org.slipway.wire.Ipv6Packet;
import org.slipway.wire.Packets;
import org.slipway.wire.RouterAdvertisement;
import org.slipway.wire.RouterAdvertisement.Prefix;

/** A station by hand on the switch of a {@link GuestLan}: says what the test says, and keeps what it hears. */
final class RouterStation {

    static final String MAC = "52:56:00:00:00:02";
    static final String ADDRESS = "fe80::2";

    private static final String ALL_NODES_MAC = "33:33:00:00:00:01";

    private final GuestLan net;
    private final TestPort port = new TestPort("router");

    RouterStation(GuestLan net) {
        this.net = net;
        net.attach(port);
    }

    /** {@code "fd00::/64"}, on-link and for addresses. */
    static Prefix prefix(String prefix, long validSeconds, long preferredSeconds) {
        return prefix(prefix, Prefix.ON_LINK | Prefix.AUTONOMOUS, validSeconds, preferredSeconds);
    }

    static Prefix prefix(String prefix, int flags, long validSeconds, long preferredSeconds) {
        String[] parts = prefix.split("/");
        IpPrefix network = IpPrefix.of(IpAddress.parse(parts[0]), Integer.parseInt(parts[1]));
        return new Prefix(network, flags, validSeconds, preferredSeconds);
    }

    /** A day of fd00::/64. */
    static Prefix prefix() {
        return prefix("fd00::/64", 86_400, 86_400);
    }

    static RouterAdvertisement advertisement(int routerLifetimeSeconds, Prefix... prefixes) {
        return advertisement(routerLifetimeSeconds, 0, 0, List.of(), prefixes);
    }

    static RouterAdvertisement advertisement(
            int routerLifetimeSeconds, int mtu, long dnsLifetimeSeconds, List<IpAddress> dns, Prefix... prefixes) {
        long mac = 0x5256_0000_0002L;
        return new RouterAdvertisement(
                64, 0, routerLifetimeSeconds, mac, mtu, List.of(prefixes), dns, List.of(), dnsLifetimeSeconds);
    }

    /** Tells all nodes. */
    void advertise(RouterAdvertisement said) {
        advertise(ADDRESS, said);
    }

    void advertise(String from, RouterAdvertisement said) {
        say(Packets.from(MAC, from).to(ALL_NODES_MAC, "ff02::1").ndp(said));
    }

    /** Packets to all nodes. */
    Packets toAll() {
        return Packets.from(MAC, ADDRESS).to(ALL_NODES_MAC, "ff02::1");
    }

    void say(ByteBuf frame) {
        port.inject(bytesOf(frame));
        net.loop.run();
    }

    /** Frames that came since the last call. */
    List<ByteBuf> heard() {
        List<ByteBuf> heard = new ArrayList<>();
        port.take().forEach(frame -> heard.add(Unpooled.wrappedBuffer(frame)));
        return heard;
    }

    /** ICMPv6 messages of {@code type} that came since the last call; all others are forgotten. */
    List<ByteBuf> heard(int type) {
        return heard().stream().filter(frame -> icmpv6Type(frame) == type).toList();
    }

    private static int icmpv6Type(ByteBuf frame) {
        int ip = EthernetFrame.HEADER_LENGTH;
        boolean is =
                EthernetFrame.type(frame, 0) == EtherType.IPV6 && Ipv6Packet.nextHeader(frame, ip) == IpProtocol.ICMPV6;
        return is ? IcmpMessage.type(frame, ip + Ipv6Packet.HEADER_LENGTH) : -1;
    }

    /** How often was asked for an address, or for routers. */
    int solicitations(boolean ofRouters) {
        return heard(ofRouters ? Icmpv6Message.ROUTER_SOLICITATION : Icmpv6Message.NEIGHBOUR_SOLICITATION)
                .size();
    }
}
