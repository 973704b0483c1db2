package org.slipway.ip;

import io.netty.buffer.ByteBuf;
import io.netty.buffer.PooledByteBufAllocator;
import org.jspecify.annotations.Nullable;
import org.slipway.lan.Frame;
import org.slipway.wire.DropReason;
import org.slipway.wire.IcmpMessage;

/**
 * Takes the ICMP messages of one family in, of which all have a right checksum from here on: answers requests to local
 * addresses, hands echo requests to others to the forwarder and everything else to the listener.
 */
abstract class IcmpInput implements IpProtocolHandler {

    /** As libslirp answers. */
    private static final int TIME_TO_LIVE = 255;

    /** No type of either family. */
    private static final int NO_ANSWER = -1;

    private final int protocol;
    private final int echoRequest;
    private final int echoReply;
    private final LocalAddresses locals;
    private final IpOutput output;
    private final Frame frame = new Frame();
    private @Nullable IpProtocolHandler echoForwarder;
    private @Nullable IpProtocolHandler listener;

    /** {@code protocol}, and the types {@code echoRequest} and {@code echoReply}, are those of the family. */
    IcmpInput(int protocol, int echoRequest, int echoReply, LocalAddresses locals, IpOutput output) {
        this.protocol = protocol;
        this.echoRequest = echoRequest;
        this.echoReply = echoReply;
        this.locals = locals;
        this.output = output;
    }

    /** See {@link IpHost#echoForwarder}. */
    final void echoForwarder(IpProtocolHandler handler) {
        echoForwarder = handler;
    }

    /** See {@link IpHost#icmpListener}. */
    final void listener(IpProtocolHandler handler) {
        listener = handler;
    }

    @Override
    public final void receive(IpPacket packet) {
        DropReason malformed = check(packet);
        if (malformed != null) {
            packet.drop(malformed);
            return;
        }
        int type = IcmpMessage.type(packet.buf(), packet.payload());
        int answer = answerTo(type);
        if (answer != NO_ANSWER && locals.contains(packet.destination())) {
            reply(packet, answer);
            return;
        }
        IpProtocolHandler handler = type == echoRequest ? forwarderFor(packet) : handlerOf(type);
        if (handler != null) {
            handler.receive(packet);
        } else {
            packet.drop(DropReason.ICMP_UNHANDLED);
        }
    }

    /** RFC 1122 3.2.2.6, RFC 4443 4.2: a request to many stations may be ignored, and is. */
    private @Nullable IpProtocolHandler forwarderFor(IpPacket request) {
        boolean toMany = request.destination().isMulticast() || locals.isBroadcast(request.destination());
        return toMany ? null : echoForwarder;
    }

    private void reply(IpPacket request, int type) {
        int icmp = IpHost.HEADER_ROOM;
        int length = request.payloadLength();
        ByteBuf buf = PooledByteBufAllocator.DEFAULT.directBuffer(icmp + length);
        try {
            buf.setIndex(icmp, icmp + length);
            request.buf().getBytes(request.payload(), buf, icmp, length);
            IcmpMessage.write(buf, icmp, type, 0, IcmpMessage.restOfHeader(request.buf(), request.payload()));
            complete(buf, icmp, request);
            output.send(
                    /* source= */ request.destination(),
                    /* destination= */ request.source(),
                    protocol,
                    TIME_TO_LIVE,
                    request.typeOfService(),
                    false,
                    frame.set(buf));
        } finally {
            buf.release();
        }
    }

    /** Why the packet carries no valid message of the family, or null if it does. */
    abstract @Nullable DropReason check(IpPacket packet);

    /** The type of the answer that a local address gives to messages of {@code type}; negative if it gives none. */
    int answerTo(int type) {
        return type == echoRequest ? echoReply : NO_ANSWER;
    }

    /** Who takes messages of {@code type}, which is no echo request; null if nobody does. */
    @Nullable
    IpProtocolHandler handlerOf(int type) {
        return listener;
    }

    /** Completes the reply at {@code at}, which has the data of the {@code request}, and lacks its checksum at least. */
    abstract void complete(ByteBuf reply, int at, IpPacket request);
}
