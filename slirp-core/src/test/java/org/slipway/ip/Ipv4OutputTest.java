package org.slipway.ip;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatIllegalArgumentException;
import static org.slipway.ip.GatewayFixture.ADDRESS;
import static org.slipway.ip.GatewayFixture.GUEST;
import static org.slipway.ip.GatewayFixture.OUTSIDE;

import io.netty.buffer.ByteBuf;
import io.netty.buffer.Unpooled;
import java.time.Duration;
import java.util.HashSet;
import java.util.Set;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;
import org.slipway.lan.Frame;
import org.slipway.wire.ArpPacket;
import org.slipway.wire.DropReason;
import org.slipway.wire.EtherType;
import org.slipway.wire.EthernetFrame;
import org.slipway.wire.InternetChecksum;
import org.slipway.wire.IpAddress;
import org.slipway.wire.IpPrefix;
import org.slipway.wire.IpProtocol;
import org.slipway.wire.Ipv4Packet;
import org.slipway.wire.MacAddress;
import org.slipway.wire.PacketAssert;
import org.slipway.wire.Packets;
import org.slipway.wire.TcpHeader;
import org.slipway.wire.UdpDatagram;

class Ipv4OutputTest {

    private static final long GUEST_MAC =
            MacAddress.parse(GatewayFixture.GUEST_MAC).value();

    private final GatewayFixture gateway = new GatewayFixture();

    @AfterEach
    void close() {
        gateway.close();
    }

    private static Frame udp(int dataLength) {
        Packets way = Packets.from(0, ADDRESS).to(0, GUEST);
        return new Frame().set(Packets.buffer(way.udpDatagram(53, 1024, Packets.bytes(dataLength))));
    }

    private boolean send(Frame upper, IpAddress destination) {
        return gateway.host.send(ADDRESS, destination, IpProtocol.UDP, 64, 0, false, upper);
    }

    @Test
    void headersAreWrittenInFrontInPlaceAndTheFrameIsAsBefore() {
        gateway.guestKnown();
        Frame upper = udp(3);
        ByteBuf head = upper.head();

        assertThat(gateway.host.send(ADDRESS, GUEST, IpProtocol.UDP, 9, 0xb9, true, upper))
                .isTrue();

        gateway.sent
                .nextPacket()
                .fromMac(GatewayFixture.MAC)
                .toMac(GatewayFixture.GUEST_MAC)
                .ipv4()
                .from("10.0.2.2")
                .to("10.0.2.15")
                .timeToLive(9)
                .typeOfService(0xb9)
                .dontFragment(true)
                .fragment(0, false)
                .udp(53, 1024)
                .data(Packets.bytes(3));
        assertThat(head.readerIndex()).isEqualTo(Packets.ROOM);
        assertThat(head.refCnt()).isOne();
        assertThat(EthernetFrame.type(head, Packets.ROOM - 34)).isEqualTo(EtherType.IPV4);
    }

    @Test
    void whatIsLeftToADeviceIsShiftedByTheHeadersAndBack() {
        gateway.guestKnown();
        ByteBuf head = Packets.buffer(new byte[TcpHeader.MIN_LENGTH]);
        TcpHeader.write(head, Packets.ROOM, 80, 1024, 1, 2, 20, TcpHeader.ACK, 1000);
        ByteBuf body = Packets.buffer(new byte[30_000]);
        Frame upper = new Frame()
                .set(head, body)
                .needsChecksum(0, TcpHeader.CHECKSUM)
                .needsSegmentation(Frame.Segmentation.TCP_IPV4, 1460);
        head.setShort(
                Packets.ROOM + TcpHeader.CHECKSUM,
                InternetChecksum.fold(InternetChecksum.pseudoHeader(ADDRESS, GUEST, IpProtocol.TCP, 30_020)));

        gateway.host.send(ADDRESS, GUEST, IpProtocol.TCP, 64, 0, true, upper);

        Frame sent = gateway.sent.next();
        assertThat(sent.checksumStart()).isEqualTo(34);
        assertThat(sent.checksumOffset()).isEqualTo(16);
        assertThat(sent.segmentation()).isEqualTo(Frame.Segmentation.TCP_IPV4);
        assertThat(sent.segmentBytes()).isEqualTo(1460);
        PacketAssert.packet(sent.head())
                .partialChecksum()
                .ipv4()
                .tcp(80, 1024, 1, 2, TcpHeader.ACK)
                .data(new byte[30_000]);
        assertThat(upper.checksumStart()).isZero();
        assertThat(upper.checksumOffset()).isEqualTo(16);
        gateway.sent.assertNone();
    }

