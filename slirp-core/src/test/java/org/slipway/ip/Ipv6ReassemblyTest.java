package org.slipway.ip;

import static org.assertj.core.api.Assertions.assertThat;

import io.netty.buffer.ByteBuf;
import java.time.Duration;
import java.util.Arrays;
import java.util.List;
import java.util.Random;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.MethodSource;
import org.slipway.wire.DropReason;
import org.slipway.wire.IpProtocol;
import org.slipway.wire.Packets;

class Ipv6ReassemblyTest {

    private static final DropReason BAD = DropReason.IP_FRAGMENT_BAD;
    private static final int UDP = IpProtocol.UDP;
    private static final int DESTINATION = IpProtocol.DESTINATION_OPTIONS;

    private final GatewayFixture gateway = new GatewayFixture().guestKnown();
    private final Packets guest = gateway.guest6;
    private final byte[] datagram = guest.udpDatagram(1024, 53, Packets.bytes(92));

    @AfterEach
    void close() {
        gateway.close();
    }

    /** A part of the datagram; written {@code "0-32+"}: from byte 0 to before byte 32, more to come. */
    private ByteBuf fragment(Packets way, String part) {
        boolean more = part.endsWith("+");
        String[] edges = (more ? part.substring(0, part.length() - 1) : part).split("-", -1);
        int from = Integer.parseInt(edges[0]);
        byte[] bytes = Arrays.copyOfRange(datagram, from, Integer.parseInt(edges[1]));
        return way.fragment(from, more).ipv6Fragment(UDP, bytes);
    }

    private @Nullable DropReason receive(String part) {
        return gateway.receive(fragment(guest, part));
    }

    private void assertWhole() {
        GatewayFixture.Received packet = gateway.onlyReceived();
        assertThat(packet.protocol()).isEqualTo(UDP);
        assertThat(packet.payload()).isEqualTo(datagram);
        assertThat(packet.checksumVouched()).isFalse();
    }

    @Test
    void fragmentsOfAnotherImplementationAreMadeWhole() {
        // As scapy cuts a datagram of 60 bytes for an MTU of 96.
        String ethernet = "52550a000202 525400123456 86dd";
        assertThat(
                        gateway.receive(
                                Packets.hex(
                                        ethernet + "60000000 0038 2c 40"
                                                + "fd000000000000000000000000000015 fd000000000000000000000000000002 1100000112345678"
                                                + "0400003500449791000102030405060708090a0b0c0d0e0f101112131415161718191a1b1c1d1e1f2021222324252627")))
                .isNull();
        assertThat(gateway.receive(Packets.hex(ethernet + "60000000 001c 2c 40"
                        + "fd000000000000000000000000000015 fd000000000000000000000000000002 1100003012345678"
                        + "28292a2b2c2d2e2f303132333435363738393a3b")))
                .isNull();

        assertThat(gateway.onlyReceived().payload()).isEqualTo(guest.udpDatagram(1024, 53, Packets.bytes(60)));
    }

    @ParameterizedTest
    @CsvSource({
        "0-32+ 32-64+ 64-100",
        "64-100 32-64+ 0-32+",
        "32-64+ 64-100 0-32+",
        "0-32+ 64-100 32-64+",
        "0-32+ 0-32+ 32-64+ 64-100",
        "64-100 64-100 32-64+ 32-64+ 0-32+",
    })
    void fragmentsInAnyOrderMakeThePacketWhole(String parts) {
        for (String part : parts.split(" ")) {
            assertThat(gateway.received).isEmpty();
            assertThat(receive(part)).as(part).isNull();
        }
        assertWhole();
        gateway.loop.advance(Duration.ofMinutes(2));
        assertThat(gateway.drops.snapshot()).isEmpty();
        gateway.sent.assertNone();
    }

