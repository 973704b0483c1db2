package org.slipway.gateway;

import static org.assertj.core.api.Assertions.assertThat;
import static org.slipway.gateway.GuestConnection.ACK;
import static org.slipway.gateway.GuestConnection.SYN;
import static org.slipway.wire.Packets.bytes;

import io.netty.buffer.ByteBuf;
import io.netty.buffer.Unpooled;
import java.net.InetSocketAddress;
import java.util.List;
import java.util.Objects;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;
import org.slipway.nat.FakeHost;
import org.slipway.nat.FakeHost.Datagram;
import org.slipway.nat.ForwardRule.Protocol;
import org.slipway.nat.GuestAccess;
import org.slipway.nat.UdpFiltering;
import org.slipway.wire.DhcpMessage;
import org.slipway.wire.DhcpOptions;
import org.slipway.wire.DropReason;
import org.slipway.wire.Icmpv6Message;
import org.slipway.wire.IpAddress;
import org.slipway.wire.MacAddress;
import org.slipway.wire.NeighbourMessage;
import org.slipway.wire.Packets;
import org.slipway.wire.RouterAdvertisement;
import org.slipway.wire.RouterSolicitation;

/** What guests may reach, by choice: {@code restrict}, {@code host-loopback}, {@code multicast}, {@code udp-filtering}. */
class GatewayAccessTest {

    private static final GuestAccess RESTRICTED = new GuestAccess(false, true, true);
    private static final GuestAccess NO_LOOPBACK = new GuestAccess(true, false, false);
    private static final GuestAccess MULTICAST = new GuestAccess(true, true, true);
    private static final InetSocketAddress LOCAL = new InetSocketAddress("127.0.0.1", 2222);
    private static final InetSocketAddress CLIENT = new InetSocketAddress("127.0.0.1", 50_000);

    private static final byte[] QUERY =
            Packets.hexBytes("4711 0100 0001 0000 0000 0000 01 61 04 74657374 00 0001 0001");

    private final Packets guest6 =
            Packets.from(TestNetwork.GUEST_MAC, "fd00::15").to(TestNetwork.GATEWAY_MAC, "fd00::2");

    private @Nullable TestNetwork opened;

    private TestNetwork net(GuestAccess access) {
        TestNetwork net = new TestNetwork(GatewayConfig.DEFAULT.allowing(access));
        opened = net;
        IpAddress gateway = IpAddress.parse("fd00::2");
        net.send(guest6.ndp(new NeighbourMessage(false, 0, gateway, guest6.sourceMac())));
        net.skip();
        return net;
    }

    @AfterEach
    void close() {
        if (opened != null) {
            opened.close();
        }
    }

    private static void assertHostUntouched(TestNetwork net) {
        assertThat(net.host.streams()).isEmpty();
        assertThat(net.host.udps()).isEmpty();
        assertThat(net.echoes).isEmpty();
        assertThat(net.queries).isEmpty();
    }

    @ParameterizedTest
    @ValueSource(strings = {"10.0.2.2", "93.184.216.34"})
    void restrictedGuestIsRefusedAtOnce(String destination) {
        TestNetwork net = net(RESTRICTED);
        GuestConnection connection = new GuestConnection(net, destination, 80, 1024);
        assertThat(connection.send(SYN)).isEqualTo(DropReason.POLICY_DENIED);
        assertThat(connection.next()).isEqualTo("RA 0 ack 1");
        ByteBuf datagram = net.guest.to(destination).udp(1024, 80, bytes("hello"));
        assertThat(net.send(datagram)).isEqualTo(DropReason.POLICY_DENIED);
        net.nextPacket().from("10.0.2.2").icmp(3, 13, 0).quotes(datagram, 33);
        net.assertSilent();
        assertHostUntouched(net);
    }

    @Test
    void restrictedGuestPingsTheGatewayAlone() {
        TestNetwork net = net(RESTRICTED);
        assertThat(net.send(net.guest.echoRequest(7, 1, bytes("hello")))).isNull();
        net.nextPacket().from("10.0.2.2").icmp(0, 0, 7 << 16 | 1);
        assertThat(net.send(net.guest.to(TestNetwork.OUTSIDE).echoRequest(7, 1, bytes("hello"))))
                .isEqualTo(DropReason.POLICY_DENIED);
        net.nextPacket().from("10.0.2.2").icmp(3, 13, 0);
        assertThat(net.send(guest6.to("2001:db8::1").icmpv6Echo(7, 1, bytes("hello"))))
                .isEqualTo(DropReason.POLICY_DENIED);
        ByteBuf error = net.next();
        assertThat(error.getUnsignedShort(error.readerIndex() + 54))
                .isEqualTo(Icmpv6Message.DESTINATION_UNREACHABLE << 8 | 1);
        assertHostUntouched(net);
    }

    @Test
    void restrictedGuestsQueriesAreRefused() {
        TestNetwork net = net(RESTRICTED);
        assertThat(net.send(net.guest.to("10.0.2.3").udp(1024, 53, QUERY))).isEqualTo(DropReason.POLICY_DENIED);
        byte[] answer = net.nextPacket().from("10.0.2.3").udp(53, 1024).data();
        assertThat(answer).startsWith(0x47, 0x11, 0x81, 0x85);
        assertHostUntouched(net);
    }

