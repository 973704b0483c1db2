package org.slipway.wire;

import static org.assertj.core.api.Assertions.assertThat;

import io.netty.buffer.ByteBuf;
import io.netty.buffer.Unpooled;
import java.util.Arrays;
import java.util.Random;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.MethodSource;
import org.junit.jupiter.params.provider.ValueSource;

class Ipv6ExtensionsTest {

    private static final int HOP_BY_HOP = IpProtocol.HOP_BY_HOP;
    private static final int DESTINATION = IpProtocol.DESTINATION_OPTIONS;
    private static final int ROUTING = IpProtocol.ROUTING;
    private static final int FRAGMENT = IpProtocol.FRAGMENT;
    private static final int UDP = IpProtocol.UDP;
    private static final byte[] UPPER = Packets.bytes(8);

    private final Ipv6Extensions extensions = new Ipv6Extensions();
    private final Packets guest = Packets.from("52:54:00:12:34:56", "fd00::15").to("52:55:0a:00:02:02", "fd00::2");

    private @Nullable DropReason walk(Packets way, int first, byte[]... parts) {
        ByteBuf packet = way.ipv6(first, Packets.join(parts)).skipBytes(EthernetFrame.HEADER_LENGTH);
        return extensions.walk(packet.discardReadBytes(), 0);
    }

    private @Nullable DropReason walk(int first, byte[]... parts) {
        return walk(guest, first, parts);
    }

    private static byte[] options(int nextHeader, String hex) {
        return Packets.extension(nextHeader, Packets.hexBytes(hex));
    }

    private void assertUpper(int protocol, int offset, int nextHeaderAt) {
        assertThat(extensions.protocol()).as("protocol").isEqualTo(protocol);
        assertThat(extensions.upper()).as("upper header").isEqualTo(offset);
        assertThat(extensions.nextHeaderAt()).as("field that names it").isEqualTo(nextHeaderAt);
        assertThat(extensions.problem()).isNull();
    }

    private void assertProblem(IcmpError error, int pointer) {
        assertThat(extensions.problem()).isEqualTo(error);
        assertThat(extensions.pointer()).isEqualTo(pointer);
    }

    @Test
    void withoutExtensionsTheUpperHeaderIsBehindTheFixedOne() {
        assertThat(walk(UDP, UPPER)).isNull();
        assertUpper(UDP, 40, 6);
        assertThat(extensions.fragment()).isEqualTo(-1);

        assertThat(walk(IpProtocol.NO_NEXT_HEADER)).isNull();
        assertUpper(IpProtocol.NO_NEXT_HEADER, 40, 6);
    }

    @Test
    void everyKindOfHeaderIsWalkedOver() {
        // As scapy writes it: router alert; option 0x1e; routing type 0, at its end; padding; UDP.
        ByteBuf packet = Packets.hex("60000000 0039 00 40"
                + "fd000000000000000000000000000015 fd000000000000000000000000000002"
                + "3c00 0502 0000 0100"
                + "2b00 1e03 616263 00"
                + "3c02 00 00 00000000 fd000000000000000000000000000009"
                + "1100 0104 00000000"
                + "0001 0002 0009 8dc0 78");

        assertThat(extensions.walk(packet, Packets.ROOM)).isNull();
        assertUpper(UDP, Packets.ROOM + 88, Packets.ROOM + 80);
    }

    @ParameterizedTest
    @CsvSource({
        // RFC 8200 4.1: in any order and any number of times, but for hop-by-hop options
        "60 60 60, 17",
        "43 60, 6",
        "60 43 60, 58",
        "0 43 43, 17",
        "0 60 43 60 43 60 43 60, 17",
        "60, 59",
        "60, 50",
        "60, 255",
    })
    void headersInAnyOrderAreTaken(String chain, int upper) {
        int[] kinds =
                Arrays.stream(chain.split(" ")).mapToInt(Integer::parseInt).toArray();
        byte[][] parts = new byte[kinds.length + 1][];
        for (int i = 0; i < kinds.length; i++) {
            parts[i] = Packets.extension(i + 1 < kinds.length ? kinds[i + 1] : upper, new byte[6]);
        }
        parts[kinds.length] = UPPER;

        assertThat(walk(kinds[0], parts)).isNull();
        assertUpper(upper, 40 + 8 * kinds.length, 40 + 8 * (kinds.length - 1));
    }

