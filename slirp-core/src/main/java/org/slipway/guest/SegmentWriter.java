package org.slipway.guest;

import io.netty.buffer.ByteBuf;
import io.netty.buffer.PooledByteBufAllocator;
import org.jspecify.annotations.Nullable;
import org.slipway.ip.IpHost;
import org.slipway.lan.Frame;
import org.slipway.tcp.Segment;
import org.slipway.wire.DropReason;
import org.slipway.wire.InternetChecksum;
import org.slipway.wire.IpProtocol;
import org.slipway.wire.TcpHeader;

/** Makes packets of segments: cuts them to what the peer takes, with headers and checksums, so that any wire carries them. */
final class SegmentWriter {

    private static final int TIME_TO_LIVE = 64;

    /** What stands on the last piece of a segment only. */
    private static final int FLAGS_OF_LAST = TcpHeader.FIN | TcpHeader.PSH;

    private final IpHost ip;
    private final Frame frame = new Frame();

    SegmentWriter(IpHost ip) {
        this.ip = ip;
    }

    /** Sends {@code segment}, borrowed. Returns why the last packet was not sent, or null. */
    @Nullable
    DropReason send(ConnectionKey key, Segment segment) {
        int left = segment.payloadLength;
        int offset = 0;
        while (left > segment.segmentBytes && segment.segmentBytes > 0) {
            send(key, segment, offset, segment.segmentBytes, segment.flags & ~FLAGS_OF_LAST);
            offset += segment.segmentBytes;
            left -= segment.segmentBytes;
        }
        return send(key, segment, offset, left, segment.flags);
    }

    private @Nullable DropReason send(ConnectionKey key, Segment segment, int offset, int payloadLength, int flags) {
        int at = IpHost.HEADER_ROOM;
        int headerLength = TcpHeader.MIN_LENGTH + segment.options.length();
        int length = headerLength + payloadLength;
        ByteBuf buf = PooledByteBufAllocator.DEFAULT.directBuffer(at + length);
        try {
            buf.setIndex(at, at + length);
            TcpHeader.write(
                    buf,
                    at,
                    key.localPort(),
                    key.remotePort(),
                    segment.sequence + offset,
                    segment.has(TcpHeader.ACK) ? segment.acknowledgment : 0,
                    headerLength,
                    flags,
                    segment.window);
            segment.options.emit(buf, at + TcpHeader.MIN_LENGTH);
            segment.buf.getBytes(segment.payload + offset, buf, at + headerLength, payloadLength);
            long sum = InternetChecksum.pseudoHeader(key.local(), key.remote(), IpProtocol.TCP, length)
                    + InternetChecksum.sum(buf, at, length);
            buf.setShort(at + TcpHeader.CHECKSUM, InternetChecksum.finish(sum));
            ip.send(key.local(), key.remote(), IpProtocol.TCP, TIME_TO_LIVE, 0, true, frame.set(buf));
            return frame.dropReason();
        } finally {
            buf.release();
        }
    }
}