    @ParameterizedTest
    @CsvSource({
        "0-32+, 24-64+",
        "32-64+, 0-40+",
        "0-64+, 8-16+",
        "32-40+, 0-64+",
        "64-100, 64-96",
        "64-96, 64-96+",
        "64-96+, 32-64",
        "64-96+, 64-96",
    })
    void overlapRefusesTheWholePacket(String first, String misfit) {
        // RFC 5722, RFC 8200 4.5: with all that came and is still to come, and in silence.
        assertThat(receive(first)).isNull();
        assertThat(receive(misfit)).isEqualTo(BAD);

        for (String part : "0-32+ 32-64+ 64-100".split(" ")) {
            assertThat(receive(part)).as("after it was spoilt").isEqualTo(BAD);
        }
        gateway.loop.advance(Duration.ofSeconds(61));
        gateway.sent.assertNone();
        assertThat(gateway.received).isEmpty();

        for (String part : "0-32+ 32-64+ 64-100".split(" ")) {
            assertThat(receive(part)).as("a new packet after the time-out").isNull();
        }
        assertWhole();
    }

    @Test
    void copyWithOtherBytesRefusesTheWholePacket() {
        receive("0-32+");
        datagram[20]++;
        assertThat(receive("0-32+")).isEqualTo(BAD);
        assertThat(receive("32-100")).isEqualTo(BAD);
    }

    @Test
    void lengthOfNoMultipleOfEightIsAParameterProblem() {
        receive("0-32+");
        for (String part : List.of("32-33+", "32-63+")) {
            ByteBuf frame = fragment(guest, part);

            assertThat(gateway.receive(frame)).isEqualTo(BAD);

            // RFC 8200 4.5: points to the payload length.
            gateway.sent
                    .nextPacket()
                    .ipv6()
                    .from("fd00::2")
                    .to("fd00::15")
                    .icmpv6(4, 0, 4)
                    .quotes(frame, frame.readableBytes() - 14);
        }
        assertThat(receive("32-100")).isNull();
        assertWhole();
    }

    @Test
    void emptyFragmentIsDroppedAlone() {
        receive("0-32+");

        assertThat(receive("32-32+")).isEqualTo(BAD);
        assertThat(receive("32-32")).isEqualTo(BAD);
        assertThat(receive("32-100")).isNull();
        assertWhole();
        gateway.sent.assertNone();
    }

    @Test
    void packetBeyond65535BytesIsAParameterProblem() {
        ByteBuf beyond = guest.fragment(65_528, false).ipv6Fragment(UDP, new byte[8]);

        assertThat(gateway.receive(beyond)).isEqualTo(BAD);

        // RFC 8200 4.5: points to the fragment offset.
        gateway.sent.nextPacket().ipv6().icmpv6(4, 0, 42).quotes(beyond, 56);
        assertThat(gateway.receive(guest.fragment(65_528, false).ipv6Fragment(UDP, new byte[7])))
                .isNull();
        gateway.sent.assertNone();

        // With headers in front, which count: eight bytes of them.
        Packets other = guest.identification(2);
        byte[] options = Packets.extension(IpProtocol.FRAGMENT, new byte[6]);
        byte[] header = other.fragment(65_520, false).fragmentHeader(UDP);
        assertThat(gateway.receive(other.ipv6(DESTINATION, Packets.join(options, header, new byte[8]))))
                .isEqualTo(BAD);
        gateway.sent.nextPacket().ipv6().icmpv6(4, 0, 50);
        assertThat(gateway.receive(other.ipv6(DESTINATION, Packets.join(options, header, new byte[7]))))
                .isNull();
    }

    @Test
    void headersOfTheFirstFragmentCountForTheWholeLength() {
        byte[] options = Packets.extension(IpProtocol.FRAGMENT, new byte[6]);
        byte[] header = guest.fragment(0, true).fragmentHeader(UDP);
        assertThat(gateway.receive(guest.ipv6(DESTINATION, Packets.join(options, header, new byte[32_768]))))
                .isNull();

        // 65,528 bytes of payload fit, and with eight of options they do not.
        assertThat(gateway.receive(guest.fragment(32_768, false).ipv6Fragment(UDP, new byte[65_528 - 32_768])))
                .isEqualTo(BAD);
        assertThat(gateway.received).isEmpty();
    }

