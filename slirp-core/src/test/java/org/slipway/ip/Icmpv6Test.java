package org.slipway.ip;

import static org.assertj.core.api.Assertions.assertThat;
import static org.slipway.ip.GatewayFixture.ADDRESS6;
import static org.slipway.ip.GatewayFixture.OUTSIDE6;

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
import org.slipway.wire.IcmpError;
import org.slipway.wire.IcmpMessage;
import org.slipway.wire.Icmpv6Message;
import org.slipway.wire.IpAddress;
import org.slipway.wire.IpProtocol;
import org.slipway.wire.Packets;

class Icmpv6Test {

    private static final byte[] DATA = Packets.bytes(8);
    private static final int DESTINATION = IpProtocol.DESTINATION_OPTIONS;

    private final GatewayFixture gateway = new GatewayFixture().guestKnown();
    private final Packets guest = gateway.guest6;

    @AfterEach
    void close() {
        gateway.close();
    }

    private boolean report(ByteBuf frame, int type, int code) {
        return gateway.host.icmpError(
                frame, frame.readerIndex() + 14, frame.readableBytes() - 14, type, code, 0, ADDRESS6);
    }

    private boolean report(ByteBuf frame) {
        return report(frame, Icmpv6Message.DESTINATION_UNREACHABLE, 3);
    }

    private void listen() {
        gateway.host.icmpListener(packet -> gateway.received.add(GatewayFixture.Received.of(packet)));
    }

    private void forwardEchoes() {
        gateway.host.echoForwarder(packet -> gateway.received.add(GatewayFixture.Received.of(packet)));
    }

    @ParameterizedTest
    @CsvSource({
        "fd00::15, fd00::2, 64",
        "fd00::15, fd00::3, 1",
        "fd00::15, fe80::2, 0",
        "fe80::5054:ff:fe12:3456, fe80::2, 255",
        "fe80::5054:ff:fe12:3456, fd00::2, 64",
    })
    void echoRequestForUsIsAnsweredWithAllOfItsData(String source, String destination, int hopLimit) {
        assertThat(gateway.receive(guest.source(source)
                        .to(destination)
                        .timeToLive(hopLimit)
                        .typeOfService(0x2e)
                        .icmpv6Echo(0x1234, 1, Packets.bytes("abcd"))))
                .isNull();

        gateway.sent
                .nextPacket()
                .toMac(GatewayFixture.GUEST_MAC)
                .ipv6()
                .from(destination)
                .to(source)
                .timeToLive(255)
                .typeOfService(0x2e)
                .icmpv6(Icmpv6Message.ECHO_REPLY, 0, 0x12340001)
                .data(Packets.bytes("abcd"));
        gateway.sent.assertNone();
    }

    @Test
    void echoOfAnyLengthIsAnsweredInFull() {
        byte[] data = Packets.bytes(65_527);
        byte[] request = guest.icmpv6Message(Icmpv6Message.ECHO_REQUEST, 0, 1, data);
        for (int from = 0; from < request.length; from += 1448) {
            int to = Math.min(request.length, from + 1448);
            assertThat(gateway.receive(guest.fragment(from, to < request.length)
                            .ipv6Fragment(IpProtocol.ICMPV6, Arrays.copyOfRange(request, from, to))))
                    .isNull();
        }
        assertThat(gateway.sent.count()).isEqualTo(46);
        byte[] reply = new byte[request.length];
        for (int from = 0; from < reply.length; from += 1448) {
            byte[] part = gateway.sent
                    .nextPacket()
                    .ipv6()
                    .timeToLive(255)
                    .protocol(IpProtocol.ICMPV6)
                    .fragment(from, from + 1448 < reply.length)
                    .ipPayload();
            System.arraycopy(part, 0, reply, from, part.length);
        }
        assertThat(reply).isEqualTo(guest.reversed().icmpv6Message(Icmpv6Message.ECHO_REPLY, 0, 1, data));
    }

