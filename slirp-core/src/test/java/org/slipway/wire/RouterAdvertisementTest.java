package org.slipway.wire;

import static org.assertj.core.api.Assertions.assertThat;

import io.netty.buffer.ByteBuf;
import io.netty.buffer.Unpooled;
import java.util.ArrayList;
import java.util.List;
import java.util.Random;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.slipway.wire.RouterAdvertisement.Prefix;

class RouterAdvertisementTest {

    private static final int AT = Packets.ROOM;
    private static final String HEADER = "8600 0000 40 c0 0708 00000000 00000000";

    /** All that there is, as scapy writes it, but for the checksum. */
    private static final String ALL = HEADER
            + "0101 52550a000202"
            + "0501 0000 000005dc"
            + "0304 40c0 00015180 00003840 00000000 fd000000000000000000000000000000"
            + "0304 3080 ffffffff ffffffff 00000000 fd000001000000000000000000000000"
            + "1905 0000 00000708 fd000000000000000000000000000003 fd000000000000000000000000000004"
            + "1f04 0000 00000708 07 6578616d706c65 03 6f7267 00 03 6c616e 00 000000000000";

    private static final RouterAdvertisement MESSAGE = new RouterAdvertisement(
            64,
            RouterAdvertisement.MANAGED | RouterAdvertisement.OTHER,
            1800,
            0x5255_0a00_0202L,
            1500,
            List.of(
                    new Prefix(prefix("fd00::", 64), Prefix.ON_LINK | Prefix.AUTONOMOUS, 86_400, 14_400),
                    new Prefix(prefix("fd00:1::", 48), Prefix.ON_LINK, 0xffff_ffffL, 0xffff_ffffL)),
            List.of(IpAddress.parse("fd00::3"), IpAddress.parse("fd00::4")),
            List.of("example.org", "lan"),
            1800);

    private static final RouterAdvertisement BARE =
            new RouterAdvertisement(0, 0, 0, -1, 0, List.of(), List.of(), List.of(), 0);

    private static IpPrefix prefix(String address, int length) {
        return IpPrefix.of(IpAddress.parse(address), length);
    }

    private static RouterAdvertisement parse(String hex) {
        ByteBuf buf = Packets.hex(hex);
        int length = buf.readableBytes();
        assertThat(RouterAdvertisement.check(buf, AT, length)).isNull();
        return RouterAdvertisement.parse(buf, AT, length);
    }

    private static String emit(RouterAdvertisement message) {
        ByteBuf buf = Packets.buffer(Packets.hexBytes("ff".repeat(message.length())));
        message.emit(buf, AT);
        assertThat(buf.readableBytes()).isEqualTo(message.length());
        return Packets.hexOf(buf);
    }

    @Test
    void messagesAreTheBytesOfRfc4861AndRfc8106() {
        assertThat(emit(MESSAGE)).isEqualTo(ALL.replace(" ", ""));
        assertThat(parse(ALL)).isEqualTo(MESSAGE);
        assertThat(emit(BARE)).isEqualTo("86" + "00".repeat(15));
        assertThat(parse("86" + "00".repeat(15))).isEqualTo(BARE);
    }

    @Test
    void parseOfWhatWasEmittedIsTheSame() {
        for (int seed = 0; seed < 500; seed++) {
            RouterAdvertisement message = random(new Random(seed));
            ByteBuf buf = Unpooled.buffer(message.length());
            message.emit(buf, 0);

            assertThat(RouterAdvertisement.check(buf, 0, message.length())).isNull();
            assertThat(RouterAdvertisement.parse(buf, 0, message.length())).isEqualTo(message);
        }
    }

    private static RouterAdvertisement random(Random random) {
        List<Prefix> prefixes = new ArrayList<>();
        List<IpAddress> servers = new ArrayList<>();
        List<String> search = new ArrayList<>();
        for (int i = random.nextInt(4); i > 0; i--) {
            IpPrefix prefix = IpPrefix.of(new IpAddress(random.nextLong(), random.nextLong()), random.nextInt(129));
            prefixes.add(new Prefix(
                    prefix, random.nextInt(4) << 6, random.nextInt() & 0xffff_ffffL, random.nextInt() & 0xffff_ffffL));
        }
        for (int i = random.nextInt(4); i > 0; i--) {
            servers.add(new IpAddress(random.nextLong(), random.nextLong()));
        }
        for (int i = random.nextInt(4); i > 0; i--) {
            search.add("a".repeat(1 + random.nextInt(63)) + (random.nextBoolean() ? ".example" : ""));
        }
        return new RouterAdvertisement(
                random.nextInt(256),
                random.nextInt(256),
                random.nextInt(65_536),
                random.nextBoolean() ? -1 : random.nextLong() >>> 16,
                random.nextBoolean() ? 0 : 1280 + random.nextInt(64_256),
                prefixes,
                servers,
                search,
                servers.isEmpty() && search.isEmpty() ? 0 : random.nextInt() & 0xffff_ffffL);
    }