    @Test
    void largestPacketIsMadeWhole() {
        byte[] payload = guest.udpDatagram(1, 2, new byte[65_527]);
        for (int from = 0; from < payload.length; from += 1448) {
            int to = Math.min(payload.length, from + 1448);
            assertThat(gateway.receive(guest.fragment(from, to < payload.length)
                            .ipv6Fragment(UDP, Arrays.copyOfRange(payload, from, to))))
                    .isNull();
        }
        assertThat(gateway.onlyReceived().payload()).isEqualTo(payload);
    }

    @Test
    void headersInFrontAreThoseOfTheFirstFragment() {
        byte[] ofFirst = Packets.extension(IpProtocol.FRAGMENT, new byte[14]);
        byte[] ofSecond = Packets.extension(IpProtocol.FRAGMENT, new byte[6]);
        Packets first = guest.timeToLive(7).typeOfService(0x10).fragment(0, true);
        Packets second = guest.timeToLive(9).fragment(32, false);
        gateway.receive(second.ipv6(
                DESTINATION,
                Packets.join(ofSecond, second.fragmentHeader(UDP), Arrays.copyOfRange(datagram, 32, 100))));
        gateway.receive(first.ipv6(
                IpProtocol.HOP_BY_HOP, Packets.join(ofFirst, first.fragmentHeader(UDP), Arrays.copyOf(datagram, 32))));

        GatewayFixture.Received packet = gateway.onlyReceived();
        assertThat(packet.timeToLive()).isEqualTo(7);
        assertThat(packet.typeOfService()).isEqualTo(0x10);
        assertThat(packet.protocol()).isEqualTo(UDP);
        assertThat(packet.payload()).isEqualTo(datagram);
    }

    @Test
    void headersBehindTheFragmentHeaderArePartOfThePacket() {
        byte[] whole = Packets.join(Packets.extension(UDP, new byte[14]), datagram);
        gateway.receive(guest.fragment(0, true).ipv6Fragment(DESTINATION, Arrays.copyOf(whole, 40)));
        gateway.receive(guest.fragment(40, false).ipv6Fragment(DESTINATION, Arrays.copyOfRange(whole, 40, 116)));

        assertWhole();
    }

    @Test
    void nextHeaderOfTheFirstFragmentCounts() {
        // RFC 8200 4.5: those of the others may differ, and do not matter.
        gateway.receive(guest.fragment(32, false).ipv6Fragment(99, Arrays.copyOfRange(datagram, 32, 100)));
        assertThat(receive("0-32+")).isNull();

        assertWhole();
    }

    @Test
    void fragmentsOfDifferentPacketsDoNotMix() {
        receive("0-32+");
        List<Packets> others = List.of(
                guest.identification(0x1235),
                guest.identification(0x1234_1234),
                guest.source("fd00::16"),
                guest.to("fd00::3"),
                Packets.from("52:54:00:12:34:57", "fd00::15").to(GatewayFixture.MAC, "fd00::2"));
        for (Packets other : others) {
            assertThat(gateway.receive(fragment(other, "32-100"))).isNull();
        }
        assertThat(gateway.received).isEmpty();

        receive("32-100");
        assertWhole();
    }

    @Test
    void atomicFragmentHasNothingToDoWithOthers() {
        // RFC 6946 4: of the same identification.
        receive("0-32+");
        byte[] other = guest.udpDatagram(1, 2, Packets.bytes(24));

        assertThat(gateway.receive(guest.ipv6Fragment(UDP, other))).isNull();
        assertThat(gateway.onlyReceived().payload()).isEqualTo(other);

        assertThat(receive("32-100")).isNull();
        assertWhole();
    }

    static Stream<Arguments> incomplete() {
        byte[] options = Packets.extension(DESTINATION, new byte[6]);
        return Stream.of(
                Arguments.of("UDP without its last byte", UDP, new byte[0]),
                Arguments.of("half of TCP", IpProtocol.TCP, new byte[16]),
                Arguments.of("no ICMPv6", IpProtocol.ICMPV6, new byte[0]),
                Arguments.of("options without a header behind", DESTINATION, options),
                Arguments.of(
                        "half of the options", DESTINATION, Arrays.copyOf(Packets.extension(UDP, new byte[22]), 16)),
                Arguments.of("options and no UDP", DESTINATION, Packets.extension(UDP, new byte[6])),
                Arguments.of("half of a route", IpProtocol.ROUTING, Packets.hexBytes("1102 0000 00000000")));
    }

