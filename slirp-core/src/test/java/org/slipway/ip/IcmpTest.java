package org.slipway.ip;

import static org.assertj.core.api.Assertions.assertThat;
import static org.slipway.ip.GatewayFixture.ADDRESS;
import static org.slipway.ip.GatewayFixture.OUTSIDE;

import io.netty.buffer.ByteBuf;
import java.time.Duration;
import java.util.Arrays;
import java.util.Random;
import java.util.stream.Stream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.MethodSource;
import org.junit.jupiter.params.provider.ValueSource;
import org.slipway.wire.DropReason;
import org.slipway.wire.IcmpMessage;
import org.slipway.wire.IpAddress;
import org.slipway.wire.IpProtocol;
import org.slipway.wire.Packets;

class IcmpTest {

    private static final String REQUEST = "52550a000202 525400123456 0800"
            + "4500 0020 1234 0000 4001 504f 0a00020f 0a000202"
            + "0800 2104 1234 0001 61626364";

    private final GatewayFixture gateway = new GatewayFixture().guestKnown();
    private final Packets guest = gateway.guest;

    @AfterEach
    void close() {
        gateway.close();
    }

    private boolean report(ByteBuf frame) {
        return gateway.host.icmpError(
                frame,
                frame.readerIndex() + 14,
                frame.readableBytes() - 14,
                3,
                IcmpMessage.HOST_UNREACHABLE,
                0,
                ADDRESS);
    }

    @Test
    void echoRequestIsAnsweredWithAllOfItsData() {
        ByteBuf request = Packets.hex(REQUEST);
        int at = request.readerIndex();
        org.slipway.wire.Ipv4Packet.writeChecksum(request, at + 14);

        assertThat(gateway.receive(request)).isNull();

        ByteBuf reply = gateway.sent.next().head();
        assertThat(Packets.hexOf(reply.slice(reply.readerIndex() + 34, 12))).isEqualTo("000029041234000161626364");
        org.slipway.wire.PacketAssert.packet(reply)
                .toMac(GatewayFixture.GUEST_MAC)
                .ipv4()
                .from("10.0.2.2")
                .to("10.0.2.15")
                .timeToLive(255)
                .icmp(IcmpMessage.ECHO_REPLY, 0, 0x12340001)
                .data(Packets.bytes("abcd"));
    }

    @ParameterizedTest
    @CsvSource({"10.0.2.2, 64", "10.0.2.3, 64", "10.0.2.2, 1", "10.0.2.2, 0"})
    void everyLocalAddressAnswersWhateverTheTimeToLive(String destination, int timeToLive) {
        gateway.receive(
                guest.to(destination).timeToLive(timeToLive).typeOfService(0x10).echoRequest(7, 8, new byte[0]));

        gateway.sent
                .nextPacket()
                .ipv4()
                .from(destination)
                .typeOfService(0x10)
                .icmp(IcmpMessage.ECHO_REPLY, 0, 7 << 16 | 8);
    }

    @Test
    void echoOfAnyLengthIsAnsweredInFull() {
        byte[] request = Packets.icmpMessage(IcmpMessage.ECHO_REQUEST, 0, 1, Packets.bytes(65_507));
        for (int from = 0; from < request.length; from += 1480) {
            int to = Math.min(request.length, from + 1480);
            gateway.receive(guest.fragment(from, to < request.length)
                    .ipv4(IpProtocol.ICMP, Arrays.copyOfRange(request, from, to)));
        }
        assertThat(gateway.sent.count()).isEqualTo(45);
        byte[] reply = new byte[request.length];
        for (int from = 0; from < reply.length; from += 1480) {
            byte[] part = gateway.sent
                    .nextPacket()
                    .ipv4()
                    .fragment(from, from + 1480 < reply.length)
                    .ipPayload();
            System.arraycopy(part, 0, reply, from, part.length);
        }
        assertThat(reply).isEqualTo(Packets.icmpMessage(IcmpMessage.ECHO_REPLY, 0, 1, Packets.bytes(65_507)));
    }

