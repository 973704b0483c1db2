package org.slipway.guest;

import static java.nio.charset.StandardCharsets.US_ASCII;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.slipway.wire.PacketAssert.packet;

import io.netty.buffer.ByteBuf;
import io.netty.buffer.ByteBufUtil;
import io.netty.buffer.Unpooled;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Random;
import java.util.concurrent.CompletableFuture;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;
import org.slipway.wire.DropReason;
import org.slipway.wire.Icmpv6Message;
import org.slipway.wire.IpAddress;
import org.slipway.wire.IpProtocol;
import org.slipway.wire.Packets;

/** Two guests on one switch talk IPv6; a router has told them of a network, and answers nothing. */
class GuestIpv6Test {

    private static final IpAddress ONE = IpAddress.parse("fd00::5054:ff:fe00:1");
    private static final IpAddress TWO = IpAddress.parse("fd00::5054:ff:fe00:2");
    private static final IpAddress TWO_ON_LINK = IpAddress.parse("fe80::5054:ff:fe00:2");
    private static final IpAddress ONE_ON_LINK = IpAddress.parse("fe80::5054:ff:fe00:1");
    private static final IpAddress NOBODY = IpAddress.parse("fd00::77");
    private static final IpAddress OUTSIDE = IpAddress.parse("2001:db8::1");

    private final GuestLan net = new GuestLan();
    private final RouterStation router = new RouterStation(net);
    private final Guest one = net.guest(1);
    private final Guest two = net.guest(2);

    @BeforeEach
    void configure() {
        CompletableFuture<IpAddress> first = one.autoconfigure();
        CompletableFuture<IpAddress> second = two.autoconfigure();
        net.loop.advance(Duration.ofSeconds(1));
        router.advertise(RouterStation.advertisement(1800, RouterStation.prefix()));
        net.loop.advance(Duration.ofSeconds(1));
        assertThat(net.now(first)).isEqualTo(ONE);
        assertThat(net.now(second)).isEqualTo(TWO);
        router.heard();
    }

    @AfterEach
    void close() {
        net.close();
    }

    private static byte[] random(int length) {
        byte[] bytes = new byte[length];
        new Random(length).nextBytes(bytes);
        return bytes;
    }

    private static ByteBuf bytes(String text) {
        return Unpooled.copiedBuffer(text, US_ASCII);
    }

    // ---- ping

    @ParameterizedTest
    @ValueSource(strings = {"fd00::5054:ff:fe00:2", "fe80::5054:ff:fe00:2"})
    void pingIsAnswered(String destination) {
        assertThat(net.now(one.ping(IpAddress.parse(destination)))).isZero();
    }

    @Test
    void pingOfNobodyFailsWhenNdpDoes() {
        net.assertFails(Duration.ofSeconds(3), one.ping(NOBODY), "ping fd00::77: host unreachable: nobody answers NDP");
    }

    @Test
    void pingFailsWhenNoAnswerComes() {
        net.assertFails(Duration.ofSeconds(5), one.ping(OUTSIDE), "ping 2001:db8::1: no answer");
    }

    @Test
    void pingFailsWithoutAddress() {
        Guest three = net.guest(3);
        net.assertFails(Duration.ZERO, three.ping(ONE), "ping fd00::5054:ff:fe00:1: no route");
    }

    // ---- what ICMPv6 tells

    /** RFC 4443 3.1, 3.3. */
    @ParameterizedTest
    @CsvSource({
        "1, 0, network unreachable",
        "1, 1, administratively prohibited",
        "1, 2, beyond the scope of the source address",
        "1, 3, host unreachable",
        "1, 4, port unreachable",
        "1, 5, unreachable",
        "3, 0, time to live exceeded",
    })
    void errorEndsWhatIsUnderWay(int type, int code, String why) {
        CompletableFuture<Duration> ping = one.ping(OUTSIDE);
        net.loop.run();
        tell(type, code, lastSent());
        net.assertFails(Duration.ZERO, ping, "ping 2001:db8::1: " + why + ", says fe80::2");
        CompletableFuture<GuestStream> stream = one.connect(OUTSIDE, 80);
        net.loop.run();
        tell(type, code, lastSent());
        net.assertFails(Duration.ZERO, stream, "connect [2001:db8::1]:80: " + why + ", says fe80::2");
    }

    @Test
    void errorAboutAFirstFragmentIsToldToo() {
        CompletableFuture<Duration> ping = one.ping(OUTSIDE);
        net.loop.run();
        byte[] packet = lastSent();
        byte[] header = {(byte) IpProtocol.ICMPV6, 0, 0, 1, 0, 0, 0, 7};
        byte[] quoted = Packets.join(
                ByteBufUtil.getBytes(Unpooled.wrappedBuffer(packet, 0, 40)),
                header,
                ByteBufUtil.getBytes(Unpooled.wrappedBuffer(packet, 40, packet.length - 40)));
        quoted[6] = (byte) IpProtocol.FRAGMENT;
        quoted[40 + 3] = 9;
        tell(Icmpv6Message.DESTINATION_UNREACHABLE, 0, quoted);
        assertThat(ping).as("another fragment than the first").isNotDone();
        quoted[40 + 3] = 1;
        tell(Icmpv6Message.DESTINATION_UNREACHABLE, 0, quoted);
        net.assertFails(Duration.ZERO, ping, "ping 2001:db8::1: network unreachable, says fe80::2");
    }

