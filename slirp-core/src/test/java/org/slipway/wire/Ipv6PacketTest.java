package org.slipway.wire;

import static org.assertj.core.api.Assertions.assertThat;

import io.netty.buffer.ByteBuf;
import io.netty.buffer.Unpooled;
import java.util.Random;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class Ipv6PacketTest {

    /** fd00::15 to fd00::2, traffic class 0xb9, flow label 0xabcde, UDP, 1024 to 53, "question": as scapy writes it. */
    private static final String PACKET =
            "6b9abcde 0010 11 40 fd000000000000000000000000000015 fd000000000000000000000000000002"
                    + "0400 0035 0010 46c0 7175657374696f6e";

    private static final int LENGTH = 56;
    private static final int AT = Packets.ROOM;

    private static ByteBuf packet() {
        return Packets.hex(PACKET);
    }

    @Test
    void fieldsStandWhereRfc8200HasThem() {
        ByteBuf packet = packet();

        assertThat(Ipv6Packet.check(packet, AT, LENGTH)).isNull();
        assertThat(Ipv6Packet.trafficClass(packet, AT)).isEqualTo(0xb9);
        assertThat(Ipv6Packet.flowLabel(packet, AT)).isEqualTo(0xabcde);
        assertThat(Ipv6Packet.payloadLength(packet, AT)).isEqualTo(16);
        assertThat(Ipv6Packet.nextHeader(packet, AT)).isEqualTo(IpProtocol.UDP);
        assertThat(Ipv6Packet.hopLimit(packet, AT)).isEqualTo(64);
        assertThat(Ipv6Packet.source(packet, AT)).hasToString("fd00::15");
        assertThat(Ipv6Packet.destination(packet, AT)).hasToString("fd00::2");
    }

    @Test
    void checksumOfTheUpperPacketCoversThePseudoHeaderOfRfc8200() {
        ByteBuf packet = packet();
        long pseudo = InternetChecksum.pseudoHeader(
                IpAddress.parse("fd00::15"), IpAddress.parse("fd00::2"), IpProtocol.UDP, 16);

        assertThat(InternetChecksum.finish(pseudo + InternetChecksum.sum(packet, AT + 40, 16)))
                .isZero();
        assertThat(Packets.hexOf(Packets.from("52:54:00:12:34:56", "fd00::15")
                        .to("52:55:0a:00:02:02", "fd00::2")
                        .udp(1024, 53, Packets.bytes("question"))
                        .skipBytes(54)))
                .isEqualTo("04000035001046c07175657374696f6e");
    }

    @Test
    void whatIsWrittenIsReadBack() {
        for (int seed = 0; seed < 300; seed++) {
            Random random = new Random(seed);
            int trafficClass = random.nextInt(256);
            int length = random.nextInt(65_536);
            int nextHeader = random.nextInt(256);
            int hopLimit = random.nextInt(256);
            IpAddress source = new IpAddress(random.nextLong(), random.nextLong());
            IpAddress destination = new IpAddress(random.nextLong(), random.nextLong());
            ByteBuf packet = Unpooled.buffer(40);

            Ipv6Packet.write(packet, 0, trafficClass, length, nextHeader, hopLimit, source, destination);

            assertThat(Ipv6Packet.check(packet, 0, 40 + length)).isNull();
            assertThat(Ipv6Packet.trafficClass(packet, 0)).isEqualTo(trafficClass);
            assertThat(Ipv6Packet.flowLabel(packet, 0)).isZero();
            assertThat(Ipv6Packet.payloadLength(packet, 0)).isEqualTo(length);
            assertThat(Ipv6Packet.nextHeader(packet, 0)).isEqualTo(nextHeader);
            assertThat(Ipv6Packet.hopLimit(packet, 0)).isEqualTo(hopLimit);
            assertThat(Ipv6Packet.source(packet, 0)).isEqualTo(source);
            assertThat(Ipv6Packet.destination(packet, 0)).isEqualTo(destination);

            Ipv6Packet.rewritePayloadLength(packet, 0, 65_535 - length);
            assertThat(Ipv6Packet.payloadLength(packet, 0)).isEqualTo(65_535 - length);
            assertThat(Ipv6Packet.nextHeader(packet, 0)).isEqualTo(nextHeader);
        }
    }

    @Test
    void checkTakesAWholePacketWithPaddingBehindIt() {
        assertThat(Ipv6Packet.check(packet(), AT, LENGTH)).isNull();
        assertThat(Ipv6Packet.check(packet(), AT, 200)).isNull();
    }

    @Test
    void checkRefusesEveryTruncationWithoutReadingBeyond() {
        byte[] whole = Packets.bytesOf(packet());
        for (int length = 0; length < whole.length; length++) {
            ByteBuf cut = Unpooled.wrappedBuffer(whole, 0, length);

            assertThat(Ipv6Packet.check(cut, 0, length)).as("%d bytes", length).isEqualTo(DropReason.IP_MALFORMED);
        }
    }

    @Test
    void checkRefusesEveryOtherVersion() {
        for (int version = 0; version < 16; version++) {
            ByteBuf packet = packet();
            packet.setByte(AT, version << 4 | 0xb);

            assertThat(Ipv6Packet.check(packet, AT, LENGTH))
                    .as("version %d", version)
                    .isEqualTo(version == 6 ? null : DropReason.IP_MALFORMED);
        }
    }

    @ParameterizedTest
    @CsvSource({
        "::ffff:0:0, IP_MAPPED_ADDRESS",
        "::ffff:127.0.0.1, IP_MAPPED_ADDRESS",
        "::ffff:10.0.2.2, IP_MAPPED_ADDRESS",
        "::ffff:255.255.255.255, IP_MAPPED_ADDRESS",
        "::10.0.2.2,",
        "::fffe:10.0.2.2,",
        "::1:ffff:10.0.2.2,",
        "1::ffff:10.0.2.2,",
        "64:ff9b::10.0.2.2,",
        "::1,",
        "::,",
    })
    void mappedAddressIsRefusedAtEitherEnd(String address, DropReason reason) {
        // IpAddress would write a mapped address as four bytes.
        byte[] bytes = Packets.hexBytes(String.format("%016x%016x", halves(address)));
        for (int offset : new int[] {8, 24}) {
            ByteBuf packet = packet();
            packet.setBytes(AT + offset, bytes);

            assertThat(Ipv6Packet.check(packet, AT, LENGTH)).as("at %d", offset).isEqualTo(reason);
        }
    }

    private static Object[] halves(String text) {
        IpAddress address = IpAddress.parse(text);
        return new Object[] {address.high(), address.low()};
    }
}