    @ParameterizedTest(name = "{0}")
    @MethodSource("incomplete")
    void firstFragmentWithoutAllHeadersIsAParameterProblem(String name, int nextHeader, byte[] part) {
        // RFC 7112 5.
        ByteBuf frame = guest.fragment(0, true).ipv6Fragment(nextHeader, part);
        boolean aboutIcmp = nextHeader == IpProtocol.ICMPV6;

        assertThat(gateway.receive(frame)).isEqualTo(BAD);

        if (!aboutIcmp) {
            gateway.sent.nextPacket().ipv6().icmpv6(4, 3, 0).quotes(frame, frame.readableBytes() - 14);
        }
        gateway.sent.assertNone();
        assertThat(gateway.receive(guest.fragment(8, false).ipv6Fragment(nextHeader, new byte[40])))
                .isNull();
        assertThat(gateway.received).isEmpty();
    }

    @Test
    void firstFragmentWithAllHeadersIsTaken() {
        for (int protocol : new int[] {UDP, IpProtocol.ICMPV6, 99, IpProtocol.NO_NEXT_HEADER}) {
            assertThat(gateway.receive(
                            guest.identification(protocol).fragment(0, true).ipv6Fragment(protocol, new byte[8])))
                    .isNull();
        }
        assertThat(gateway.receive(guest.fragment(0, true).ipv6Fragment(IpProtocol.TCP, new byte[24])))
                .isNull();
        gateway.sent.assertNone();
    }

    @Test
    void unknownOptionBehindTheFragmentHeaderIsReportedAtOnce() {
        byte[] options = Packets.extension(UDP, Packets.hexBytes("8000 00000000"));
        ByteBuf frame =
                guest.fragment(0, true).ipv6Fragment(DESTINATION, Packets.join(options, Arrays.copyOf(datagram, 32)));

        assertThat(gateway.receive(frame)).isEqualTo(DropReason.IP_BAD_OPTION);

        gateway.sent.nextPacket().ipv6().icmpv6(4, 2, 50).quotes(frame, 88);
    }

    @Test
    void fragmentOfAFragmentIsRefused() {
        byte[] inner = Packets.join(guest.identification(9).fragment(0, true).fragmentHeader(UDP), datagram);
        assertThat(gateway.receive(guest.fragment(0, true).ipv6Fragment(IpProtocol.FRAGMENT, Arrays.copyOf(inner, 40))))
                .isEqualTo(BAD);
        assertThat(gateway.receive(guest.ipv6Fragment(IpProtocol.FRAGMENT, inner)))
                .isEqualTo(BAD);
        gateway.sent.assertNone();
        assertThat(gateway.received).isEmpty();
    }

    @Test
    void unknownNextHeaderOfAReassembledPacketIsPointedToInTheWhole() {
        assertThat(gateway.receive(guest.fragment(0, true).ipv6Fragment(99, new byte[8])))
                .isNull();

        assertThat(gateway.receive(guest.fragment(8, false).ipv6Fragment(99, new byte[8])))
                .isEqualTo(DropReason.IP_PROTOCOL_UNKNOWN);

        gateway.sent.nextPacket().ipv6().icmpv6(4, 1, 6).quotes(guest.ipv6(99, new byte[16]), 56);
    }

    @Test
    void nothingBehindTheHeadersOfAReassembledPacketIsSilent() {
        gateway.receive(guest.fragment(0, true).ipv6Fragment(IpProtocol.NO_NEXT_HEADER, new byte[8]));

        assertThat(gateway.receive(guest.fragment(8, false).ipv6Fragment(IpProtocol.NO_NEXT_HEADER, new byte[8])))
                .isEqualTo(DropReason.IP_NO_NEXT_HEADER);
        gateway.sent.assertNone();
    }

    @Test
    void dropOfAReassembledPacketMarksTheLastFragment() {
        gateway.host.handler(UDP, packet -> packet.drop(DropReason.UDP_NO_PORT));

        assertThat(receive("0-32+")).isNull();
        assertThat(receive("32-100")).isEqualTo(DropReason.UDP_NO_PORT);
    }

