package org.slipway.ip;

import static org.assertj.core.api.Assertions.assertThat;
import static org.slipway.ip.GatewayFixture.ADDRESS6;
import static org.slipway.ip.GatewayFixture.GUEST6;
import static org.slipway.ip.GatewayFixture.GUEST_LINK_LOCAL;
import static org.slipway.ip.GatewayFixture.LINK_LOCAL;
import static org.slipway.ip.GatewayFixture.OUTSIDE6;

import io.netty.buffer.ByteBuf;
import java.time.Duration;
import java.util.Arrays;
import java.util.HashSet;
import java.util.Set;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;
import org.slipway.lan.Frame;
import org.slipway.wire.DropReason;
import org.slipway.wire.InternetChecksum;
import org.slipway.wire.IpAddress;
import org.slipway.wire.IpProtocol;
import org.slipway.wire.Ipv6Packet;
import org.slipway.wire.MacAddress;
import org.slipway.wire.NeighbourMessage;
import org.slipway.wire.PacketAssert;
import org.slipway.wire.Packets;
import org.slipway.wire.TcpHeader;
import org.slipway.wire.UdpDatagram;

class Ipv6OutputTest {

    private static final long GUEST_MAC =
            MacAddress.parse(GatewayFixture.GUEST_MAC).value();
    private static final long MAC = MacAddress.parse(GatewayFixture.MAC).value();
    private static final NeighbourMessage QUESTION = new NeighbourMessage(false, 0, GUEST6, MAC);

    private final GatewayFixture gateway = new GatewayFixture();

    @AfterEach
    void close() {
        gateway.close();
    }

    private static Frame udp(IpAddress source, IpAddress destination, int dataLength) {
        Packets way = Packets.from(0, source).to(0, destination);
        return new Frame().set(Packets.buffer(way.udpDatagram(53, 1024, Packets.bytes(dataLength))));
    }

    private static Frame udp(int dataLength) {
        return udp(ADDRESS6, GUEST6, dataLength);
    }

    /** The gateway sends a datagram from port 53 to port 1024. */
    static boolean send(GatewayFixture gateway, IpAddress source, IpAddress destination, int dataLength) {
        Frame upper = udp(source, destination, dataLength);
        return gateway.host.send(source, destination, IpProtocol.UDP, 64, 0, false, upper);
    }

    private boolean send(IpAddress destination, int dataLength) {
        return send(gateway, ADDRESS6, destination, dataLength);
    }

    @Test
    void headersAreWrittenInFrontInPlaceAndTheFrameIsAsBefore() {
        gateway.guestKnown();
        Frame upper = udp(3);
        ByteBuf head = upper.head();

        assertThat(gateway.host.send(ADDRESS6, GUEST6, IpProtocol.UDP, 9, 0xb9, true, upper))
                .isTrue();

        ByteBuf sent = gateway.sent.next().head();
        assertThat(Packets.hexOf(sent.slice(0, 54)))
                .isEqualTo("525400123456" + "52550a000202" + "86dd" + "6b900000" + "000b" + "11" + "09"
                        + "fd000000000000000000000000000002" + "fd000000000000000000000000000015");
        PacketAssert.packet(sent).ipv6().udp(53, 1024).data(Packets.bytes(3));
        assertThat(head.readerIndex()).isEqualTo(Packets.ROOM);
        assertThat(head.refCnt()).isOne();
    }

    @Test
    void whatIsLeftToADeviceIsShiftedByTheHeadersAndBack() {
        gateway.guestKnown();
        ByteBuf head = Packets.buffer(new byte[TcpHeader.MIN_LENGTH]);
        TcpHeader.write(head, Packets.ROOM, 80, 1024, 1, 2, 20, TcpHeader.ACK, 1000);
        Frame upper = new Frame()
                .set(head, Packets.buffer(new byte[30_000]))
                .needsChecksum(0, TcpHeader.CHECKSUM)
                .needsSegmentation(Frame.Segmentation.TCP_IPV6, 1440);
        head.setShort(
                Packets.ROOM + TcpHeader.CHECKSUM,
                InternetChecksum.fold(InternetChecksum.pseudoHeader(ADDRESS6, GUEST6, IpProtocol.TCP, 30_020)));

        gateway.host.send(ADDRESS6, GUEST6, IpProtocol.TCP, 64, 0, true, upper);

        Frame sent = gateway.sent.next();
        assertThat(sent.checksumStart()).isEqualTo(54);
        assertThat(sent.checksumOffset()).isEqualTo(16);
        assertThat(sent.segmentation()).isEqualTo(Frame.Segmentation.TCP_IPV6);
        assertThat(sent.segmentBytes()).isEqualTo(1440);
        PacketAssert.packet(sent.head())
                .partialChecksum()
                .ipv6()
                .tcp(80, 1024, 1, 2, TcpHeader.ACK)
                .data(new byte[30_000]);
        assertThat(upper.checksumStart()).isZero();
        gateway.sent.assertNone();
    }