    @Test
    void errorsAboutNothingOfOursAreCounted() {
        CompletableFuture<Duration> ping = one.ping(OUTSIDE);
        net.loop.run();
        byte[] packet = lastSent();
        for (int length : new int[] {0, 1, 39, 40, 47}) {
            tell(1, 0, ByteBufUtil.getBytes(Unpooled.wrappedBuffer(packet, 0, length)));
        }
        packet[40 + 7]++;
        tell(1, 0, packet);
        assertThat(net.drops.of(DropReason.ICMP_NO_FLOW)).isEqualTo(6);
        tell(Icmpv6Message.PACKET_TOO_BIG, 0, packet);
        assertThat(net.drops.of(DropReason.ICMP_UNHANDLED)).isOne();
        assertThat(ping).isNotDone();
    }

    /** The last IPv6 packet that the router got. */
    private byte[] lastSent() {
        List<ByteBuf> heard = router.heard();
        ByteBuf frame = heard.get(heard.size() - 1);
        return ByteBufUtil.getBytes(frame, 14, frame.readableBytes() - 14);
    }

    private void tell(int type, int code, byte[] quoted) {
        router.say(Packets.from(RouterStation.MAC, RouterStation.ADDRESS)
                .to(one.mac().toString(), ONE.toString())
                .icmpv6(type, code, 0, quoted));
    }

    // ---- UDP

    @ParameterizedTest
    @ValueSource(ints = {0, 1, 1452, 1453, 65_527})
    void datagramsOfAnySizeArriveWhole(int length) {
        byte[] payload = random(length);
        List<byte[]> received = new ArrayList<>();
        two.onUdp(7, (source, port, destination, data) -> two.sendUdp(destination, 7, source, port, data));
        one.onUdp(1000, (source, port, destination, data) -> {
            assertThat(source).isEqualTo(TWO);
            assertThat(destination).isEqualTo(ONE);
            received.add(ByteBufUtil.getBytes(data));
        });
        net.now(one.ping(TWO)); // so that no fragment has to wait for NDP
        one.sendUdp(1000, TWO, 7, Unpooled.wrappedBuffer(payload));
        net.loop.run();
        assertThat(received).containsExactly(payload);
    }

    @Test
    void answerComesFromWhereTheQuestionWent() {
        List<IpAddress> answered = new ArrayList<>();
        two.onUdp(7, (source, port, destination, data) -> two.sendUdp(destination, 7, source, port, data));
        one.onUdp(1000, (source, port, destination, data) -> answered.add(source));
        one.sendUdp(ONE, 1000, TWO_ON_LINK, 7, bytes("by the other address"));
        net.loop.run();
        assertThat(answered).containsExactly(TWO_ON_LINK);
    }

    @Test
    void datagramToAllNodesIsOfTheLink() {
        List<IpAddress> sources = new ArrayList<>();
        two.onUdp(7, (source, port, destination, data) -> sources.add(source));
        one.sendUdp(1000, IpAddress.ALL_NODES, 7, bytes("hello"));
        net.loop.run();
        assertThat(sources).containsExactly(ONE_ON_LINK);
    }

    @Test
    void datagramsFromAddressesOfOthersAreNotSent() {
        assertThatThrownBy(() -> one.sendUdp(TWO, 1, NOBODY, 1, bytes("")))
                .hasMessage("guest vm1 cannot send from fd00::5054:ff:fe00:2 to fd00::77");
        assertThatThrownBy(() -> one.sendUdp(ONE, 1, GuestLan.address(1), 1, bytes("")))
                .isInstanceOf(IllegalArgumentException.class);
    }

    /** RFC 4443 3.1: but not about what was for many. */
    @Test
    void datagramToNobodysPortIsAnsweredByAnError() {
        router.say(toOne().udp(1000, 7, Packets.bytes("hello")));
        packet(router.heard(Icmpv6Message.DESTINATION_UNREACHABLE).get(0))
                .ipv6()
                .from(ONE.toString())
                .to(RouterStation.ADDRESS)
                .icmpv6(Icmpv6Message.DESTINATION_UNREACHABLE, 4, 0);
        router.say(router.toAll().udp(1000, 7, Packets.bytes("hello")));
        assertThat(router.heard(Icmpv6Message.DESTINATION_UNREACHABLE)).isEmpty();
        assertThat(net.drops.of(DropReason.UDP_NO_PORT)).isEqualTo(3);
    }

