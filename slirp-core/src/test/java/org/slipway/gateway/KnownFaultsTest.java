package org.slipway.gateway;

import static org.assertj.core.api.Assertions.assertThat;

import io.netty.buffer.ByteBuf;
import io.netty.buffer.Unpooled;
import java.net.InetSocketAddress;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.Arrays;
import java.util.List;
import java.util.stream.IntStream;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Nested;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;
import org.junit.jupiter.params.provider.ValueSource;
import org.slipway.nat.FakeHost;
import org.slipway.nat.ForwardRule;
import org.slipway.nat.ForwardRule.Protocol;
import org.slipway.wire.ArpPacket;
import org.slipway.wire.DhcpMessage;
import org.slipway.wire.DhcpOptions;
import org.slipway.wire.DropReason;
import org.slipway.wire.EtherType;
import org.slipway.wire.IpAddress;
import org.slipway.wire.IpProtocol;
import org.slipway.wire.Ipv4Packet;
import org.slipway.wire.MacAddress;
import org.slipway.wire.Packets;

/**
 * Faults that user-mode networks have had, in IPv4 and what it carries: each must stay impossible here. Of
 * fragments: {@link KnownFragmentFaultsTest}; of TCP's streams: {@link KnownTcpFaultsTest}; of IPv6: {@link KnownIpv6FaultsTest}; others stand in the packages {@code link} and
 * {@code service}, of what is none of the core's in the module {@code tap-bridge}.
 */
class KnownFaultsTest {

    private static final InetSocketAddress CLIENT = new InetSocketAddress("127.0.0.1", 50_000);

    private final TestNetwork net = new TestNetwork();
    private final Packets outside = net.guest.to(TestNetwork.OUTSIDE);

    /** Whatever came before: the guest is served, nothing is held, nothing was an internal error. */
    @AfterEach
    void guestIsServedAndNothingIsHeld() {
        net.meet(net.guest);
        net.skip();
        net.send(net.guest.echoRequest(9, 9, Packets.bytes("alive")));
        net.nextPacket().icmp(0, 0, 9 << 16 | 9).data(Packets.bytes("alive"));
        net.close();
    }

    private void assertDropped(ByteBuf frame, @Nullable DropReason expected) {
        long before = total();
        DropReason reason = net.send(frame);
        assertThat(reason).isNotNull().isNotEqualTo(DropReason.INTERNAL_ERROR);
        if (expected != null) {
            assertThat(reason).isEqualTo(expected);
        }
        assertThat(total()).as("drops").isGreaterThan(before);
    }

    private long total() {
        return net.drops.snapshot().values().stream().mapToLong(Long::longValue).sum();
    }

    @Nested
    @DisplayName("CVE-2014-3640: UDP without a source address or port")
    class Cve20143640 {

        @Test
        void datagramFromNobodyGoesNowhere() {
            assertDropped(outside.source("0.0.0.0").udp(0, 53, Packets.bytes("x")), DropReason.IP_BAD_SOURCE);
            ByteBuf toAll = net.guest
                    .to(MacAddress.BROADCAST.value(), IpAddress.parse("255.255.255.255"))
                    .source("0.0.0.0")
                    .udp(0, 53, Packets.bytes("x"));
            assertDropped(toAll, null);
            assertThat(net.host.udps()).isEmpty();
        }

        /** RFC 768: source port 0 says that nobody waits for an answer; it leaves, and no answer is possible. */
        @Test
        void sourceOrDestinationPortOfZeroHasADefinedResult() {
            assertDropped(outside.udp(1024, 0, Packets.bytes("x")), null);
            DropReason reason = net.send(outside.udp(0, 53, Packets.bytes("x")));
            assertThat(reason).isNotEqualTo(DropReason.INTERNAL_ERROR);
            for (String service : List.of("10.0.2.2", "10.0.2.3")) {
                net.send(net.guest.to(service).udp(0, 53, new byte[12]));
                net.send(net.guest.to(service).udp(0, 67, new byte[300]));
            }
        }
    }

    @Nested
    @DisplayName("CVE-2017-11434: a DHCP option longer than the packet")
    class Cve201711434 {

