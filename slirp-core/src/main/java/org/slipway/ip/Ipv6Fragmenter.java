package org.slipway.ip;

import io.netty.buffer.ByteBuf;
import java.util.random.RandomGenerator;
import org.slipway.wire.EtherType;
import org.slipway.wire.IpProtocol;
import org.slipway.wire.Ipv6Fragment;
import org.slipway.wire.Ipv6Packet;

/** Cuts IPv6 packets without extension headers into fragments (RFC 8200 4.5). */
final class Ipv6Fragmenter extends Fragmenter {

    private final RandomGenerator random;
    private int identification;

    /** {@code random} makes identifications that nobody can guess (RFC 7739). */
    Ipv6Fragmenter(EthernetOutput ethernet, RandomGenerator random) {
        super(EtherType.IPV6, ethernet);
        this.random = random;
    }

    @Override
    void begin() {
        identification = random.nextInt();
    }

    @Override
    int headerLength(ByteBuf buf, int at) {
        return Ipv6Packet.HEADER_LENGTH;
    }

    @Override
    int fragmentHeaderLength(int headerLength) {
        return headerLength + Ipv6Fragment.LENGTH;
    }

    @Override
    void writeFragmentHeader(ByteBuf buf, int at, int headerLength, int offset, int length, boolean more) {
        int nextHeader = Ipv6Packet.nextHeader(buf, at);
        buf.setByte(at + Ipv6Packet.NEXT_HEADER, IpProtocol.FRAGMENT);
        Ipv6Packet.rewritePayloadLength(buf, at, Ipv6Fragment.LENGTH + length);
        Ipv6Fragment.write(buf, at + headerLength, nextHeader, offset, more, identification);
    }
}
