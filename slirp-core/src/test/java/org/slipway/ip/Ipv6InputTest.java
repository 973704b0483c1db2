package org.slipway.ip;

import static org.assertj.core.api.Assertions.assertThat;
import static org.slipway.ip.GatewayFixture.ADDRESS6;
import static org.slipway.ip.GatewayFixture.GUEST6;

import io.netty.buffer.ByteBuf;
import io.netty.buffer.Unpooled;
import java.util.Arrays;
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

class Ipv6InputTest {

    private static final byte[] DATA = Packets.bytes("question");
    private static final int DESTINATION = IpProtocol.DESTINATION_OPTIONS;

    private final GatewayFixture gateway = new GatewayFixture().guestKnown();
    private final Packets guest = gateway.guest6;

    @AfterEach
    void close() {
        gateway.close();
    }

    private byte[] datagram() {
        return guest.udpDatagram(1024, 53, DATA);
    }

    @Test
    void handlerSeesTheHeaderAndThePayloadWithoutPadding() {
        ByteBuf frame = guest.timeToLive(3)
                .typeOfService(0xb9)
                .udp(1024, 53, Packets.bytes("q"))
                .writeZero(17);

        assertThat(gateway.receive(frame)).isNull();

        assertThat(gateway.onlyReceived())
                .usingRecursiveComparison()
                .isEqualTo(new GatewayFixture.Received(
                        GUEST6,
                        ADDRESS6,
                        IpProtocol.UDP,
                        3,
                        0xb9,
                        true,
                        false,
                        MacAddress.parse(GatewayFixture.GUEST_MAC).value(),
                        guest.udpDatagram(1024, 53, Packets.bytes("q"))));
    }

    @Test
    void payloadStartsBehindExtensionHeaders() {
        // As scapy writes it: router alert, option 0x1e, routing type 0 at its end, padding, UDP.
        ByteBuf frame = Packets.hex("52550a000202 525400123456 86dd 60000000 0039 00 40"
                + "fd000000000000000000000000000015 fd000000000000000000000000000002"
                + "3c00 0502 0000 0100"
                + "2b00 1e03 616263 00"
                + "3c02 00 00 00000000 fd000000000000000000000000000009"
                + "1100 0104 00000000"
                + "0001 0002 0009 8dc0 78");

        assertThat(gateway.receive(frame)).isNull();
        assertThat(gateway.onlyReceived().payload()).isEqualTo(guest.udpDatagram(1, 2, Packets.bytes("x")));
    }

    @Test
    void atomicFragmentIsAWholePacket() {
        // RFC 6946.
        gateway.receive(guest.ipv6Fragment(IpProtocol.UDP, datagram()));
        assertThat(gateway.onlyReceived().payload()).isEqualTo(datagram());

        gateway.receive(guest.ipv6Fragment(
                DESTINATION, Packets.join(Packets.extension(IpProtocol.UDP, new byte[6]), datagram())));
        assertThat(gateway.onlyReceived().payload()).isEqualTo(datagram());
    }

    @Test
    void deviceThatVouchesForTheChecksumIsBelieved() {
        gateway.host.receive(new Frame().set(guest.udp(1024, 53, DATA)).checksumVouched(true));
        assertThat(gateway.onlyReceived().checksumVouched()).isTrue();

        gateway.host.receive(new Frame().set(guest.udp(1024, 53, DATA)).needsChecksum(54, 6));
        assertThat(gateway.onlyReceived().checksumVouched()).isTrue();
    }