    @Test
    void timeOutAfter60SecondsTellsTheSenderIfTheFirstFragmentCame() {
        ByteBuf first = fragment(guest, "0-32+");
        gateway.receive(first);
        gateway.loop.advance(Duration.ofSeconds(30));
        receive("32-64+");
        gateway.loop.advance(Duration.ofMillis(29_999));
        gateway.sent.assertNone();
        gateway.loop.advance(Duration.ofMillis(1));

        gateway.sent
                .nextPacket()
                .ipv6()
                .from("fd00::2")
                .to("fd00::15")
                .icmpv6(3, 1, 0)
                .quotes(first, 80);
        gateway.sent.assertNone();
        assertThat(gateway.drops.of(DropReason.IP_FRAGMENT_EXPIRED)).isOne();
        assertThat(receive("64-100")).isNull();
        assertThat(gateway.received).isEmpty();
    }

    @Test
    void timeOutWithoutTheFirstFragmentIsSilent() {
        receive("32-64+");
        gateway.loop.advance(Duration.ofSeconds(60));

        gateway.sent.assertNone();
        assertThat(gateway.drops.of(DropReason.IP_FRAGMENT_EXPIRED)).isOne();
        assertThat(gateway.loop.untilNextTimer()).isEqualTo(-1);
    }

    @Test
    void timeOutOfAnErrorIsSilent() {
        gateway.receive(
                guest.fragment(0, true).ipv6Fragment(IpProtocol.ICMPV6, Packets.hexBytes("01 03 00000000 0000")));
        gateway.loop.advance(Duration.ofSeconds(60));

        gateway.sent.assertNone();
        assertThat(gateway.drops.of(DropReason.IP_FRAGMENT_EXPIRED)).isOne();
    }

    private static int fragmentsThatFit(int length) {
        return Reassembly.MAX_BYTES_PER_STATION / (48 + length + PartialPacket.FRAGMENT_OVERHEAD);
    }

    @Test
    void bytesOfOneStationAreBounded() {
        int fits = fragmentsThatFit(40_000);
        for (int i = 0; i < fits; i++) {
            gateway.receive(guest.identification(i).fragment(0, true).ipv6Fragment(UDP, new byte[40_000]));
        }
        assertThat(gateway.drops.of(DropReason.IP_FRAGMENT_EXPIRED)).isZero();

        gateway.receive(guest.identification(fits).fragment(0, true).ipv6Fragment(UDP, new byte[40_000]));

        // The oldest gave way: its rest makes nothing whole, that of the second does.
        assertThat(gateway.drops.of(DropReason.IP_FRAGMENT_EXPIRED)).isOne();
        gateway.receive(guest.identification(1).fragment(40_000, false).ipv6Fragment(UDP, new byte[8]));
        assertThat(gateway.onlyReceived().payload()).hasSize(40_008);
        gateway.receive(guest.identification(0).fragment(40_000, false).ipv6Fragment(UDP, new byte[8]));
        assertThat(gateway.received).isEmpty();
    }

    @Test
    void packetsOfOneStationAreBoundedAndThoseOfOthersUntouched() {
        Packets other = Packets.from("52:54:00:12:34:57", "fd00::16").to(GatewayFixture.MAC, "fd00::2");
        gateway.receive(fragment(other, "0-32+"));
        for (int i = 0; i < 100; i++) {
            gateway.receive(fragment(guest.identification(i), "0-32+"));
        }

        assertThat(gateway.drops.of(DropReason.IP_FRAGMENT_EXPIRED))
                .isEqualTo(100 - Reassembly.MAX_PACKETS_PER_STATION);
        gateway.receive(fragment(other, "32-100"));
        assertThat(gateway.onlyReceived().source()).hasToString("fd00::16");
    }