    /** RFC 792: milliseconds since midnight UT, when the request came and when the answer left. */
    @Test
    void timestampRequestIsAnsweredWithTheTimeOfDay() {
        gateway.loop.advance(Duration.ofDays(3).plusHours(23).plusMillis(5));
        gateway.guestKnown();
        byte[] request = {0x01, 0x02, 0x03, 0x04, 9, 9, 9, 9, 9, 9, 9, 9};
        gateway.receive(guest.icmp(IcmpMessage.TIMESTAMP, 0, 0x12340001, request));

        gateway.sent
                .nextPacket()
                .ipv4()
                .from("10.0.2.2")
                .icmp(IcmpMessage.TIMESTAMP_REPLY, 0, 0x12340001)
                .data(Packets.hexBytes("01020304 04ef6d85 04ef6d85"));
    }

    @Test
    void timestampRequestThatIsShortOrForOthersIsDropped() {
        gateway.assertDropped(guest.icmp(IcmpMessage.TIMESTAMP, 0, 1, new byte[11]), DropReason.ICMP_MALFORMED);
        gateway.assertDropped(
                guest.to("8.8.8.8").icmp(IcmpMessage.TIMESTAMP, 0, 1, new byte[12]), DropReason.ICMP_UNHANDLED);
    }

    @Test
    void truncatedOrDamagedMessageIsDropped() {
        byte[] message = Packets.icmpMessage(IcmpMessage.ECHO_REQUEST, 0, 1, Packets.bytes("abcdefgh"));
        for (int length = 0; length < message.length; length++) {
            gateway.assertDropped(
                    guest.ipv4(IpProtocol.ICMP, Arrays.copyOf(message, length)), DropReason.ICMP_MALFORMED);
        }
        message[9]++;
        gateway.assertDropped(guest.ipv4(IpProtocol.ICMP, message), DropReason.ICMP_MALFORMED);
        gateway.sent.assertNone();
    }

    @Test
    void echoBeyondTheGatewayGoesToTheForwarder() {
        gateway.assertDropped(guest.to("8.8.8.8").echoRequest(1, 1, new byte[4]), DropReason.ICMP_UNHANDLED);

        gateway.host.echoForwarder(packet -> gateway.received.add(GatewayFixture.Received.of(packet)));
        gateway.receive(guest.to("8.8.8.8").timeToLive(1).echoRequest(1, 1, new byte[4]));

        GatewayFixture.Received packet = gateway.onlyReceived();
        assertThat(packet.destination()).hasToString("8.8.8.8");
        assertThat(packet.timeToLive()).isEqualTo(1);
        gateway.sent.assertNone();
        gateway.assertDropped(
                guest.to("8.8.8.8").ipv4(IpProtocol.ICMP, Packets.hexBytes("0800 0000 0001 0001")),
                DropReason.ICMP_MALFORMED);
    }

    @ParameterizedTest
    @CsvSource({
        "ff:ff:ff:ff:ff:ff, 255.255.255.255",
        "ff:ff:ff:ff:ff:ff, 10.0.2.255",
        "01:00:5e:00:00:01, 224.0.0.1",
    })
    void echoToManyIsNotAnsweredAndNotForwarded(String mac, String destination) {
        gateway.host.echoForwarder(packet -> gateway.received.add(GatewayFixture.Received.of(packet)));

        gateway.assertDropped(guest.to(mac, destination).echoRequest(1, 1, new byte[4]), DropReason.ICMP_UNHANDLED);
        gateway.sent.assertNone();
    }

