package org.slipway.ip;

import io.netty.buffer.ByteBuf;
import io.netty.buffer.PooledByteBufAllocator;
import org.slipway.lan.Frame;
import org.slipway.wire.EtherType;
import org.slipway.wire.InternetChecksum;
import org.slipway.wire.IpProtocol;
import org.slipway.wire.Ipv4Packet;
import org.slipway.wire.UdpDatagram;

/** Cuts packets larger than the MTU into fragments (RFC 791 3.2), whose payloads start at multiples of eight bytes. */
final class Ipv4Fragmenter {

    private int mtu;
    private final EthernetOutput ethernet;
    private final Frame fragmentFrame = new Frame();

    Ipv4Fragmenter(int mtu, EthernetOutput ethernet) {
        this.mtu = mtu;
        this.ethernet = ethernet;
    }

    void mtu(int mtu) {
        this.mtu = mtu;
    }

    /** Sends the packet at the reader index of {@code packet.head()} in pieces; completes its checksum before. */
    void send(Frame packet, long mac) {
        completeChecksum(packet);
        int start = packet.head().readerIndex();
        int headerLength = Ipv4Packet.headerLength(packet.head(), start);
        int payloadLength = packet.length() - headerLength;
        int most = mtu - headerLength & ~7;
        for (int offset = 0; offset < payloadLength; offset += most) {
            int length = Math.min(most, payloadLength - offset);
            sendFragment(packet, headerLength, offset, length, offset + length < payloadLength, mac);
        }
    }

    private void sendFragment(Frame packet, int headerLength, int offset, int length, boolean more, long mac) {
        int at = IpHost.HEADER_ROOM;
        ByteBuf buf = PooledByteBufAllocator.DEFAULT.directBuffer(at + headerLength + length);
        try {
            buf.setIndex(at, at + headerLength + length);
            packet.head().getBytes(packet.head().readerIndex(), buf, at, headerLength);
            copy(packet, headerLength + offset, buf, at + headerLength, length);
            int fragment = offset / 8 | (more ? Ipv4Packet.FLAG_MORE_FRAGMENTS : 0);
            Ipv4Packet.rewriteFragment(buf, at, headerLength + length, fragment);
            ethernet.send(fragmentFrame.set(buf), EtherType.IPV4, mac);
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
        long sum = InternetChecksum.sum(head, head.readerIndex() + packet.checksumStart(), inHead);
        ByteBuf body = packet.body();
        if (body != null) {
            long bodySum = InternetChecksum.sum(body, body.readerIndex(), body.readableBytes());
            // RFC 1071 2.B: a part that starts at an odd byte is summed with its bytes swapped.
            sum += inHead % 2 == 0
                    ? bodySum
                    : Short.toUnsignedInt(Short.reverseBytes((short) InternetChecksum.fold(bodySum)));
        }
        int udp = head.readerIndex() + packet.checksumStart();
        if (packet.checksumOffset() == UdpDatagram.CHECKSUM
                && Ipv4Packet.protocol(head, head.readerIndex()) == IpProtocol.UDP) {
            UdpDatagram.writeChecksum(head, udp, sum);
        } else {
            head.setShort(udp + packet.checksumOffset(), InternetChecksum.finish(sum));
        }
        packet.needsChecksum(0, 0);
    }
}
