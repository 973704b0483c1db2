package org.slipway.ip;

import io.netty.buffer.ByteBuf;
import java.util.random.RandomGenerator;
import org.slipway.lan.Frame;
import org.slipway.wire.DropCounters;
import org.slipway.wire.EtherType;
import org.slipway.wire.IpAddress;
import org.slipway.wire.Ipv4Packet;

/** Sends IPv4 packets (RFC 791). */
final class Ipv4Output extends IpOutput {

    /** RFC 1112 6.4: the low 23 bits of the group follow. */
    private static final long MULTICAST_MAC = 0x0100_5e00_0000L;

    private static final int MULTICAST_MAC_BITS = 0x7f_ffff;

    private int identification;

    Ipv4Output(
            DropCounters drops,
            LocalAddresses locals,
            Neighbours neighbours,
            EthernetOutput ethernet,
            RandomGenerator random) {
        super(
                EtherType.IPV4,
                Ipv4Packet.MIN_HEADER_LENGTH,
                drops,
                locals,
                neighbours,
                new Ipv4Fragmenter(ethernet),
                ethernet);
        identification = random.nextInt(1 << 16);
    }

    @Override
    int maxLength() {
        return Ipv4Packet.MAX_LENGTH;
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
        Ipv4Packet.write(
                upper.head(),
                at,
                typeOfService,
                Ipv4Packet.MIN_HEADER_LENGTH + upper.length(),
                nextIdentification(upper),
                dontFragment ? Ipv4Packet.FLAG_DONT_FRAGMENT : 0,
                timeToLive,
                protocol,
                source,
                destination);
    }

    /** A device that cuts a packet counts on from its identification, so as many are used up. */
    private int nextIdentification(Frame upper) {
        int current = identification & 0xffff;
        identification += upper.segmentation() == Frame.Segmentation.NONE
                ? 1
                : upper.length() / Math.max(1, upper.segmentBytes()) + 1;
        return current;
    }

    @Override
    long multicastMac(IpAddress group) {
        return MULTICAST_MAC | group.ipv4Bits() & MULTICAST_MAC_BITS;
    }

    @Override
    void parse(ByteBuf buf, IpPacket packet) {
        packet.setIpv4(null, buf, buf.readerIndex(), ethernet.mac(), true);
    }
}