    @ParameterizedTest
    @ValueSource(ints = {0, 3, 4, 5, 11, 12, 14, 17, 40, 255})
    void otherMessagesGoToTheListener(int type) {
        ByteBuf message = guest.icmp(type, 0, 0, new byte[28]);
        gateway.assertDropped(message, DropReason.ICMP_UNHANDLED);

        gateway.host.icmpListener(packet -> gateway.received.add(GatewayFixture.Received.of(packet)));
        assertThat(gateway.receive(message)).isNull();
        assertThat(gateway.onlyReceived().payload()[0]).isEqualTo((byte) type);
        gateway.sent.assertNone();
    }

    @Test
    void errorQuotesAsMuchAsFitsIn576Bytes() {
        for (int length : new int[] {0, 8, 519, 520, 521, 1400}) {
            ByteBuf cause = guest.to("8.8.8.8").typeOfService(0xbb).udp(1024, 53, new byte[length]);

            assertThat(gateway.host.icmpError(
                            cause, cause.readerIndex() + 14, cause.readableBytes() - 14, 3, 4, 1400, OUTSIDE))
                    .isTrue();

            gateway.sent
                    .nextPacket()
                    .toMac(GatewayFixture.GUEST_MAC)
                    .ipv4()
                    .from("93.184.216.34")
                    .to("10.0.2.15")
                    .timeToLive(64)
                    .typeOfService(0xb8)
                    .icmp(3, 4, 1400)
                    .quotes(cause, Math.min(548, 28 + length));
        }
    }

    @Test
    void handlerReportsThePacketThatItIsGiven() {
        gateway.host.handler(IpProtocol.UDP, packet -> gateway.host.icmpError(packet, 3, 3, 0, packet.destination()));
        ByteBuf cause = guest.to("10.0.2.3").options(new byte[4]).udp(1024, 54, Packets.bytes("x"));

        gateway.receive(cause.writeZero(13));

        gateway.sent.nextPacket().ipv4().from("10.0.2.3").icmp(3, 3, 0).quotes(cause, 33);
    }

    static Stream<Arguments> unreportable() {
        Packets guest = Packets.from(GatewayFixture.GUEST_MAC, "10.0.2.15").to(GatewayFixture.MAC, "8.8.8.8");
        byte[] data = new byte[8];
        return Stream.of(
                Arguments.of("an ICMP unreachable", guest.icmp(3, 0, 0, data)),
                Arguments.of("an ICMP source quench", guest.icmp(4, 0, 0, data)),
                Arguments.of("an ICMP redirect", guest.icmp(5, 0, 0, data)),
                Arguments.of("an ICMP time exceeded", guest.icmp(11, 0, 0, data)),
                Arguments.of("an ICMP parameter problem", guest.icmp(12, 0, 0, data)),
                Arguments.of("an ICMP of unknown type", guest.icmp(99, 0, 0, data)),
                Arguments.of("an ICMP without a type", guest.ipv4(IpProtocol.ICMP, new byte[0])),
                Arguments.of("a later fragment", guest.fragment(8, true).ipv4(IpProtocol.UDP, data)),
                Arguments.of("a limited broadcast", guest.to("255.255.255.255").udp(1, 2, data)),
                Arguments.of("a directed broadcast", guest.to("10.0.2.255").udp(1, 2, data)),
                Arguments.of("a multicast", guest.to("224.0.0.1").udp(1, 2, data)),
                Arguments.of("an unspecified source", guest.source("0.0.0.0").udp(1, 2, data)),
                Arguments.of("a source on this network", guest.source("0.0.0.9").udp(1, 2, data)),
                Arguments.of("a loopback source", guest.source("127.0.0.1").udp(1, 2, data)),
                Arguments.of("a multicast source", guest.source("224.0.0.1").udp(1, 2, data)),
                Arguments.of(
                        "a broadcast source", guest.source("255.255.255.255").udp(1, 2, data)),
                Arguments.of(
                        "a directed broadcast source",
                        guest.source("10.0.2.255").udp(1, 2, data)),
                Arguments.of("a class E source", guest.source("240.0.0.1").udp(1, 2, data)),
                Arguments.of("our own source", guest.source("10.0.2.2").udp(1, 2, data)));
    }

