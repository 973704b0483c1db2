package org.slipway.ip;

import io.netty.buffer.ByteBuf;
import java.util.random.RandomGenerator;
import org.slipway.lan.Frame;
import org.slipway.wire.DropCounters;
import org.slipway.wire.EtherType;
import org.slipway.wire.IpAddress;
import org.slipway.wire.Ipv6Extensions;
import org.slipway.wire.Ipv6Packet;

/** Sends IPv6 packets (RFC 8200), without extension headers but that of fragments. */
final class Ipv6Output extends IpOutput {

    /** RFC 2464 7: the low 32 bits of the group follow. */
    private static final long MULTICAST_MAC = 0x3333_0000_0000L;

    private final Ipv6Extensions none = new Ipv6Extensions();

    Ipv6Output(
            DropCounters drops,
            LocalAddresses locals,
            Neighbours neighbours,
            EthernetOutput ethernet,
            RandomGenerator random) {
        super(
                EtherType.IPV6,
                Ipv6Packet.HEADER_LENGTH,
                drops,
                locals,
                neighbours,
                new Ipv6Fragmenter(ethernet, random),
                ethernet);
    }

    @Override
    int maxLength() {
        return Ipv6Packet.HEADER_LENGTH + Ipv6Packet.MAX_PAYLOAD_LENGTH;
    }

    @Override
    void writeHeader(
            Frame upper,
            int at,
            IpAddress source,
            IpAddress destination,
            int protocol,
            int timeToLive,
            int typeOfService,
            boolean dontFragment) {
        Ipv6Packet.write(upper.head(), at, typeOfService, upper.length(), protocol, timeToLive, source, destination);
    }

    @Override
    long multicastMac(IpAddress group) {
        return multicastMacOf(group);
    }

    /** The group of stations that {@code group} is sent to, as {@link org.slipway.wire.MacAddress#value}. */
    static long multicastMacOf(IpAddress group) {
        return MULTICAST_MAC | group.low() & 0xffff_ffffL;
    }

    @Override
    void parse(ByteBuf buf, IpPacket packet) {
        int at = buf.readerIndex();
        none.walk(buf, at);
        packet.setIpv6(null, buf, at, none, ethernet.mac(), true);
    }
}