        private byte[] discover(byte... options) {
            DhcpOptions built = new DhcpOptions.Builder()
                    .putByte(DhcpOptions.MESSAGE_TYPE, DhcpMessage.Type.DISCOVER.code())
                    .build();
            IpAddress none = IpAddress.ipv4(0);
            ByteBuf buf = Unpooled.buffer();
            new DhcpMessage(
                            DhcpMessage.REQUEST,
                            0,
                            1,
                            0,
                            true,
                            none,
                            none,
                            none,
                            none,
                            net.guest.sourceMac(),
                            "",
                            "",
                            built)
                    .emit(buf);
            byte[] head = Arrays.copyOf(Packets.bytesOf(buf), DhcpMessage.OPTIONS);
            byte[] whole = Arrays.copyOf(head, head.length + options.length);
            System.arraycopy(options, 0, whole, head.length, options.length);
            return whole;
        }

        private ByteBuf frame(byte[] message) {
            return net.guest
                    .to(MacAddress.BROADCAST.value(), IpAddress.parse("255.255.255.255"))
                    .source("0.0.0.0")
                    .udp(68, 67, message);
        }

        @Test
        void everyTruncationIsDropped() {
            byte[] whole = discover(
                    (byte) 53,
                    (byte) 1,
                    (byte) 1,
                    (byte) 50,
                    (byte) 4,
                    (byte) 10,
                    (byte) 0,
                    (byte) 2,
                    (byte) 20,
                    (byte) 12,
                    (byte) 3,
                    (byte) 'v',
                    (byte) 'm',
                    (byte) '1',
                    (byte) 255);
            for (int length = 0; length < whole.length; length++) {
                if (length != DhcpMessage.OPTIONS) {
                    assertDropped(frame(Arrays.copyOf(whole, length)), DropReason.DHCP_MALFORMED);
                }
            }
            net.assertSilent();
            assertThat(net.send(frame(whole))).isNull();
            assertThat(net.skip()).isOne();
        }

        static Stream<byte[]> badOptions() {
            return Stream.of(
                    // option 50 of one to three bytes
                    new byte[] {53, 1, 1, 50, 1, 10, -1},
                    new byte[] {53, 1, 1, 50, 2, 10, 0, -1},
                    new byte[] {53, 1, 1, 50, 3, 10, 0, 2, -1},
                    // of no bytes
                    new byte[] {53, 1, 1, 50, 0, -1},
                    // beyond the end, by a little and by a lot
                    new byte[] {53, 1, 1, 50, 4, 10, 0, 2},
                    new byte[] {53, 1, 1, 50, -1, 10, 0, 2, 15, -1},
                    // no END; a code without a length
                    new byte[] {53, 1, 1},
                    new byte[] {53, 1, 1, 50},
                    // a type without a value
                    new byte[] {53, 0, -1});
        }

        @ParameterizedTest
        @MethodSource("badOptions")
        void optionsThatLieAreDropped(byte[] options) {
            assertDropped(frame(discover(options)), DropReason.DHCP_MALFORMED);
            net.assertSilent();
        }
    }

    @Nested
    @DisplayName("CVE-2017-13711: a connection closed while its packets wait for ARP")
    class Cve201713711 {

        private final Packets late =
                Packets.from("52:54:00:00:00:14", "10.0.2.20").to(TestNetwork.GATEWAY_MAC, "10.0.2.2");

        private FakeHost.Stream clientOfAnUnknownGuest() {
            IpAddress guest = late.source();
            net.gateway.forward(
                    new ForwardRule("test", Protocol.TCP, new InetSocketAddress("127.0.0.1", 2222), guest, 22));
            FakeHost.Stream stream = net.host.servers().get(0).accept(CLIENT);
            net.loop.run();
            // The question for the guest's MAC; the SYN waits for the answer.
            assertThat(net.skip()).isOne();
            return stream;
        }

        @Test
        void clientResetsWhileTheSynWaits() {
            clientOfAnUnknownGuest().receiveReset();
            net.loop.run();
            net.meet(late);
            net.skip();
            net.advance(Duration.ofMinutes(5));
        }

        @Test
        void nobodyAnswersTheQuestion() {
            clientOfAnUnknownGuest();
            net.advance(Duration.ofMinutes(5));
            assertThat(net.host.streams().get(0).isOpen()).isFalse();
        }

        @Test
        void guestResetsWhatStillWaitsForIt() {
            FakeHost.Stream stream = clientOfAnUnknownGuest();
            // It is heard before its ARP is: its MAC is still not known.
            net.send(late.tcp(22, 50_000, 0, 1, GuestConnection.RST | GuestConnection.ACK, 0, new byte[0]));
            net.advance(Duration.ofMinutes(5));
            assertThat(stream.isOpen()).isFalse();
        }

