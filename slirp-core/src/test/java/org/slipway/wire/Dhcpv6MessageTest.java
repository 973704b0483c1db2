package org.slipway.wire;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.netty.buffer.ByteBuf;
import io.netty.buffer.ByteBufUtil;
import io.netty.buffer.Unpooled;
import java.util.Arrays;
import java.util.List;
import java.util.Objects;
import java.util.Random;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class Dhcpv6MessageTest {

    private static final String CLIENT = "0001000e" + "000100012a2b2c2d525400123456";
    private static final String SERVER = "0002000a" + "00030001" + "52550a000202";
    private static final String ADDRESS = "fd000000000000000000000000001000";
    private static final String IA_ADDRESS = "00050018" + ADDRESS + "00000e10" + "00001c20";
    private static final String IA_NA = "00030028" + "00123456" + "00000708" + "00000b40" + IA_ADDRESS;

    private static Dhcpv6Message parse(String hex) {
        return Objects.requireNonNull(parseOrNull(hex));
    }

    private static @Nullable Dhcpv6Message parseOrNull(String hex) {
        ByteBuf buf = Unpooled.wrappedBuffer(ByteBufUtil.decodeHexDump(hex));
        return Dhcpv6Message.parse(buf, 0, buf.readableBytes());
    }

    @Test
    void readsARequestByteForByte() {
        Dhcpv6Message message = parse("03abcdef" + CLIENT + SERVER + "000800020064" + "0006000400170018" + IA_NA);

        assertThat(message.type()).isEqualTo(Dhcpv6Message.Type.REQUEST);
        assertThat(message.transactionId()).isEqualTo(0xabcdef);
        assertThat(message.options().duid(Dhcpv6Options.CLIENT_ID))
                .hasToString("00:01:00:01:2a:2b:2c:2d:52:54:00:12:34:56");
        assertThat(message.options().duid(Dhcpv6Options.SERVER_ID))
                .isEqualTo(Duid.ofEthernet(MacAddress.parse("52:55:0a:00:02:02")));
        assertThat(message.options().isRequested(Dhcpv6Options.DOMAIN_LIST)).isTrue();
        assertThat(message.options().isRequested(Dhcpv6Options.BOOT_FILE_URL)).isFalse();
        Dhcpv6Association association = message.associations().get(0);
        assertThat(association.id()).isEqualTo(0x123456);
        assertThat(association.renewSeconds()).isEqualTo(1800);
        assertThat(association.rebindSeconds()).isEqualTo(2880);
        assertThat(association.addresses())
                .containsExactly(new Dhcpv6Address(IpAddress.parse("fd00::1000"), 3600, 7200, Dhcpv6Options.NONE));
    }

    @Test
    void everyTruncationThatCutsAnOptionIsRefused() {
        String[] parts = {"03abcdef", CLIENT, SERVER, IA_NA, "0006000400170018"};
        byte[] whole = ByteBufUtil.decodeHexDump(String.join("", parts));
        int[] ends = new int[parts.length];
        int end = 0;
        for (int i = 0; i < parts.length; i++) {
            end += parts[i].length() / 2;
            ends[i] = end;
        }
        for (int length = 0; length <= whole.length; length++) {
            // The buffer ends where the message ends: a read beyond it throws.
            ByteBuf buf = Unpooled.wrappedBuffer(Arrays.copyOf(whole, length));
            assertThat(Dhcpv6Message.check(buf, 0, length))
                    .as("length %d", length)
                    .isEqualTo(Arrays.binarySearch(ends, length) >= 0 ? null : DropReason.DHCPV6_MALFORMED);
        }
    }

    @ParameterizedTest
    @CsvSource({
        "00abcdef, type 0",
        "0cabcdef, a relay's",
        "0dabcdef, to a relay",
        "ffabcdef, type 255",
        "01abcdef00010000, empty client identifier",
        "01abcdef000100020003, client identifier without identifier",
        "01abcdef00010003000301 00010003000301, two client identifiers",
        "01abcdef00020003000301 00020003000302, two server identifiers",
        "01abcdef00060000 00060000, two lists of wanted options",
        "01abcdef0003000b0000000000000000000000, association shorter than its fields",
        "01abcdef00190000, prefix association shorter than its fields",
        "01abcdef00040003000000, temporary association shorter than its field",
        "01abcdef00030010 0000000000000000 00000000 00050018, option in association past its end",
        "01abcdef00030014 0000000000000000 00000000 00050004 00000000, address without lifetimes",
        "01abcdef0003002c 0000000000000000 00000000 0005001c fd000000000000000000000000001000 0000000000000000 000dffff,"
                + " option in address past its end",
        "01abcdef0006ffff0017, list of wanted options past the end",
    })
    void malformedMessagesAreRefused(String hex, String why) {
        assertThat(parseOrNull(hex.replace(" ", ""))).as(why).isNull();
    }

    @Test
    void identifiersHaveOneToAHundredAndTwentyEightBytesBehindTheirType() {
        for (int length : new int[] {0, 1, 2, 3, 130, 131, 200}) {
            ByteBuf buf = Unpooled.buffer();
            buf.writeInt(0x01abcdef).writeShort(Dhcpv6Options.CLIENT_ID).writeShort(length);
            buf.writeZero(length);
            assertThat(Dhcpv6Message.parse(buf, 0, buf.readableBytes()) != null)
                    .as("length %d", length)
                    .isEqualTo(length >= Duid.MIN_LENGTH && length <= Duid.MAX_LENGTH);
        }
    }

    @Test
    void relaysAreKnown() {
        ByteBuf buf = Unpooled.wrappedBuffer(new byte[] {12, 0, 0, 0});
        assertThat(Dhcpv6Message.isRelayed(buf, 0, 4)).isTrue();
        assertThat(Dhcpv6Message.isRelayed(buf, 0, 0)).isFalse();
        assertThat(Dhcpv6Message.isRelayed(Unpooled.wrappedBuffer(new byte[] {1, 0, 0, 0}), 0, 4))
                .isFalse();
    }

    @Test
    void moreOptionsThanAnyClientHasAreRefused() {
        String option = "00080000";
        assertThat(parse("01abcdef" + option.repeat(Dhcpv6Options.MAX_COUNT))
                        .options()
                        .size())
                .isEqualTo(Dhcpv6Options.MAX_COUNT);
        assertThat(parseOrNull("01abcdef" + option.repeat(Dhcpv6Options.MAX_COUNT + 1)))
                .isNull();
        Dhcpv6Options.Builder builder = new Dhcpv6Options.Builder();
        for (int i = 0; i < Dhcpv6Options.MAX_COUNT; i++) {
            builder.add(Dhcpv6Options.RAPID_COMMIT, new byte[0]);
        }
        assertThatThrownBy(() -> builder.addByte(Dhcpv6Options.PREFERENCE, 1))
                .isInstanceOf(IllegalArgumentException.class);
    }

    @Test
    void whoSaysNothingAsksForEverything() {
        assertThat(Dhcpv6Options.NONE.isRequested(Dhcpv6Options.DNS_SERVERS)).isTrue();
        assertThat(parse("01abcdef00060000").options().isRequested(Dhcpv6Options.DNS_SERVERS))
                .isFalse();
        assertThat(parse("01abcdef0006000300170c").options().isRequested(Dhcpv6Options.DNS_SERVERS))
                .isTrue();
    }

    @Test
    void writesAnswersByteForByte() {
        Dhcpv6Options.Builder options = new Dhcpv6Options.Builder();
        options.addAddresses(Dhcpv6Options.DNS_SERVERS, List.of(IpAddress.parse("fd00::3")));
        options.addNames(Dhcpv6Options.DOMAIN_LIST, List.of("example.org", "lan."));
        options.addText(Dhcpv6Options.BOOT_FILE_URL, "tftp://[fd00::2]/a");
        options.addCodes(Dhcpv6Options.OPTION_REQUEST, 23, 59);
        ByteBuf buf = Unpooled.buffer();
        new Dhcpv6Message(Dhcpv6Message.Type.REPLY, 0x010203, options.build()).emit(buf);
        assertThat(ByteBufUtil.hexDump(buf))
                .isEqualTo("07010203" + "00170010fd000000000000000000000000000003"
                        + "00180012" + "076578616d706c65036f726700" + "036c616e00"
                        + "003b0012" + "746674703a2f2f5b666430303a3a325d2f61" + "0006000400" + "17003b");
    }

    @Test
    void statusIsSuccessUnlessSaidOtherwise() {
        assertThat(Dhcpv6Status.of(Dhcpv6Options.NONE)).isEqualTo(Dhcpv6Status.SUCCESS);
        for (Dhcpv6Status status : Dhcpv6Status.values()) {
            Dhcpv6Options options = status.addTo(new Dhcpv6Options.Builder()).build();
            assertThat(Dhcpv6Status.of(options)).isEqualTo(status);
        }
        assertThat(Dhcpv6Status.of(parse("07abcdef000d00020007").options())).isNull();
        assertThat(Dhcpv6Status.of(parse("07abcdef000d000100").options())).isNull();
    }

    @Test
    void namesAreReadAsFarAsTheyAreWhole() {
        assertThat(parse("01abcdef0018000a" + "0161" + "0162" + "00" + "03636f6d00")
                        .options()
                        .names(24))
                .containsExactly("a.b", "com");
        assertThat(parse("01abcdef00180002" + "0161").options().names(24)).containsExactly("a");
        for (String malformed : new String[] {"00", "0261", "c000", "016100" + "00", "40" + "61".repeat(64)}) {
            String length = "%04x".formatted(malformed.length() / 2);
            assertThat(parse("01abcdef0018" + length + malformed).options().names(24))
                    .as(malformed)
                    .isNull();
        }
        String tooLong = ("3f" + "61".repeat(63)).repeat(4) + "00";
        assertThat(parse("01abcdef0018%04x%s".formatted(tooLong.length() / 2, tooLong))
                        .options()
                        .names(24))
                .isNull();
    }

    @Test
    void whatIsEmittedIsParsedBack() {
        for (int seed = 0; seed < 2000; seed++) {
            Dhcpv6Message message = randomMessage(new Random(seed));
            ByteBuf buf = Unpooled.buffer();
            int at = seed % 7;
            buf.writeZero(at);
            message.emit(buf);
            assertThat(buf.writerIndex() - at).isEqualTo(message.emittedLength());
            assertThat(Dhcpv6Message.parse(buf, at, buf.writerIndex() - at))
                    .as("seed %d", seed)
                    .isEqualTo(message)
                    .hasSameHashCodeAs(message)
                    .hasToString(message.toString());
        }
    }

    @Test
    void associationsAreParsedBack() {
        for (int seed = 0; seed < 500; seed++) {
            Random random = new Random(seed);
            int code = List.of(Dhcpv6Options.IA_NA, Dhcpv6Options.IA_TA, Dhcpv6Options.IA_PD)
                    .get(seed % 3);
            boolean hasTimes = code != Dhcpv6Options.IA_TA;
            Dhcpv6Options.Builder options = new Dhcpv6Options.Builder();
            for (int i = random.nextInt(4); i > 0; i--) {
                new Dhcpv6Address(
                                new IpAddress(random.nextLong(), random.nextLong()),
                                random.nextInt(),
                                random.nextInt(),
                                Dhcpv6Options.NONE)
                        .addTo(options);
            }
            Dhcpv6Association association = new Dhcpv6Association(
                    code,
                    random.nextInt(),
                    hasTimes ? random.nextInt() : 0,
                    hasTimes ? random.nextInt() : 0,
                    options.build());
            Dhcpv6Options holder =
                    association.addTo(new Dhcpv6Options.Builder()).build();
            Dhcpv6Message message = new Dhcpv6Message(Dhcpv6Message.Type.SOLICIT, 1, holder);
            assertThat(message.associations()).containsExactly(association);
        }
    }

    @Test
    void randomBytesNeverThrow() {
        byte[] whole = ByteBufUtil.decodeHexDump("01abcdef" + CLIENT + SERVER + IA_NA + IA_NA + "0006000400170018");
        int parsed = 0;
        for (int seed = 0; seed < 20_000; seed++) {
            Random random = new Random(seed);
            byte[] bytes = Arrays.copyOf(whole, random.nextInt(whole.length + 1));
            for (int i = random.nextInt(4); i > 0 && bytes.length > 0; i--) {
                bytes[random.nextInt(bytes.length)] = (byte) random.nextInt(256);
            }
            Dhcpv6Message message = Dhcpv6Message.parse(Unpooled.wrappedBuffer(bytes), 0, bytes.length);
            if (message != null) {
                parsed++;
                message.associations();
                ByteBuf again = Unpooled.buffer();
                message.emit(again);
                assertThat(ByteBufUtil.getBytes(again)).isEqualTo(bytes);
            }
        }
        assertThat(parsed).isPositive();
    }

    private static Dhcpv6Message randomMessage(Random random) {
        Dhcpv6Options.Builder options = new Dhcpv6Options.Builder();
        for (int i = random.nextInt(8); i > 0; i--) {
            byte[] value = new byte[random.nextInt(4) == 0 ? random.nextInt(700) : random.nextInt(20)];
            random.nextBytes(value);
            options.add(60 + random.nextInt(0xff00), value);
        }
        Dhcpv6Message.Type[] types = Dhcpv6Message.Type.values();
        return new Dhcpv6Message(types[random.nextInt(types.length)], random.nextInt(1 << 24), options.build());
    }
}
