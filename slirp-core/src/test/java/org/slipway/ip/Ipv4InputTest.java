package org.slipway.ip;

import static org.assertj.core.api.Assertions.assertThat;

import io.netty.buffer.ByteBuf;
import io.netty.buffer.Unpooled;
import java.util.Random;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;
import org.slipway.lan.Frame;
import org.slipway.wire.DropReason;
import org.slipway.wire.EthernetFrame;
import org.slipway.wire.IpAddress;
import org.slipway.wire.IpProtocol;
import org.slipway.wire.MacAddress;
import org.slipway.wire.Packets;

class Ipv4InputTest {

    private static final byte[] DATA = Packets.bytes("question");
    private static final String BROADCAST_MAC = "ff:ff:ff:ff:ff:ff";

    private final GatewayFixture gateway = new GatewayFixture().guestKnown();
    private final Packets guest = gateway.guest;

    @AfterEach
    void close() {
        gateway.close();
    }

    @Test
    void handlerSeesTheHeaderAndThePayloadWithoutPadding() {
        ByteBuf frame = guest.timeToLive(3)
                .typeOfService(0xb9)
                .dontFragment()
                .udp(1024, 53, Packets.bytes("q"))
                .writeZero(17);

        assertThat(gateway.receive(frame)).isNull();

        GatewayFixture.Received packet = gateway.onlyReceived();
        assertThat(packet)
                .usingRecursiveComparison()
                .isEqualTo(new GatewayFixture.Received(
                        GatewayFixture.GUEST,
                        GatewayFixture.ADDRESS,
                        IpProtocol.UDP,
                        3,
                        0xb9,
                        true,
                        false,
                        MacAddress.parse(GatewayFixture.GUEST_MAC).value(),
                        guest.udpDatagram(1024, 53, Packets.bytes("q"))));
    }

    @Test
    void payloadStartsBehindOptions() {
        gateway.receive(guest.options(Packets.hexBytes("94040000 01010100")).udp(1024, 53, DATA));

        assertThat(gateway.onlyReceived().payload()).isEqualTo(guest.udpDatagram(1024, 53, DATA));
    }

    @Test
    void deviceThatVouchesForTheChecksumIsBelieved() {
        gateway.host.receive(new Frame().set(guest.udp(1024, 53, DATA)).checksumVouched(true));
        assertThat(gateway.onlyReceived().checksumVouched()).isTrue();

        gateway.host.receive(new Frame().set(guest.udp(1024, 53, DATA)).needsChecksum(34, 6));
        assertThat(gateway.onlyReceived().checksumVouched()).isTrue();
    }

    @Test
    void frameInTwoPiecesIsJoined() {
        byte[] whole = Packets.bytesOf(guest.udp(1024, 53, DATA));
        for (int cut = 0; cut <= whole.length; cut++) {
            ByteBuf head = Packets.buffer(java.util.Arrays.copyOf(whole, cut));
            ByteBuf body = Packets.buffer(java.util.Arrays.copyOfRange(whole, cut, whole.length));
            Frame frame = new Frame().set(head, body);

            gateway.host.receive(frame);

            assertThat(frame.dropReason()).isNull();
            assertThat(gateway.onlyReceived().payload()).isEqualTo(guest.udpDatagram(1024, 53, DATA));
            assertThat(head.readableBytes()).isEqualTo(cut);
        }
    }

    @Test
    void everyTruncationIsDropped() {
        byte[] whole = Packets.bytesOf(guest.udp(1024, 53, DATA));
        for (int length = 0; length < whole.length; length++) {
            gateway.assertDropped(
                    Unpooled.wrappedBuffer(whole, 0, length),
                    length < EthernetFrame.HEADER_LENGTH ? DropReason.FRAME_TRUNCATED : DropReason.IP_MALFORMED);
        }
    }

    @Test
    void wrongHeaderChecksumIsDropped() {
        ByteBuf frame = guest.udp(1024, 53, DATA);
        frame.setShort(frame.readerIndex() + 24, frame.getShort(frame.readerIndex() + 24) + 1);

        gateway.assertDropped(frame, DropReason.IP_BAD_CHECKSUM);
    }

