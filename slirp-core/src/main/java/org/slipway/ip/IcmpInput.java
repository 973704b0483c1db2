package org.slipway.ip;

import io.netty.buffer.ByteBuf;
import io.netty.buffer.PooledByteBufAllocator;
import org.jspecify.annotations.Nullable;
import org.slipway.lan.Frame;
import org.slipway.wire.DropReason;
import org.slipway.wire.IcmpMessage;
import org.slipway.wire.IpProtocol;

/**
 * Takes ICMP messages in, of which all have a right checksum from here on: answers echo requests for local addresses,
 * hands requests for others to the forwarder and everything else to the listener.
 */
final class IcmpInput implements IpProtocolHandler {

    /** As libslirp answers. */
    static final int ECHO_TIME_TO_LIVE = 255;

    private final LocalAddresses locals;
    private final Ipv4Output output;
    private final Frame frame = new Frame();
    private @Nullable IpProtocolHandler echoForwarder;
    private @Nullable IpProtocolHandler listener;

    IcmpInput(LocalAddresses locals, Ipv4Output output) {
        this.locals = locals;
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
        DropReason malformed = IcmpMessage.check(packet.buf(), packet.payload(), packet.payloadLength());
        if (malformed != null) {
            packet.drop(malformed);
            return;
        }
        boolean echoRequest = IcmpMessage.type(packet.buf(), packet.payload()) == IcmpMessage.ECHO_REQUEST;
        if (echoRequest && locals.contains(packet.destination())) {
            reply(packet);
            return;
        }
        IpProtocolHandler handler = echoRequest ? forwarderFor(packet) : listener;
        if (handler != null) {
            handler.receive(packet);
        } else {
            packet.drop(DropReason.ICMP_UNHANDLED);
        }
    }

    /** RFC 1122 3.2.2.6: a request to many stations may be ignored, and is. */
    private @Nullable IpProtocolHandler forwarderFor(IpPacket request) {
        boolean toMany = request.destination().isMulticast() || locals.isBroadcast(request.destination());
        return toMany ? null : echoForwarder;
    }

    private void reply(IpPacket request) {
        int icmp = IpHost.HEADER_ROOM;
        int length = request.payloadLength();
        ByteBuf buf = PooledByteBufAllocator.DEFAULT.directBuffer(icmp + length);
        try {
            buf.setIndex(icmp, icmp + length);
            request.buf().getBytes(request.payload(), buf, icmp, length);
            IcmpMessage.write(
                    buf, icmp, IcmpMessage.ECHO_REPLY, 0, IcmpMessage.restOfHeader(request.buf(), request.payload()));
            IcmpMessage.writeChecksum(buf, icmp, length);
            output.send(
                    /* source= */ request.destination(),
                    /* destination= */ request.source(),
                    IpProtocol.ICMP,
                    ECHO_TIME_TO_LIVE,
                    request.typeOfService(),
                    false,
                    frame.set(buf));
        } finally {
            buf.release();
        }
    }
}