    @Test
    void echoRequestBehindExtensionHeadersIsAnswered() {
        byte[] request = guest.icmpv6Message(Icmpv6Message.ECHO_REQUEST, 0, 1, DATA);

        gateway.receive(
                guest.ipv6(DESTINATION, Packets.join(Packets.extension(IpProtocol.ICMPV6, new byte[6]), request)));

        gateway.sent.nextPacket().ipv6().icmpv6(Icmpv6Message.ECHO_REPLY, 0, 1).data(DATA);
    }

    @Test
    void truncatedOrDamagedMessageIsDropped() {
        byte[] message = guest.icmpv6Message(Icmpv6Message.ECHO_REQUEST, 0, 1, Packets.bytes("abcdefgh"));
        for (int length = 0; length < message.length; length++) {
            gateway.assertDropped(
                    guest.ipv6(IpProtocol.ICMPV6, Arrays.copyOf(message, length)), DropReason.ICMP_MALFORMED);
        }
        // The checksum covers the addresses (RFC 8200 8.1).
        gateway.assertDropped(guest.to("fd00::3").ipv6(IpProtocol.ICMPV6, message), DropReason.ICMP_MALFORMED);
        message[9]++;
        gateway.assertDropped(guest.ipv6(IpProtocol.ICMPV6, message), DropReason.ICMP_MALFORMED);
        gateway.sent.assertNone();
    }

    @Test
    void echoBeyondTheGatewayGoesToTheForwarder() {
        Packets beyond = guest.to("2001:db8::1").timeToLive(1);
        gateway.assertDropped(beyond.icmpv6Echo(1, 1, DATA), DropReason.ICMP_UNHANDLED);

        forwardEchoes();
        gateway.receive(beyond.icmpv6Echo(1, 1, DATA));

        GatewayFixture.Received packet = gateway.onlyReceived();
        assertThat(packet.destination()).hasToString("2001:db8::1");
        assertThat(packet.timeToLive()).isEqualTo(1);
        gateway.sent.assertNone();
        gateway.assertDropped(
                beyond.ipv6(IpProtocol.ICMPV6, Packets.hexBytes("8000 0000 0001 0001")), DropReason.ICMP_MALFORMED);
    }

    @ParameterizedTest
    @CsvSource({"33:33:00:00:00:01, ff02::1", "33:33:00:00:00:02, ff02::2", "33:33:ff:00:00:02, ff02::1:ff00:2"})
    void echoToManyIsNotAnsweredAndNotForwarded(String mac, String destination) {
        forwardEchoes();
        listen();

        gateway.assertDropped(guest.to(mac, destination).icmpv6Echo(1, 1, DATA), DropReason.ICMP_UNHANDLED);
        gateway.sent.assertNone();
    }

    @ParameterizedTest
    @ValueSource(ints = {1, 2, 3, 4, 100, 127, 129, 130, 131, 132, 138, 139, 143, 200, 255})
    void otherMessagesGoToTheListener(int type) {
        ByteBuf message = guest.icmpv6(type, 0, 0, new byte[48]);
        gateway.assertDropped(message, DropReason.ICMP_UNHANDLED);

        listen();
        assertThat(gateway.receive(message)).isNull();
        assertThat(gateway.onlyReceived().payload()[0]).isEqualTo((byte) type);
        gateway.sent.assertNone();
    }

    @Test
    void errorQuotesAsMuchAsFitsInto1280Bytes() {
        for (int length : new int[] {0, 8, 1183, 1184, 1185, 1400}) {
            ByteBuf cause = guest.to("2001:db8::34").typeOfService(0xbb).udp(1024, 53, new byte[length]);

            assertThat(gateway.host.icmpError(
                            cause, cause.readerIndex() + 14, cause.readableBytes() - 14, 2, 0, 1400, OUTSIDE6))
                    .isTrue();

            ByteBuf error = gateway.sent.next().head();
            assertThat(error.readableBytes()).isEqualTo(14 + Math.min(1280, 48 + 48 + length));
            org.slipway.wire.PacketAssert.packet(error)
                    .toMac(GatewayFixture.GUEST_MAC)
                    .ipv6()
                    .from("2001:db8::34")
                    .to("fd00::15")
                    .timeToLive(64)
                    .typeOfService(0xb8)
                    .icmpv6(Icmpv6Message.PACKET_TOO_BIG, 0, 1400)
                    .quotes(cause, Math.min(1232, 48 + length));
        }
    }