    @Test
    void hopByHopOptionsBehindAnotherHeaderAreAnUnknownNextHeader() {
        assertThat(walk(DESTINATION, options(HOP_BY_HOP, "00"), options(UDP, "00"), UPPER))
                .isEqualTo(DropReason.IP_BAD_EXTENSION);
        assertProblem(IcmpError.PROTOCOL_UNREACHABLE, 40);

        assertThat(walk(HOP_BY_HOP, options(HOP_BY_HOP, "00"), options(UDP, "00"), UPPER))
                .isEqualTo(DropReason.IP_BAD_EXTENSION);
        assertProblem(IcmpError.PROTOCOL_UNREACHABLE, 40);

        assertThat(walk(DESTINATION, options(DESTINATION, "00"), options(HOP_BY_HOP, "00"), options(UDP, "00")))
                .isEqualTo(DropReason.IP_BAD_EXTENSION);
        assertProblem(IcmpError.PROTOCOL_UNREACHABLE, 48);
    }

    @ParameterizedTest
    @ValueSource(ints = {HOP_BY_HOP, DESTINATION, ROUTING})
    void everyTruncationOfAHeaderIsMalformed(int kind) {
        byte[] header = Packets.extension(UDP, new byte[14]);
        for (int length = 0; length < header.length; length++) {
            byte[] cut = Arrays.copyOf(header, length);
            assertThat(walk(kind, cut)).as("%d bytes", length).isEqualTo(DropReason.IP_MALFORMED);
            assertThat(extensions.problem()).isNull();
        }
        assertThat(walk(kind, header)).isNull();
    }

    @Test
    void truncatedFragmentHeaderIsMalformed() {
        for (int length = 0; length < 8; length++) {
            assertThat(walk(FRAGMENT, new byte[length])).isEqualTo(DropReason.IP_MALFORMED);
        }
        assertThat(walk(FRAGMENT, new byte[8])).isNull();
    }

    @Test
    void payloadLengthEndsTheHeadersWhateverStandsBehind() {
        ByteBuf packet = guest.ipv6(DESTINATION, Packets.extension(UDP, new byte[14]))
                .skipBytes(EthernetFrame.HEADER_LENGTH)
                .discardReadBytes();
        Ipv6Packet.rewritePayloadLength(packet, 0, 8);

        assertThat(extensions.walk(packet, 0)).isEqualTo(DropReason.IP_MALFORMED);
    }

    @Test
    void jumbogramIsMalformed() {
        // RFC 2675, as scapy writes it: payload length 0. Ethernet has no use for it.
        ByteBuf packet = Packets.hex("60000000 0000 00 40"
                + "fd000000000000000000000000000015 fd000000000000000000000000000002"
                + "1100 c204 00011170 00010002 0009 8dc0 78");

        assertThat(extensions.walk(packet, Packets.ROOM)).isEqualTo(DropReason.IP_MALFORMED);
    }

    @Test
    void jumboOptionBesideAPayloadLengthIsAnUnknownOption() {
        assertThat(walk(HOP_BY_HOP, options(UDP, "c204 00011170"), UPPER)).isEqualTo(DropReason.IP_BAD_OPTION);
        assertProblem(IcmpError.UNKNOWN_OPTION, 42);
    }

    static Stream<Arguments> optionActions() {
        return Stream.of(HOP_BY_HOP, DESTINATION)
                .flatMap(kind -> Stream.of("fd00::2", "ff02::1")
                        .flatMap(destination ->
                                Stream.of(0x1e, 0x5e, 0x9e, 0xde).map(type -> Arguments.of(kind, destination, type))));
    }

    /** RFC 8200 4.2. */
    @ParameterizedTest(name = "{2} in header {0} to {1}")
    @MethodSource("optionActions")
    void highestBitsOfAnUnknownOptionSayWhatToDo(int kind, String destination, int type) {
        // Behind PadN of 2 + 1 bytes and Pad1: so the option is at 40 + 2 + 4.
        String hex = "010100" + "00" + String.format("%02x", type) + "02abcd" + "0000";
        DropReason reason = walk(guest.to(destination), kind, options(UDP, hex), UPPER);

        int action = type >>> 6;
        assertThat(reason).isEqualTo(action == 0 ? null : DropReason.IP_BAD_OPTION);
        boolean told = action == 2 || action == 3 && destination.equals("fd00::2");
        if (told) {
            assertProblem(IcmpError.UNKNOWN_OPTION, 46);
        } else {
            assertThat(extensions.problem()).isNull();
        }
    }

    @Test
    void thirdHighestBitOfAnOptionSaysNothing() {
        assertThat(walk(DESTINATION, options(UDP, "3e00"), UPPER)).isNull();
        assertThat(walk(DESTINATION, options(UDP, "fe00"), UPPER)).isEqualTo(DropReason.IP_BAD_OPTION);
        assertProblem(IcmpError.UNKNOWN_OPTION, 42);
    }

