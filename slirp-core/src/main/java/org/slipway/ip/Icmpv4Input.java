package org.slipway.ip;

import io.netty.buffer.ByteBuf;
import org.jspecify.annotations.Nullable;
import org.slipway.wire.DropReason;
import org.slipway.wire.IcmpMessage;
import org.slipway.wire.IpProtocol;

/** Takes ICMP messages in (RFC 792). */
final class Icmpv4Input extends IcmpInput {

    Icmpv4Input(LocalAddresses locals, Ipv4Output output) {
        super(IpProtocol.ICMP, IcmpMessage.ECHO_REQUEST, IcmpMessage.ECHO_REPLY, locals, output);
    }

    @Override
    @Nullable
    DropReason check(IpPacket packet) {
        return IcmpMessage.check(packet.buf(), packet.payload(), packet.payloadLength());
    }

    @Override
    void writeChecksum(ByteBuf reply, int at, IpPacket request) {
        IcmpMessage.writeChecksum(reply, at, request.payloadLength());
    }
}