    @ParameterizedTest
    @CsvSource({
        // RFC 2464 7
        "ff02::1, 33:33:00:00:00:01",
        "ff02::1:2, 33:33:00:01:00:02",
        "ff02::1:ff12:3456, 33:33:ff:12:34:56",
        "ff05::8765:4321, 33:33:87:65:43:21",
        "ff0e:1:2:3:4:5:ffff:ffff, 33:33:ff:ff:ff:ff",
    })
    void groupsNeedNoQuestion(String destination, String mac) {
        assertThat(send(IpAddress.parse(destination), 3)).isTrue();

        gateway.sent.nextPacket().toMac(mac).ipv6().to(destination).udp(53, 1024);
    }

    @ParameterizedTest
    @ValueSource(strings = {"2001:db8::34", "fd00:0:0:1::1", "fd00::2", "fd00::3", "fe80::2", "::", "::1", "10.0.2.15"})
    void destinationWithoutARouteIsDropped(String destination) {
        Frame upper = udp(3);

        assertThat(gateway.host.send(ADDRESS6, IpAddress.parse(destination), IpProtocol.UDP, 64, 0, false, upper))
                .isFalse();

        assertThat(upper.dropReason()).isEqualTo(DropReason.IP_NO_ROUTE);
        assertThat(gateway.drops.of(DropReason.IP_NO_ROUTE)).isOne();
        gateway.sent.assertNone();
    }

    @Test
    void outsideIsReachedByTheDefaultRouterOfTheFamily() {
        gateway.host.defaultRouter(IpAddress.parse("10.0.2.15"));
        assertThat(send(OUTSIDE6, 3)).isFalse();
        gateway.host.defaultIpv6Router(IpAddress.parse("fe80::1"));
        gateway.host.learn(IpAddress.parse("fe80::1"), 0x5254_0000_0001L);

        send(OUTSIDE6, 3);

        gateway.sent.nextPacket().toMac("52:54:00:00:00:01").ipv6().to("2001:db8::34");
    }

    @Test
    void packetWaitsForTheAnswerOfItsNeighbour() {
        assertThat(send(GUEST6, 3)).isTrue();
        assertThat(send(GUEST6, 4)).isTrue();
        gateway.sent
                .nextPacket()
                .fromMac(GatewayFixture.MAC)
                .toMac("33:33:ff:00:00:15")
                .ipv6()
                .from("fd00::2")
                .to("ff02::1:ff00:15")
                .ndp(QUESTION);
        gateway.sent.assertNone();

        gateway.receive(gateway.guest6.ndp(
                new NeighbourMessage(true, NeighbourMessage.SOLICITED | NeighbourMessage.OVERRIDE, GUEST6, GUEST_MAC)));

        gateway.sent
                .nextPacket()
                .toMac(GatewayFixture.GUEST_MAC)
                .ipv6()
                .udp(53, 1024)
                .data(Packets.bytes(3));
        gateway.sent
                .nextPacket()
                .toMac(GatewayFixture.GUEST_MAC)
                .ipv6()
                .udp(53, 1024)
                .data(Packets.bytes(4));
        gateway.sent.assertNone();
    }

    @Test
    void questionForALinkLocalAddressComesFromOne() {
        send(gateway, LINK_LOCAL, GUEST_LINK_LOCAL, 3);

        gateway.sent
                .nextPacket()
                .toMac("33:33:ff:12:34:56")
                .ipv6()
                .from("fe80::2")
                .to("ff02::1:ff12:3456")
                .ndp(new NeighbourMessage(false, 0, GUEST_LINK_LOCAL, MAC));
    }

