package org.slipway.gateway;

import static org.assertj.core.api.Assertions.assertThat;
import static org.slipway.gateway.GuestConnection.ACK;
import static org.slipway.gateway.GuestConnection.SYN;

import io.netty.buffer.ByteBuf;
import java.net.InetSocketAddress;
import java.util.List;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;
import org.slipway.nat.FakeHost;
import org.slipway.nat.ForwardRule;
import org.slipway.wire.DropReason;
import org.slipway.wire.IcmpError;
import org.slipway.wire.IpAddress;
import org.slipway.wire.NeighbourMessage;
import org.slipway.wire.Packets;

/** Guests, and routers behind them, tell by ICMP what became of segments: RFC 1191, RFC 8201, RFC 1122 4.2.3.9, RFC 5927. */
class GatewayUndeliveredTest {

    private static final String OTHER_MAC = "52:54:00:00:00:77";
    private static final InetSocketAddress LOCAL = new InetSocketAddress("127.0.0.1", 2222);

    private final TestNetwork net =
            new TestNetwork(new GatewayConfig(AddressPlan.DEFAULT, GatewayConfig.DEFAULT_MTU, List.of(), List.of()));

    private final Packets ipv6 = Packets.from(TestNetwork.GUEST_MAC, "fd00::15").to(TestNetwork.GATEWAY_MAC, "fd00::2");

    @BeforeEach
    void gatewayKnowsTheGuest() {
        net.send(ipv6.ndp(new NeighbourMessage(false, 0, IpAddress.parse("fd00::2"), ipv6.sourceMac())));
        net.skip();
    }

    @AfterEach
    void close() {
        net.close();
    }

    private Packets guest(boolean ipv4) {
        return ipv4 ? net.guest : ipv6;
    }

    private static ByteBuf error(Packets sender, IcmpError error, int value, ByteBuf about, int quoted) {
        boolean ipv4 = sender.source().isIpv4();
        return sender.icmpError(error.type(ipv4), error.code(ipv4), value, about, quoted);
    }

    /** A connection of the guest's whose host has sent more than a packet; returns the first one. */
    private ByteBuf download(GuestConnection guest) {
        guest.send(SYN);
        FakeHost.Stream stream = net.host.recent(0);
        stream.connected();
        net.loop.run();
        assertThat(guest.next()).isEqualTo("SA 0 ack 1");
        guest.send(ACK);
        stream.receive("x".repeat(4000));
        net.loop.run();
        ByteBuf first = net.next();
        net.skip();
        return first;
    }

    @ParameterizedTest
    @CsvSource({
        // All that RFC 792 asks for is quoted: the header and 64 bits.
        "true, 1000, 28, 960",
        "true, 1000, 1500, 960",
        "false, 1280, 1232, 1220",
        "false, 1300, 48, 1240",
    })
    void packetsFitWhatARouterBehindTheGuestSays(boolean ipv4, int mtu, int quoted, int payload) {
        Packets outside = guest(ipv4).to(ipv4 ? "8.8.8.8" : "2001:db8::8");
        GuestConnection guest = new GuestConnection(net, outside, 80, 40_000, 7);
        ByteBuf first = download(guest);
        ByteBuf error = error(guest(ipv4), IcmpError.PACKET_TOO_BIG, mtu, first, quoted);
        assertThat(net.send(error)).isNull();
        assertThat(guest.next()).isEqualTo("A 1 ack 1 " + payload + " bytes");
        net.assertSilent();
    }

    @ParameterizedTest
    @ValueSource(ints = {0, 1 << 16, -1})
    void mtuThatIsNoneIsNotBelieved(int mtu) {
        ByteBuf first = download(new GuestConnection(net, ipv6.to("2001:db8::8"), 80, 40_000, 7));
        assertThat(net.send(error(ipv6, IcmpError.PACKET_TOO_BIG, mtu, first, 100)))
                .isEqualTo(DropReason.ICMP_NO_FLOW);
        net.assertSilent();
    }

    /** RFC 5927 is about strangers who guess; another guest of the network need not even be listened to. */
    @ParameterizedTest
    @ValueSource(booleans = {true, false})
    void anotherGuestIsNotBelieved(boolean ipv4) {
        Packets own = guest(ipv4);
        Packets other =
                Packets.from(OTHER_MAC, ipv4 ? "10.0.2.99" : "fd00::99").to(own.destinationMac(), own.destination());
        ByteBuf first = download(new GuestConnection(net, own.to(ipv4 ? "8.8.8.8" : "2001:db8::8"), 80, 40_000, 7));
        assertThat(net.send(error(other, IcmpError.PACKET_TOO_BIG, 1280, first, 100)))
                .isEqualTo(DropReason.ICMP_NO_FLOW);
    }

    @ParameterizedTest
    @CsvSource({"true, 28, true", "false, 48, true", "true, 27, false", "false, 47, false", "true, 0, false"})
    void quoteThatIsCutTellsOfNoFlow(boolean ipv4, int quoted, boolean believed) {
        Packets own = guest(ipv4);
        ByteBuf first = download(new GuestConnection(net, own.to(ipv4 ? "8.8.8.8" : "2001:db8::8"), 80, 40_000, 7));
        assertThat(net.send(error(own, IcmpError.PACKET_TOO_BIG, 1280, first, quoted)))
                .isEqualTo(believed ? null : DropReason.ICMP_NO_FLOW);
    }

    /** What a guest's firewall says that rejects; without it the host's client would wait for minutes. */
    @ParameterizedTest
    @CsvSource({
        "true, PORT_UNREACHABLE",
        "true, PROHIBITED",
        "true, HOST_UNREACHABLE",
        "false, PORT_UNREACHABLE",
        "false, PROHIBITED"
    })
    void rejectedForwardEndsTheConnectionOfTheHost(boolean ipv4, IcmpError error) {
        IpAddress address = guest(ipv4).source();
        net.gateway.forward(new ForwardRule("a forward", ForwardRule.Protocol.TCP, LOCAL, address, 22));
        FakeHost.Stream stream = net.host.servers().get(0).accept(new InetSocketAddress("127.0.0.1", 50_000));
        net.loop.run();
        ByteBuf syn = net.next();
        assertThat(stream.log()).isEmpty();
        assertThat(net.send(error(guest(ipv4), error, 0, syn, 60))).isNull();
        assertThat(stream.log()).containsExactly("reset");
        net.assertSilent();
    }
}
