package org.slipway.guest;

import io.netty.buffer.ByteBuf;
import io.netty.buffer.PooledByteBufAllocator;
import org.slipway.ip.IpHost;
import org.slipway.lan.Frame;
import org.slipway.wire.Icmpv6Message;
import org.slipway.wire.IpAddress;
import org.slipway.wire.IpProtocol;
import org.slipway.wire.MacAddress;
import org.slipway.wire.NeighbourMessage;
import org.slipway.wire.RouterSolicitation;

/** What a guest says by neighbor discovery on its way to an address; all else says its {@link IpHost}. */
final class NdpSender {

    private static final IpAddress UNSPECIFIED = new IpAddress(0, 0);

    /** RFC 4861 7.1: so that no message from beyond a router passes for one of the link. */
    private static final int HOP_LIMIT = 255;

    private final IpHost ip;
    private final MacAddress mac;
    private final Frame frame = new Frame();

    NdpSender(IpHost ip, MacAddress mac) {
        this.ip = ip;
        this.mac = mac;
    }

    /** Asks whether somebody has {@code target} already (RFC 4862 5.4.2). */
    void probe(IpAddress target) {
        NeighbourMessage message = new NeighbourMessage(false, 0, target, -1);
        ByteBuf buf = buffer(message.length());
        message.emit(buf, buf.readerIndex());
        send(buf, UNSPECIFIED, target.solicitedNode());
    }

    /** Asks all routers to advertise (RFC 4861 6.3.7). */
    void solicitRouters(IpAddress source) {
        RouterSolicitation message = new RouterSolicitation(mac.value());
        ByteBuf buf = buffer(message.length());
        message.emit(buf, buf.readerIndex());
        send(buf, source, IpAddress.ALL_ROUTERS);
    }

    private static ByteBuf buffer(int length) {
        int at = IpHost.HEADER_ROOM;
        return PooledByteBufAllocator.DEFAULT.directBuffer(at + length).setIndex(at, at + length);
    }

    /** Releases {@code message}. */
    private void send(ByteBuf message, IpAddress source, IpAddress destination) {
        try {
            Icmpv6Message.writeChecksum(message, message.readerIndex(), message.readableBytes(), source, destination);
            ip.send(source, destination, IpProtocol.ICMPV6, HOP_LIMIT, 0, false, frame.set(message));
        } finally {
            message.release();
        }
    }
}
