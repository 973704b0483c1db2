package org.slipway.wire;

import static org.assertj.core.api.Assertions.assertThat;

import io.netty.buffer.ByteBuf;
import io.netty.buffer.Unpooled;
import java.util.Random;
import org.junit.jupiter.api.Test;

class TcpHeaderTest {

    private static final int AT = Packets.ROOM;
    private static final Packets GUEST =
            Packets.from("52:54:00:12:34:56", "10.0.2.15").to("52:55:0a:00:02:02", "10.0.2.2");

    @Test
    void fieldsStandWhereRfc9293HasThem() {
        ByteBuf segment = Packets.hex("c001 0050 89abcdef fedcba98 60 12 faf0 1234 8765 020405b4");

        assertThat(TcpHeader.check(segment, AT, 24)).isNull();
        assertThat(TcpHeader.sourcePort(segment, AT)).isEqualTo(0xc001);
        assertThat(TcpHeader.destinationPort(segment, AT)).isEqualTo(80);
        assertThat(TcpHeader.sequence(segment, AT)).isEqualTo(0x89abcdef);
        assertThat(TcpHeader.acknowledgment(segment, AT)).isEqualTo(0xfedcba98);
        assertThat(TcpHeader.length(segment, AT)).isEqualTo(24);
        assertThat(TcpHeader.flags(segment, AT)).isEqualTo(TcpHeader.SYN | TcpHeader.ACK);
        assertThat(TcpHeader.window(segment, AT)).isEqualTo(0xfaf0);
        assertThat(TcpHeader.checksum(segment, AT)).isEqualTo(0x1234);
        assertThat(TcpHeader.urgentPointer(segment, AT)).isEqualTo(0x8765);
    }

    @Test
    void whatIsWrittenIsReadBack() {
        for (int seed = 0; seed < 200; seed++) {
            Random random = new Random(seed);
            int source = random.nextInt(65_536);
            int destination = random.nextInt(65_536);
            int sequence = random.nextInt();
            int acknowledgment = random.nextInt();
            int length = 20 + 4 * random.nextInt(11);
            int flags = random.nextInt(256);
            int window = random.nextInt(65_536);
            ByteBuf segment = Unpooled.buffer(60);
            segment.setInt(16, -1);

            TcpHeader.write(segment, 0, source, destination, sequence, acknowledgment, length, flags, window);

            assertThat(TcpHeader.check(segment, 0, 60)).isNull();
            assertThat(TcpHeader.sourcePort(segment, 0)).isEqualTo(source);
            assertThat(TcpHeader.destinationPort(segment, 0)).isEqualTo(destination);
            assertThat(TcpHeader.sequence(segment, 0)).isEqualTo(sequence);
            assertThat(TcpHeader.acknowledgment(segment, 0)).isEqualTo(acknowledgment);
            assertThat(TcpHeader.length(segment, 0)).isEqualTo(length);
            assertThat(TcpHeader.flags(segment, 0)).isEqualTo(flags);
            assertThat(TcpHeader.window(segment, 0)).isEqualTo(window);
            assertThat(TcpHeader.checksum(segment, 0)).isZero();
            assertThat(TcpHeader.urgentPointer(segment, 0)).isZero();

            TcpHeader.rewrite(segment, 0, ~sequence, ~flags & 0xff);
            assertThat(TcpHeader.sequence(segment, 0)).isEqualTo(~sequence);
            assertThat(TcpHeader.flags(segment, 0)).isEqualTo(~flags & 0xff);
            assertThat(TcpHeader.length(segment, 0)).isEqualTo(length);
        }
    }

    @Test
    void checkRefusesEveryTruncationWithoutReadingBeyond() {
        byte[] whole = Packets.hexBytes("c001 0050 89abcdef fedcba98 60 12 faf0 0000 0000 020405b4");
        for (int length = 0; length < whole.length; length++) {
            assertThat(TcpHeader.check(Unpooled.wrappedBuffer(whole, 0, length), 0, length))
                    .as("%d bytes", length)
                    .isEqualTo(DropReason.TCP_MALFORMED);
        }
    }

    @Test
    void checkRefusesDataOffsetsBelowTheHeader() {
        for (int words = 0; words < 5; words++) {
            ByteBuf segment = Packets.buffer(new byte[60]);
            segment.setByte(AT + 12, words << 4);
            assertThat(TcpHeader.check(segment, AT, 60)).isEqualTo(DropReason.TCP_MALFORMED);
        }
    }

    @Test
    void checksumOverPseudoHeaderAndSegmentIsRight() {
        TcpOptions options = new TcpOptions();
        options.mss = 1460;

        PacketAssert.packet(GUEST.tcp(1024, 80, 1, 0, TcpHeader.SYN, 64_240, options, Packets.bytes("abc")))
                .ipv4()
                .tcp(1024, 80, 1, 0, TcpHeader.SYN)
                .data(Packets.bytes("abc"));
    }
}
