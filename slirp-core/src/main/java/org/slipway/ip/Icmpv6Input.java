package org.slipway.ip;

import io.netty.buffer.ByteBuf;
import org.jspecify.annotations.Nullable;
import org.slipway.wire.DropReason;
import org.slipway.wire.Icmpv6Message;
import org.slipway.wire.IpProtocol;

/** Takes ICMPv6 messages in (RFC 4443); neighbor discovery is for {@link NdpInput}. */
final class Icmpv6Input extends IcmpInput {

    private final NdpInput ndp;

    Icmpv6Input(LocalAddresses locals, NdpInput ndp, Ipv6Output output) {
        super(IpProtocol.ICMPV6, Icmpv6Message.ECHO_REQUEST, Icmpv6Message.ECHO_REPLY, locals, output);
        this.ndp = ndp;
    }

    @Override
    @Nullable
    DropReason check(IpPacket packet) {
        return Icmpv6Message.check(
                packet.buf(), packet.payload(), packet.payloadLength(), packet.source(), packet.destination());
    }

    @Override
    @Nullable
    IpProtocolHandler handlerOf(int type) {
        return Icmpv6Message.isNeighbourDiscovery(type) ? ndp : super.handlerOf(type);
    }

    @Override
    void complete(ByteBuf reply, int at, IpPacket request) {
        Icmpv6Message.writeChecksum(reply, at, request.payloadLength(), request.destination(), request.source());
    }
}