    @Test
    void restrictedGuestIsToldOfNoWayOut() {
        TestNetwork net = net(RESTRICTED);
        DhcpMessage offer = discover(net);
        assertThat(offer.yourAddress()).hasToString("10.0.2.15");
        assertThat(offer.options().address(DhcpOptions.ROUTER)).isNull();
        assertThat(offer.options().address(DhcpOptions.DNS_SERVER)).isNull();
        net.skip();
        net.send(guest6.to("33:33:00:00:00:02", "ff02::2").ndp(new RouterSolicitation(guest6.sourceMac())));
        ByteBuf frame = net.next();
        int at = frame.readerIndex() + 54;
        RouterAdvertisement advertisement =
                Objects.requireNonNull(RouterAdvertisement.parse(frame, at, frame.writerIndex() - at));
        assertThat(advertisement.routerLifetimeSeconds()).isZero();
        assertThat(advertisement.dnsServers()).isEmpty();
        assertThat(advertisement.prefixes()).hasSize(1);
    }

    private static DhcpMessage discover(TestNetwork net) {
        IpAddress nowhere = IpAddress.ipv4(0);
        ByteBuf message = Unpooled.buffer();
        new DhcpMessage(
                        DhcpMessage.REQUEST,
                        0,
                        1,
                        0,
                        false,
                        nowhere,
                        nowhere,
                        nowhere,
                        nowhere,
                        MacAddress.parse(TestNetwork.GUEST_MAC).value(),
                        "",
                        "",
                        new DhcpOptions.Builder()
                                .putByte(DhcpOptions.MESSAGE_TYPE, 1)
                                .build())
                .emit(message);
        Packets client = Packets.from(TestNetwork.GUEST_MAC, "0.0.0.0").to("ff:ff:ff:ff:ff:ff", "255.255.255.255");
        assertThat(net.send(client.udp(68, 67, Packets.bytesOf(message)))).isNull();
        byte[] answer = net.nextPacket().udp(67, 68).data();
        return Objects.requireNonNull(DhcpMessage.parse(Unpooled.wrappedBuffer(answer), 0, answer.length));
    }

    /** libslirp let the replies of forwarded UDP be dropped: a rule of its own in the list of known faults. */
    @Test
    void forwardsWorkUnderRestrictBothWays() {
        TestNetwork net = net(RESTRICTED);
        FakeHost.Udp udp = net.forwardUdp(LOCAL, 53);
        udp.receive("ping", CLIENT);
        net.nextPacket().from("10.0.2.2").udp(50_000, 53).data(bytes("ping"));
        assertThat(net.send(net.guest.udp(53, 50_000, bytes("pong")))).isNull();
        assertThat(udp.take()).containsExactly(new Datagram("pong", CLIENT));
        // Nobody else.
        assertThat(net.send(net.guest.udp(53, 50_001, bytes("pong")))).isEqualTo(DropReason.POLICY_DENIED);
        net.skip();
        FakeHost.Stream stream = net.forward(Protocol.TCP, LOCAL, 22).accept(CLIENT);
        net.loop.run();
        GuestConnection connection = new GuestConnection(net, "10.0.2.2", 50_000, 22);
        assertThat(connection.next()).isEqualTo("S 0");
        connection.send(SYN | ACK);
        assertThat(connection.next()).isEqualTo("A 1 ack 1");
        stream.receive("SSH");
        net.loop.run();
        assertThat(connection.next()).isEqualTo("PA 1 ack 1 'SSH'");
        connection.send(ACK, "yes");
        assertThat(stream.taken()).isEqualTo("yes");
    }

    @Test
    void resolverThatIsOffIsAClosedPortThatNobodyIsToldOf() {
        TestNetwork net = served(new OwnServices(true, false));
        assertThat(net.send(net.guest.to("10.0.2.3").udp(1024, 53, QUERY))).isEqualTo(DropReason.UDP_NO_PORT);
        net.nextPacket().from("10.0.2.3").icmp(3, 3, 0);
        GuestConnection connection = new GuestConnection(net, "10.0.2.3", 53, 1024);
        connection.send(SYN);
        assertThat(connection.next()).isEqualTo("RA 0 ack 1");
        DhcpMessage offer = discover(net);
        assertThat(offer.options().address(DhcpOptions.ROUTER)).hasToString("10.0.2.2");
        assertThat(offer.options().address(DhcpOptions.DNS_SERVER)).isNull();
        assertHostUntouched(net);
    }

    @Test
    void dhcpThatIsOffIsSilent() {
        TestNetwork net = served(new OwnServices(false, true));
        Packets client = Packets.from(TestNetwork.GUEST_MAC, "0.0.0.0").to("ff:ff:ff:ff:ff:ff", "255.255.255.255");
        assertThat(net.send(client.udp(68, 67, new byte[300]))).isNotNull();
        net.assertSilent();
        net.send(guest6.to("33:33:00:00:00:02", "ff02::2").ndp(new RouterSolicitation(guest6.sourceMac())));
        ByteBuf frame = net.next();
        int at = frame.readerIndex() + 54;
        assertThat(RouterAdvertisement.parse(frame, at, frame.writerIndex() - at)
                        .flags())
                .isZero();
    }