    @Test
    void guestThatAsksForUsEndsTheWaitingToo() {
        send(GUEST6, 3);
        gateway.sent.clear();

        gateway.receive(gateway.guest6.ndp(new NeighbourMessage(false, 0, ADDRESS6, GUEST_MAC)));

        assertThat(gateway.sent.count()).isEqualTo(2);
    }

    @Test
    void senderIsToldOfPacketsThatNobodyAnsweredFor() {
        gateway.host.undeliverable(packet -> gateway.received.add(GatewayFixture.Received.of(packet)));
        send(GUEST6, 3);

        // RFC 4861 10: MAX_MULTICAST_SOLICIT is 3, RETRANS_TIMER a second.
        gateway.loop.advance(Duration.ofSeconds(3));

        GatewayFixture.Received packet = gateway.onlyReceived();
        assertThat(packet.source()).isEqualTo(ADDRESS6);
        assertThat(packet.destination()).isEqualTo(GUEST6);
        assertThat(packet.protocol()).isEqualTo(IpProtocol.UDP);
        assertThat(packet.payload()).hasSize(11);
        assertThat(gateway.sent.count()).isEqualTo(3);
        while (gateway.sent.count() > 0) {
            gateway.sent.nextPacket().toMac("33:33:ff:00:00:15").ipv6().ndp(QUESTION);
        }
        assertThat(gateway.drops.of(DropReason.NEIGHBOUR_UNREACHABLE)).isOne();
    }

    @Test
    void silentNeighbourIsProbedByUnicastWhileItsPacketsGoOn() {
        gateway.guestKnown();
        gateway.loop.advance(Duration.ofSeconds(61));
        send(GUEST6, 3);

        // RFC 4861 7.3.3.
        gateway.sent
                .nextPacket()
                .toMac(GatewayFixture.GUEST_MAC)
                .ipv6()
                .from("fd00::2")
                .to("fd00::15")
                .ndp(QUESTION);
        gateway.sent.nextPacket().toMac(GatewayFixture.GUEST_MAC).ipv6().udp(53, 1024);

        gateway.loop.advance(Duration.ofSeconds(3));
        assertThat(gateway.sent.count()).isEqualTo(2);
        gateway.sent.clear();
        send(GUEST6, 3);
        gateway.sent.nextPacket().toMac("33:33:ff:00:00:15").ipv6().ndp(QUESTION);
        gateway.sent.assertNone();
    }

    @ParameterizedTest
    @CsvSource({
        // MTU, bytes in each fragment but the last
        "1280, 1232",
        "1500, 1448",
        "1499, 1448",
        "65520, 65472",
    })
    void largePacketIsCutIntoFragmentsOfTheMtu(int mtu, int most) {
        gateway.host.mtu(mtu);
        gateway.guestKnown();
        byte[] datagram = Packets.from(0, ADDRESS6).to(0, GUEST6).udpDatagram(53, 1024, Packets.bytes(65_527));
        assertThat(datagram).hasSize(65_535);

        assertThat(send(GUEST6, 65_527)).isTrue();

        assertThat(gateway.sent.count()).isEqualTo((65_535 + most - 1) / most);
        byte[] whole = new byte[65_535];
        Set<Integer> identifications = new HashSet<>();
        for (int from = 0; from < whole.length; from += most) {
            Frame frame = gateway.sent.next();
            assertThat(frame.length()).isLessThanOrEqualTo(14 + mtu);
            PacketAssert part = PacketAssert.packet(frame.head())
                    .toMac(GatewayFixture.GUEST_MAC)
                    .ipv6()
                    .from("fd00::2")
                    .to("fd00::15")
                    .timeToLive(64)
                    .protocol(IpProtocol.UDP)
                    .fragment(from, from + most < whole.length);
            identifications.add(part.identification());
            byte[] payload = part.ipPayload();
            assertThat(payload).hasSize(Math.min(most, whole.length - from));
            System.arraycopy(payload, 0, whole, from, payload.length);
        }
        assertThat(whole).isEqualTo(datagram);
        assertThat(identifications).hasSize(1);
    }

