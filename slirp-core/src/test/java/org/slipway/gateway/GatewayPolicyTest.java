package org.slipway.gateway;

import static org.assertj.core.api.Assertions.assertThat;
import static org.slipway.gateway.GuestConnection.SYN;

import io.netty.buffer.ByteBuf;
import java.net.InetSocketAddress;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.slipway.nat.ConnectFailure;
import org.slipway.wire.DropReason;
import org.slipway.wire.Packets;

/** Where guests get to, by TCP, UDP and ping: one row for each spelling. */
class GatewayPolicyTest {

    private final TestNetwork net = new TestNetwork();

    @AfterEach
    void close() {
        net.close();
    }

    private void assertHostUntouched() {
        assertThat(net.host.streams()).isEmpty();
        assertThat(net.host.udps()).isEmpty();
        assertThat(net.echoes).isEmpty();
    }

    private static ByteBuf frame(Packets sender, String protocol) {
        return switch (protocol) {
            case "tcp" -> sender.tcp(1024, 80, 1, 0, SYN, 1000, new byte[0]);
            case "udp" -> sender.udp(1024, 80, Packets.bytes("hello"));
            default -> sender.echoRequest(7, 1, Packets.bytes("hello"));
        };
    }

    @ParameterizedTest
    @CsvSource({
        // address, ICMP code of the answer (-1: silence), reason
        "127.0.0.1,       0, POLICY_DENIED",
        "127.1.2.3,       0, POLICY_DENIED",
        "127.255.255.255, 0, POLICY_DENIED",
        "0.0.0.0,         0, POLICY_DENIED",
        "0.1.2.3,         0, POLICY_DENIED",
        "169.254.169.254, 0, POLICY_DENIED",
        "240.0.0.1,       0, POLICY_DENIED",
        "255.255.255.255, -1, POLICY_DENIED",
        "224.0.0.1,       -1, POLICY_DENIED",
        "239.255.255.250, -1, POLICY_DENIED",
        "10.0.2.99,       1, IP_NO_ROUTE",
        "10.0.2.15,       1, IP_NO_ROUTE",
        "10.0.2.0,        1, IP_NO_ROUTE",
        "10.0.2.255,      -1, IP_NO_ROUTE",
    })
    void whereNoGuestGets(String address, int code, DropReason reason) {
        for (String protocol : new String[] {"tcp", "udp", "icmp"}) {
            ByteBuf frame = frame(net.guest.to(address), protocol);
            boolean pingToMany = code == -1 && protocol.equals("icmp");
            assertThat(net.send(frame))
                    .as("%s to %s", protocol, address)
                    .isEqualTo(pingToMany ? DropReason.ICMP_UNHANDLED : reason);
            if (code >= 0) {
                net.nextPacket()
                        .from("10.0.2.2")
                        .to("10.0.2.15")
                        .icmp(3, code, 0)
                        .quotes(frame, frame.readableBytes() - 14);
            }
            net.assertSilent();
        }
        assertHostUntouched();
    }

    @Test
    void gatewayIsTheHostsLoopback() {
        net.send(frame(net.guest, "tcp"));
        assertThat(net.host.onlyStream().remote()).isEqualTo(new InetSocketAddress("127.0.0.1", 80));
        net.send(frame(net.guest, "udp"));
        assertThat(net.host.udps().get(0).take().get(0).to()).isEqualTo(new InetSocketAddress("127.0.0.1", 80));
        net.send(frame(net.guest, "icmp"));
        net.nextPacket().from("10.0.2.2").timeToLive(255).icmp(0, 0, 7 << 16 | 1);
        assertThat(net.echoes).isEmpty();
    }

    @Test
    void closedPortOfTheHostIsARefusal() {
        GuestConnection guest = new GuestConnection(net, "10.0.2.2", 81, 1024);
        guest.send(SYN);
        net.host.onlyStream().fail(ConnectFailure.REFUSED);
        assertThat(guest.next()).isEqualTo("RA 0 ack 1");
    }

    @Test
    void resolverHasNoPortButItsOwn() {
        GuestConnection guest = new GuestConnection(net, "10.0.2.3", 80, 1024);
        assertThat(guest.send(SYN)).isEqualTo(DropReason.TCP_NO_CONNECTION);
        assertThat(guest.next()).isEqualTo("RA 0 ack 1");
        ByteBuf datagram = frame(net.guest.to("10.0.2.3"), "udp");
        assertThat(net.send(datagram)).isEqualTo(DropReason.UDP_NO_PORT);
        net.nextPacket().from("10.0.2.3").icmp(3, 3, 0).quotes(datagram, 33);
        net.send(frame(net.guest.to("10.0.2.3"), "icmp"));
        net.nextPacket().from("10.0.2.3").timeToLive(255).icmp(0, 0, 7 << 16 | 1);
        assertHostUntouched();
    }

    @ParameterizedTest
    @CsvSource({"tcp", "udp", "icmp"})
    void hopsThatAreUsedUpAreTold(String protocol) {
        for (int hops = 0; hops <= 1; hops++) {
            ByteBuf frame = frame(net.guest.to(TestNetwork.OUTSIDE).timeToLive(hops), protocol);
            assertThat(net.send(frame)).isEqualTo(DropReason.IP_TTL_EXCEEDED);
            net.nextPacket().from("10.0.2.2").icmp(11, 0, 0).quotes(frame, frame.readableBytes() - 14);
        }
        assertHostUntouched();
    }

    @ParameterizedTest
    @CsvSource({"127.0.0.1", "0.0.0.0", "10.0.2.2", "10.0.2.3", "10.0.2.255", "224.0.0.1", "192.168.1.1", "8.8.8.8"})
    void sourceThatIsNoGuestGetsNothing(String source) {
        for (String protocol : new String[] {"tcp", "udp", "icmp"}) {
            for (String destination : new String[] {TestNetwork.OUTSIDE, "10.0.2.2", "10.0.2.3"}) {
                assertThat(net.send(frame(net.guest.source(source).to(destination), protocol)))
                        .isEqualTo(DropReason.IP_BAD_SOURCE);
            }
        }
        net.assertSilent();
        assertHostUntouched();
    }

    @Test
    void otherProtocolsAreUnreachable() {
        ByteBuf frame = net.guest.to(TestNetwork.OUTSIDE).ipv4(47, new byte[8]);
        assertThat(net.send(frame)).isEqualTo(DropReason.IP_PROTOCOL_UNKNOWN);
        net.nextPacket().icmp(3, 2, 0).quotes(frame, 28);
    }
}
