package org.slipway.wire;

import static org.assertj.core.api.Assertions.assertThat;

import io.netty.buffer.ByteBuf;
import io.netty.buffer.Unpooled;
import java.util.Random;
import org.junit.jupiter.api.Test;

class InternetChecksumTest {

    @Test
    void sumOfTheExampleInRfc1071Section3() {
        ByteBuf buf = Packets.hex("0001 f203 f4f5 f6f7");

        assertThat(InternetChecksum.fold(InternetChecksum.sum(buf, Packets.ROOM, 8)))
                .isEqualTo(0xddf2);
    }

    @Test
    void finishOverDataWithTheirChecksumIsZero() {
        ByteBuf header = Packets.hex("4500 0073 0000 4000 4011 b861 c0a8 0001 c0a8 00c7");

        assertThat(InternetChecksum.finish(InternetChecksum.sum(header, Packets.ROOM, 20)))
                .isZero();
    }

    @Test
    void noBytesSumToZero() {
        assertThat(InternetChecksum.sum(Unpooled.EMPTY_BUFFER, 0, 0)).isZero();
        assertThat(InternetChecksum.finish(0)).isEqualTo(0xffff);
    }

    @Test
    void everyLengthAndAlignmentEqualsTheSumOfWords() {
        for (int seed = 0; seed < 200; seed++) {
            Random random = new Random(seed);
            byte[] bytes = new byte[random.nextInt(64)];
            random.nextBytes(bytes);
            int offset = random.nextInt(9);
            ByteBuf buf =
                    Unpooled.buffer(offset + bytes.length).writeZero(offset).writeBytes(bytes);

            assertThat(InternetChecksum.fold(InternetChecksum.sum(buf, offset, bytes.length)))
                    .as("seed %d", seed)
                    .isEqualTo(sumOfWords(bytes));
        }
    }

    @Test
    void largestPacketOfOnesDoesNotOverflow() {
        byte[] bytes = new byte[65_535];
        java.util.Arrays.fill(bytes, (byte) 0xff);
        ByteBuf buf = Unpooled.wrappedBuffer(bytes);

        long sum = InternetChecksum.sum(buf, 0, bytes.length);

        assertThat(sum).isLessThan(1L << 34);
        assertThat(InternetChecksum.fold(sum)).isEqualTo(sumOfWords(bytes));
    }

    @Test
    void partialSumsOfEvenPartsMayBeAdded() {
        ByteBuf buf = Packets.buffer(Packets.bytes(101));

        long parts = InternetChecksum.sum(buf, Packets.ROOM, 38) + InternetChecksum.sum(buf, Packets.ROOM + 38, 63);

        assertThat(InternetChecksum.fold(parts))
                .isEqualTo(InternetChecksum.fold(InternetChecksum.sum(buf, Packets.ROOM, 101)));
    }

    @Test
    void pseudoHeaderEqualsTheSumOfItsBytes() {
        ByteBuf ipv4 = Packets.hex("0a00020f 08080808 00 11 0123");
        ByteBuf ipv6 =
                Packets.hex("20010db8000000000000000000000001 fe80000000000000aabbccfffe112233 00000123 0000003a");

        assertThat(InternetChecksum.fold(InternetChecksum.pseudoHeader(
                        IpAddress.parse("10.0.2.15"), IpAddress.parse("8.8.8.8"), IpProtocol.UDP, 0x123)))
                .isEqualTo(InternetChecksum.fold(InternetChecksum.sum(ipv4, Packets.ROOM, 12)));
        assertThat(InternetChecksum.fold(InternetChecksum.pseudoHeader(
                        IpAddress.parse("2001:db8::1"),
                        IpAddress.parse("fe80::aabb:ccff:fe11:2233"),
                        IpProtocol.ICMPV6,
                        0x123)))
                .isEqualTo(InternetChecksum.fold(InternetChecksum.sum(ipv6, Packets.ROOM, 40)));
    }

    private static int sumOfWords(byte[] bytes) {
        int sum = 0;
        for (int i = 0; i < bytes.length; i++) {
            sum += i % 2 == 0 ? (bytes[i] & 0xff) << 8 : bytes[i] & 0xff;
            sum = (sum & 0xffff) + (sum >>> 16);
        }
        return sum;
    }
}
