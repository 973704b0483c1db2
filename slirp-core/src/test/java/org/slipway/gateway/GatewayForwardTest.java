package org.slipway.gateway;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.slipway.gateway.GuestConnection.ACK;
import static org.slipway.gateway.GuestConnection.RST;
import static org.slipway.gateway.GuestConnection.SYN;
import static org.slipway.wire.Packets.bytes;

import io.netty.buffer.ByteBuf;
import io.netty.channel.unix.DomainSocketAddress;
import java.net.InetSocketAddress;
import java.time.Duration;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.slipway.nat.FakeHost;
import org.slipway.nat.FakeHost.Datagram;
import org.slipway.nat.ForwardRule;
import org.slipway.nat.ForwardRule.Protocol;
import org.slipway.nat.HostSocketException;
import org.slipway.wire.IpAddress;
import org.slipway.wire.TcpHeader;

/** Forwards from the host to a guest, through the whole gateway. */
class GatewayForwardTest {

    private static final InetSocketAddress LOCAL = new InetSocketAddress("127.0.0.1", 2222);
    private static final InetSocketAddress CLIENT = new InetSocketAddress("127.0.0.1", 50_000);

    private final TestNetwork net = new TestNetwork();

    @AfterEach
    void close() {
        net.close();
    }

    private GuestConnection guest(String client, int clientPort) {
        return new GuestConnection(net, client, clientPort, 22);
    }

    /** The host's client is accepted by the guest. */
    private FakeHost.Stream accepted(
            FakeHost.Server server, GuestConnection guest, @Nullable InetSocketAddress client) {
        FakeHost.Stream stream = server.accept(client);
        net.loop.run();
        takeSyn(guest);
        guest.send(SYN | ACK);
        return stream;
    }

    private static void takeSyn(GuestConnection guest) {
        assertThat(guest.next()).isEqualTo("S 0");
    }

    @ParameterizedTest
    @CsvSource({
        "127.0.0.1, 10.0.2.2",
        "127.5.5.5, 10.0.2.2",
        "::1, 10.0.2.2",
        "2001:db8::7, 10.0.2.2",
        "192.168.7.9, 192.168.7.9",
        "169.254.3.4, 169.254.3.4",
        // A host whose own network is 10.0.2.0/24, too.
        "10.0.2.15, 10.0.2.2",
        "10.0.2.3, 10.0.2.2",
    })
    void clientsAreShownAsTheyAreOrAsTheGateway(String client, String shownAs) {
        FakeHost.Server tcp = net.forward(Protocol.TCP, LOCAL, 22);
        GuestConnection guest = guest(shownAs, 50_000);
        FakeHost.Stream stream = accepted(tcp, guest, new InetSocketAddress(client, 50_000));
        assertThat(guest.next()).isEqualTo("A 1 ack 1");
        stream.receive("SSH");
        net.loop.run();
        assertThat(guest.next()).isEqualTo("PA 1 ack 1 'SSH'");
        guest.send(ACK, "yes");
        assertThat(stream.taken()).isEqualTo("yes");
        net.forwardUdp(LOCAL, 53);
        FakeHost.Udp udp = net.host.udps().get(0);
        udp.receive("ping", new InetSocketAddress(client, 50_000));
        net.skip();
        net.send(net.guest.to(shownAs).udp(53, 50_000, bytes("pong")));
        assertThat(udp.take()).containsExactly(new Datagram("pong", new InetSocketAddress(client, 50_000)));
        assertThat(net.host.udps()).hasSize(1);
    }

    @ParameterizedTest
    @CsvSource({"127.0.0.1, 10.0.2.2, 64", "192.168.7.9, 192.168.7.9, 8"})
    void repliesCarryTheGuestsMarks(String client, String shownAs, int hops) {
        FakeHost.Udp udp = net.forwardUdp(LOCAL, 53);
        udp.receive("ping", new InetSocketAddress(client, 50_000));
        net.skip();
        net.send(net.guest
                .to(shownAs)
                .timeToLive(9)
                .typeOfService(0xb8)
                .dontFragment()
                .udp(53, 50_000, bytes("pong")));
        assertThat(udp.marks()).isEqualTo(new FakeHost.Marks(hops, 0xb8, true));
    }

    @Test
    void guestThatRefusesIsAReset() {
        FakeHost.Server server = net.forward(Protocol.TCP, LOCAL, 22);
        FakeHost.Stream stream = server.accept(CLIENT);
        net.loop.run();
        GuestConnection guest = guest("10.0.2.2", 50_000);
        takeSyn(guest);
        guest.received = 1;
        assertThat(guest.send(RST | ACK)).isNull();
        assertThat(stream.log()).containsExactly("reset");
    }

    @Test
    void guestWhoseAddressNobodyHasIsAResetWithinSeconds() {
        net.gateway.forward(new ForwardRule("test", Protocol.TCP, LOCAL, IpAddress.parse("10.0.2.77"), 22));
        FakeHost.Stream stream = net.host.servers().get(0).accept(CLIENT);
        net.advance(Duration.ofSeconds(5));
        assertThat(stream.log()).containsExactly("reset");
    }

    @Test
    void absentGuestIsAResetInTheEnd() {
        FakeHost.Server server = net.forward(Protocol.TCP, LOCAL, 22);
        FakeHost.Stream stream = server.accept(CLIENT);
        net.advance(Duration.ofMinutes(10));
        assertThat(stream.log()).containsExactly("reset");
        assertThat(net.loop.untilNextTimer()).isLessThan(0);
    }

