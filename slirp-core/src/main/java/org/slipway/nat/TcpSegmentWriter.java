package org.slipway.nat;

import io.netty.buffer.ByteBuf;
import io.netty.buffer.PooledByteBufAllocator;
import org.slipway.ip.IpHost;
import org.slipway.lan.Frame;
import org.slipway.tcp.Segment;
import org.slipway.wire.InternetChecksum;
import org.slipway.wire.IpAddress;
import org.slipway.wire.IpProtocol;
import org.slipway.wire.TcpHeader;

/** Puts TCP headers in front of segments and gives them to the IP layer; the checksum is left to the last port. */
final class TcpSegmentWriter {

    /** The usual initial value (RFC 1700, Linux). */
    private static final int TIME_TO_LIVE = 64;

    private final IpHost ip;
    private final Frame frame = new Frame();
    private ByteBuf head = newHead();

    TcpSegmentWriter(IpHost ip) {
        this.ip = ip;
    }

    private static ByteBuf newHead() {
        return PooledByteBufAllocator.DEFAULT.directBuffer(IpHost.HEADER_ROOM + TcpHeader.MAX_LENGTH);
    }

    /** Sends {@code segment}, borrowed, from {@code source} to {@code destination}. */
    void send(IpAddress source, int sourcePort, IpAddress destination, int destinationPort, Segment segment) {
        if (head.refCnt() > 1) {
            // Somebody keeps the last segment's headers.
            head.release();
            head = newHead();
        }
        int at = IpHost.HEADER_ROOM;
        int headerLength = TcpHeader.MIN_LENGTH + segment.options.length();
        TcpHeader.write(
                head,
                at,
                sourcePort,
                destinationPort,
                segment.sequence,
                segment.has(TcpHeader.ACK) ? segment.acknowledgment : 0,
                headerLength,
                segment.flags,
                segment.window);
        segment.options.emit(head, at + TcpHeader.MIN_LENGTH);
        long pseudo = InternetChecksum.pseudoHeader(
                source, destination, IpProtocol.TCP, headerLength + segment.payloadLength);
        head.setShort(at + TcpHeader.CHECKSUM, InternetChecksum.fold(pseudo));
        head.setIndex(at, at + headerLength);
        ByteBuf body =
                segment.payloadLength == 0 ? null : segment.buf.retainedSlice(segment.payload, segment.payloadLength);
        frame.set(head, body).needsChecksum(0, TcpHeader.CHECKSUM);
        if (segment.payloadLength > segment.segmentBytes && segment.segmentBytes > 0) {
            frame.needsSegmentation(
                    source.isIpv4() ? Frame.Segmentation.TCP_IPV4 : Frame.Segmentation.TCP_IPV6, segment.segmentBytes);
        }
        ip.send(source, destination, IpProtocol.TCP, TIME_TO_LIVE, 0, true, frame);
        if (body != null) {
            body.release();
        }
    }

    void close() {
        head.release();
    }
}