    @Test
    void handlerReportsThePacketThatItIsGiven() {
        gateway.host.handler(
                IpProtocol.UDP,
                packet -> gateway.host.icmpError(packet, IcmpError.PORT_UNREACHABLE, 0, packet.destination()));
        byte[] datagram = guest.to("fd00::3").udpDatagram(1024, 54, Packets.bytes("x"));
        ByteBuf cause = guest.to("fd00::3")
                .ipv6(DESTINATION, Packets.join(Packets.extension(IpProtocol.UDP, new byte[6]), datagram));

        gateway.receive(cause.writeZero(13));

        gateway.sent.nextPacket().ipv6().from("fd00::3").icmpv6(1, 4, 0).quotes(cause, 57);
    }

    static Stream<Arguments> unreportable() {
        Packets guest = Packets.from(GatewayFixture.GUEST_MAC, "fd00::15").to(GatewayFixture.MAC, "2001:db8::1");
        byte[] error = guest.icmpv6Message(1, 0, 0, DATA);
        byte[] unknownOption = Packets.extension(IpProtocol.ICMPV6, Packets.hexBytes("8000 00000000"));
        return Stream.of(
                Arguments.of("an unreachable", guest.icmpv6(1, 0, 0, DATA)),
                Arguments.of("a packet too big", guest.icmpv6(2, 0, 0, DATA)),
                Arguments.of("a time exceeded", guest.icmpv6(3, 0, 0, DATA)),
                Arguments.of("a parameter problem", guest.icmpv6(4, 0, 0, DATA)),
                Arguments.of("an error of unknown type", guest.icmpv6(127, 0, 0, DATA)),
                Arguments.of("a redirect", guest.icmpv6(137, 0, 0, DATA)),
                Arguments.of("an ICMPv6 without a type", guest.ipv6(IpProtocol.ICMPV6, new byte[0])),
                Arguments.of(
                        "an error behind options",
                        guest.ipv6(
                                DESTINATION, Packets.join(Packets.extension(IpProtocol.ICMPV6, new byte[6]), error))),
                Arguments.of(
                        "an error behind an unknown option",
                        guest.ipv6(DESTINATION, Packets.join(unknownOption, error))),
                Arguments.of(
                        "an error behind a route",
                        guest.ipv6(
                                IpProtocol.ROUTING,
                                Packets.join(
                                        Packets.extension(IpProtocol.ICMPV6, Packets.hexBytes("0001 00000000")),
                                        error))),
                Arguments.of("an error in an atomic fragment", guest.ipv6Fragment(IpProtocol.ICMPV6, error)),
                Arguments.of(
                        "the first fragment of an error",
                        guest.fragment(0, true).ipv6Fragment(IpProtocol.ICMPV6, error)),
                Arguments.of(
                        "the first fragment of an error behind an unknown option",
                        guest.fragment(0, true).ipv6Fragment(DESTINATION, Packets.join(unknownOption, error))),
                Arguments.of(
                        "a later fragment of ICMPv6, with whatever first byte",
                        guest.fragment(8, true).ipv6Fragment(IpProtocol.ICMPV6, Packets.hexBytes("80".repeat(8)))),
                Arguments.of(
                        "a multicast", guest.to("33:33:00:00:00:01", "ff02::1").udp(1, 2, DATA)),
                Arguments.of("an unspecified source", guest.source("::").udp(1, 2, DATA)),
                Arguments.of("a loopback source", guest.source("::1").udp(1, 2, DATA)),
                Arguments.of("a multicast source", guest.source("ff02::1").udp(1, 2, DATA)),
                Arguments.of("our own source", guest.source("fd00::2").udp(1, 2, DATA)),
                Arguments.of(
                        "our own link-local source", guest.source("fe80::2").udp(1, 2, DATA)));
    }