    private TestNetwork served(OwnServices services) {
        TestNetwork net = new TestNetwork(GatewayConfig.DEFAULT.serving(services));
        opened = net;
        net.skip();
        return net;
    }

    @Test
    void loopbackThatIsClosedIsUnreachableAndTheOutsideIsNot() {
        TestNetwork net = net(NO_LOOPBACK);
        GuestConnection connection = new GuestConnection(net, "10.0.2.2", 80, 1024);
        assertThat(connection.send(SYN)).isEqualTo(DropReason.POLICY_DENIED);
        net.nextPacket().from("10.0.2.2").icmp(3, 0, 0);
        assertThat(net.send(net.guest.udp(1024, 80, bytes("hello")))).isEqualTo(DropReason.POLICY_DENIED);
        net.nextPacket().from("10.0.2.2").icmp(3, 0, 0);
        assertThat(net.send(guest6.udp(1024, 80, bytes("hello")))).isEqualTo(DropReason.POLICY_DENIED);
        net.skip();
        assertHostUntouched(net);
        assertThat(net.send(net.guest.to("10.0.2.3").udp(1024, 53, QUERY))).isNull();
        assertThat(net.queries).hasSize(1);
        assertThat(net.send(net.guest.to(TestNetwork.OUTSIDE).udp(1024, 80, bytes("hello"))))
                .isNull();
        assertThat(net.host.udps()).hasSize(1);
    }

    @ParameterizedTest
    @CsvSource({"239.255.255.250, true", "224.0.1.1, true", "224.0.0.251, false", "255.255.255.255, false"})
    void ipv4GroupsBeyondTheLinkAreReached(String group, boolean reached) {
        TestNetwork net = net(MULTICAST);
        Packets toGroup = net.guest.to(group);
        DropReason dropped = net.send(toGroup.udp(1024, 1900, bytes("M-SEARCH")));
        assertThat(dropped).isEqualTo(reached ? null : DropReason.POLICY_DENIED);
        net.assertSilent();
        if (reached) {
            FakeHost.Udp udp = net.host.udps().get(0);
            assertThat(udp.take()).containsExactly(new Datagram("M-SEARCH", new InetSocketAddress(group, 1900)));
            udp.receive("OK", new InetSocketAddress("192.0.2.9", 1900));
            net.nextPacket().from("192.0.2.9").udp(1900, 1024).data(bytes("OK"));
            assertThat(net.send(toGroup.timeToLive(1).udp(1024, 1900, bytes("here"))))
                    .isEqualTo(DropReason.IP_TTL_EXCEEDED);
        }
        assertThat(new GuestConnection(net, group, 80, 1024).send(SYN)).isEqualTo(DropReason.POLICY_DENIED);
        net.assertSilent();
        assertThat(net.host.streams()).isEmpty();
    }

    @ParameterizedTest
    @CsvSource({"ff05::c, true", "ff0e::c, true", "ff02::c, false", "ff01::1, false", "ff0f::1, false", "ff03::1, true"
    })
    void ipv6GroupsBeyondTheLinkAreReached(String group, boolean reached) {
        TestNetwork net = net(MULTICAST);
        DropReason dropped = net.send(guest6.to("33:33:00:00:00:0c", group).udp(1024, 1900, bytes("M-SEARCH")));
        net.assertSilent();
        assertThat(dropped == null).isEqualTo(reached);
        assertThat(net.host.udps()).hasSize(reached ? 1 : 0);
    }

    @ParameterizedTest
    @CsvSource({
        "ENDPOINT_INDEPENDENT, true, true",
        "ADDRESS_DEPENDENT, true, false",
        "ADDRESS_AND_PORT_DEPENDENT, false, false"
    })
    void filteringIsByChoice(UdpFiltering filtering, boolean otherPort, boolean otherAddress) {
        TestNetwork net = new TestNetwork(
                new GatewayConfig(AddressPlan.IPV4_ONLY, GatewayConfig.DEFAULT_MTU, List.of(), List.of())
                        .filtering(filtering));
        opened = net;
        net.send(net.guest.to(TestNetwork.OUTSIDE).udp(1024, 53, bytes("question")));
        FakeHost.Udp udp = net.host.udps().get(0);
        udp.receive("answer", new InetSocketAddress(TestNetwork.OUTSIDE, 53));
        net.nextPacket().udp(53, 1024);
        udp.receive("other port", new InetSocketAddress(TestNetwork.OUTSIDE, 54));
        assertThat(net.skip() == 1).isEqualTo(otherPort);
        udp.receive("other address", new InetSocketAddress("198.51.100.7", 53));
        assertThat(net.skip() == 1).isEqualTo(otherAddress);
        assertThat(net.drops.of(DropReason.UDP_FILTERED)).isEqualTo((otherPort ? 0 : 1) + (otherAddress ? 0 : 1));
    }
}
