package org.slipway.wire;

import static org.assertj.core.api.Assertions.assertThat;

import com.code_intelligence.jazzer.junit.FuzzTest;
import io.netty.buffer.ByteBuf;
import io.netty.buffer.Unpooled;

/** Any bytes as an ARP packet. */
class ArpPacketFuzzTest {

    @FuzzTest
    void whatIsParsedIsEmittedAgain(byte[] input) {
        ByteBuf buf = Unpooled.wrappedBuffer(input);
        if (ArpPacket.check(buf, 0, input.length) != null) {
            return;
        }
        ArpPacket packet = ArpPacket.parse(buf, 0);
        ByteBuf again = Unpooled.buffer(ArpPacket.LENGTH, ArpPacket.LENGTH).writerIndex(ArpPacket.LENGTH);
        packet.emit(again, 0);
        assertThat(again).isEqualTo(buf.slice(0, ArpPacket.LENGTH));
        assertThat(ArpPacket.parse(again, 0)).isEqualTo(packet);
    }
}
