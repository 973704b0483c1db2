package org.slipway.nat;

import io.netty.buffer.ByteBuf;
import io.netty.buffer.PooledByteBufAllocator;
import org.slipway.ip.IpHost;
import org.slipway.lan.Frame;
import org.slipway.wire.InternetChecksum;
import org.slipway.wire.IpAddress;
import org.slipway.wire.IpProtocol;
import org.slipway.wire.Ipv4Packet;
import org.slipway.wire.Ipv6Packet;
import org.slipway.wire.UdpDatagram;

/** Puts UDP headers in front of datagrams and gives them to the IP layer; the checksum is left to the last port. */
public final class UdpDatagramWriter {

    private static final int TIME_TO_LIVE = 64;

    private final IpHost ip;
    private final Frame frame = new Frame();

    public UdpDatagramWriter(IpHost ip) {
        this.ip = ip;
    }

    /** Sends the readable bytes of {@code payload}, borrowed. Fragmented if the link is too small for it. */
    public void send(IpAddress source, int sourcePort, IpAddress destination, int destinationPort, ByteBuf payload) {
        sendTo(IpHost.UNKNOWN, source, sourcePort, destination, destinationPort, payload);
    }

    /** As {@link #send}, to the station {@code mac} whatever the neighbour table says. */
    public void sendTo(
            long mac, IpAddress source, int sourcePort, IpAddress destination, int destinationPort, ByteBuf payload) {
        frame(source, sourcePort, destination, destinationPort, payload);
        ip.sendTo(mac, source, destination, IpProtocol.UDP, TIME_TO_LIVE, 0, false, frame);
        frame.head().release();
    }

    /**
     * Tells a guest by ICMP that its datagram did not arrive. What is quoted is made up from what is known of it.
     *
     * @param source who says so
     * @param destination where the guest had sent it, to {@code failure.destination()}'s port
     */
    void sendError(UdpFailure failure, IpAddress source, IpAddress guest, int guestPort, IpAddress destination) {
        boolean ipv4 = guest.isIpv4();
        int udp = ipv4 ? Ipv4Packet.MIN_HEADER_LENGTH : Ipv6Packet.HEADER_LENGTH;
        int longest = ipv4 ? Ipv4Packet.MAX_LENGTH - udp : Ipv6Packet.MAX_PAYLOAD_LENGTH;
        int length = Math.min(UdpDatagram.HEADER_LENGTH + failure.payloadLength(), longest);
        ByteBuf quote = PooledByteBufAllocator.DEFAULT.directBuffer(udp + UdpDatagram.HEADER_LENGTH);
        quote.writerIndex(udp + UdpDatagram.HEADER_LENGTH);
        if (ipv4) {
            // RFC 1191 4: a packet that may be fragmented is never too big.
            int fragment = failure.mtu() == 0 ? 0 : Ipv4Packet.FLAG_DONT_FRAGMENT;
            Ipv4Packet.write(quote, 0, 0, udp + length, 0, fragment, TIME_TO_LIVE, IpProtocol.UDP, guest, destination);
        } else {
            Ipv6Packet.write(quote, 0, 0, length, IpProtocol.UDP, TIME_TO_LIVE, guest, destination);
        }
        UdpDatagram.write(quote, udp, guestPort, failure.destination().getPort(), length);
        sendError(failure, source, quote);
        quote.release();
    }

    /**
     * Tells the sender of the datagram with {@code headers}, IP's and UDP's, borrowed, that it did not arrive. Of its data
     * what the failure knows is quoted, too: RFC 4443 2.4 (c) wants as much as fits, and senders look for it.
     */
    void sendError(UdpFailure failure, IpAddress source, ByteBuf headers) {
        int length = headers.readableBytes() + failure.quote().length;
        ByteBuf quoted = PooledByteBufAllocator.DEFAULT.directBuffer(length);
        quoted.writeBytes(headers, headers.readerIndex(), headers.readableBytes())
                .writeBytes(failure.quote());
        ip.icmpError(quoted, 0, length, failure.icmpType(), failure.icmpCode(), failure.mtu(), source);
        quoted.release();
    }

    private void frame(IpAddress source, int sourcePort, IpAddress destination, int destinationPort, ByteBuf payload) {
        int length = UdpDatagram.HEADER_LENGTH + payload.readableBytes();
        ByteBuf head = PooledByteBufAllocator.DEFAULT.directBuffer(IpHost.HEADER_ROOM + UdpDatagram.HEADER_LENGTH);
        int at = IpHost.HEADER_ROOM;
        UdpDatagram.write(head, at, sourcePort, destinationPort, length);
        long pseudo = InternetChecksum.pseudoHeader(source, destination, IpProtocol.UDP, length);
        head.setShort(at + UdpDatagram.CHECKSUM, InternetChecksum.fold(pseudo));
        head.setIndex(at, at + UdpDatagram.HEADER_LENGTH);
        frame.set(head, payload.isReadable() ? payload : null).needsChecksum(0, UdpDatagram.CHECKSUM);
    }
}