    @ParameterizedTest(name = "{0}")
    @MethodSource("unreportable")
    void noErrorIsSentAbout(String name, ByteBuf cause) {
        assertThat(report(cause)).isFalse();
        gateway.sent.assertNone();
        assertThat(gateway.drops.snapshot()).isEmpty();
    }

    static Stream<Arguments> reportable() {
        Packets guest = Packets.from(GatewayFixture.GUEST_MAC, "fd00::15").to(GatewayFixture.MAC, "2001:db8::1");
        return Stream.of(
                Arguments.of("an echo request", guest.icmpv6Echo(1, 1, DATA)),
                Arguments.of("an echo reply", guest.icmpv6(129, 0, 0, DATA)),
                Arguments.of("an informational message of unknown type", guest.icmpv6(255, 0, 0, DATA)),
                Arguments.of("a first fragment", guest.fragment(0, true).ipv6Fragment(IpProtocol.UDP, DATA)),
                Arguments.of("a later fragment", guest.fragment(8, true).ipv6Fragment(IpProtocol.UDP, DATA)),
                Arguments.of(
                        "a later fragment of options", guest.fragment(8, true).ipv6Fragment(DESTINATION, DATA)),
                Arguments.of("nothing", guest.ipv6(IpProtocol.NO_NEXT_HEADER, new byte[0])),
                Arguments.of("a header that is cut off", guest.ipv6(DESTINATION, new byte[3])),
                Arguments.of(
                        "a link-local source",
                        guest.source("fe80::5054:ff:fe12:3456").udp(1, 2, DATA)));
    }

    @ParameterizedTest(name = "{0}")
    @MethodSource("reportable")
    void errorIsSentAbout(String name, ByteBuf cause) {
        assertThat(report(cause)).isTrue();
        gateway.sent.nextPacket().ipv6().icmpv6(1, 3, 0).quotes(cause, cause.readableBytes() - 14);
    }

    @Test
    void groupIsToldOfItsMtuAndOfOptionsThatAskForIt() {
        // RFC 4443 2.4 (e.3).
        ByteBuf cause = guest.to("33:33:00:00:00:01", "ff0e::1").udp(1, 2, DATA);

        assertThat(report(cause, Icmpv6Message.PACKET_TOO_BIG, 0)).isTrue();
        assertThat(report(cause, Icmpv6Message.PARAMETER_PROBLEM, 2)).isTrue();
        assertThat(report(cause, Icmpv6Message.PARAMETER_PROBLEM, 0)).isFalse();
        assertThat(report(cause, Icmpv6Message.PARAMETER_PROBLEM, 1)).isFalse();
        assertThat(report(cause, Icmpv6Message.TIME_EXCEEDED, 0)).isFalse();
        assertThat(gateway.sent.count()).isEqualTo(2);
    }

    @Test
    void unknownOptionOfAnErrorIsNotReported() {
        byte[] error = guest.icmpv6Message(1, 0, 0, DATA);
        byte[] options = Packets.extension(IpProtocol.ICMPV6, Packets.hexBytes("8000 00000000"));

        gateway.assertDropped(guest.ipv6(DESTINATION, Packets.join(options, error)), DropReason.IP_BAD_OPTION);
        gateway.sent.assertNone();

        byte[] request = guest.icmpv6Message(Icmpv6Message.ECHO_REQUEST, 0, 1, DATA);
        gateway.assertDropped(guest.ipv6(DESTINATION, Packets.join(options, request)), DropReason.IP_BAD_OPTION);
        gateway.sent.nextPacket().ipv6().icmpv6(4, 2, 42);
    }

