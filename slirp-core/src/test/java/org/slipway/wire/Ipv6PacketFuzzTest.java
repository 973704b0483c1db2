package org.slipway.wire;

import static org.assertj.core.api.Assertions.assertThat;

import com.code_intelligence.jazzer.junit.FuzzTest;
import io.netty.buffer.ByteBuf;
import io.netty.buffer.Unpooled;
import org.jspecify.annotations.Nullable;

/** Any bytes as an IPv6 packet with extension headers. */
class Ipv6PacketFuzzTest {

    private final Ipv6Extensions extensions = new Ipv6Extensions();

    @FuzzTest
    void everyWalkStaysWithinThePacket(byte[] input) {
        ByteBuf buf = Unpooled.wrappedBuffer(input);
        if (Ipv6Packet.check(buf, 0, input.length) != null) {
            return;
        }
        int payloadLength = Ipv6Packet.payloadLength(buf, 0);
        int end = Ipv6Packet.HEADER_LENGTH + payloadLength;
        assertThat(end).isLessThanOrEqualTo(input.length);
        ByteBuf again = Unpooled.buffer(Ipv6Packet.HEADER_LENGTH, Ipv6Packet.HEADER_LENGTH)
                .writerIndex(Ipv6Packet.HEADER_LENGTH);
        Ipv6Packet.write(
                again,
                0,
                Ipv6Packet.trafficClass(buf, 0),
                payloadLength,
                Ipv6Packet.nextHeader(buf, 0),
                Ipv6Packet.hopLimit(buf, 0),
                Ipv6Packet.source(buf, 0),
                Ipv6Packet.destination(buf, 0));
        again.setInt(0, again.getInt(0) | Ipv6Packet.flowLabel(buf, 0));
        assertThat(again).isEqualTo(buf.slice(0, Ipv6Packet.HEADER_LENGTH));

        walk(buf, end, extensions.walk(buf, 0));
    }

    private void walk(ByteBuf buf, int end, @Nullable DropReason bad) {
        if (bad != null) {
            if (extensions.problem() != null) {
                assertThat(extensions.pointer()).isBetween(0, end - 1);
            }
            return;
        }
        assertThat(extensions.upper()).isBetween(Ipv6Packet.HEADER_LENGTH, end);
        assertThat(extensions.nextHeaderAt()).isBetween(Ipv6Packet.NEXT_HEADER, end - 1);
        assertThat(buf.getUnsignedByte(extensions.nextHeaderAt())).isEqualTo((short) extensions.protocol());
        int fragment = extensions.fragment();
        if (fragment >= 0) {
            assertThat(fragment).isBetween(Ipv6Packet.HEADER_LENGTH, end - Ipv6Fragment.LENGTH);
            assertThat(Ipv6Fragment.offset(buf, fragment) % 8).isZero();
            if (Ipv6Fragment.offset(buf, fragment) == 0 && extensions.walkBehindFragment(buf, 0) == null) {
                assertThat(extensions.upper()).isBetween(fragment + Ipv6Fragment.LENGTH, end);
            }
        }
    }
}
