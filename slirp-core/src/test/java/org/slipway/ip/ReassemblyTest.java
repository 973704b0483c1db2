package org.slipway.ip;

import static org.assertj.core.api.Assertions.assertThat;

import io.netty.buffer.ByteBuf;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Collections;
import java.util.List;
import java.util.Random;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.MethodSource;
import org.junit.jupiter.params.provider.ValueSource;
import org.slipway.wire.DropReason;
import org.slipway.wire.IpProtocol;
import org.slipway.wire.Packets;

class ReassemblyTest {

    private static final DropReason BAD = DropReason.IP_FRAGMENT_BAD;

    private final GatewayFixture gateway = new GatewayFixture().guestKnown();
    private final Packets guest = gateway.guest;
    private final byte[] datagram = guest.udpDatagram(1024, 53, Packets.bytes(92));

    /** A part of the payload; written {@code "0-32+"}: from byte 0 to before byte 32, more to come. */
    private record Part(int from, int to, boolean more) {
        static Part of(String text) {
            boolean more = text.endsWith("+");
            String[] edges = (more ? text.substring(0, text.length() - 1) : text).split("-", -1);
            return new Part(Integer.parseInt(edges[0]), Integer.parseInt(edges[1]), more);
        }
    }

    @AfterEach
    void close() {
        gateway.close();
    }

    private ByteBuf fragment(Part part, byte[] payload) {
        return guest.fragment(part.from, part.more)
                .ipv4(IpProtocol.UDP, Arrays.copyOfRange(payload, part.from, part.to));
    }

    private @Nullable DropReason receive(String part) {
        return gateway.receive(fragment(Part.of(part), datagram));
    }

    private void assertWhole() {
        GatewayFixture.Received packet = gateway.onlyReceived();
        assertThat(packet.payload()).isEqualTo(datagram);
        assertThat(packet.checksumVouched()).isFalse();
        assertThat(packet.dontFragment()).isFalse();
    }

    static Stream<Arguments> orders() {
        return Stream.of(
                Arguments.of("in order", "0-32+ 32-64+ 64-100"),
                Arguments.of("two parts", "0-96+ 96-100"),
                Arguments.of("reversed", "64-100 32-64+ 0-32+"),
                Arguments.of("last first", "64-100 0-32+ 32-64+"),
                Arguments.of("middle last", "0-32+ 64-100 32-64+"),
                Arguments.of("first last", "32-64+ 64-100 0-32+"),
                Arguments.of("first twice", "0-32+ 0-32+ 32-64+ 64-100"),
                Arguments.of("middle twice", "0-32+ 32-64+ 32-64+ 64-100"),
                Arguments.of("last twice", "64-100 64-100 32-64+ 0-32+"),
                Arguments.of("all twice, interleaved", "0-32+ 64-100 0-32+ 64-100 32-64+"),
                Arguments.of("eight bytes each", "88-96+ 0-8+ 8-16+ 16-64+ 64-72+ 80-88+ 72-80+ 96-100"));
    }

    @ParameterizedTest(name = "{0}")
    @MethodSource("orders")
    void fragmentsInAnyOrderMakeThePacketWhole(String name, String parts) {
        String[] all = parts.split(" ");
        for (int i = 0; i < all.length; i++) {
            assertThat(gateway.received).isEmpty();
            assertThat(receive(all[i])).as(all[i]).isNull();
        }
        assertWhole();
        assertThat(gateway.drops.snapshot()).isEmpty();
        gateway.loop.advance(Duration.ofMinutes(1));
        assertThat(gateway.drops.snapshot()).isEmpty();
    }

    @Test
    void lateFragmentThatFitsIsOfThePacket() {
        receive("0-32+");
        gateway.loop.advance(Duration.ofSeconds(29));
        assertThat(receive("32-100")).isNull();
        assertWhole();
    }

    /** Guests count identifications from the same number each time, and what was left is in the way. */
    @ParameterizedTest
    @ValueSource(strings = {"0-64+", "64-96", "0-64+ 0-40+"})
    void lateFragmentThatContradictsBeginsAPacketOfItsOwn(String before) {
        for (String part : before.split(" ")) {
            receive(part);
        }
        assertThat(receive("0-32+")).isEqualTo(before.equals("64-96") ? null : BAD);
        gateway.loop.advance(Duration.ofMillis(501));
        for (String part : List.of("0-40+", "40-64+", "64-100")) {
            assertThat(receive(part)).as(part).isNull();
        }
        assertWhole();
    }