    private Packets toOne() {
        return Packets.from(RouterStation.MAC, RouterStation.ADDRESS)
                .to(one.mac().toString(), ONE.toString());
    }

    /** RFC 8200 8.1. */
    @Test
    void datagramWithoutChecksumIsRefused() {
        List<String> received = new ArrayList<>();
        one.onUdp(7, (source, port, destination, data) -> received.add(data.toString(US_ASCII)));
        byte[] datagram = toOne().udpDatagram(1000, 7, Packets.bytes("hello"));
        router.say(toOne().ipv6(IpProtocol.UDP, datagram));
        datagram[6] = 0;
        datagram[7] = 0;
        router.say(toOne().ipv6(IpProtocol.UDP, datagram));
        assertThat(received).containsExactly("hello");
        assertThat(net.drops.of(DropReason.UDP_BAD_CHECKSUM)).isOne();
    }

    // ---- TCP

    @ParameterizedTest
    @ValueSource(strings = {"fd00::5054:ff:fe00:2", "fe80::5054:ff:fe00:2"})
    void eachSideHearsTheOther(String destination) {
        CompletableFuture<GuestStream> accepted = new CompletableFuture<>();
        two.listen(80, accepted::complete);
        GuestStream client = net.now(one.connect(IpAddress.parse(destination), 80));
        GuestStream server = net.now(accepted);
        assertThat(server.remoteAddress().isLinkLocal()).isEqualTo(destination.startsWith("fe80"));
        byte[] there = random(200_000);
        byte[] back = random(100_000);
        client.send(Unpooled.wrappedBuffer(there));
        client.close();
        server.send(Unpooled.wrappedBuffer(back));
        server.close();
        CompletableFuture<byte[]> atServer = server.readAll(there.length);
        CompletableFuture<byte[]> atClient = client.readAll(back.length);
        assertThat(net.within(Duration.ofSeconds(1), atServer)).isEqualTo(there);
        assertThat(net.within(Duration.ofSeconds(1), atClient)).isEqualTo(back);
    }

    @Test
    void segmentsFillPacketsOfTheMtu() {
        router.advertise(RouterStation.advertisement(1800, 1300, 0, List.of()));
        CompletableFuture<GuestStream> accepted = new CompletableFuture<>();
        two.listen(80, accepted::complete);
        GuestStream client = net.now(one.connect(TWO, 80));
        client.send(Unpooled.wrappedBuffer(random(100_000)));
        client.close();
        assertThat(net.within(Duration.ofSeconds(1), accepted.join().readAll(100_000)))
                .hasSize(100_000);
        assertThat(net.longestIpv6()).isEqualTo(14 + 1300);
    }

    @Test
    void connectToPortWithoutListenerIsRefused() {
        net.assertFails(Duration.ZERO, one.connect(TWO, 81), "connect [fd00::5054:ff:fe00:2]:81: connection refused");
    }

    @Test
    void connectToNobodyFailsWhenNdpDoes() {
        net.assertFails(
                Duration.ofSeconds(3),
                one.connect(NOBODY, 80),
                "connect [fd00::77]:80: host unreachable: nobody answers NDP");
    }

    @Test
    void connectWithoutRouterFails() {
        router.advertise(RouterStation.advertisement(0));
        net.assertFails(Duration.ZERO, one.connect(OUTSIDE, 80), "connect [2001:db8::1]:80: no route");
    }

    // ---- names

    @Test
    void namesAreAskedForAtAResolverOfTheRouters() {
        router.advertise(RouterStation.advertisement(1800, 0, 1800, List.of(TWO)));
        List<IpAddress> askers = new ArrayList<>();
        two.onUdp(53, (source, port, destination, query) -> {
            askers.add(source);
            boolean ipv6 = ByteBufUtil.hexDump(query).endsWith("001c0001");
            String record = ipv6
                    ? "c00c001c000100000078001020010db8000000000000000000000007"
                    : "c00c00010001000000780004c0000207";
            String id = ByteBufUtil.hexDump(query, 0, 2);
            String question = ByteBufUtil.hexDump(query, 12, query.readableBytes() - 12);
            String answer = id + "81800001000100000000" + question + record;
            two.sendUdp(destination, 53, source, port, Unpooled.wrappedBuffer(ByteBufUtil.decodeHexDump(answer)));
        });
        assertThat(net.now(one.resolve("www.test")))
                .containsExactly(IpAddress.parse("2001:db8::7"), IpAddress.parse("192.0.2.7"));
        assertThat(askers).containsExactly(ONE, ONE);
    }

    @Test
    void addressesAreOfBothFamilies() {
        one.address(GuestAddress.of(GuestLan.address(1), 24));
        assertThat(one.addresses()).containsExactly(GuestLan.address(1), ONE_ON_LINK, ONE);
    }
}