    @Test
    void identificationsOfCutPacketsDoNotMeetThoseOfTheNext() {
        gateway.guestKnown();
        Set<Integer> used = new HashSet<>();
        for (int i = 0; i < 20; i++) {
            boolean large = i % 2 == 0;
            Frame upper = udp(large ? 14_600 : 10);
            if (large) {
                upper.needsSegmentation(Frame.Segmentation.TCP_IPV4, 1460);
            }
            send(upper, GUEST);
            ByteBuf sent = gateway.sent.next().head();
            int first = Ipv4Packet.identification(sent, sent.readerIndex() + 14);
            for (int segment = 0; segment < (large ? 11 : 1); segment++) {
                assertThat(used.add(first + segment & 0xffff)).isTrue();
            }
        }
    }

    @ParameterizedTest
    @CsvSource({
        "255.255.255.255, ff:ff:ff:ff:ff:ff",
        "10.0.2.255, ff:ff:ff:ff:ff:ff",
        "224.0.0.1, 01:00:5e:00:00:01",
        "239.129.2.3, 01:00:5e:01:02:03",
    })
    void groupsNeedNoQuestion(String destination, String mac) {
        assertThat(send(udp(3), IpAddress.parse(destination))).isTrue();

        gateway.sent.nextPacket().toMac(mac).ipv4().to(destination);
    }

    @ParameterizedTest
    @ValueSource(
            strings = {"8.8.8.8", "10.0.3.1", "10.0.2.2", "10.0.2.3", "10.0.2.0", "0.0.0.0", "127.0.0.1", "fd00::1"})
    void destinationWithoutARouteIsDropped(String destination) {
        Frame upper = udp(3);

        assertThat(send(upper, IpAddress.parse(destination))).isFalse();

        assertThat(upper.dropReason()).isEqualTo(DropReason.IP_NO_ROUTE);
        assertThat(gateway.drops.of(DropReason.IP_NO_ROUTE)).isOne();
        gateway.sent.assertNone();
    }

    @Test
    void outsideIsReachedByTheDefaultRouter() {
        gateway.host.defaultRouter(IpAddress.parse("10.0.2.1"));
        gateway.host.learn(IpAddress.parse("10.0.2.1"), 0x5254_0000_0001L);

        send(udp(3), OUTSIDE);

        gateway.sent.nextPacket().toMac("52:54:00:00:00:01").ipv4().to("93.184.216.34");
    }

    @Test
    void networkOfTwoAddressesHasNoBroadcast() {
        gateway.host.address(IpAddress.parse("192.0.2.0"), IpPrefix.of(IpAddress.parse("192.0.2.0"), 31));

        send(udp(3), IpAddress.parse("192.0.2.1"));

        gateway.sent
                .nextPacket()
                .arp(new ArpPacket(
                        ArpPacket.REQUEST,
                        MacAddress.parse(GatewayFixture.MAC).value(),
                        IpAddress.parse("192.0.2.0"),
                        0,
                        IpAddress.parse("192.0.2.1")));
    }

    @Test
    void packetWaitsForTheAnswerOfItsNeighbour() {
        assertThat(send(udp(3), GUEST)).isTrue();
        gateway.sent
                .nextPacket()
                .toMac("ff:ff:ff:ff:ff:ff")
                .arp(new ArpPacket(
                        ArpPacket.REQUEST, MacAddress.parse(GatewayFixture.MAC).value(), ADDRESS, 0, GUEST));

        gateway.receive(Packets.arp(
                MacAddress.parse(GatewayFixture.MAC).value(),
                new ArpPacket(
                        ArpPacket.REPLY,
                        GUEST_MAC,
                        GUEST,
                        MacAddress.parse(GatewayFixture.MAC).value(),
                        ADDRESS)));

        gateway.sent
                .nextPacket()
                .toMac(GatewayFixture.GUEST_MAC)
                .ipv4()
                .udp(53, 1024)
                .data(Packets.bytes(3));
        gateway.sent.assertNone();
        assertThat(gateway.host.neighbour(GUEST)).isEqualTo(GUEST_MAC);
    }

    @Test
    void guestThatAsksForUsEndsTheWaitingToo() {
        send(udp(3), GUEST);
        gateway.sent.clear();

        gateway.receive(
                Packets.arp(GatewayFixture.BROADCAST, new ArpPacket(ArpPacket.REQUEST, GUEST_MAC, GUEST, 0, ADDRESS)));

        assertThat(gateway.sent.count()).isEqualTo(2);
    }

    @Test
    void senderIsToldOfPacketsThatNobodyAnsweredFor() {
        gateway.host.undeliverable(packet -> gateway.received.add(GatewayFixture.Received.of(packet)));
        send(udp(3), GUEST);

        gateway.loop.advance(Duration.ofSeconds(3));

        GatewayFixture.Received packet = gateway.onlyReceived();
        assertThat(packet.source()).isEqualTo(ADDRESS);
        assertThat(packet.destination()).isEqualTo(GUEST);
        assertThat(packet.protocol()).isEqualTo(IpProtocol.UDP);
        assertThat(packet.payload()).hasSize(11);
        assertThat(gateway.sent.count()).isEqualTo(3);
        assertThat(gateway.drops.of(DropReason.NEIGHBOUR_UNREACHABLE)).isOne();
    }