    static Stream<Arguments> misfits() {
        return Stream.of(
                Arguments.of("overlaps the end of the one before", "0-32+", "24-64+"),
                Arguments.of("overlaps the start of the one behind", "32-64+", "0-40+"),
                Arguments.of("is contained", "0-64+", "8-16+"),
                Arguments.of("is contained at the start", "0-64+", "0-16+"),
                Arguments.of("is contained at the end", "0-64+", "48-64+"),
                Arguments.of("contains", "32-40+", "0-64+"),
                Arguments.of("contains with the same start", "32-40+", "32-64+"),
                Arguments.of("is the last and contains", "64-96+", "8-100"),
                Arguments.of("is the last and overlaps", "32-64+", "56-100"),
                Arguments.of("is a second last with another end", "64-100", "64-96"),
                Arguments.of("is a second last behind", "64-96", "96-100"),
                Arguments.of("has more behind the last", "64-96", "96-104+"),
                Arguments.of("has more at the end of the last", "64-96", "64-96+"),
                Arguments.of("is the last before others", "64-96+", "32-64"),
                Arguments.of("is the last that had more", "64-96+", "64-96"));
    }

    @ParameterizedTest(name = "{0}")
    @MethodSource("misfits")
    void fragmentThatDoesNotFitSpoilsThePacket(String name, String first, String misfit) {
        byte[] longer = Arrays.copyOf(datagram, 104);
        assertThat(gateway.receive(fragment(Part.of(first), longer))).isNull();
        assertThat(gateway.receive(fragment(Part.of(misfit), longer))).isEqualTo(BAD);

        for (String part : "0-32+ 32-64+ 64-100".split(" ")) {
            assertThat(receive(part)).as("after it was spoilt").isEqualTo(BAD);
        }
        assertThat(gateway.received).isEmpty();
        gateway.loop.advance(Duration.ofSeconds(31));
        gateway.sent.assertNone();
        assertThat(gateway.drops.of(DropReason.IP_FRAGMENT_EXPIRED)).isZero();

        for (String part : "0-32+ 32-64+ 64-100".split(" ")) {
            assertThat(receive(part)).as("a new packet after the time-out").isNull();
        }
        assertWhole();
    }

    @Test
    void copyWithOtherBytesSpoilsThePacket() {
        receive("0-32+");
        byte[] other = datagram.clone();
        other[20]++;

        assertThat(gateway.receive(fragment(Part.of("0-32+"), other))).isEqualTo(BAD);
        assertThat(receive("32-100")).isEqualTo(BAD);
    }

    @Test
    void emptyOrMisalignedFragmentIsDroppedAlone() {
        receive("0-32+");

        assertThat(receive("32-32+")).isEqualTo(BAD);
        assertThat(receive("32-32")).isEqualTo(BAD);
        assertThat(receive("32-33+")).isEqualTo(BAD);
        assertThat(receive("32-63+")).isEqualTo(BAD);
        assertThat(receive("32-100")).isNull();
        assertWhole();
    }

    @Test
    void fragmentBeyondTheLargestPacketSpoilsThePacket() {
        // 65528 + 8 + 20 bytes of header: the ping of death.
        assertThat(gateway.receive(guest.fragment(65_528, false).ipv4(IpProtocol.ICMP, new byte[8])))
                .isEqualTo(BAD);
        assertThat(gateway.receive(guest.fragment(65_512, false).ipv4(IpProtocol.ICMP, new byte[8])))
                .isEqualTo(BAD);
        assertThat(gateway.receive(
                        guest.identification(2).fragment(65_504, false).ipv4(IpProtocol.UDP, new byte[11])))
                .isNull();
        assertThat(gateway.receive(
                        guest.identification(3).fragment(65_504, false).ipv4(IpProtocol.UDP, new byte[12])))
                .isEqualTo(BAD);
    }

    @Test
    void optionsOfTheFirstFragmentCountForTheWholeLength() {
        byte[] largest = new byte[65_512];
        Packets first = guest.options(new byte[8]);
        assertThat(gateway.receive(first.fragment(0, true).ipv4(IpProtocol.UDP, Arrays.copyOf(largest, 32_752))))
                .isNull();

        assertThat(gateway.receive(guest.fragment(32_752, false).ipv4(IpProtocol.UDP, new byte[65_512 - 32_752])))
                .isEqualTo(BAD);
        assertThat(gateway.received).isEmpty();
    }

