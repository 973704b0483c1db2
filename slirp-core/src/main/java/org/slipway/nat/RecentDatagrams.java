package org.slipway.nat;

import io.netty.buffer.ByteBuf;
import io.netty.buffer.Unpooled;
import org.jspecify.annotations.Nullable;
import org.slipway.ip.IpPacket;
import org.slipway.wire.IpAddress;
import org.slipway.wire.UdpDatagram;

/**
 * The headers of datagrams that may run out of hops on their way, as those of a traceroute do, so that the ICMP error can
 * quote them as the guest has sent them; several are on their way at once. One ring for all guests, of a fixed size: what is
 * forgotten is quoted from memory.
 */
final class RecentDatagrams {

    /** A traceroute goes no further. Most datagrams set out with more hops, and cost nothing here. */
    private static final int MAX_HOPS = 32;

    /** A power of two. Traceroutes have some 16 datagrams on their way. */
    private static final int REMEMBERED = 128;

    /** IPv4's largest header or IPv6's with some extension headers, and the UDP header. */
    static final int MAX_LENGTH = 128;

    private record Sent(IpAddress source, int sourcePort, IpAddress destination, int destinationPort, int dataLength) {}

    private final @Nullable Sent[] sent = new @Nullable Sent[REMEMBERED];
    private final byte[][] headers = new byte[REMEMBERED][];
    private int count;

    /** A guest has sent {@code packet}, a valid datagram. */
    void add(IpPacket packet) {
        int length = packet.payload() - packet.header() + UdpDatagram.HEADER_LENGTH;
        if (packet.timeToLive() > MAX_HOPS || length > MAX_LENGTH) {
            return;
        }
        ByteBuf buf = packet.buf();
        int udp = packet.payload();
        byte[] copy = new byte[length];
        buf.getBytes(packet.header(), copy);
        int at = count++ & REMEMBERED - 1;
        headers[at] = copy;
        sent[at] = new Sent(
                packet.source(),
                UdpDatagram.sourcePort(buf, udp),
                packet.destination(),
                UdpDatagram.destinationPort(buf, udp),
                UdpDatagram.length(buf, udp) - UdpDatagram.HEADER_LENGTH);
    }

    /**
     * The headers, from the IP header to the UDP header, of the last datagram of such a kind, or null if there is none. A
     * router may have quoted less of the data than there were.
     */
    @Nullable
    ByteBuf find(IpAddress source, int sourcePort, IpAddress destination, int destinationPort, int dataLength) {
        for (int i = 1; i <= REMEMBERED; i++) {
            int at = count - i & REMEMBERED - 1;
            Sent candidate = sent[at];
            if (candidate != null
                    && candidate.sourcePort == sourcePort
                    && candidate.destinationPort == destinationPort
                    && candidate.dataLength >= dataLength
                    && candidate.source.equals(source)
                    && candidate.destination.equals(destination)) {
                return Unpooled.wrappedBuffer(headers[at]);
            }
        }
        return null;
    }
}