    @Test
    void stationsInAllAreBounded() {
        for (int station = 0; station < 20; station++) {
            Packets other = Packets.from(
                            String.format("52:54:00:12:35:%02x", station),
                            "fd00::" + Integer.toHexString(0x100 + station))
                    .to(GatewayFixture.MAC, "fd00::2");
            for (int i = 0; i < Reassembly.MAX_PACKETS_PER_STATION; i++) {
                gateway.receive(fragment(other.identification(i), "0-32+"));
            }
        }
        assertThat(gateway.drops.of(DropReason.IP_FRAGMENT_EXPIRED))
                .isEqualTo(20L * Reassembly.MAX_PACKETS_PER_STATION - Reassembly.MAX_PACKETS);
    }

    @Test
    void stationHasOneShareForBothFamiliesAndLeavesThePacketsOfOthers() {
        Packets other = Packets.from("52:54:00:12:34:57", "10.0.2.16").to(GatewayFixture.MAC, "10.0.2.2");
        byte[] datagram4 = other.udpDatagram(1024, 53, Packets.bytes(92));
        gateway.receive(other.fragment(0, true).ipv4(UDP, Arrays.copyOf(datagram4, 32)));
        for (int i = 0; i < 1000; i++) {
            gateway.receive(guest.identification(i).fragment(0, true).ipv6Fragment(UDP, new byte[1400]));
            gateway.receive(gateway.guest.identification(i).fragment(0, true).ipv4(UDP, new byte[1400]));
        }

        assertThat(gateway.drops.of(DropReason.IP_FRAGMENT_EXPIRED))
                .isEqualTo(2000 - Reassembly.MAX_PACKETS_PER_STATION);
        gateway.receive(other.fragment(32, false).ipv4(UDP, Arrays.copyOfRange(datagram4, 32, 100)));
        assertThat(gateway.onlyReceived().payload()).isEqualTo(datagram4);
    }

    @Test
    void stationThatHoldsLeastKeepsItsPacketBeyondTheTotal() {
        gateway.receive(fragment(guest, "0-32+"));
        for (int station = 0; station < 20; station++) {
            Packets other = Packets.from(
                            String.format("52:54:00:12:35:%02x", station),
                            "fd00::" + Integer.toHexString(0x100 + station))
                    .to(GatewayFixture.MAC, "fd00::2");
            for (int i = 0; i < Reassembly.MAX_PACKETS_PER_STATION; i++) {
                gateway.receive(fragment(other.identification(i), "0-32+"));
            }
        }

        gateway.receive(fragment(guest, "32-100"));
        assertThat(gateway.onlyReceived().source()).hasToString("fd00::15");
    }

    @Test
    void eachFamilyHasItsOwnTimeOut() {
        gateway.receive(fragment(guest, "0-32+"));
        gateway.receive(gateway.guest.fragment(0, true).ipv4(UDP, new byte[32]));
        gateway.loop.advance(Duration.ofSeconds(30));
        gateway.sent.nextPacket().ipv4().icmp(11, 1, 0);
        gateway.sent.assertNone();

        gateway.loop.advance(Duration.ofSeconds(30));
        gateway.sent.nextPacket().ipv6().icmpv6(3, 1, 0);
    }

    @Test
    void hostileFragmentsAtRandomNeitherLeakNorThrow() {
        int[] kinds = {UDP, IpProtocol.ICMPV6, DESTINATION, IpProtocol.ROUTING, IpProtocol.FRAGMENT, 0, 59, 99};
        for (int seed = 0; seed < 40; seed++) {
            Random random = new Random(seed);
            for (int i = 0; i < 500; i++) {
                byte[] part = new byte[random.nextInt(6) * 8 + (random.nextInt(9) == 0 ? 3 : 0)];
                if (random.nextBoolean() && part.length > 0) {
                    part[0] = (byte) kinds[random.nextInt(kinds.length)];
                    part[1] = (byte) random.nextInt(3);
                }
                gateway.receive(guest.identification(random.nextInt(4))
                        .fragment(random.nextInt(20) * 8, random.nextInt(4) > 0)
                        .ipv6Fragment(kinds[random.nextInt(kinds.length)], part));
                gateway.loop.advance(Duration.ofMillis(random.nextInt(4000)));
            }
            gateway.received.clear();
            gateway.sent.clear();
        }
    }
}
