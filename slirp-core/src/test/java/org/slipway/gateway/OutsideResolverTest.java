package org.slipway.gateway;

import static org.assertj.core.api.Assertions.assertThat;

import io.netty.buffer.Unpooled;
import java.util.List;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.slipway.wire.IpAddress;
import org.slipway.wire.PacketAssert;
import org.slipway.wire.Packets;

/** A resolver's address that is not in the guests' network: what is asked there stays within the gateway, all else passes. */
class OutsideResolverTest {

    private static final byte[] QUERY = {0x47, 0x11, 1, 0, 0, 1, 0, 0, 0, 0, 0, 0, 1, 'a', 0, 0, 1, 0, 1};

    private static final Ipv4Plan IPV4 =
            Ipv4Plan.of(Ipv4Plan.DEFAULT.network(), null, IpAddress.parse("192.0.2.53"), null);
    private static final Ipv6Plan IPV6 = Ipv6Plan.of(Ipv6Plan.DEFAULT.prefix(), null, IpAddress.parse("2001:db8::53"));

    private final TestNetwork net = new TestNetwork(
            new GatewayConfig(new AddressPlan(IPV4, IPV6), GatewayConfig.DEFAULT_MTU, List.of(), List.of()));

    @AfterEach
    void close() {
        net.close();
    }

    @ParameterizedTest
    @CsvSource({"10.0.2.15, 192.0.2.53", "fd00::15, 2001:db8::53"})
    void gatewayAnswersForIt(String guest, String resolver) {
        net.skip();
        Packets packets = Packets.from(TestNetwork.GUEST_MAC, guest).to(TestNetwork.GATEWAY_MAC, resolver);
        assertThat(net.send(packets.udp(1024, 53, QUERY))).isNull();
        assertThat(net.queries).hasSize(1);
        byte[] message = net.queries.get(0).message().clone();
        message[2] |= (byte) 0x80;
        net.queries.get(0).listener().received(Unpooled.wrappedBuffer(message));
        assertThat(net.host.udps()).isEmpty();
        PacketAssert answer = PacketAssert.packet(net.next());
        (guest.indexOf(':') < 0 ? answer.ipv4() : answer.ipv6())
                .from(resolver)
                .to(guest)
                .udp(53, 1024);
    }

    @ParameterizedTest
    @CsvSource({"10.0.2.15, 192.0.2.53", "fd00::15, 2001:db8::53"})
    void otherPortsAreAnyHosts(String guest, String resolver) {
        net.skip();
        Packets packets = Packets.from(TestNetwork.GUEST_MAC, guest).to(TestNetwork.GATEWAY_MAC, resolver);
        assertThat(net.send(packets.udp(1024, 123, QUERY))).isNull();
        assertThat(net.host.udps()).hasSize(1);
        assertThat(net.queries).isEmpty();
    }
}
