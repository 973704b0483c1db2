package org.slipway.wire;

import static org.assertj.core.api.Assertions.assertThat;

import io.netty.buffer.ByteBuf;
import io.netty.buffer.Unpooled;
import java.util.Random;
import org.junit.jupiter.api.Test;

class Ipv4PacketTest {

    /** 192.168.0.1 to 192.168.0.199, UDP, 115 bytes, don't fragment: a header whose checksum is widely known. */
    private static final String HEADER = "4500 0073 0000 4000 4011 b861 c0a8 0001 c0a8 00c7";

    private static final int AT = Packets.ROOM;

    private static ByteBuf packet() {
        return Packets.hex(HEADER + "00".repeat(95));
    }

    @Test
    void fieldsStandWhereRfc791HasThem() {
        ByteBuf packet = packet();
        packet.setByte(AT + 1, 0xb9);
        packet.setShort(AT + 4, 0xfedc);

        assertThat(Ipv4Packet.headerLength(packet, AT)).isEqualTo(20);
        assertThat(Ipv4Packet.typeOfService(packet, AT)).isEqualTo(0xb9);
        assertThat(Ipv4Packet.totalLength(packet, AT)).isEqualTo(115);
        assertThat(Ipv4Packet.identification(packet, AT)).isEqualTo(0xfedc);
        assertThat(Ipv4Packet.dontFragment(packet, AT)).isTrue();
        assertThat(Ipv4Packet.timeToLive(packet, AT)).isEqualTo(64);
        assertThat(Ipv4Packet.protocol(packet, AT)).isEqualTo(IpProtocol.UDP);
        assertThat(Ipv4Packet.source(packet, AT)).hasToString("192.168.0.1");
        assertThat(Ipv4Packet.destination(packet, AT)).hasToString("192.168.0.199");
    }

    @Test
    void fragmentFieldIsFlagsAndOffsetInEightBytes() {
        ByteBuf packet = packet();

        packet.setShort(AT + 6, 0x4000);
        assertThat(Ipv4Packet.isFragment(packet, AT)).isFalse();
        packet.setShort(AT + 6, 0x2000);
        assertThat(Ipv4Packet.isFragment(packet, AT)).isTrue();
        assertThat(Ipv4Packet.moreFragments(packet, AT)).isTrue();
        assertThat(Ipv4Packet.dontFragment(packet, AT)).isFalse();
        packet.setShort(AT + 6, 0x1fff);
        assertThat(Ipv4Packet.isFragment(packet, AT)).isTrue();
        assertThat(Ipv4Packet.moreFragments(packet, AT)).isFalse();
        assertThat(Ipv4Packet.fragmentOffset(packet, AT)).isEqualTo(65_528);
        packet.setShort(AT + 6, 0x8000);
        assertThat(Ipv4Packet.isFragment(packet, AT)).isFalse();
        assertThat(Ipv4Packet.dontFragment(packet, AT)).isFalse();
    }

    @Test
    void writtenHeaderIsTheHeader() {
        ByteBuf packet = Packets.buffer(new byte[20]);

        Ipv4Packet.write(
                packet,
                AT,
                0,
                115,
                0,
                Ipv4Packet.FLAG_DONT_FRAGMENT,
                64,
                IpProtocol.UDP,
                IpAddress.parse("192.168.0.1"),
                IpAddress.parse("192.168.0.199"));

        assertThat(Packets.hexOf(packet)).isEqualTo(HEADER.replace(" ", ""));
    }

    @Test
    void whatIsWrittenIsReadBack() {
        for (int seed = 0; seed < 300; seed++) {
            Random random = new Random(seed);
            int tos = random.nextInt(256);
            int total = 20 + random.nextInt(65_516);
            int id = random.nextInt(65_536);
            int fragment = random.nextInt(65_536);
            int ttl = random.nextInt(256);
            int protocol = random.nextInt(256);
            IpAddress source = IpAddress.ipv4(random.nextInt());
            IpAddress destination = IpAddress.ipv4(random.nextInt());
            ByteBuf packet = Unpooled.buffer(20);

            Ipv4Packet.write(packet, 0, tos, total, id, fragment, ttl, protocol, source, destination);

            assertThat(Ipv4Packet.check(packet, 0, 65_535)).isNull();
            assertThat(Ipv4Packet.typeOfService(packet, 0)).isEqualTo(tos);
            assertThat(Ipv4Packet.totalLength(packet, 0)).isEqualTo(total);
            assertThat(Ipv4Packet.identification(packet, 0)).isEqualTo(id);
            assertThat(Ipv4Packet.fragmentOffset(packet, 0)).isEqualTo((fragment & 0x1fff) * 8);
            assertThat(Ipv4Packet.timeToLive(packet, 0)).isEqualTo(ttl);
            assertThat(Ipv4Packet.protocol(packet, 0)).isEqualTo(protocol);
            assertThat(Ipv4Packet.source(packet, 0)).isEqualTo(source);
            assertThat(Ipv4Packet.destination(packet, 0)).isEqualTo(destination);
        }
    }

