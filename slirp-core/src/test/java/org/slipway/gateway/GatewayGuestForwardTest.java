package org.slipway.gateway;

import static org.assertj.core.api.Assertions.assertThat;
import static org.slipway.gateway.GuestConnection.ACK;
import static org.slipway.gateway.GuestConnection.FIN;
import static org.slipway.gateway.GuestConnection.SYN;

import io.netty.channel.unix.DomainSocketAddress;
import java.net.InetSocketAddress;
import java.util.List;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.slipway.nat.ConnectFailure;
import org.slipway.nat.FakeHost;
import org.slipway.nat.GuestAccess;
import org.slipway.nat.GuestForward;
import org.slipway.wire.ArpPacket;
import org.slipway.wire.DropReason;
import org.slipway.wire.IpAddress;
import org.slipway.wire.MacAddress;
import org.slipway.wire.PacketAssert;
import org.slipway.wire.Packets;

/** Forwards from guests to the host, in a network that leads nowhere else. */
class GatewayGuestForwardTest {

    private static final IpAddress SERVER = IpAddress.parse("10.0.2.20");
    private static final InetSocketAddress TCP = new InetSocketAddress("127.0.0.1", 4321);
    private static final DomainSocketAddress UNIX = new DomainSocketAddress("/run/service.sock");

    private final TestNetwork net =
            new TestNetwork(new GatewayConfig(AddressPlan.IPV4_ONLY, GatewayConfig.DEFAULT_MTU, List.of(), List.of())
                    .allowing(new GuestAccess(false, true, false))
                    .leading(List.of(
                            new GuestForward("tcp", SERVER, 80, new GuestForward.Socket(TCP)),
                            new GuestForward("unix", SERVER, 81, new GuestForward.Socket(UNIX)),
                            new GuestForward("cmd", SERVER, 82, new GuestForward.Command(List.of("/bin/cat", "-u"))))));

    @AfterEach
    void close() {
        net.close();
    }

    private FakeHost.Stream establish(GuestConnection guest) {
        guest.send(SYN);
        FakeHost.Stream host = net.host.onlyStream();
        net.assertSilent();
        host.connected();
        net.loop.run();
        assertThat(guest.next()).isEqualTo("SA 0 ack 1");
        guest.send(ACK);
        return host;
    }

    @Test
    void eachConnectionIsJoinedToOneOfItsOwn() {
        for (int port = 1024; port < 1027; port++) {
            GuestConnection guest = new GuestConnection(net, "10.0.2.20", 80, port);
            FakeHost.Stream host = establish(guest);
            assertThat(host.remote()).isEqualTo(TCP);
            guest.send(ACK, "question " + port);
            assertThat(host.taken()).isEqualTo("question " + port);
            net.skip();
            host.receive("answer");
            net.loop.run();
            assertThat(guest.next()).endsWith("'answer'");
        }
    }

    @Test
    void unixSocketsAndProcessesAreTargets() {
        assertThat(establish(new GuestConnection(net, "10.0.2.20", 81, 1024)).remote())
                .isEqualTo(UNIX);
        GuestConnection guest = new GuestConnection(net, "10.0.2.20", 82, 1025);
        FakeHost.Stream process = establish(guest);
        assertThat(process.command()).containsExactly("/bin/cat", "-u");
        guest.send(ACK | FIN, "last");
        assertThat(process.taken()).isEqualTo("last");
        assertThat(process.log()).containsExactly("fin");
    }

    @Test
    void targetThatIsNotThereIsARefusal() {
        GuestConnection guest = new GuestConnection(net, "10.0.2.20", 80, 1024);
        guest.send(SYN);
        net.host.onlyStream().fail(ConnectFailure.REFUSED);
        assertThat(guest.next()).isEqualTo("RA 0 ack 1");
    }

    @Test
    void serverIsAStationOfTheNetworkAndHasNoOtherPort() {
        Packets guest = net.guest;
        ArpPacket request = new ArpPacket(ArpPacket.REQUEST, guest.sourceMac(), guest.source(), 0, SERVER);
        net.send(Packets.arp(MacAddress.BROADCAST.value(), request));
        PacketAssert.packet(net.next()).fromMac(TestNetwork.GATEWAY_MAC);
        GuestConnection other = new GuestConnection(net, "10.0.2.20", 83, 1024);
        assertThat(other.send(SYN)).isEqualTo(DropReason.TCP_NO_CONNECTION);
        assertThat(other.next()).isEqualTo("RA 0 ack 1");
        assertThat(net.host.streams()).isEmpty();
    }
}