    @Test
    void clientThatLeavesBeforeTheGuestAnswersEndsTheAttempt() {
        FakeHost.Server server = net.forward(Protocol.TCP, LOCAL, 22);
        FakeHost.Stream stream = server.accept(CLIENT);
        net.loop.run();
        takeSyn(guest("10.0.2.2", 50_000));
        stream.receiveReset();
        net.loop.run();
        net.advance(Duration.ofMinutes(10));
        net.assertSilent();
    }

    @Test
    void clientsWithTheSameAddressAreToldApart() {
        FakeHost.Server server = net.forward(Protocol.TCP, LOCAL, 22);
        server.accept(CLIENT);
        server.accept(new InetSocketAddress("::1", CLIENT.getPort()));
        net.loop.run();
        assertThat(port(net.next())).isEqualTo(50_000);
        assertThat(port(net.next())).isEqualTo(49_152);
        net.assertSilent();
    }

    private static int port(ByteBuf frame) {
        return TcpHeader.sourcePort(frame, frame.readerIndex() + 34);
    }

    @Test
    void unixClientsAppearAsTheGatewayEachWithAPortOfItsOwn() {
        FakeHost.Server server = net.forward(Protocol.UNIX, new DomainSocketAddress("/tmp/s"), 22);
        GuestConnection first = guest("10.0.2.2", 49_152);
        FakeHost.Stream stream = accepted(server, first, null);
        first.next();
        stream.receive("hello");
        net.loop.run();
        assertThat(first.next()).isEqualTo("PA 1 ack 1 'hello'");
        accepted(server, guest("10.0.2.2", 49_153), null);
    }

    @Test
    void datagramsOfTwoClientsWithOneAddressGoBackToTheirOwn() {
        net.forwardUdp(LOCAL, 53);
        FakeHost.Udp udp = net.host.udps().get(0);
        InetSocketAddress second = new InetSocketAddress("::1", CLIENT.getPort());
        udp.receive("first", CLIENT);
        udp.receive("second", second);
        net.nextPacket().from("10.0.2.2").udp(50_000, 53).data(bytes("first"));
        net.nextPacket().from("10.0.2.2").udp(49_152, 53).data(bytes("second"));
        net.send(net.guest.udp(53, 49_152, bytes("two")));
        net.send(net.guest.udp(53, 50_000, bytes("one")));
        assertThat(udp.take()).containsExactly(new Datagram("two", second), new Datagram("one", CLIENT));
    }

    @Test
    void twoForwardsToOnePortAnswerEachFromItsOwn() {
        net.forwardUdp(LOCAL, 53);
        net.forwardUdp(new InetSocketAddress("127.0.0.1", 3333), 53);
        FakeHost.Udp first = net.host.udps().get(0);
        FakeHost.Udp second = net.host.udps().get(1);
        first.receive("a", CLIENT);
        second.receive("b", new InetSocketAddress("127.0.0.1", 50_001));
        net.skip();
        net.send(net.guest.udp(53, 50_000, bytes("A")));
        net.send(net.guest.udp(53, 50_001, bytes("B")));
        assertThat(first.take()).containsExactly(new Datagram("A", CLIENT));
        assertThat(second.take()).containsExactly(new Datagram("B", new InetSocketAddress("127.0.0.1", 50_001)));
    }

    @Test
    void clientOfAForwardIsForgottenWhenIdle() {
        net.forwardUdp(LOCAL, 53);
        FakeHost.Udp udp = net.host.udps().get(0);
        udp.receive("x", CLIENT);
        net.advance(Duration.ofMinutes(6));
        net.send(net.guest.udp(53, 50_000, bytes("late")));
        assertThat(udp.take()).isEmpty();
    }

    @Test
    void clientsOfAForwardAreBounded() {
        net.forwardUdp(LOCAL, 53);
        FakeHost.Udp udp = net.host.udps().get(0);
        for (int port = 1; port <= 3000; port++) {
            udp.receive("x", new InetSocketAddress("192.168.7.9", port));
        }
        net.skip();
        net.send(net.guest.to("192.168.7.9").udp(53, 3000, bytes("last")));
        assertThat(udp.take()).hasSize(1);
        // The first one is forgotten, so this is an ordinary datagram to the outside.
        net.send(net.guest.to("192.168.7.9").udp(53, 1, bytes("first")));
        assertThat(udp.take()).isEmpty();
        assertThat(net.host.udps()).hasSize(2);
    }

    @Test
    void forwardThatCannotListenSaysWhy() {
        net.host.refuse("Address already in use");
        assertThatThrownBy(() -> net.forward(Protocol.TCP, LOCAL, 22))
                .isInstanceOf(HostSocketException.class)
                .hasMessage("Address already in use");
        assertThatThrownBy(() -> net.forwardUdp(LOCAL, 22))
                .isInstanceOf(HostSocketException.class)
                .hasMessage("Address already in use");
    }

    @Test
    void closingEndsListenersAndTheirClients() {
        FakeHost.Server server = net.forward(Protocol.TCP, LOCAL, 22);
        FakeHost.Stream stream = server.accept(CLIENT);
        net.forwardUdp(LOCAL, 53);
        net.gateway.close();
        net.loop.run();
        assertThat(server.isClosed()).isTrue();
        assertThat(stream.log()).containsExactly("reset");
        assertThat(net.host.udps().get(0).isClosed()).isTrue();
    }
}