    @Test
    void pointerCountsFromThePacketsFirstByte() {
        assertThat(walk(HOP_BY_HOP, options(DESTINATION, "05020000 0100"), options(UDP, "010200008000"), UPPER))
                .isEqualTo(DropReason.IP_BAD_OPTION);
        assertProblem(IcmpError.UNKNOWN_OPTION, 54);
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                // an option without a length, longer than the header, and padding longer than the header
                "00000000001e",
                "1e05000000 00",
                "1eff00000000",
                "010500000000",
                "0000000000 01",
                "01ff00000000"
            })
    void optionBeyondTheEndOfItsHeaderIsRefusedInSilence(String hex) {
        assertThat(walk(DESTINATION, options(UDP, hex), UPPER)).isEqualTo(DropReason.IP_BAD_EXTENSION);
        assertThat(extensions.problem()).isNull();
    }

    @Test
    void optionsAreLimitedButPaddingIsNot() {
        assertThat(walk(DESTINATION, options(UDP, "1e00".repeat(8)), UPPER)).isNull();
        assertThat(walk(DESTINATION, options(UDP, "1e00".repeat(9)), UPPER)).isEqualTo(DropReason.IP_BAD_EXTENSION);
        assertThat(extensions.problem()).isNull();
        assertThat(walk(DESTINATION, options(UDP, "0100".repeat(100) + "00".repeat(100)), UPPER))
                .isNull();
        assertThat(walk(DESTINATION, options(UDP, "01ff" + "00".repeat(255)), UPPER))
                .isNull();
    }

    @Test
    void headersAreLimited() {
        byte[] header = options(DESTINATION, "00");
        byte[] last = options(UDP, "00");
        byte[][] eight = {header, header, header, header, header, header, header, last, UPPER};
        byte[][] nine = {header, header, header, header, header, header, header, header, last, UPPER};

        assertThat(walk(DESTINATION, eight)).isNull();
        assertUpper(UDP, 104, 96);
        assertThat(walk(DESTINATION, nine)).isEqualTo(DropReason.IP_BAD_EXTENSION);
        assertThat(extensions.problem()).isNull();
    }

    @ParameterizedTest
    @ValueSource(ints = {0, 2, 3, 4, 253, 255})
    void routeWithNothingLeftIsIgnoredAndAnyOtherRefused(int type) {
        byte[] route = Packets.extension(UDP, Packets.hexBytes(String.format("%02x00 00000000", type)));
        assertThat(walk(ROUTING, route, UPPER)).isNull();
        assertUpper(UDP, 48, 40);

        for (int left : new int[] {1, 2, 255}) {
            route[3] = (byte) left;
            assertThat(walk(ROUTING, route, UPPER)).isEqualTo(DropReason.IP_BAD_OPTION);
            // RFC 8200 4.4, RFC 5095 3: points to the routing type.
            assertProblem(IcmpError.PARAMETER_PROBLEM, 42);
        }
        assertThat(walk(DESTINATION, options(ROUTING, "00"), route, UPPER)).isEqualTo(DropReason.IP_BAD_OPTION);
        assertProblem(IcmpError.PARAMETER_PROBLEM, 50);
    }

    @Test
    void walkEndsAtTheFragmentHeader() {
        byte[] fragment = guest.fragment(0, true).fragmentHeader(DESTINATION);

        assertThat(walk(HOP_BY_HOP, options(FRAGMENT, "00"), fragment, options(UDP, "00"), UPPER))
                .isNull();
        assertThat(extensions.fragment()).isEqualTo(48);
        assertUpper(FRAGMENT, 48, 40);
    }

    @Test
    void walkGoesOnBehindTheFragmentHeader() {
        byte[] fragment = guest.fragment(0, true).fragmentHeader(DESTINATION);
        ByteBuf packet = guest.ipv6(FRAGMENT, Packets.join(fragment, options(ROUTING, "00"), options(UDP, "00"), UPPER))
                .skipBytes(14)
                .discardReadBytes();

        assertThat(extensions.walk(packet, 0)).isNull();
        assertThat(extensions.walkBehindFragment(packet, 0)).isNull();
        assertUpper(UDP, 64, 56);
        assertThat(extensions.fragment()).isEqualTo(40);
    }

    @ParameterizedTest
    @CsvSource({
        // first header of the fragmentable part, its bytes, what is wrong, error, pointer
        "60, 1100 80000000 0000, IP_BAD_OPTION, UNKNOWN_OPTION, 50",
        "60, 1100 de000000 0000, IP_BAD_OPTION, UNKNOWN_OPTION, 50",
        "60, 1100 5e000000 0000, IP_BAD_OPTION,,",
        "43, 1100 0001 00000000, IP_BAD_OPTION, PARAMETER_PROBLEM, 50",
        "0, 1100 00000000 0000, IP_BAD_EXTENSION, PROTOCOL_UNREACHABLE, 40",
        "60, 1100 00000000 00, IP_MALFORMED,,",
        "60, 1101 00000000 0000, IP_MALFORMED,,",
        "44, 1100 0001 12345679, IP_FRAGMENT_BAD,,",
        "60, 2c00 00000000 0000 1100 0001 12345679, IP_FRAGMENT_BAD,,",
    })
    void whatIsWrongBehindTheFragmentHeaderIsFound(
            int first, String hex, DropReason reason, @Nullable IcmpError error, @Nullable Integer pointer) {
        byte[] fragment = guest.fragment(0, true).fragmentHeader(first);
        ByteBuf packet = guest.ipv6(FRAGMENT, Packets.join(fragment, Packets.hexBytes(hex)))
                .skipBytes(14)
                .discardReadBytes();

        assertThat(extensions.walk(packet, 0)).isNull();
        assertThat(extensions.walkBehindFragment(packet, 0)).isEqualTo(reason);
        assertThat(extensions.problem()).isEqualTo(error);
        if (pointer != null) {
            assertThat(extensions.pointer()).isEqualTo(pointer);
        }
    }

    @Test
    void skipGoesByLengthsAlone() {
        byte[] bad = options(ROUTING, "80000000");
        byte[] route = Packets.extension(FRAGMENT, Packets.hexBytes("0001 00000000"));
        byte[] first = guest.fragment(0, true).fragmentHeader(HOP_BY_HOP);
        ByteBuf packet = guest.ipv6(DESTINATION, Packets.join(bad, route, first, options(UDP, "ff"), UPPER))
                .skipBytes(14)
                .discardReadBytes();

        extensions.skip(packet, 0, packet.readableBytes());
        assertThat(extensions.protocol()).isEqualTo(UDP);
        assertThat(extensions.upper()).isEqualTo(72);
        // What is not there is named by the last header that is.
        int[] named = {DESTINATION, ROUTING, FRAGMENT, HOP_BY_HOP, UDP};
        for (int length = 40; length < 80; length++) {
            extensions.skip(packet, 0, length);
            assertThat(extensions.protocol()).as("%d bytes", length).isEqualTo(named[(length - 40) / 8]);
            assertThat(extensions.upper()).isEqualTo(Math.min(length, 72));
        }
    }

    @Test
    void skipEndsAtALaterFragment() {
        byte[] later = guest.fragment(8, true).fragmentHeader(DESTINATION);
        ByteBuf packet = guest.ipv6(FRAGMENT, Packets.join(later, options(UDP, "00"), UPPER))
                .skipBytes(14)
                .discardReadBytes();

        extensions.skip(packet, 0, packet.readableBytes());

        assertThat(extensions.protocol()).isEqualTo(DESTINATION);
        assertThat(extensions.upper()).isEqualTo(64);
    }

    @Test
    void nothingIsKeptFromThePacketBefore() {
        walk(FRAGMENT, guest.fragmentHeader(UDP), UPPER);
        walk(DESTINATION, options(UDP, "80000000"), UPPER);

        assertThat(walk(UDP, UPPER)).isNull();
        assertUpper(UDP, 40, 6);
        assertThat(extensions.fragment()).isEqualTo(-1);
        assertThat(extensions.pointer()).isZero();
    }

    @Test
    void anyBytesAreWalkedWithoutReadingBeyondThem() {
        int[] kinds = {HOP_BY_HOP, DESTINATION, ROUTING, FRAGMENT, UDP, IpProtocol.NO_NEXT_HEADER};
        for (int seed = 0; seed < 50_000; seed++) {
            Random random = new Random(seed);
            byte[] bytes = new byte[random.nextInt(80)];
            random.nextBytes(bytes);
            for (int i = 0; i + 1 < bytes.length; i += 8) {
                bytes[i] = (byte) kinds[random.nextInt(kinds.length)];
                bytes[i + 1] = (byte) random.nextInt(3);
            }
            byte[] whole =
                    Packets.bytesOf(guest.ipv6(kinds[random.nextInt(4)], bytes).skipBytes(14));
            ByteBuf packet = Unpooled.wrappedBuffer(whole);
            extensions.skip(packet, 0, 40 + random.nextInt(whole.length - 39));
            assertThat(extensions.upper()).isLessThanOrEqualTo(whole.length);
            DropReason reason = extensions.walk(packet, 0);
            if (reason == null && extensions.fragment() >= 0) {
                reason = extensions.walkBehindFragment(packet, 0);
            }
            assertThat(extensions.upper()).isLessThanOrEqualTo(whole.length);
            if (extensions.problem() != null) {
                assertThat(reason).isNotNull();
                assertThat(extensions.pointer()).isBetween(6, whole.length - 1);
            }
        }
    }
}