    @Test
    void noBytesWhateverCauseMoreThanADrop() {
        byte[] whole = Packets.bytesOf(guest.options(new byte[8]).udp(1024, 53, DATA));
        for (int seed = 0; seed < 3000; seed++) {
            Random random = new Random(seed);
            byte[] bytes = whole.clone();
            for (int i = random.nextInt(6); i >= 0; i--) {
                bytes[12 + random.nextInt(bytes.length - 12)] = (byte) random.nextInt();
            }
            ByteBuf frame = Packets.buffer(java.util.Arrays.copyOf(bytes, random.nextInt(bytes.length + 1)));
            if (frame.readableBytes() >= 34 && random.nextBoolean()) {
                org.slipway.wire.Ipv4Packet.writeChecksum(frame.capacity(Packets.ROOM + 80), Packets.ROOM + 14);
            }
            gateway.receive(frame);
        }
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "8307040a 000202 00",
                "8907040a 000202 00",
                "01 8307040a 000202",
                "83000000",
                "94000000",
                "94010000",
                "01010194",
                "94050000",
                "44ff0000"
            })
    void sourceRoutesAndMalformedOptionsAreRefused(String options) {
        gateway.assertDropped(guest.options(Packets.hexBytes(options)).udp(1024, 53, DATA), DropReason.IP_BAD_OPTION);
    }

    @ParameterizedTest
    @ValueSource(strings = {"01010101", "00000000", "07070400 00000000", "4408050000000000", "94040000", "00830704"})
    void otherOptionsAreIgnored(String options) {
        assertThat(gateway.receive(guest.options(Packets.hexBytes(options)).udp(1024, 53, DATA)))
                .isNull();
        gateway.onlyReceived();
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "0.0.0.0",
                "0.0.0.5",
                "127.0.0.1",
                "224.0.0.1",
                "239.255.255.255",
                "240.0.0.1",
                "255.255.255.255",
                "10.0.2.0",
                "10.0.2.255",
                "10.0.2.2",
                "10.0.2.3",
                "10.0.3.15",
                "8.8.8.8"
            })
    void sourceThatCannotBeAnsweredIsRefused(String source) {
        gateway.assertDropped(guest.source(source).udp(1024, 53, DATA), DropReason.IP_BAD_SOURCE);
        gateway.assertDropped(guest.source(source).echoRequest(1, 1, DATA), DropReason.IP_BAD_SOURCE);
        gateway.assertDropped(guest.source(source).ipv4(99, DATA), DropReason.IP_BAD_SOURCE);
        gateway.sent.assertNone();
    }

    @Test
    void hostWithoutAddressMayAskByBroadcast() {
        Packets nobody = guest.source("0.0.0.0").to(BROADCAST_MAC, "255.255.255.255");

        assertThat(gateway.receive(nobody.udp(68, 67, DATA))).isNull();
        assertThat(gateway.onlyReceived().source().isUnspecified()).isTrue();
        gateway.assertDropped(nobody.to(BROADCAST_MAC, "10.0.2.255").udp(68, 67, DATA), DropReason.IP_BAD_SOURCE);
        gateway.assertDropped(nobody.ipv4(2, DATA), DropReason.IP_BAD_SOURCE);
    }

    @Test
    void hostOfAnotherNetworkMayAskByBroadcastAndNothingElse() {
        Packets stranger = guest.source("192.168.1.7").to(BROADCAST_MAC, "255.255.255.255");

        assertThat(gateway.receive(stranger.udp(68, 67, DATA))).isNull();
        assertThat(gateway.onlyReceived().source()).hasToString("192.168.1.7");
        gateway.assertDropped(stranger.to(BROADCAST_MAC, "10.0.2.255").udp(68, 67, DATA), DropReason.IP_BAD_SOURCE);
        gateway.assertDropped(stranger.ipv4(2, DATA), DropReason.IP_BAD_SOURCE);
        for (String nobody : new String[] {"127.0.0.1", "224.0.0.1", "255.255.255.255", "10.0.2.2", "10.0.2.255"}) {
            gateway.assertDropped(stranger.source(nobody).udp(68, 67, DATA), DropReason.IP_BAD_SOURCE);
        }
    }

    @ParameterizedTest
    @ValueSource(strings = {"10.0.2.2", "10.0.2.3", "10.0.2.99", "8.8.8.8", "127.0.0.1", "0.0.0.0", "169.254.169.254"})
    void routerHandsUpPacketsForAnyDestination(String destination) {
        assertThat(gateway.receive(guest.to(destination).udp(1024, 53, DATA))).isNull();
        assertThat(gateway.onlyReceived().destination()).hasToString(destination);
    }

    @ParameterizedTest
    @CsvSource({
        "52:55:0a:00:02:02, 10.0.2.2, true",
        "52:55:0a:00:02:02, 10.0.2.3, true",
        "52:55:0a:00:02:02, 10.0.2.255, true",
        "ff:ff:ff:ff:ff:ff, 10.0.2.255, true",
        "ff:ff:ff:ff:ff:ff, 255.255.255.255, true",
        "01:00:5e:00:00:fb, 224.0.0.251, true",
        "52:55:0a:00:02:02, 10.0.2.99, false",
        "52:55:0a:00:02:02, 8.8.8.8, false",
        "52:55:0a:00:02:02, 10.0.3.255, false",
    })
    void plainHostTakesOnlyWhatIsForIt(String mac, String destination, boolean taken) {
        gateway.host.forwarding(false);
        ByteBuf frame = guest.source("8.8.8.8").to(mac, destination).udp(1024, 53, DATA);

        if (taken) {
            assertThat(gateway.receive(frame)).isNull();
            gateway.onlyReceived();
        } else {
            gateway.assertDropped(frame, DropReason.IP_NO_ROUTE);
        }
    }

    @Test
    void packetForOneHostInAFrameForAllIsDropped() {
        gateway.assertDropped(guest.to(BROADCAST_MAC, "10.0.2.2").udp(1024, 53, DATA), DropReason.FRAME_NOT_FOR_US);
        gateway.assertDropped(guest.to(BROADCAST_MAC, "8.8.8.8").udp(1024, 53, DATA), DropReason.FRAME_NOT_FOR_US);
    }

    @Test
    void guardKeepsAStationFromTheAddressOfAnother() {
        gateway.host.guard((source, mac) -> !source.equals(IpAddress.parse("10.0.2.16")));

        gateway.assertDropped(guest.source("10.0.2.16").udp(1024, 53, DATA), DropReason.IP_BAD_SOURCE);
        assertThat(gateway.receive(guest.udp(1024, 53, DATA))).isNull();
    }

    @ParameterizedTest
    @CsvSource({"10.0.2.2, 10.0.2.2", "10.0.2.3, 10.0.2.3", "8.8.8.8, 10.0.2.2"})
    void unknownProtocolIsUnreachable(String destination, String from) {
        ByteBuf frame = guest.to(destination).ipv4(99, DATA);

        gateway.assertDropped(frame, DropReason.IP_PROTOCOL_UNKNOWN);

        gateway.sent
                .nextPacket()
                .toMac(GatewayFixture.GUEST_MAC)
                .ipv4()
                .from(from)
                .to("10.0.2.15")
                .icmp(3, 2, 0)
                .quotes(frame, 28);
    }

    @Test
    void unknownProtocolOfAGroupIsDroppedInSilence() {
        gateway.assertDropped(
                guest.to("01:00:5e:00:00:16", "224.0.0.22").ipv4(2, DATA), DropReason.IP_PROTOCOL_UNKNOWN);
        gateway.sent.assertNone();
    }

    @ParameterizedTest
    @CsvSource({
        "52:55:0a:00:02:03, 52:54:00:12:34:56, 800, FRAME_NOT_FOR_US",
        "52:55:0a:00:02:02, 01:00:5e:00:00:01, 800, FRAME_BAD_SOURCE",
        "52:55:0a:00:02:02, ff:ff:ff:ff:ff:ff, 800, FRAME_BAD_SOURCE",
        "52:55:0a:00:02:02, 00:00:00:00:00:00, 800, FRAME_BAD_SOURCE",
        "52:55:0a:00:02:02, 52:55:0a:00:02:02, 800, FRAME_BAD_SOURCE",
        "52:55:0a:00:02:02, 52:54:00:12:34:56, 86dd, IP_MALFORMED",
        "52:55:0a:00:02:02, 52:54:00:12:34:56, 8100, ETHERTYPE_UNKNOWN",
        "52:55:0a:00:02:02, 52:54:00:12:34:56, 88f8, ETHERTYPE_UNKNOWN",
        "52:55:0a:00:02:02, 52:54:00:12:34:56, 0, ETHERTYPE_UNKNOWN",
    })
    void frameThatIsNotForUsIsDropped(String to, String from, String type, DropReason reason) {
        byte[] payload = Packets.bytesOf(guest.udp(1024, 53, DATA).skipBytes(14));
        gateway.assertDropped(
                Packets.ethernet(
                        MacAddress.parse(to).value(),
                        MacAddress.parse(from).value(),
                        Integer.parseInt(type, 16),
                        payload),
                reason);
    }

    @Test
    void shortFramesOfEveryEtherTypeAreDropped() {
        for (int type : new int[] {0x0800, 0x0806, 0x86dd, 0x88f8}) {
            for (int length = 0; length < 16; length++) {
                ByteBuf frame = Packets.ethernet(
                        MacAddress.parse(GatewayFixture.MAC).value(), 0x5254_0012_3456L, type, new byte[length]);
                assertThat(gateway.receive(frame)).isNotNull();
            }
        }
    }

    @Test
    void closedHostTakesNothing() {
        gateway.close();

        gateway.assertDropped(guest.udp(1024, 53, DATA), DropReason.PORT_DOWN);
    }
}