    @Test
    void identificationsOfPacketsDiffer() {
        gateway.guestKnown();
        Set<Integer> identifications = new HashSet<>();
        for (int i = 0; i < 1000; i++) {
            send(GUEST6, 1500);
            int first = gateway.sent.nextPacket().ipv6().fragment(0, true).identification();
            int second = gateway.sent.nextPacket().ipv6().fragment(1448, false).identification();
            assertThat(second).isEqualTo(first);
            identifications.add(first);
        }
        assertThat(identifications).hasSize(1000);
        // RFC 7739: nor can the next be told from the last.
        assertThat(identifications).noneMatch(id -> identifications.contains(id + 1));
    }

    @Test
    void packetOfExactlyTheMtuIsNotFragmented() {
        gateway.guestKnown();

        send(GUEST6, 1452);
        gateway.sent.nextPacket().ipv6().fragment(0, false).udp(53, 1024);
        gateway.sent.assertNone();

        send(GUEST6, 1453);
        gateway.sent.nextPacket().ipv6().fragment(0, true);
        gateway.sent.nextPacket().ipv6().fragment(1448, false);
    }

    @Test
    void checksumIsCompleteBeforeThePacketIsCut() {
        gateway.guestKnown();
        for (int cut : new int[] {0, 1, 100, 101, 2000}) {
            byte[] data = Packets.bytes(2000);
            byte[] datagram = Packets.from(0, ADDRESS6).to(0, GUEST6).udpDatagram(53, 1024, data);
            ByteBuf head = Packets.buffer(Arrays.copyOf(datagram, 8 + cut));
            head.setShort(
                    Packets.ROOM + UdpDatagram.CHECKSUM,
                    InternetChecksum.fold(InternetChecksum.pseudoHeader(ADDRESS6, GUEST6, IpProtocol.UDP, 2008)));
            Frame upper = new Frame()
                    .set(head, Packets.buffer(Arrays.copyOfRange(data, cut, data.length)))
                    .needsChecksum(0, UdpDatagram.CHECKSUM);

            gateway.host.send(ADDRESS6, GUEST6, IpProtocol.UDP, 64, 0, false, upper);

            Frame first = gateway.sent.next();
            assertThat(first.needsChecksum()).isFalse();
            byte[] whole = Packets.join(
                    PacketAssert.packet(first.head()).ipv6().ipPayload(),
                    gateway.sent.nextPacket().ipv6().ipPayload());
            assertThat(whole).as("cut at %d", cut).isEqualTo(datagram);
        }
    }

    @Test
    void largePacketThatMustNotBeFragmentedIsNotSent() {
        gateway.guestKnown();
        Frame upper = udp(1453);

        assertThat(gateway.host.send(ADDRESS6, GUEST6, IpProtocol.UDP, 64, 0, true, upper))
                .isFalse();

        assertThat(upper.dropReason()).isEqualTo(DropReason.IP_TOO_BIG);
        assertThat(gateway.drops.of(DropReason.IP_TOO_BIG)).isOne();
        gateway.sent.assertNone();
    }

    @Test
    void packetBeyondTheLengthFieldIsNotSent() {
        gateway.guestKnown();
        Frame upper = new Frame().set(Packets.buffer(new byte[Ipv6Packet.MAX_PAYLOAD_LENGTH + 1]));

        assertThat(gateway.host.send(ADDRESS6, GUEST6, 99, 64, 0, false, upper)).isFalse();
        assertThat(gateway.drops.of(DropReason.IP_TOO_BIG)).isOne();
        gateway.sent.assertNone();
    }

    @Test
    void largePacketThatWaitedIsFragmentedWhenItIsSent() {
        send(GUEST6, 60_000);
        gateway.sent.clear();

        gateway.guestKnown();

        assertThat(gateway.sent.count()).isEqualTo(42);
        assertThat(gateway.drops.snapshot()).isEmpty();
    }

    @Test
    void closedHostSendsNothing() {
        send(GUEST6, 3);
        gateway.sent.clear();
        gateway.close();

        assertThat(send(GUEST6, 3)).isFalse();
        gateway.loop.advance(Duration.ofMinutes(1));
        gateway.sent.assertNone();
        assertThat(gateway.drops.of(DropReason.PORT_DOWN)).isOne();
        assertThat(gateway.loop.untilNextTimer()).isEqualTo(-1);
    }
}