    @ParameterizedTest(name = "{0}")
    @MethodSource("unreportable")
    void noErrorIsSentAbout(String name, ByteBuf cause) {
        assertThat(report(cause)).isFalse();
        gateway.sent.assertNone();
        assertThat(gateway.drops.snapshot()).isEmpty();
    }

    @Test
    void errorIsSentAboutQueriesAndFirstFragments() {
        assertThat(report(guest.echoRequest(1, 1, new byte[0]))).isTrue();
        assertThat(report(guest.echoReply(1, 1, new byte[0]))).isTrue();
        assertThat(report(guest.icmp(13, 0, 0, new byte[12]))).isTrue();
        assertThat(report(guest.fragment(0, true).ipv4(IpProtocol.UDP, new byte[8])))
                .isTrue();
        assertThat(gateway.sent.count()).isEqualTo(4);
    }

    @Test
    void quoteMayBeAnyBeginningOfAPacketFromItsHeaderOn() {
        ByteBuf cause = guest.options(new byte[4]).udp(1024, 53, new byte[20]);
        for (int length = 0; length <= 52; length++) {
            boolean sent = gateway.host.icmpError(cause, cause.readerIndex() + 14, length, 3, 1, 0, ADDRESS);

            assertThat(sent).as("%d bytes", length).isEqualTo(length >= 24);
            gateway.loop.advance(Duration.ofSeconds(1));
        }
    }

    @Test
    void hostWithoutAddressReportsNothing() {
        assertThat(gateway.host.icmpError(
                        guest.udp(1, 2, new byte[0]), Packets.ROOM + 14, 28, 3, 3, 0, IpAddress.parse("0.0.0.0")))
                .isFalse();
    }

    @Test
    void errorsToOneStationAreLimitedByATokenBucket() {
        ByteBuf cause = guest.udp(1024, 53, new byte[0]);
        int sent = 0;
        while (report(cause)) {
            sent++;
        }
        assertThat(sent).isEqualTo(RateLimiter.BURST);
        assertThat(gateway.drops.of(DropReason.ICMP_RATE_LIMITED)).isOne();

        gateway.loop.advance(Duration.ofMillis(1000 / RateLimiter.PER_SECOND - 1));
        assertThat(report(cause)).isFalse();
        gateway.loop.advance(Duration.ofMillis(1));
        assertThat(report(cause)).isTrue();
        assertThat(report(cause)).isFalse();

        gateway.loop.advance(Duration.ofHours(1));
        int again = 0;
        while (report(cause)) {
            again++;
        }
        assertThat(again).isEqualTo(RateLimiter.BURST);
    }

    @Test
    void stationThatProvokesErrorsDoesNotUseUpThoseOfOthers() {
        gateway.host.onBehalfOf(1);
        for (int address = 0; address < 200; address++) {
            report(guest.source("10.0.2." + (20 + address)).udp(1024, 53, new byte[0]));
            gateway.sent.clear();
        }
        assertThat(gateway.drops.of(DropReason.ICMP_RATE_LIMITED)).isEqualTo(200 - RateLimiter.BURST);

        gateway.host.onBehalfOf(2);
        assertThat(report(guest.source("10.0.2.16").udp(1024, 53, new byte[0]))).isTrue();
    }

    @Test
    void anyMessageIsTakenWithoutAnError() {
        gateway.host.icmpListener(packet -> packet.drop(DropReason.ICMP_NO_FLOW));
        for (int seed = 0; seed < 2000; seed++) {
            Random random = new Random(seed);
            byte[] message = new byte[random.nextInt(40)];
            random.nextBytes(message);
            gateway.receive(guest.ipv4(IpProtocol.ICMP, message));
            gateway.receive(guest.icmp(random.nextInt(256), random.nextInt(256), random.nextInt(), message));
        }
    }
}