    @Test
    void checkRefusesEveryTruncationWithinTheHeaderOrAnOption() {
        byte[] whole = Packets.hexBytes(ALL);
        List<Integer> between = List.of(16, 24, 32, 64, 96, 136);
        for (int length = 0; length < whole.length; length++) {
            ByteBuf cut = Unpooled.wrappedBuffer(whole, 0, length);
            DropReason reason = RouterAdvertisement.check(cut, 0, length);

            assertThat(reason)
                    .as("%d bytes", length)
                    .isEqualTo(between.contains(length) ? null : DropReason.NDP_MALFORMED);
            if (reason == null) {
                assertThat(RouterAdvertisement.parse(cut, 0, length).hopLimit()).isEqualTo(64);
            }
        }
    }

    @Test
    void checkRefusesAnotherCodeAndAnOptionOfLengthZero() {
        assertThat(RouterAdvertisement.check(Packets.hex("8601" + "00".repeat(14)), AT, 16))
                .isEqualTo(DropReason.NDP_MALFORMED);
        assertThat(RouterAdvertisement.check(Packets.hex(HEADER + "0500 0000 000005dc"), AT, 24))
                .isEqualTo(DropReason.NDP_MALFORMED);
    }

    @ParameterizedTest
    @CsvSource({
        "an unknown option, 0e01 000000000000",
        "a prefix of more than 128 bits, 0304 81c0 00015180 00003840 00000000 fd000000000000000000000000000000",
        "a prefix option of another length, 0303 40c0 00015180 00003840 00000000 fd00000000000000",
        "a mapped prefix, 0304 80c0 00015180 00003840 00000000 00000000000000000000ffff0a000202",
        "an MTU below that of IPv6, 0501 0000 000004ff",
        "an MTU of more than 31 bits, 0501 0000 ffffffff",
        "a resolver in mapped form, 1903 0000 00000000 00000000000000000000ffff7f000001",
        "a list of resolvers without any, 1901 0000 00000000",
        "a search list without any, 1f01 0000 00000000",
        "a search list of zeros, 1f02 0000 00000000 0000000000000000",
        "a name that is cut off, 1f02 0000 00000000 3f61626364656667",
        "a label that is a dot, 1f02 0000 00000000 012e000000000000",
        "a label that ends with a dot, 1f02 0000 00000000 02612e0000000000",
        "a label with a line end, 1f02 0000 00000000 03610a6200000000",
        "a label of zeros, 1f02 0000 00000000 0300000001610000",
        "a compressed name, 1f02 0000 00000000 c000616263646566",
    })
    void whatIsOddIsLeftOut(String name, String option) {
        assertThat(parse("86" + "00".repeat(15) + option)).isEqualTo(BARE);
        // What stands behind is read all the same.
        assertThat(parse("86" + "00".repeat(15) + option + "0101 52550a000202").linkLayerAddress())
                .isEqualTo(0x5255_0a00_0202L);
    }

    @Test
    void hostBitsOfAPrefixAreCleared() {
        assertThat(parse(HEADER + "0304 40c0 00015180 00003840 00000000 fd000000000000001234567812345678")
                        .prefixes())
                .extracting(Prefix::prefix)
                .containsExactly(prefix("fd00::", 64));
    }

    @Test
    void anyBytesThatWereTakenAreRead() {
        byte[] whole = Packets.hexBytes(ALL);
        for (int seed = 0; seed < 20_000; seed++) {
            Random random = new Random(seed);
            byte[] bytes = whole.clone();
            for (int i = random.nextInt(5); i >= 0; i--) {
                bytes[2 + random.nextInt(bytes.length - 2)] = (byte) random.nextInt();
            }
            ByteBuf buf = Unpooled.wrappedBuffer(bytes);
            if (RouterAdvertisement.check(buf, 0, bytes.length) == null) {
                RouterAdvertisement message = RouterAdvertisement.parse(buf, 0, bytes.length);
                assertThat(message.mtu()).isNotNegative();
                assertThat(message.dnsServers()).noneMatch(IpAddress::isIpv4);
            }
        }
    }
}
