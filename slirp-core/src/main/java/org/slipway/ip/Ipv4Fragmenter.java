package org.slipway.ip;

import io.netty.buffer.ByteBuf;
import org.slipway.wire.EtherType;
import org.slipway.wire.Ipv4Packet;

/** Cuts IPv4 packets into fragments (RFC 791 3.2). */
final class Ipv4Fragmenter extends Fragmenter {

    Ipv4Fragmenter(EthernetOutput ethernet) {
        super(EtherType.IPV4, ethernet);
    }

    @Override
    void begin() {}

    @Override
    int headerLength(ByteBuf buf, int at) {
        return Ipv4Packet.headerLength(buf, at);
    }

    @Override
    int fragmentHeaderLength(int headerLength) {
        return headerLength;
    }

    @Override
    void writeFragmentHeader(ByteBuf buf, int at, int headerLength, int offset, int length, boolean more) {
        int fragment = offset / 8 | (more ? Ipv4Packet.FLAG_MORE_FRAGMENTS : 0);
        Ipv4Packet.rewriteFragment(buf, at, headerLength + length, fragment);
    }
}
