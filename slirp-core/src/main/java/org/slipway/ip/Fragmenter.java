package org.slipway.ip;

import io.netty.buffer.ByteBuf;
import io.netty.buffer.PooledByteBufAllocator;
import org.slipway.lan.Frame;
import org.slipway.wire.InternetChecksum;
import org.slipway.wire.UdpDatagram;

/** Cuts the packets of one family larger than the MTU into fragments, whose payloads start at multiples of eight bytes. */
abstract class Fragmenter {

    private final int etherType;
    private final EthernetOutput ethernet;
    private final Frame fragmentFrame = new Frame();
    private int mtu;

    Fragmenter(int etherType, EthernetOutput ethernet) {
        this.etherType = etherType;
        this.ethernet = ethernet;
    }

    final void mtu(int mtu) {
        this.mtu = mtu;
    }

    /** Sends the packet at the reader index of {@code packet.head()} in pieces; completes its checksum before. */
    final void send(Frame packet, long mac) {
        completeChecksum(packet);
        int headerLength = headerLength(packet.head(), packet.head().readerIndex());
        int payloadLength = packet.length() - headerLength;
        int most = mtu - fragmentHeaderLength(headerLength) & ~7;
        begin();
        for (int offset = 0; offset < payloadLength; offset += most) {
            int length = Math.min(most, payloadLength - offset);
            sendFragment(packet, headerLength, offset, length, offset + length < payloadLength, mac);
        }
    }

    private void sendFragment(Frame packet, int headerLength, int offset, int length, boolean more, long mac) {
        int at = IpHost.HEADER_ROOM;
        int fragmentHeaderLength = fragmentHeaderLength(headerLength);
        ByteBuf buf = PooledByteBufAllocator.DEFAULT.directBuffer(at + fragmentHeaderLength + length);
        try {
            buf.setIndex(at, at + fragmentHeaderLength + length);
            packet.head().getBytes(packet.head().readerIndex(), buf, at, headerLength);
            copy(packet, headerLength + offset, buf, at + fragmentHeaderLength, length);
            writeFragmentHeader(buf, at, headerLength, offset, length, more);
            ethernet.send(fragmentFrame.set(buf), etherType, mac);
        } finally {
            buf.release();
        }
    }

    /** Copies {@code length} bytes from {@code offset} in the packet, which may lie in both of its buffers. */
    private static void copy(Frame packet, int offset, ByteBuf to, int at, int length) {
        ByteBuf head = packet.head();
        int inHead = Math.max(0, Math.min(length, head.readableBytes() - offset));
        if (inHead > 0) {
            head.getBytes(head.readerIndex() + offset, to, at, inHead);
        }
        ByteBuf body = packet.body();
        if (body != null && inHead < length) {
            int bodyOffset = offset + inHead - head.readableBytes();
            body.getBytes(body.readerIndex() + bodyOffset, to, at + inHead, length - inHead);
        }
    }

    private static void completeChecksum(Frame packet) {
        if (!packet.needsChecksum()) {
            return;
        }
        ByteBuf head = packet.head();
        int inHead = head.readableBytes() - packet.checksumStart();
        int transport = head.readerIndex() + packet.checksumStart();
        long sum = InternetChecksum.sum(head, transport, inHead);
        ByteBuf body = packet.body();
        if (body != null) {
            long bodySum = InternetChecksum.sum(body, body.readerIndex(), body.readableBytes());
            // RFC 1071 2.B: a part that starts at an odd byte is summed with its bytes swapped.
            sum += inHead % 2 == 0
                    ? bodySum
                    : Short.toUnsignedInt(Short.reverseBytes((short) InternetChecksum.fold(bodySum)));
        }
        // At no other protocol's offset.
        if (packet.checksumOffset() == UdpDatagram.CHECKSUM) {
            UdpDatagram.writeChecksum(head, transport, sum);
        } else {
            head.setShort(transport + packet.checksumOffset(), InternetChecksum.finish(sum));
        }
        packet.needsChecksum(0, 0);
    }

    /** A packet is about to be cut. */
    abstract void begin();

    /** Bytes of the packet at {@code at} that are in front of each fragment's part. */
    abstract int headerLength(ByteBuf buf, int at);

    /** Bytes of all headers of a fragment. */
    abstract int fragmentHeaderLength(int headerLength);

    /**
     * Makes the copy of the packet's header at {@code at} that of a fragment.
     *
     * @param offset in the packet's payload, in bytes
     * @param length bytes of payload in this fragment
     * @param more whether others follow
     */
    abstract void writeFragmentHeader(ByteBuf buf, int at, int headerLength, int offset, int length, boolean more);
}