        @Test
        void networkEndsWhileTheSynWaits() {
            try (TestNetwork other = new TestNetwork()) {
                other.gateway.forward(new ForwardRule(
                        "test", Protocol.TCP, new InetSocketAddress("127.0.0.1", 2222), late.source(), 22));
                other.host.servers().get(0).accept(CLIENT);
                other.loop.run();
                assertThat(other.skip()).isOne();
            }
        }
    }

    @Nested
    @DisplayName("CVE-2018-10839, -17958, -17962, -17963: sizes are checked before they are used")
    class Cve201810839 {

        @ParameterizedTest
        @ValueSource(ints = {14, 60, 1514, 9014, 65_549, 69_632})
        void framesOfAnySizeAreBorne(int length) {
            byte[] payload = new byte[length - 14];
            assertDropped(
                    Packets.ethernet(net.guest.destinationMac(), net.guest.sourceMac(), EtherType.IPV4, payload), null);
            assertDropped(Packets.ethernet(net.guest.destinationMac(), net.guest.sourceMac(), 0x88b5, payload), null);
        }

        @ParameterizedTest
        @ValueSource(ints = {0, 1, 19, 48, 1500, 32_767, 32_768, 65_535})
        void totalLengthThatIsNotThatOfThePacketIsDropped(int totalLength) {
            ByteBuf frame = outside.udp(1024, 80, Packets.bytes("hello"));
            int at = frame.readerIndex() + 14;
            frame.setShort(at + 2, totalLength);
            Ipv4Packet.writeChecksum(frame, at);
            assertDropped(frame, null);
            assertThat(net.host.udps()).isEmpty();
        }
    }

    @Nested
    @DisplayName("CVE-2020-29129, 2020-29130: frames shorter than what they say that they carry")
    class ShortFrames {

        @ParameterizedTest
        @ValueSource(ints = {0x88f8, EtherType.ARP, EtherType.IPV4, EtherType.IPV6, EtherType.VLAN, 0x8863, 0, 0xffff})
        void framesOf14To41BytesAreDropped(int type) {
            for (int length = 14; length < 42; length++) {
                byte[] payload = new byte[length - 14];
                assertDropped(Packets.ethernet(net.guest.destinationMac(), net.guest.sourceMac(), type, payload), null);
                Arrays.fill(payload, (byte) 0xff);
                assertDropped(Packets.ethernet(net.guest.destinationMac(), net.guest.sourceMac(), type, payload), null);
            }
            net.assertSilent();
        }

        @Test
        void framesWithoutAWholeHeaderAreDropped() {
            for (int length = 0; length < 14; length++) {
                assertDropped(Packets.buffer(new byte[length]), null);
            }
        }

        @Test
        void arpOfEveryLengthBelow28BytesIsMalformed() {
            ByteBuf request = Packets.arp(
                    MacAddress.BROADCAST.value(),
                    new ArpPacket(1, net.guest.sourceMac(), net.guest.source(), 0, IpAddress.parse("10.0.2.2")));
            for (int length = 14; length < 42; length++) {
                assertDropped(request.copy(request.readerIndex(), length), DropReason.ARP_MALFORMED);
            }
            net.assertSilent();
        }
    }

    @Nested
    @DisplayName("CVE-2021-3592: UDP to port 67 that is shorter than a BOOTP message")
    class Cve20213592 {

        @Test
        void messagesOfEveryLengthTo300AreDroppedWithoutAnAnswer() {
            for (int length = 0; length <= 300; length++) {
                assertDropped(net.guest.udp(68, 67, new byte[length]), DropReason.DHCP_MALFORMED);
            }
            net.assertSilent();
        }
    }

    @Nested
    @DisplayName("CVE-2021-3594: UDP shorter than its header, or than it says")
    class Cve20213594 {

        @Test
        void packetsOf0To7BytesAreDropped() {
            IntStream.range(0, 8)
                    .forEach(length ->
                            assertDropped(outside.ipv4(IpProtocol.UDP, new byte[length]), DropReason.UDP_MALFORMED));
        }

        @ParameterizedTest
        @ValueSource(ints = {0, 1, 2, 3, 4, 5, 6, 7, 14, 1000, 65_535})
        void lengthFieldThatDoesNotFitIsDropped(int length) {
            byte[] datagram = outside.udpDatagram(1024, 80, Packets.bytes("hello"));
            datagram[4] = (byte) (length >> 8);
            datagram[5] = (byte) length;
            assertDropped(outside.ipv4(IpProtocol.UDP, datagram), DropReason.UDP_MALFORMED);
            assertThat(net.host.udps()).isEmpty();
        }