    @Test
    void frameInTwoPiecesIsJoined() {
        byte[] whole = Packets.bytesOf(guest.udp(1024, 53, DATA));
        for (int cut = 0; cut <= whole.length; cut++) {
            Frame frame = new Frame()
                    .set(
                            Packets.buffer(Arrays.copyOf(whole, cut)),
                            Packets.buffer(Arrays.copyOfRange(whole, cut, whole.length)));

            gateway.host.receive(frame);

            assertThat(frame.dropReason()).isNull();
            assertThat(gateway.onlyReceived().payload()).isEqualTo(datagram());
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

    @ParameterizedTest
    @ValueSource(ints = {8, 24})
    void mappedAddressesAreRefused(int offset) {
        ByteBuf frame = guest.udp(1024, 53, DATA);
        frame.setBytes(frame.readerIndex() + 14 + offset, Packets.hexBytes("00000000000000000000ffff0a00020f"));

        gateway.assertDropped(frame, DropReason.IP_MAPPED_ADDRESS);
        gateway.sent.assertNone();
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "::",
                "::1",
                "ff02::1",
                "ff0e::1",
                "fd00::2",
                "fd00::3",
                "fe80::2",
                "fd00:0:0:1::15",
                "2001:db8::1"
            })
    void sourceThatCannotBeAnsweredIsRefused(String source) {
        gateway.assertDropped(guest.source(source).udp(1024, 53, DATA), DropReason.IP_BAD_SOURCE);
        gateway.assertDropped(guest.source(source).icmpv6Echo(1, 1, DATA), DropReason.IP_BAD_SOURCE);
        gateway.assertDropped(guest.source(source).ipv6(99, DATA), DropReason.IP_BAD_SOURCE);
        gateway.assertDropped(
                guest.source(source).ipv6(DESTINATION, Packets.hexBytes("1100 8000 00000000")),
                DropReason.IP_BAD_SOURCE);
        gateway.sent.assertNone();
    }

    @Test
    void hostWithoutAddressSpeaksIcmpv6ToGroupsOnly() {
        Packets nobody = guest.source("::").to("33:33:00:00:00:16", "ff02::16");

        gateway.assertDropped(nobody.udp(546, 547, DATA), DropReason.IP_BAD_SOURCE);
        // A report of multicast listening (RFC 3810 5.2.13) is heard, by whoever listens.
        gateway.assertDropped(
                nobody.timeToLive(1)
                        .ipv6(
                                IpProtocol.HOP_BY_HOP,
                                Packets.join(
                                        Packets.hexBytes("3a00 0502 0000 0100"),
                                        nobody.icmpv6Message(143, 0, 0, new byte[0]))),
                DropReason.ICMP_UNHANDLED);
        gateway.sent.assertNone();
    }

    @ParameterizedTest
    @ValueSource(strings = {"fd00::2", "fd00::3", "fe80::2", "fd00::99", "2001:db8::1", "::1"})
    void routerHandsUpPacketsForAnyDestination(String destination) {
        assertThat(gateway.receive(guest.to(destination).udp(1024, 53, DATA))).isNull();
        assertThat(gateway.onlyReceived().destination()).hasToString(destination);
    }

    @Test
    void nothingIsForTheUnspecifiedAddress() {
        gateway.assertDropped(guest.to("::").udp(1024, 53, DATA), DropReason.IP_NO_ROUTE);
    }

    @ParameterizedTest
    @CsvSource({
        "52:55:0a:00:02:02, fd00::2, true",
        "52:55:0a:00:02:02, fe80::2, true",
        "33:33:00:00:00:01, ff02::1, true",
        "33:33:ff:00:00:03, ff02::1:ff00:3, true",
        "33:33:ff:00:00:04, ff02::1:ff00:4, false",
        "33:33:00:00:00:02, ff02::2, false",
        "33:33:00:00:00:fb, ff02::fb, false",
    })
    void plainHostTakesOnlyWhatIsForIt(String mac, String destination, boolean taken) {
        gateway.host.forwarding(false);
        ByteBuf frame = guest.source("2001:db8::1").to(mac, destination).udp(1024, 53, DATA);

        if (taken) {
            assertThat(gateway.receive(frame)).isNull();
            gateway.onlyReceived();
        } else {
            gateway.assertDropped(frame, DropReason.FRAME_NOT_FOR_US);
        }
    }

    @ParameterizedTest
    @ValueSource(strings = {"fd00::99", "2001:db8::2", "::1"})
    void plainHostForwardsNothing(String destination) {
        gateway.host.forwarding(false);

        gateway.assertDropped(guest.to(destination).udp(1024, 53, DATA), DropReason.IP_NO_ROUTE);
    }

    @Test
    void packetForOneHostInAFrameForAllIsDropped() {
        for (String mac : new String[] {"ff:ff:ff:ff:ff:ff", "33:33:ff:00:00:02"}) {
            gateway.assertDropped(guest.to(mac, "fd00::2").udp(1024, 53, DATA), DropReason.FRAME_NOT_FOR_US);
            gateway.assertDropped(guest.to(mac, "fd00::2").icmpv6Echo(1, 1, DATA), DropReason.FRAME_NOT_FOR_US);
            gateway.assertDropped(guest.to(mac, "2001:db8::1").ipv6(99, DATA), DropReason.FRAME_NOT_FOR_US);
        }
        gateway.sent.assertNone();
    }

    @Test
    void guardKeepsAStationFromTheAddressOfAnother() {
        gateway.host.guard((source, mac) -> !source.equals(IpAddress.parse("fd00::16")));

        gateway.assertDropped(guest.source("fd00::16").udp(1024, 53, DATA), DropReason.IP_BAD_SOURCE);
        assertThat(gateway.receive(guest.udp(1024, 53, DATA))).isNull();
    }

    @Test
    void linkLocalSourceDoesNotLeaveTheLink() {
        Packets linkLocal = guest.source("fe80::5054:ff:fe12:3456");
        for (String destination : new String[] {"2001:db8::1", "fd00::99"}) {
            ByteBuf frame = linkLocal.to(destination).udp(1024, 53, DATA);

            gateway.assertDropped(frame, DropReason.IP_BAD_SOURCE);

            // RFC 4443 3.1.
            gateway.sent
                    .nextPacket()
                    .toMac(GatewayFixture.GUEST_MAC)
                    .ipv6()
                    .from("fe80::2")
                    .to("fe80::5054:ff:fe12:3456")
                    .icmpv6(1, 2, 0)
                    .quotes(frame, 56);
        }
        for (String ours : new String[] {"fe80::2", "fd00::2"}) {
            assertThat(gateway.receive(linkLocal.to(ours).udp(1024, 53, DATA))).isNull();
            gateway.onlyReceived();
        }
    }

    @ParameterizedTest
    @CsvSource({"fd00::2, fd00::2", "fd00::3, fd00::3", "2001:db8::1, fd00::2"})
    void unknownNextHeaderIsAParameterProblem(String destination, String from) {
        ByteBuf frame = guest.to(destination).ipv6(99, DATA);

        gateway.assertDropped(frame, DropReason.IP_PROTOCOL_UNKNOWN);

        gateway.sent
                .nextPacket()
                .toMac(GatewayFixture.GUEST_MAC)
                .ipv6()
                .from(from)
                .to("fd00::15")
                .timeToLive(64)
                .icmpv6(4, 1, 6)
                .quotes(frame, 48);
    }

    @Test
    void unknownNextHeaderIsPointedToWhereverItStands() {
        byte[] known = Packets.extension(DESTINATION, new byte[14]);
        byte[] unknown = Packets.extension(99, new byte[6]);

        gateway.assertDropped(
                guest.ipv6(DESTINATION, Packets.join(known, unknown, DATA)), DropReason.IP_PROTOCOL_UNKNOWN);
        gateway.sent.nextPacket().ipv6().icmpv6(4, 1, 56);

        gateway.assertDropped(guest.ipv6Fragment(99, DATA), DropReason.IP_PROTOCOL_UNKNOWN);
        gateway.sent.nextPacket().ipv6().icmpv6(4, 1, 40);

        gateway.assertDropped(
                guest.ipv6Fragment(DESTINATION, Packets.join(unknown, DATA)), DropReason.IP_PROTOCOL_UNKNOWN);
        gateway.sent.nextPacket().ipv6().icmpv6(4, 1, 48);
    }

    @Test
    void icmpOfIpv4IsAnUnknownNextHeader() {
        gateway.assertDropped(
                guest.ipv6(IpProtocol.ICMP, Packets.icmpMessage(8, 0, 1, DATA)), DropReason.IP_PROTOCOL_UNKNOWN);
        gateway.sent.nextPacket().ipv6().icmpv6(4, 1, 6);
        gateway.assertDropped(gateway.guest.ipv4(IpProtocol.ICMPV6, DATA), DropReason.IP_PROTOCOL_UNKNOWN);
        gateway.sent.nextPacket().ipv4().icmp(3, 2, 0);
    }

    @Test
    void nothingBehindTheHeadersIsDroppedInSilence() {
        gateway.assertDropped(guest.ipv6(IpProtocol.NO_NEXT_HEADER, new byte[0]), DropReason.IP_NO_NEXT_HEADER);
        gateway.assertDropped(guest.ipv6(IpProtocol.NO_NEXT_HEADER, DATA), DropReason.IP_NO_NEXT_HEADER);
        gateway.assertDropped(
                guest.ipv6(DESTINATION, Packets.extension(IpProtocol.NO_NEXT_HEADER, new byte[6])),
                DropReason.IP_NO_NEXT_HEADER);
        gateway.assertDropped(guest.ipv6Fragment(IpProtocol.NO_NEXT_HEADER, new byte[0]), DropReason.IP_NO_NEXT_HEADER);
        gateway.sent.assertNone();
    }

    @ParameterizedTest
    @CsvSource({
        // destination, first header, its bytes, why it is dropped, ICMPv6 code, pointer
        "fd00::2, 60, 1100 8000 00000000, IP_BAD_OPTION, 2, 42",
        "fd00::2, 0, 1100 01 00 c000 0000, IP_BAD_OPTION, 2, 44",
        "2001:db8::1, 60, 1100 8000 00000000, IP_BAD_OPTION, 2, 42",
        "fd00::2, 60, 1100 4000 00000000, IP_BAD_OPTION,,",
        "ff02::1, 60, 1100 8000 00000000, IP_BAD_OPTION, 2, 42",
        "ff02::1, 60, 1100 c000 00000000, IP_BAD_OPTION,,",
        "fd00::2, 43, 1100 0001 00000000, IP_BAD_OPTION, 0, 42",
        "ff02::1, 43, 1100 0001 00000000, IP_BAD_OPTION,,",
        "fd00::2, 60, 0000 0000 00000000, IP_BAD_EXTENSION, 1, 40",
        "fd00::2, 60, 1101 0000 00000000, IP_MALFORMED,,",
        "fd00::2, 44, 3c00 0000 00000001 1100 8000 00000000, IP_BAD_OPTION, 2, 50",
        "fd00::2, 44, 2b00 0000 00000001 1100 0001 00000000, IP_BAD_OPTION, 0, 50",
        "fd00::2, 44, 2c00 0000 00000001 1100 0000 00000002, IP_FRAGMENT_BAD,,",
    })
    void badExtensionIsToldAsItsKindHasIt(
            String destination, int first, String hex, DropReason reason, Integer code, Integer pointer) {
        String mac = destination.startsWith("ff") ? "33:33:00:00:00:01" : GatewayFixture.MAC;
        ByteBuf frame = guest.to(mac, destination).ipv6(first, Packets.hexBytes(hex));

        gateway.assertDropped(frame, reason);

        if (code != null) {
            gateway.sent
                    .nextPacket()
                    .ipv6()
                    .from("fd00::2")
                    .to("fd00::15")
                    .icmpv6(4, code, pointer)
                    .quotes(frame, frame.readableBytes() - 14);
        }
        gateway.sent.assertNone();
    }

    @Test
    void closedHostTakesNothing() {
        gateway.close();

        gateway.assertDropped(guest.udp(1024, 53, DATA), DropReason.PORT_DOWN);
    }

    @Test
    void noBytesWhateverCauseMoreThanADrop() {
        int[] kinds = {0, 43, 44, 60, 17, 58, 59, 99};
        for (int seed = 0; seed < 3000; seed++) {
            Random random = new Random(seed);
            byte[] bytes = new byte[random.nextInt(100)];
            random.nextBytes(bytes);
            for (int i = 0; i + 1 < bytes.length; i += 8) {
                bytes[i] = (byte) kinds[random.nextInt(kinds.length)];
                bytes[i + 1] = (byte) random.nextInt(2);
            }
            String destination = random.nextBoolean() ? "fd00::2" : "2001:db8::1";
            ByteBuf frame = guest.to(destination).ipv6(kinds[random.nextInt(kinds.length)], bytes);
            if (random.nextInt(4) == 0) {
                frame.setByte(frame.readerIndex() + 14 + random.nextInt(40), random.nextInt());
            }
            if (random.nextInt(4) == 0) {
                frame.writerIndex(frame.readerIndex() + random.nextInt(frame.readableBytes()));
            }
            gateway.receive(frame);
            gateway.received.clear();
            gateway.loop.advance(java.time.Duration.ofMillis(random.nextInt(500)));
            while (gateway.sent.count() > 0) {
                assertThat(gateway.sent.next().length()).isLessThanOrEqualTo(14 + 1280);
            }
        }
    }
}
