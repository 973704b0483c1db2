package org.slipway.nat;

import io.netty.buffer.ByteBuf;
import io.netty.buffer.Unpooled;
import org.jspecify.annotations.Nullable;
import org.slipway.ip.IpPacket;
import org.slipway.wire.IpAddress;
import org.slipway.wire.UdpDatagram;

/**
 * The headers of the datagram that a flow has sent last, for the ICMP error that quotes them as the guest has sent them
 * (RFC 1122 3.2.2). Copied into the same bytes each time.
 */
final class LastDatagram {

    private byte[] headers = {};
    private int length;
    private @Nullable IpAddress destination;
    private int destinationPort;
    private int dataLength;

    /** A guest has sent {@code packet}, a valid datagram. */
    void set(IpPacket packet) {
        ByteBuf buf = packet.buf();
        int udp = packet.payload();
        length = udp - packet.header() + UdpDatagram.HEADER_LENGTH;
        destination = length > RecentDatagrams.MAX_LENGTH ? null : packet.destination();
        if (destination != null) {
            if (headers.length < length) {
                headers = new byte[length];
            }
            buf.getBytes(packet.header(), headers, 0, length);
            destinationPort = UdpDatagram.destinationPort(buf, udp);
            dataLength = UdpDatagram.length(buf, udp) - UdpDatagram.HEADER_LENGTH;
        }
    }

    /** As {@link RecentDatagrams#find}, for one sender. */
    @Nullable
    ByteBuf find(IpAddress to, int port, int atLeast) {
        return destinationPort == port && dataLength >= atLeast && to.equals(destination)
                ? Unpooled.wrappedBuffer(headers, 0, length)
                : null;
    }
}
