package org.slipway.guest;

import io.netty.buffer.ByteBuf;
import io.netty.buffer.PooledByteBufAllocator;
import io.netty.util.collection.IntObjectHashMap;
import io.netty.util.collection.IntObjectMap;
import java.util.random.RandomGenerator;
import org.jspecify.annotations.Nullable;
import org.slipway.ip.IpHost;
import org.slipway.ip.IpPacket;
import org.slipway.ip.IpProtocolHandler;
import org.slipway.lan.Frame;
import org.slipway.wire.DropReason;
import org.slipway.wire.IcmpError;
import org.slipway.wire.InternetChecksum;
import org.slipway.wire.IpAddress;
import org.slipway.wire.IpProtocol;
import org.slipway.wire.UdpDatagram;

/** A guest's UDP: who listens on which port. */
final class UdpPorts implements IpProtocolHandler {

    /** RFC 6335 6: the ports that are nobody's. */
    static final int FIRST_EPHEMERAL_PORT = 49_152;

    private static final int TIME_TO_LIVE = 64;

    private final IpHost ip;
    private final RandomGenerator random;
    private final IntObjectMap<GuestUdpListener> listeners = new IntObjectHashMap<>();
    private final Frame frame = new Frame();

    UdpPorts(IpHost ip, RandomGenerator random) {
        this.ip = ip;
        this.random = random;
    }

    void bind(int port, GuestUdpListener listener) {
        listeners.put(port, listener);
    }

    /** Binds some port that is hard to guess (RFC 5452 9.2), and returns it; 0 if none was found. */
    int bindAny(GuestUdpListener listener) {
        for (int tries = 0; tries < 64; tries++) {
            int port = random.nextInt(FIRST_EPHEMERAL_PORT, 1 << 16);
            if (listeners.putIfAbsent(port, listener) == null) {
                return port;
            }
        }
        return 0;
    }

    void unbind(int port) {
        listeners.remove(port);
    }

    @Override
    public void receive(IpPacket packet) {
        DropReason bad = check(packet);
        if (bad != null) {
            packet.drop(bad);
            return;
        }
        ByteBuf buf = packet.buf();
        int at = packet.payload();
        GuestUdpListener listener = listeners.get(UdpDatagram.destinationPort(buf, at));
        if (listener == null) {
            // Sent only if it was for this guest alone (RFC 1122 3.2.2, 4.1.3.1; RFC 4443 2.4).
            ip.icmpError(packet, IcmpError.PORT_UNREACHABLE, 0, packet.destination());
            packet.drop(DropReason.UDP_NO_PORT);
            return;
        }
        int length = UdpDatagram.length(buf, at) - UdpDatagram.HEADER_LENGTH;
        listener.received(
                packet.source(),
                UdpDatagram.sourcePort(buf, at),
                packet.destination(),
                buf.slice(at + UdpDatagram.HEADER_LENGTH, length));
    }

    private static @Nullable DropReason check(IpPacket packet) {
        ByteBuf buf = packet.buf();
        int at = packet.payload();
        DropReason malformed = UdpDatagram.check(buf, at, packet.payloadLength());
        // RFC 8200 8.1: IPv6 has no datagrams without a checksum.
        if (malformed != null || packet.isIpv4() && UdpDatagram.checksum(buf, at) == 0) {
            return malformed;
        }
        int length = UdpDatagram.length(buf, at);
        long sum = InternetChecksum.pseudoHeader(packet.source(), packet.destination(), IpProtocol.UDP, length)
                + InternetChecksum.sum(buf, at, length);
        return InternetChecksum.finish(sum) == 0 ? null : DropReason.UDP_BAD_CHECKSUM;
    }

    /** Sends the readable bytes of {@code payload}, borrowed. Fragmented if larger than the MTU. */
    void send(IpAddress source, int sourcePort, IpAddress destination, int destinationPort, ByteBuf payload) {
        int at = IpHost.HEADER_ROOM;
        int length = UdpDatagram.HEADER_LENGTH + payload.readableBytes();
        ByteBuf buf = PooledByteBufAllocator.DEFAULT.directBuffer(at + length);
        try {
            buf.setIndex(at, at + length);
            UdpDatagram.write(buf, at, sourcePort, destinationPort, length);
            buf.setBytes(at + UdpDatagram.HEADER_LENGTH, payload, payload.readerIndex(), payload.readableBytes());
            long sum = InternetChecksum.pseudoHeader(source, destination, IpProtocol.UDP, length)
                    + InternetChecksum.sum(buf, at, length);
            UdpDatagram.writeChecksum(buf, at, sum);
            ip.send(source, destination, IpProtocol.UDP, TIME_TO_LIVE, 0, false, frame.set(buf));
        } finally {
            buf.release();
        }
    }
}
