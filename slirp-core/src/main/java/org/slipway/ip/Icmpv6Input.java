package org.slipway.ip;

import io.netty.buffer.ByteBuf;
import io.netty.buffer.PooledByteBufAllocator;
import org.jspecify.annotations.Nullable;
import org.slipway.lan.Frame;
import org.slipway.wire.DropReason;
import org.slipway.wire.IcmpMessage;
import org.slipway.wire.Icmpv6Message;
import org.slipway.wire.IpProtocol;

/**
 * Takes ICMPv6 messages in, of which all have a right checksum from here on: answers echo requests for local addresses,
 * hands requests for others to the forwarder, neighbor discovery to {@link NdpInput}, everything else to the listener.
 */
final class Icmpv6Input implements IpProtocolHandler {

    private final LocalAddresses locals;
    private final NdpInput ndp;
    private final Ipv6Output output;
    private final Frame frame = new Frame();
    private @Nullable IpProtocolHandler echoForwarder;
    private @Nullable IpProtocolHandler listener;

    Icmpv6Input(LocalAddresses locals, NdpInput ndp, Ipv6Output output) {
        this.locals = locals;
        this.ndp = ndp;
        this.output = output;
    }

    void echoForwarder(IpProtocolHandler handler) {
        echoForwarder = handler;
    }

    void listener(IpProtocolHandler handler) {
        listener = handler;
    }

    @Override
    public void receive(IpPacket packet) {
        DropReason malformed = Icmpv6Message.check(
                packet.buf(), packet.payload(), packet.payloadLength(), packet.source(), packet.destination());
        if (malformed != null) {
            packet.drop(malformed);
            return;
        }
        int type = IcmpMessage.type(packet.buf(), packet.payload());
        if (Icmpv6Message.isNeighbourDiscovery(type)) {
            DropReason refused = ndp.receive(packet);
            if (refused != null) {
                packet.drop(refused);
            }
        } else if (type == Icmpv6Message.ECHO_REQUEST && locals.contains(packet.destination())) {
            reply(packet);
        } else {
            IpProtocolHandler handler = type == Icmpv6Message.ECHO_REQUEST ? forwarderFor(packet) : listener;
            if (handler != null) {
                handler.receive(packet);
            } else {
                packet.drop(DropReason.ICMP_UNHANDLED);
            }
        }
    }

    /** A request to many stations may be ignored, and is, as in IPv4. */
    private @Nullable IpProtocolHandler forwarderFor(IpPacket request) {
        return request.destination().isMulticast() ? null : echoForwarder;
    }

    private void reply(IpPacket request) {
        int icmp = IpHost.HEADER_ROOM;
        int length = request.payloadLength();
        ByteBuf buf = PooledByteBufAllocator.DEFAULT.directBuffer(icmp + length);
        try {
            buf.setIndex(icmp, icmp + length);
            request.buf().getBytes(request.payload(), buf, icmp, length);
            int restOfHeader = IcmpMessage.restOfHeader(request.buf(), request.payload());
            IcmpMessage.write(buf, icmp, Icmpv6Message.ECHO_REPLY, 0, restOfHeader);
            Icmpv6Message.writeChecksum(buf, icmp, length, request.destination(), request.source());
            output.send(
                    /* source= */ request.destination(),
                    /* destination= */ request.source(),
                    IpProtocol.ICMPV6,
                    IcmpInput.ECHO_TIME_TO_LIVE,
                    request.typeOfService(),
                    false,
                    frame.set(buf));
        } finally {
            buf.release();
        }
    }
}