    @Test
    void largestPacketIsMadeWhole() {
        byte[] payload = guest.udpDatagram(1, 2, new byte[65_507]);
        for (int from = 0; from < payload.length; from += 1480) {
            int to = Math.min(payload.length, from + 1480);
            assertThat(gateway.receive(fragment(new Part(from, to, to < payload.length), payload)))
                    .isNull();
        }
        assertThat(gateway.onlyReceived().payload()).isEqualTo(payload);
    }

    @Test
    void headerOfTheFirstFragmentIsThatOfThePacket() {
        gateway.receive(
                guest.timeToLive(9).fragment(32, false).ipv4(IpProtocol.UDP, Arrays.copyOfRange(datagram, 32, 100)));
        gateway.receive(guest.timeToLive(7)
                .typeOfService(0x10)
                .options(Packets.hexBytes("94040000"))
                .fragment(0, true)
                .ipv4(IpProtocol.UDP, Arrays.copyOf(datagram, 32)));

        GatewayFixture.Received packet = gateway.onlyReceived();
        assertThat(packet.timeToLive()).isEqualTo(7);
        assertThat(packet.typeOfService()).isEqualTo(0x10);
        assertThat(packet.payload()).isEqualTo(datagram);
    }

    @Test
    void fragmentsOfDifferentPacketsDoNotMix() {
        receive("0-32+");
        List<Packets> others = List.of(
                guest.identification(0x1235),
                guest.source("10.0.2.16"),
                guest.to("10.0.2.3"),
                Packets.from("52:54:00:12:34:57", "10.0.2.15").to(GatewayFixture.MAC, "10.0.2.2"));
        byte[] rest = Arrays.copyOfRange(datagram, 32, 100);
        for (Packets other : others) {
            assertThat(gateway.receive(other.fragment(32, false).ipv4(IpProtocol.UDP, rest)))
                    .isNull();
        }
        assertThat(gateway.receive(guest.fragment(32, false).ipv4(IpProtocol.ICMP, rest)))
                .isNull();
        assertThat(gateway.received).isEmpty();

        receive("32-100");
        assertWhole();
    }

    @Test
    void dropOfAReassembledPacketMarksTheLastFragment() {
        gateway.host.handler(IpProtocol.UDP, packet -> packet.drop(DropReason.UDP_NO_PORT));

        assertThat(receive("0-32+")).isNull();
        assertThat(receive("32-100")).isEqualTo(DropReason.UDP_NO_PORT);
        assertThat(gateway.drops.of(DropReason.UDP_NO_PORT)).isOne();
    }

    @Test
    void timeOutTellsTheSenderIfTheFirstFragmentCame() {
        ByteBuf first = fragment(Part.of("0-32+"), datagram);
        gateway.receive(first);
        gateway.loop.advance(Duration.ofMillis(29_999));
        gateway.sent.assertNone();
        gateway.loop.advance(Duration.ofMillis(1));

        gateway.sent
                .nextPacket()
                .ipv4()
                .from("10.0.2.2")
                .to("10.0.2.15")
                .icmp(11, 1, 0)
                .quotes(first, 52);
        assertThat(gateway.drops.of(DropReason.IP_FRAGMENT_EXPIRED)).isOne();
        assertThat(receive("32-100")).isNull();
        assertThat(gateway.received).isEmpty();
    }

    @Test
    void timeOutWithoutTheFirstFragmentIsSilent() {
        receive("32-64+");
        gateway.loop.advance(Duration.ofSeconds(30));

        gateway.sent.assertNone();
        assertThat(gateway.drops.of(DropReason.IP_FRAGMENT_EXPIRED)).isOne();
        assertThat(gateway.loop.untilNextTimer()).isEqualTo(-1);
    }

    @Test
    void timeRunsFromTheFirstFragmentForEachPacket() {
        receive("0-32+");
        gateway.loop.advance(Duration.ofSeconds(20));
        receive("32-64+");
        gateway.receive(guest.identification(2).fragment(0, true).ipv4(IpProtocol.UDP, new byte[8]));
        gateway.loop.advance(Duration.ofSeconds(10));
        assertThat(gateway.sent.count()).isOne();
        gateway.loop.advance(Duration.ofSeconds(19));
        assertThat(gateway.sent.count()).isOne();
        gateway.loop.advance(Duration.ofSeconds(1));
        assertThat(gateway.sent.count()).isEqualTo(2);
    }