        /** A checksum of zero says that there is none (RFC 768). */
        @Test
        void checksumOfZeroIsNone() {
            byte[] datagram = outside.udpDatagram(1024, 80, Packets.bytes("hello"));
            datagram[6] = 0;
            datagram[7] = 0;
            assertThat(net.send(outside.ipv4(IpProtocol.UDP, datagram))).isNull();
            assertThat(net.host.udps().get(0).take().get(0).data()).isEqualTo("hello");
        }
    }

    @Nested
    @DisplayName("Without a number")
    class WithoutANumber {

        /** LP#1878043: overlapping copy when IP options are stripped. */
        @ParameterizedTest
        @ValueSource(ints = {4, 8, 36, 40})
        void optionsAreSkippedAndThePayloadIsWhole(int length) {
            byte[] options = new byte[length];
            Arrays.fill(options, (byte) 1);
            byte[] data = Packets.bytes(1000);
            assertThat(net.send(outside.options(options).udp(1024, 80, data))).isNull();
            assertThat(net.host.udps().get(0).take().get(0).data())
                    .isEqualTo(new String(data, StandardCharsets.ISO_8859_1));
        }

        /** A NAK that led to an ARP assertion: the address that was asked for is not of this network. */
        @ParameterizedTest
        @ValueSource(strings = {"192.168.1.7", "10.0.2.2", "10.0.2.255", "10.0.2.0", "255.255.255.255", "127.0.0.1"})
        void nakForAnImpossibleAddressIsBroadcast(String address) {
            IpAddress none = IpAddress.ipv4(0);
            DhcpOptions options = new DhcpOptions.Builder()
                    .putByte(DhcpOptions.MESSAGE_TYPE, DhcpMessage.Type.REQUEST.code())
                    .putAddress(DhcpOptions.REQUESTED_ADDRESS, IpAddress.parse(address))
                    .build();
            ByteBuf buf = Unpooled.buffer();
            long mac = net.guest.sourceMac();
            new DhcpMessage(DhcpMessage.REQUEST, 0, 1, 0, false, none, none, none, none, mac, "", "", options)
                    .emit(buf);
            net.send(net.guest
                    .to(MacAddress.BROADCAST.value(), IpAddress.parse("255.255.255.255"))
                    .source("0.0.0.0")
                    .udp(68, 67, Packets.bytesOf(buf)));
            ByteBuf reply = net.next();
            int message = reply.readerIndex() + 42;
            DhcpMessage nak = DhcpMessage.parse(reply, message, reply.writerIndex() - message);
            assertThat(nak).isNotNull();
            assertThat(nak.type()).isEqualTo(DhcpMessage.Type.NAK);
        }

        /** S4N#227, S4N#157: datagrams without a byte, both ways. */
        @Test
        void datagramsWithoutAByteAreDatagrams() {
            assertThat(net.send(outside.udp(1024, 80, new byte[0]))).isNull();
            FakeHost.Udp udp = net.host.udps().get(0);
            List<FakeHost.Datagram> sent = udp.take();
            assertThat(sent).hasSize(1);
            assertThat(sent.get(0).data()).isEmpty();
            udp.receive("", sent.get(0).to());
            net.loop.run();
            net.nextPacket().udp(80, 1024).data(new byte[0]);
            net.assertSilent();
        }

        /** No spelling of loopback but the gateway's address reaches the host's. */
        @ParameterizedTest
        @ValueSource(strings = {"127.0.0.1", "127.0.0.2", "127.255.255.254", "0.0.0.0", "0.0.0.1", "0.127.0.1"})
        void spellingsOfLoopbackDoNotReachTheHost(String address) {
            Packets loopback = net.guest.to(address);
            net.send(loopback.udp(1024, 80, Packets.bytes("x")));
            net.send(loopback.tcp(1024, 80, 1, 0, GuestConnection.SYN, 500, new byte[0]));
            net.send(loopback.echoRequest(1, 1, new byte[0]));
            assertThat(net.host.streams()).isEmpty();
            assertThat(net.host.udps().stream().flatMap(udp -> udp.take().stream()))
                    .isEmpty();
            assertThat(net.echoes).isEmpty();
        }
    }
}
