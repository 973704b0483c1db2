package org.slipway.wire;

import static org.assertj.core.api.Assertions.assertThat;

import io.netty.buffer.ByteBuf;
import io.netty.buffer.Unpooled;
import org.junit.jupiter.api.Test;

class UdpDatagramTest {

    private static final int AT = Packets.ROOM;
    private static final Packets GUEST =
            Packets.from("52:54:00:12:34:56", "10.0.2.15").to("52:55:0a:00:02:02", "10.0.2.3");

    @Test
    void fieldsStandWhereRfc768HasThem() {
        ByteBuf datagram = Packets.hex("c001 0035 000a fedc abcd");

        assertThat(UdpDatagram.check(datagram, AT, 10)).isNull();
        assertThat(UdpDatagram.sourcePort(datagram, AT)).isEqualTo(0xc001);
        assertThat(UdpDatagram.destinationPort(datagram, AT)).isEqualTo(53);
        assertThat(UdpDatagram.length(datagram, AT)).isEqualTo(10);
        assertThat(UdpDatagram.checksum(datagram, AT)).isEqualTo(0xfedc);
    }

    @Test
    void writtenHeaderIsTheHeader() {
        ByteBuf datagram = Packets.buffer(new byte[8]);
        datagram.setShort(AT + UdpDatagram.CHECKSUM, -1);

        UdpDatagram.write(datagram, AT, 0xc001, 53, 10);

        assertThat(Packets.hexOf(datagram)).isEqualTo("c0010035000a0000");
    }

    @Test
    void checkRefusesEveryTruncationWithoutReadingBeyond() {
        byte[] whole = Packets.hexBytes("c001 0035 000c 0000 01020304");
        for (int length = 0; length < whole.length; length++) {
            assertThat(UdpDatagram.check(Unpooled.wrappedBuffer(whole, 0, length), 0, length))
                    .as("%d bytes", length)
                    .isEqualTo(DropReason.UDP_MALFORMED);
        }
        assertThat(UdpDatagram.check(Unpooled.wrappedBuffer(whole), 0, whole.length))
                .isNull();
    }

    @Test
    void checkRefusesLengthsBelowTheHeaderAndBeyondThePacket() {
        for (int length = 0; length < 8; length++) {
            ByteBuf datagram = Packets.hex("c001 0035 %04x 0000 01020304".formatted(length));
            assertThat(UdpDatagram.check(datagram, AT, 12)).isEqualTo(DropReason.UDP_MALFORMED);
        }
        assertThat(UdpDatagram.check(Packets.hex("c001 0035 ffff 0000 01020304"), AT, 12))
                .isEqualTo(DropReason.UDP_MALFORMED);
        assertThat(UdpDatagram.check(Packets.hex("c001 0035 0008 0000 01020304"), AT, 12))
                .isNull();
    }

    @Test
    void checksumOfZeroIsSentAsAllOnes() {
        ByteBuf datagram = Packets.hex("c001 0035 0008 0000");

        UdpDatagram.writeChecksum(datagram, AT, 0xffff);

        assertThat(UdpDatagram.checksum(datagram, AT)).isEqualTo(0xffff);
    }

    @Test
    void checksumOverPseudoHeaderAndDatagramIsRight() {
        PacketAssert.packet(GUEST.udp(1024, 53, Packets.bytes("odd")))
                .ipv4()
                .from("10.0.2.15")
                .to("10.0.2.3")
                .udp(1024, 53)
                .data(Packets.bytes("odd"));
    }
}
