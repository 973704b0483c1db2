package org.slipway.wire;

import static org.assertj.core.api.Assertions.assertThat;

import io.netty.buffer.ByteBuf;
import io.netty.buffer.ByteBufUtil;
import io.netty.buffer.Unpooled;
import java.util.Arrays;
import java.util.Objects;
import java.util.Random;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class DhcpMessageTest {

    private static final String FIXED = "01010600" + "cafebabe" + "00078000" + "00000000".repeat(4) + "525400123456"
            + "00".repeat(10) + "00".repeat(192) + "63825363";

    private static DhcpMessage parse(String hex) {
        return Objects.requireNonNull(parseOrNull(hex));
    }

    private static @Nullable DhcpMessage parseOrNull(String hex) {
        ByteBuf buf = Unpooled.wrappedBuffer(ByteBufUtil.decodeHexDump(hex));
        return DhcpMessage.parse(buf, 0, buf.readableBytes());
    }

    @Test
    void readsADiscoverByteForByte() {
        DhcpMessage message =
                parse(FIXED + "350101" + "32040a00020f" + "3d0701525400123456" + "370401030633" + "ff0000");

        assertThat(message.type()).isEqualTo(DhcpMessage.Type.DISCOVER);
        assertThat(message.op()).isEqualTo(DhcpMessage.REQUEST);
        assertThat(message.transactionId()).isEqualTo(0xcafebabe);
        assertThat(message.seconds()).isEqualTo(7);
        assertThat(message.broadcast()).isTrue();
        assertThat(message.clientMac()).isEqualTo(0x525400123456L);
        assertThat(message.options().address(DhcpOptions.REQUESTED_ADDRESS)).hasToString("10.0.2.15");
        assertThat(message.options().codes()).containsExactly(53, 50, 61, 55);
        assertThat(message.options()).hasToString("53=01 50=0a00020f 61=01525400123456 55=01030633");
    }

    @Test
    void everyTruncationOfADiscoverIsRefused() {
        byte[] whole = ByteBufUtil.decodeHexDump(FIXED + "350101" + "32040a00020f" + "0c0361626300" + "ff");
        for (int length = 0; length < whole.length; length++) {
            // The buffer ends where the message ends: a read beyond it throws.
            ByteBuf buf = Unpooled.wrappedBuffer(Arrays.copyOf(whole, length));
            assertThat(DhcpMessage.check(buf, 0, length))
                    .as("length %d", length)
                    .isEqualTo(DropReason.DHCP_MALFORMED);
        }
        assertThat(DhcpMessage.check(Unpooled.wrappedBuffer(whole), 0, whole.length))
                .isNull();
    }

    @ParameterizedTest
    @CsvSource({
        "3500ff, message type without a value",
        "350000ff, message type 0 by way of an empty option and PAD",
        "350100ff, message type 0",
        "350109ff, message type 9",
        "35020101ff, message type of two bytes",
        "35010132010aff, requested address of one byte",
        "35010132020a00ff, requested address of two bytes",
        "35010132030a0002ff, requested address of three bytes",
        "35010132050a00020f00ff, requested address of five bytes",
        "35010132040a00020f32040a00020fff, two requested addresses are one of eight bytes",
        "3501013300ff, lease time without a value",
        "35010136030a0002ff, server identifier of three bytes",
        "350101390105ff, maximum message size of one byte",
        "350101, no END",
        "3501010000, PAD and no END",
        "35010132, a code and nothing else",
        "3501010cff, a length beyond the end",
        "3501013401040000ff, overload 4",
        "3501013400ff, overload without a value",
    })
    void malformedOptionsAreRefused(String options, String why) {
        assertThat(parseOrNull(FIXED + options)).as(why).isNull();
    }

    @Test
    void emptyOverloadedFieldsNeedNoEnd() {
        assertThat(parseOrNull(FIXED + "350101340103ff")).isNotNull();
    }

    @Test
    void hardwareOtherThanEthernetIsRefused() {
        assertThat(parseOrNull("010606" + FIXED.substring(6) + "ff")).isNull();
        assertThat(parseOrNull("01011000" + FIXED.substring(8) + "ff")).isNull();
    }

    @Test
    void withoutCookieItIsBootp() {
        String noCookie = FIXED.substring(0, FIXED.length() - 8) + "00".repeat(64);
        assertThat(parse(noCookie).type()).isEqualTo(DhcpMessage.Type.BOOTP);
        assertThat(parse(FIXED + "00".repeat(60)).type()).isEqualTo(DhcpMessage.Type.BOOTP);
    }

    @Test
    void repeatedOptionsAreConcatenated() {
        DhcpMessage message = parse(FIXED + "350101" + "0c02" + "6162" + "0c01" + "63" + "ff");
        assertThat(message.options().text(DhcpOptions.HOST_NAME)).isEqualTo("abc");
    }

    @Test
    void overloadedFieldsAreReadFileFirstAndCountAsEmpty() {
        String sname = "0c01" + "63" + "ff" + "00".repeat(60);
        String file = "0c01" + "62" + "ff" + "00".repeat(124);
        String message = FIXED.substring(0, 88) + sname + file + "63825363" + "350101" + "0c0161" + "340103" + "ff";

        DhcpMessage parsed = parse(message);
        assertThat(parsed.options().text(DhcpOptions.HOST_NAME)).isEqualTo("abc");
        assertThat(parsed.options().contains(DhcpOptions.OVERLOAD)).isFalse();
        assertThat(parsed.serverName()).isEmpty();
        assertThat(parsed.bootFile()).isEmpty();
    }

    @Test
    void overloadInsideAnOverloadedFieldIsRefused() {
        String file = "340102" + "ff" + "00".repeat(124);
        assertThat(parseOrNull(
                        FIXED.substring(0, 88) + "00".repeat(64) + file + "63825363" + "350101" + "340101" + "ff"))
                .isNull();
    }

    @Test
    void anOptionPastTheEndOfAnOverloadedFieldIsRefused() {
        String file = "0c7f" + "61".repeat(126);
        assertThat(parseOrNull(
                        FIXED.substring(0, 88) + "00".repeat(64) + file + "63825363" + "350101" + "340101" + "ff"))
                .isNull();
    }

    @Test
    void fieldsWithoutNulAreTextToTheirEnd() {
        DhcpMessage message =
                parse(FIXED.substring(0, 88) + "61".repeat(64) + "62".repeat(128) + "63825363" + "350101" + "ff");
        assertThat(message.serverName()).isEqualTo("a".repeat(64));
        assertThat(message.bootFile()).isEqualTo("b".repeat(128));
    }

    @Test
    void emitPadsToThreeHundredBytes() {
        ByteBuf buf = Unpooled.buffer();
        parse(FIXED + "350101ff").emit(buf);
        assertThat(buf.readableBytes()).isEqualTo(DhcpMessage.MIN_EMITTED_LENGTH);
    }

    @Test
    void whatIsEmittedIsParsedBack() {
        for (int seed = 0; seed < 2000; seed++) {
            DhcpMessage message = randomMessage(new Random(seed));
            ByteBuf buf = Unpooled.buffer();
            buf.writeZero(seed % 7);
            message.emit(buf);
            int at = seed % 7;
            assertThat(buf.writerIndex() - at).isEqualTo(message.emittedLength());
            assertThat(DhcpMessage.parse(buf, at, buf.writerIndex() - at))
                    .as("seed %d", seed)
                    .isEqualTo(message)
                    .hasSameHashCodeAs(message);
        }
    }

    @Test
    void randomBytesNeverThrow() {
        for (int seed = 0; seed < 5000; seed++) {
            Random random = new Random(seed);
            byte[] bytes = new byte[240 + random.nextInt(120)];
            random.nextBytes(bytes);
            System.arraycopy(ByteBufUtil.decodeHexDump(FIXED), 236, bytes, 236, 4);
            bytes[1] = 1;
            bytes[2] = 6;
            ByteBuf buf = Unpooled.wrappedBuffer(bytes);
            DhcpMessage message = DhcpMessage.parse(buf, 0, bytes.length);
            if (message != null) {
                ByteBuf again = Unpooled.buffer();
                message.emit(again);
                assertThat(DhcpMessage.parse(again, 0, again.readableBytes())).isEqualTo(message);
            }
        }
    }

    private static DhcpMessage randomMessage(Random random) {
        DhcpOptions.Builder options = new DhcpOptions.Builder();
        if (random.nextBoolean()) {
            options.putByte(DhcpOptions.MESSAGE_TYPE, 1 + random.nextInt(8));
        }
        for (int i = random.nextInt(8); i > 0; i--) {
            byte[] value = new byte[random.nextInt(4) == 0 ? random.nextInt(700) : random.nextInt(20)];
            random.nextBytes(value);
            options.put(70 + random.nextInt(150), value);
        }
        return new DhcpMessage(
                random.nextInt(256),
                random.nextInt(256),
                random.nextInt(),
                random.nextInt(65_536),
                random.nextBoolean(),
                IpAddress.ipv4(random.nextInt()),
                IpAddress.ipv4(random.nextInt()),
                IpAddress.ipv4(random.nextInt()),
                IpAddress.ipv4(random.nextInt()),
                random.nextLong() & 0xffff_ffff_ffffL,
                randomText(random, 64),
                randomText(random, 128),
                options.build());
    }

    private static String randomText(Random random, int max) {
        StringBuilder text = new StringBuilder();
        for (int i = random.nextInt(max + 1); i > 0; i--) {
            text.append((char) (1 + random.nextInt(255)));
        }
        return text.toString();
    }
}