    @Test
    void largePacketIsFragmentedInPiecesOfEightBytes() {
        gateway.guestKnown();

        assertThat(send(udp(3000), GUEST)).isTrue();

        gateway.sent.nextPacket().ipv4().fragment(0, true).dontFragment(false);
        gateway.sent.nextPacket().ipv4().fragment(1480, true);
        assertThat(gateway.sent.nextPacket().ipv4().fragment(2960, false).ipPayload())
                .hasSize(48);
        gateway.sent.assertNone();
    }

    @Test
    void packetOfExactlyTheMtuIsNotFragmented() {
        gateway.guestKnown();

        send(udp(1472), GUEST);
        gateway.sent.nextPacket().ipv4().fragment(0, false);
        gateway.sent.assertNone();

        send(udp(1473), GUEST);
        assertThat(gateway.sent.count()).isEqualTo(2);
    }

    @Test
    void largePacketThatMustNotBeFragmentedIsNotSent() {
        gateway.guestKnown();
        Frame upper = udp(1473);

        assertThat(gateway.host.send(ADDRESS, GUEST, IpProtocol.UDP, 64, 0, true, upper))
                .isFalse();

        assertThat(upper.dropReason()).isEqualTo(DropReason.IP_TOO_BIG);
        assertThat(gateway.drops.of(DropReason.IP_TOO_BIG)).isOne();
        gateway.sent.assertNone();
    }

    @Test
    void packetBeyondTheLengthFieldIsNotSent() {
        gateway.guestKnown();
        assertThat(send(new Frame().set(Packets.buffer(new byte[65_516])), GUEST))
                .isFalse();
        assertThat(gateway.drops.of(DropReason.IP_TOO_BIG)).isOne();

        assertThat(send(new Frame().set(Packets.buffer(new byte[65_515])), GUEST))
                .isTrue();
        assertThat(gateway.sent.count()).isEqualTo(45);
    }

    @Test
    void largePacketThatWaitedIsFragmentedWhenItIsSent() {
        send(udp(60_000), GUEST);
        gateway.sent.clear();

        gateway.guestKnown();

        assertThat(gateway.sent.count()).isEqualTo(41);
        assertThat(gateway.drops.snapshot()).isEmpty();
    }

    @Test
    void checksumOfZeroIsCompletedToAllOnes() {
        gateway.guestKnown();
        byte[] datagram = new byte[2000];
        ByteBuf head = Packets.buffer(datagram);
        UdpDatagram.write(head, Packets.ROOM, 53, 1024, 2000);
        long pseudo = InternetChecksum.pseudoHeader(ADDRESS, GUEST, IpProtocol.UDP, 2000);
        // Data that bring the sum to 0xffff, whose inverse is 0.
        int rest = 0xffff - InternetChecksum.fold(pseudo + InternetChecksum.sum(head, Packets.ROOM, 2000));
        head.setShort(Packets.ROOM + 100, rest);
        head.setShort(Packets.ROOM + UdpDatagram.CHECKSUM, InternetChecksum.fold(pseudo));

        send(new Frame().set(head).needsChecksum(0, UdpDatagram.CHECKSUM), GUEST);

        ByteBuf first = gateway.sent.next().head();
        assertThat(UdpDatagram.checksum(first, first.readerIndex() + 34)).isEqualTo(0xffff);
    }

    @Test
    void tooLittleRoomForHeadersIsAMistakeOfTheCaller() {
        ByteBuf head = Unpooled.buffer(100).setIndex(63, 100);

        assertThatIllegalArgumentException()
                .isThrownBy(() -> send(new Frame().set(head), GUEST))
                .withMessage("room for headers is 63 bytes, less than 64");
    }

    @Test
    void mtuOutsideTheRangeOfIpv4IsRefused() {
        assertThatIllegalArgumentException()
                .isThrownBy(() -> gateway.host(67))
                .withMessage("MTU 67 is not 68 to 65535");
        assertThatIllegalArgumentException().isThrownBy(() -> gateway.host(65_536));
        gateway.host(68).close();
        gateway.host(65_535).close();
    }

    @Test
    void closedHostSendsNothing() {
        gateway.guestKnown();
        send(udp(3), IpAddress.parse("10.0.2.99"));
        gateway.sent.clear();
        gateway.close();

        assertThat(send(udp(3), GUEST)).isFalse();
        gateway.loop.advance(Duration.ofMinutes(1));
        gateway.sent.assertNone();
        assertThat(gateway.drops.of(DropReason.PORT_DOWN)).isOne();
    }

    @Test
    void icmpHandlerCannotBeReplaced() {
        assertThatIllegalArgumentException().isThrownBy(() -> gateway.host.handler(IpProtocol.ICMP, packet -> {}));
    }
}