    @Test
    void timeOutOfAPacketForOutsideComesFromTheGateway() {
        gateway.receive(guest.to("8.8.8.8").fragment(0, true).ipv4(IpProtocol.UDP, new byte[8]));
        gateway.loop.advance(Duration.ofSeconds(30));

        gateway.sent.nextPacket().ipv4().from("10.0.2.2").icmp(11, 1, 0);
    }

    @Test
    void oldestUnfinishedPacketOfAStationGivesWay() {
        for (int id = 0; id <= Reassembly.MAX_PACKETS_PER_STATION; id++) {
            gateway.receive(
                    guest.identification(id).fragment(0, true).ipv4(IpProtocol.UDP, Arrays.copyOf(datagram, 32)));
        }
        assertThat(gateway.drops.of(DropReason.IP_FRAGMENT_EXPIRED)).isOne();
        byte[] rest = Arrays.copyOfRange(datagram, 32, 100);

        gateway.receive(guest.identification(1).fragment(32, false).ipv4(IpProtocol.UDP, rest));
        assertWhole();
        gateway.receive(guest.identification(0).fragment(32, false).ipv4(IpProtocol.UDP, rest));
        assertThat(gateway.received).isEmpty();
    }

    @Test
    void greedyStationDoesNotDisturbAnother() {
        receive("0-32+");
        Packets greedy = Packets.from("52:54:00:12:34:57", "10.0.2.16").to(GatewayFixture.MAC, "10.0.2.2");
        for (int id = 0; id < 2000; id++) {
            gateway.receive(greedy.identification(id).fragment(0, true).ipv4(IpProtocol.UDP, new byte[1480]));
            gateway.receive(greedy.identification(id).fragment(32_000, true).ipv4(IpProtocol.UDP, new byte[1480]));
        }

        receive("32-100");
        assertWhole();
    }

    @Test
    void bytesOfAStationAreBounded() {
        for (int id = 0; id < 20; id++) {
            for (int from = 0; from < 60_000; from += 1480) {
                gateway.receive(guest.identification(id).fragment(from, true).ipv4(IpProtocol.UDP, new byte[1480]));
            }
        }
        assertThat(gateway.drops.of(DropReason.IP_FRAGMENT_EXPIRED)).isBetween(11L, 14L);
    }

    @Test
    void manySmallFragmentsOfOnePacketMeetTheBoundToo() {
        for (int from = 0; from < 65_000; from += 8) {
            gateway.receive(guest.fragment(65_000 - from, true).ipv4(IpProtocol.UDP, new byte[8]));
        }
        assertThat(gateway.drops.of(DropReason.IP_FRAGMENT_EXPIRED)).isPositive();
        assertThat(gateway.received).isEmpty();
    }

    @Test
    void packetsCutAtRandomAndShuffledAreMadeWhole() {
        for (int seed = 0; seed < 300; seed++) {
            Random random = new Random(seed);
            byte[] payload = new byte[9 + random.nextInt(4000)];
            random.nextBytes(payload);
            List<Part> parts = new ArrayList<>();
            for (int from = 0; from < payload.length; ) {
                int to = Math.min(payload.length, from + 8 * (1 + random.nextInt(40)));
                parts.add(new Part(from, to, to < payload.length));
                if (random.nextInt(4) == 0) {
                    parts.add(parts.get(parts.size() - 1));
                }
                from = to;
            }
            if (parts.size() == 1) {
                continue;
            }
            Collections.shuffle(parts, random);
            int id = seed;
            for (Part part : parts) {
                gateway.receive(guest.identification(id)
                        .fragment(part.from, part.more)
                        .ipv4(IpProtocol.UDP, Arrays.copyOfRange(payload, part.from, part.to)));
            }
            assertThat(gateway.received).as("seed %d", seed).isNotEmpty();
            assertThat(gateway.received.remove(0).payload()).isEqualTo(payload);
            gateway.received.clear();
            gateway.loop.advance(Duration.ofSeconds(31));
        }
    }

    @Test
    void hostileFragmentsAtRandomNeitherLeakNorThrow() {
        for (int seed = 0; seed < 20; seed++) {
            Random random = new Random(seed);
            for (int i = 0; i < 500; i++) {
                gateway.receive(guest.identification(random.nextInt(4))
                        .fragment(random.nextInt(20) * 8, random.nextInt(4) > 0)
                        .ipv4(IpProtocol.UDP, new byte[random.nextInt(6) * 8]));
                gateway.loop.advance(Duration.ofMillis(random.nextInt(2000)));
            }
            gateway.received.clear();
        }
    }
}
