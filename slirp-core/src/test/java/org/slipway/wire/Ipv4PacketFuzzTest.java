package org.slipway.wire;

import static org.assertj.core.api.Assertions.assertThat;

import com.code_intelligence.jazzer.junit.FuzzTest;
import io.netty.buffer.ByteBuf;
import io.netty.buffer.Unpooled;
import org.slipway.fuzz.FuzzInput;

/** Any bytes as an IPv4 packet, with a right checksum or not. */
class Ipv4PacketFuzzTest {

    @FuzzTest
    void checkedPacketsAreReadAndWrittenWithinTheirBytes(byte[] input) {
        FuzzInput in = new FuzzInput(input);
        boolean mended = in.flag();
        ByteBuf buf = Unpooled.wrappedBuffer(in.rest());
        int available = buf.readableBytes();
        if (mended && available >= Ipv4Packet.MIN_HEADER_LENGTH && Ipv4Packet.headerLength(buf, 0) <= available) {
            Ipv4Packet.writeChecksum(buf, 0);
        }
        if (Ipv4Packet.check(buf, 0, available) != null) {
            return;
        }
        int headerLength = Ipv4Packet.headerLength(buf, 0);
        int totalLength = Ipv4Packet.totalLength(buf, 0);
        assertThat(headerLength).isBetween(Ipv4Packet.MIN_HEADER_LENGTH, totalLength);
        assertThat(totalLength).isBetween(headerLength, available);
        int fragment = Ipv4Packet.fragmentOffset(buf, 0) / 8
                | (Ipv4Packet.moreFragments(buf, 0) ? Ipv4Packet.FLAG_MORE_FRAGMENTS : 0)
                | (Ipv4Packet.dontFragment(buf, 0) ? Ipv4Packet.FLAG_DONT_FRAGMENT : 0);
        assertThat(Ipv4Packet.isFragment(buf, 0)).isEqualTo((fragment & ~Ipv4Packet.FLAG_DONT_FRAGMENT) != 0);
        ByteBuf again = Unpooled.buffer(Ipv4Packet.MIN_HEADER_LENGTH, Ipv4Packet.MIN_HEADER_LENGTH)
                .writerIndex(Ipv4Packet.MIN_HEADER_LENGTH);
        Ipv4Packet.write(
                again,
                0,
                Ipv4Packet.typeOfService(buf, 0),
                totalLength,
                Ipv4Packet.identification(buf, 0),
                fragment,
                Ipv4Packet.timeToLive(buf, 0),
                Ipv4Packet.protocol(buf, 0),
                Ipv4Packet.source(buf, 0),
                Ipv4Packet.destination(buf, 0));
        boolean reservedBit = (buf.getUnsignedShort(6) & 0x8000) != 0;
        boolean oddChecksum = buf.getUnsignedShort(10) == 0xffff;
        if (headerLength == Ipv4Packet.MIN_HEADER_LENGTH && !reservedBit && !oddChecksum) {
            assertThat(again).isEqualTo(buf.slice(0, headerLength));
        }
    }
}
