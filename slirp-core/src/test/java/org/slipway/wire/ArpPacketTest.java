package org.slipway.wire;

import static org.assertj.core.api.Assertions.assertThat;

import io.netty.buffer.ByteBuf;
import io.netty.buffer.Unpooled;
import java.util.Random;
import org.junit.jupiter.api.Test;

class ArpPacketTest {

    /** 10.0.2.15 asks who has 10.0.2.2. */
    private static final String REQUEST = "0001 0800 06 04 0001 525400123456 0a00020f 000000000000 0a000202";

    private static final ArpPacket PACKET = new ArpPacket(
            ArpPacket.REQUEST, 0x5254_0012_3456L, IpAddress.parse("10.0.2.15"), 0, IpAddress.parse("10.0.2.2"));

    @Test
    void parseReadsAndEmitWritesTheBytesOfRfc826() {
        ByteBuf buf = Packets.hex(REQUEST);
        ByteBuf emitted = Packets.buffer(new byte[ArpPacket.LENGTH]);
        PACKET.emit(emitted, Packets.ROOM);

        assertThat(ArpPacket.check(buf, Packets.ROOM, 28)).isNull();
        assertThat(ArpPacket.parse(buf, Packets.ROOM)).isEqualTo(PACKET);
        assertThat(emitted).isEqualTo(buf);
    }

    @Test
    void parseOfWhatWasEmittedIsTheSame() {
        for (int seed = 0; seed < 200; seed++) {
            Random random = new Random(seed);
            ArpPacket packet = new ArpPacket(
                    1 + random.nextInt(2),
                    random.nextLong() >>> 16,
                    IpAddress.ipv4(random.nextInt()),
                    random.nextLong() >>> 16,
                    IpAddress.ipv4(random.nextInt()));
            ByteBuf buf = Unpooled.buffer(28);
            packet.emit(buf, 0);

            assertThat(ArpPacket.check(buf, 0, 28)).isNull();
            assertThat(ArpPacket.parse(buf, 0)).isEqualTo(packet);
        }
    }

    @Test
    void checkRefusesEveryTruncationWithoutReadingBeyond() {
        byte[] whole = Packets.hexBytes(REQUEST);
        for (int length = 0; length < whole.length; length++) {
            assertThat(ArpPacket.check(Unpooled.wrappedBuffer(whole, 0, length), 0, length))
                    .as("%d bytes", length)
                    .isEqualTo(DropReason.ARP_MALFORMED);
        }
        assertThat(ArpPacket.check(Unpooled.buffer(46).writeBytes(whole), 0, 46))
                .isNull();
    }

    @Test
    void checkRefusesAnyOtherHardwareProtocolLengthOrOperation() {
        for (int at = 0; at < 8; at++) {
            for (int value = 0; value < 256; value++) {
                ByteBuf buf = Packets.hex(REQUEST);
                boolean same = buf.getUnsignedByte(Packets.ROOM + at) == value;
                buf.setByte(Packets.ROOM + at, value);
                boolean fine = same || at == 7 && value == ArpPacket.REPLY;

                assertThat(ArpPacket.check(buf, Packets.ROOM, 28) == null)
                        .as("byte %d is %d", at, value)
                        .isEqualTo(fine);
            }
        }
    }

    @Test
    void gratuitousIsWhoAsksForItself() {
        assertThat(PACKET.isGratuitous()).isFalse();
        assertThat(new ArpPacket(ArpPacket.REQUEST, 1, PACKET.senderAddress(), 0, PACKET.senderAddress())
                        .isGratuitous())
                .isTrue();
    }
}