    @Test
    void checkTakesAWholePacketWithPaddingBehindIt() {
        assertThat(Ipv4Packet.check(packet(), AT, 115)).isNull();
        assertThat(Ipv4Packet.check(packet(), AT, 200)).isNull();
    }

    @Test
    void checkRefusesEveryTruncationWithoutReadingBeyond() {
        byte[] whole = Packets.bytesOf(packet());
        for (int length = 0; length < whole.length; length++) {
            ByteBuf cut = Unpooled.wrappedBuffer(whole, 0, length);

            assertThat(Ipv4Packet.check(cut, 0, length)).as("%d bytes", length).isEqualTo(DropReason.IP_MALFORMED);
        }
    }

    @Test
    void checkRefusesEveryTruncationOfAHeaderWithOptions() {
        byte[] whole = Packets.bytesOf(Packets.from(1, IpAddress.parse("10.0.2.15"))
                .options(new byte[40])
                .ipv4(IpProtocol.UDP, new byte[0])
                .skipBytes(EthernetFrame.HEADER_LENGTH));
        assertThat(Ipv4Packet.check(Unpooled.wrappedBuffer(whole), 0, 60)).isNull();
        for (int length = 0; length < whole.length; length++) {
            assertThat(Ipv4Packet.check(Unpooled.wrappedBuffer(whole, 0, length), 0, length))
                    .isEqualTo(DropReason.IP_MALFORMED);
        }
    }

    @Test
    void checkRefusesWrongVersionsAndLengths() {
        for (int version = 0; version < 16; version++) {
            for (int words = 0; words < 16; words++) {
                ByteBuf packet = packet();
                packet.setByte(AT, version << 4 | words);
                boolean sane = version == 4 && words >= 5;

                assertThat(Ipv4Packet.check(packet, AT, 115))
                        .isEqualTo(!sane ? DropReason.IP_MALFORMED : words == 5 ? null : DropReason.IP_BAD_CHECKSUM);
            }
        }
        ByteBuf shorterThanItsHeader = packet();
        shorterThanItsHeader.setShort(AT + 2, 19);
        assertThat(Ipv4Packet.check(shorterThanItsHeader, AT, 115)).isEqualTo(DropReason.IP_MALFORMED);
    }

    @Test
    void checkRefusesAnyFlippedBitOfTheHeader() {
        for (int bit = 0; bit < 160; bit++) {
            ByteBuf packet = packet();
            packet.setByte(AT + bit / 8, packet.getByte(AT + bit / 8) ^ 1 << bit % 8);

            assertThat(Ipv4Packet.check(packet, AT, 115)).as("bit %d", bit).isNotNull();
        }
    }

    @Test
    void rewrittenHeadersHaveRightChecksums() {
        ByteBuf packet = packet();

        Ipv4Packet.rewriteLength(packet, AT, 40, 0x4321);
        assertThat(Ipv4Packet.check(packet, AT, 115)).isNull();
        assertThat(Ipv4Packet.totalLength(packet, AT)).isEqualTo(40);
        assertThat(Ipv4Packet.identification(packet, AT)).isEqualTo(0x4321);
        assertThat(Ipv4Packet.dontFragment(packet, AT)).isTrue();

        Ipv4Packet.rewriteFragment(packet, AT, 48, Ipv4Packet.FLAG_MORE_FRAGMENTS | 3);
        assertThat(Ipv4Packet.check(packet, AT, 115)).isNull();
        assertThat(Ipv4Packet.totalLength(packet, AT)).isEqualTo(48);
        assertThat(Ipv4Packet.fragmentOffset(packet, AT)).isEqualTo(24);
        assertThat(Ipv4Packet.moreFragments(packet, AT)).isTrue();
        assertThat(Ipv4Packet.dontFragment(packet, AT)).isFalse();
    }
}
