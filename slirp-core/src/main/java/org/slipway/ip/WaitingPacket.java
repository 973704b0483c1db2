package org.slipway.ip;

import io.netty.buffer.ByteBuf;
import io.netty.buffer.PooledByteBufAllocator;
import org.slipway.lan.Frame;

/**
 * A copy of a packet that waits for a neighbour, and what it leaves to a device. Whoever takes it from its queue calls
 * {@link #release}.
 */
record WaitingPacket(
        ByteBuf buf,
        PacketOutput output,
        int checksumStart,
        int checksumOffset,
        Frame.Segmentation segmentation,
        int segmentBytes) {

    static WaitingPacket copyOf(Frame packet, PacketOutput output) {
        ByteBuf head = packet.head();
        ByteBuf body = packet.body();
        ByteBuf copy = PooledByteBufAllocator.DEFAULT.directBuffer(IpHost.HEADER_ROOM + packet.length());
        copy.setIndex(IpHost.HEADER_ROOM, IpHost.HEADER_ROOM);
        copy.writeBytes(head, head.readerIndex(), head.readableBytes());
        if (body != null) {
            copy.writeBytes(body, body.readerIndex(), body.readableBytes());
        }
        return new WaitingPacket(
                copy,
                output,
                packet.checksumStart(),
                packet.checksumOffset(),
                packet.segmentation(),
                packet.segmentBytes());
    }

    int length() {
        return buf.readableBytes();
    }

    /** Makes {@code frame} this packet. */
    Frame into(Frame frame) {
        return frame.set(buf)
                .needsChecksum(checksumStart, checksumOffset)
                .needsSegmentation(segmentation, segmentBytes);
    }

    void release() {
        buf.release();
    }
}