    @Test
    void quoteMayBeAnyBeginningOfAPacketFromItsHeaderOn() {
        ByteBuf cause = guest.to("2001:db8::1").udp(1024, 53, new byte[20]);
        for (int length = 0; length <= 68; length++) {
            boolean sent = gateway.host.icmpError(cause, cause.readerIndex() + 14, length, 1, 3, 0, ADDRESS6);

            assertThat(sent).as("%d bytes", length).isEqualTo(length >= 40);
            gateway.loop.advance(Duration.ofSeconds(1));
        }
        // Of ICMPv6 the type must be there.
        ByteBuf echo = guest.icmpv6Echo(1, 1, DATA);
        for (int length = 40; length <= 56; length++) {
            boolean sent = gateway.host.icmpError(echo, echo.readerIndex() + 14, length, 1, 3, 0, ADDRESS6);

            assertThat(sent).as("%d bytes", length).isEqualTo(length >= 41);
            gateway.loop.advance(Duration.ofSeconds(1));
        }
    }

    @Test
    void hostWithoutAddressReportsNothing() {
        ByteBuf cause = guest.udp(1, 2, DATA);
        for (String source : new String[] {"::", "0.0.0.0", "10.0.2.2"}) {
            assertThat(gateway.host.icmpError(cause, Packets.ROOM + 14, 56, 1, 3, 0, IpAddress.parse(source)))
                    .isFalse();
        }
        gateway.sent.assertNone();
    }

    @Test
    void errorsToOneStationAreLimitedByATokenBucket() {
        ByteBuf cause = guest.to("2001:db8::1").udp(1024, 53, DATA);
        int sent = 0;
        while (report(cause)) {
            sent++;
        }
        assertThat(sent).isEqualTo(RateLimiter.BURST);
        assertThat(gateway.drops.of(DropReason.ICMP_RATE_LIMITED)).isOne();
        assertThat(report(guest.source("fe80::1").to("2001:db8::1").udp(1024, 53, DATA)))
                .as("from another address of the same station")
                .isFalse();

        gateway.loop.advance(Duration.ofMillis(1000 / RateLimiter.PER_SECOND));
        assertThat(report(cause)).isTrue();
        assertThat(report(cause)).isFalse();
    }

    @Test
    void errorsToAllAddressesOfAStationAreLimitedTogether() {
        int sent = 0;
        for (int i = 0; i < 20_000; i++) {
            boolean ipv4 = i % 2 == 0;
            ByteBuf cause = ipv4
                    ? gateway.guest.source("10.0.2." + (16 + i % 200)).udp(1, 2, DATA)
                    : guest.source("fd00::" + Integer.toHexString(i + 0x100)).udp(1, 2, DATA);
            sent += gateway.host.icmpError(
                            cause,
                            cause.readerIndex() + 14,
                            cause.readableBytes() - 14,
                            ipv4 ? IcmpMessage.DESTINATION_UNREACHABLE : Icmpv6Message.DESTINATION_UNREACHABLE,
                            1,
                            0,
                            ipv4 ? GatewayFixture.ADDRESS : ADDRESS6)
                    ? 1
                    : 0;
            gateway.sent.clear();
        }
        assertThat(sent).isEqualTo(RateLimiter.BURST);
    }

    @Test
    void anyMessageIsTakenWithoutAnError() {
        gateway.host.icmpListener(packet -> packet.drop(DropReason.ICMP_NO_FLOW));
        for (int seed = 0; seed < 2000; seed++) {
            Random random = new Random(seed);
            byte[] message = new byte[random.nextInt(60)];
            random.nextBytes(message);
            gateway.receive(guest.ipv6(IpProtocol.ICMPV6, message));
            gateway.receive(
                    guest.timeToLive(255).icmpv6(random.nextInt(256), random.nextInt(2), random.nextInt(), message));
        }
    }
}
