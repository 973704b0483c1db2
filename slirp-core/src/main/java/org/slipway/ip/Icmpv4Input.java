package org.slipway.ip;

import io.netty.buffer.ByteBuf;
import org.jspecify.annotations.Nullable;
import org.slipway.loop.Loop;
import org.slipway.wire.DropReason;
import org.slipway.wire.IcmpMessage;
import org.slipway.wire.IpProtocol;

/** Takes ICMP messages in (RFC 792); says what time it is as well (RFC 1122 3.2.2.8). */
final class Icmpv4Input extends IcmpInput {

    private final Loop loop;

    Icmpv4Input(Loop loop, LocalAddresses locals, Ipv4Output output) {
        super(IpProtocol.ICMP, IcmpMessage.ECHO_REQUEST, IcmpMessage.ECHO_REPLY, locals, output);
        this.loop = loop;
    }

    @Override
    @Nullable
    DropReason check(IpPacket packet) {
        return IcmpMessage.check(packet.buf(), packet.payload(), packet.payloadLength());
    }

    @Override
    int answerTo(int type) {
        return type == IcmpMessage.TIMESTAMP ? IcmpMessage.TIMESTAMP_REPLY : super.answerTo(type);
    }

    @Override
    void complete(ByteBuf reply, int at, IpPacket request) {
        if (IcmpMessage.type(reply, at) == IcmpMessage.TIMESTAMP_REPLY) {
            IcmpMessage.writeTime(reply, at, loop.epochNanos());
        }
        IcmpMessage.writeChecksum(reply, at, request.payloadLength());
    }
}
