package org.slipway.guest;

import static org.assertj.core.api.Assertions.assertThat;

import io.netty.buffer.ByteBuf;
import java.net.InetSocketAddress;
import java.net.SocketAddress;
import java.time.Duration;
import java.util.List;
import java.util.Random;
import java.util.concurrent.CompletableFuture;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.slipway.gateway.AddressPlan;
import org.slipway.gateway.Gateway;
import org.slipway.gateway.GatewayConfig;
import org.slipway.gateway.HostAccess;
import org.slipway.gateway.Ipv6Plan;
import org.slipway.nat.ConnectFailure;
import org.slipway.nat.EchoSockets;
import org.slipway.nat.GuestForward;
import org.slipway.nat.HostSocketException;
import org.slipway.nat.HostSockets;
import org.slipway.nat.HostStream;
import org.slipway.nat.HostStreamListener;
import org.slipway.nat.HostUdpListener;
import org.slipway.nat.HostUdpSocket;
import org.slipway.wire.DropReason;
import org.slipway.wire.IpAddress;
import org.slipway.wire.IpPrefix;

/** Guests behind the real gateway of a host whose connections fail as the test says. */
class GuestAtGatewayTest {

    private static final IpAddress OUTSIDE = IpAddress.parse("93.184.216.34");

    private static final IpAddress OUTSIDE_IPV6 = IpAddress.parse("2606:2800:220:1::1");

    private final GuestLan net = new GuestLan();
    private final Guest guest = net.guest(1);
    private Gateway gateway = gateway(AddressPlan.DEFAULT);
    private ConnectFailure failure = ConnectFailure.REFUSED;

    private Gateway gateway(AddressPlan plan) {
        return new Gateway(
                new GatewayConfig(plan, GatewayConfig.DEFAULT_MTU, List.of(), List.of()),
                net.loop,
                net.drops,
                new HostAccess(
                        new BrokenHost(),
                        EchoSockets.NONE,
                        (transport, resolver, query, listener) -> {
                            net.loop.schedule(0, listener::failed);
                            return () -> {};
                        },
                        () -> List.of(new InetSocketAddress(53))),
                net.lan::writable,
                new Random(1),
                news -> {});
    }

    private final class BrokenHost implements HostSockets {

        @Override
        public HostStream connect(SocketAddress remote, int hops, HostStreamListener listener) {
            net.loop.schedule(0, () -> listener.connectFailed(failure));
            return new NoStream();
        }

        @Override
        public HostStream run(List<String> command, HostStreamListener listener) {
            throw new UnsupportedOperationException();
        }

        @Override
        public HostStream run(GuestForward.Daemon daemon, HostStreamListener listener) {
            throw new UnsupportedOperationException();
        }

        @Override
        public HostServer listen(SocketAddress local, Acceptor acceptor) {
            throw new HostSocketException("no sockets here", new IllegalStateException());
        }

        @Override
        public HostUdpSocket openUdp(@Nullable InetSocketAddress local, boolean ipv4, HostUdpListener listener) {
            throw new HostSocketException("no sockets here", new IllegalStateException());
        }
    }

    @BeforeEach
    void plug() {
        net.lan.attach(gateway);
        net.lan.onWritable(gateway::portsWritable);
        net.now(guest.lease());
    }

    /** Puts another gateway in the place of the first. */
    private void replug(AddressPlan plan) {
        unplug();
        gateway = gateway(plan);
        net.lan.attach(gateway);
        net.loop.run();
    }

    private void unplug() {
        gateway.close();
        net.lan.detach(gateway);
    }

    @AfterEach
    void close() {
        unplug();
        net.close();
    }

    @Test
    void guestsLeaseAddressesAndTalk() {
        Guest other = net.guest(2);
        assertThat(guest.address().address()).hasToString("10.0.2.15");
        assertThat(net.now(other.lease()).address()).hasToString("10.0.2.16");
        assertThat(net.now(guest.ping(IpAddress.parse("10.0.2.2")))).isZero();
        assertThat(net.now(guest.ping(IpAddress.parse("10.0.2.3")))).isZero();
        assertThat(net.now(guest.ping(IpAddress.parse("10.0.2.16")))).isZero();
        other.listen(80, GuestStream::close);
        GuestStream stream = net.now(guest.connect(IpAddress.parse("10.0.2.16"), 80));
        assertThat(net.now(stream.readAll(0))).isEmpty();
    }

    @ParameterizedTest
    @CsvSource({
        "REFUSED, connection refused",
        "NET_UNREACHABLE, 'network unreachable, says 10.0.2.2'",
        "HOST_UNREACHABLE, 'host unreachable, says 10.0.2.2'",
        "PROHIBITED, 'administratively prohibited, says 10.0.2.2'"
    })
    void guestHearsWhatTheHostHeard(ConnectFailure hosts, String guests) {
        failure = hosts;
        net.assertFails(Duration.ofMillis(1), guest.connect(OUTSIDE, 80), "connect 93.184.216.34:80: " + guests);
    }

    @Test
    void failedResolverIsAServerFailure() {
        net.assertFails(
                Duration.ofSeconds(15), guest.resolve("www.test"), "resolve www.test: the resolver failed (SERVFAIL)");
    }

    @Test
    void allThatTheGuestSendsIsWellFormed() {
        guestHearsWhatTheHostHeard(ConnectFailure.REFUSED, "connection refused");
        assertThat(net.drops.snapshot())
                .doesNotContainKeys(
                        DropReason.IP_BAD_CHECKSUM, DropReason.UDP_BAD_CHECKSUM, DropReason.TCP_BAD_CHECKSUM);
    }

    // ---- IPv6

    @Test
    void guestsMakeThemselvesAddressesAndTalk() {
        Guest other = net.guest(2);
        CompletableFuture<IpAddress> second = other.autoconfigure();
        assertThat(net.within(Duration.ofSeconds(2), guest.autoconfigure())).hasToString("fd00::5054:ff:fe00:1");
        assertThat(net.now(second)).hasToString("fd00::5054:ff:fe00:2");
        for (String destination :
                List.of("fd00::2", "fe80::2", "fd00::3", "fd00::5054:ff:fe00:2", "fe80::5054:ff:fe00:2", "10.0.2.2")) {
            assertThat(net.now(guest.ping(IpAddress.parse(destination)))).isZero();
        }
        assertThat(guest.resolvers()).hasToString("[10.0.2.3, fd00::3]");
        assertThat(guest.mtu(false)).isEqualTo(1500);
    }

    @ParameterizedTest
    @CsvSource({
        "REFUSED, connection refused",
        "NET_UNREACHABLE, 'network unreachable, says fd00::2'",
        "HOST_UNREACHABLE, 'host unreachable, says fd00::2'",
        "PROHIBITED, 'administratively prohibited, says fd00::2'"
    })
    void guestHearsWhatTheHostHeardOverIpv6(ConnectFailure hosts, String guests) {
        net.within(Duration.ofSeconds(2), guest.autoconfigure());
        failure = hosts;
        net.assertFails(
                Duration.ofMillis(1), guest.connect(OUTSIDE_IPV6, 80), "connect [2606:2800:220:1::1]:80: " + guests);
        assertThat(net.drops.snapshot())
                .doesNotContainKeys(
                        DropReason.ICMP_MALFORMED, DropReason.UDP_BAD_CHECKSUM, DropReason.TCP_BAD_CHECKSUM);
    }

    @Test
    void networkOfIpv4HasNoRouterOfIpv6() {
        replug(AddressPlan.IPV4_ONLY);
        net.assertFails(Duration.ofSeconds(10), guest.autoconfigure(), "IPv6 address: no router answers");
        assertThat(net.now(guest.lease()).address()).hasToString("10.0.2.15");
        net.assertFails(Duration.ZERO, guest.connect(OUTSIDE_IPV6, 80), "connect [2606:2800:220:1::1]:80: no route");
    }

    @Test
    void networkOfIpv6HasNoLeases() {
        replug(new AddressPlan(null, Ipv6Plan.DEFAULT));
        Guest other = net.guest(2);
        net.assertFails(Duration.ofSeconds(15), other.lease(), "lease: no DHCP server answers");
        assertThat(net.within(Duration.ofSeconds(2), other.autoconfigure())).hasToString("fd00::5054:ff:fe00:2");
        assertThat(other.addresses()).hasSize(2);
        net.assertFails(
                Duration.ofSeconds(15), other.resolve("www.test"), "resolve www.test: the resolver failed (SERVFAIL)");
    }

    @Test
    void networkWithoutAutonomousPrefixGivesNoAddress() {
        Ipv6Plan managed = Ipv6Plan.of(IpPrefix.of(IpAddress.parse("fd00::"), 96), null, null);
        replug(new AddressPlan(null, managed));
        net.assertFails(
                Duration.ofSeconds(1),
                guest.autoconfigure(),
                "IPv6 address: the router fe80::2 tells of no network for it");
    }

    /** RFC 4861 6.2.5. */
    @Test
    void gatewayThatEndsIsARouterNoLonger() {
        net.within(Duration.ofSeconds(2), guest.autoconfigure());
        gateway.close();
        net.assertFails(Duration.ZERO, guest.connect(OUTSIDE_IPV6, 80), "connect [2606:2800:220:1::1]:80: no route");
    }

    /** A socket that never connects. */
    private static final class NoStream implements HostStream {

        @Override
        public void write(ByteBuf data) {
            data.release();
        }

        @Override
        public void flush() {}

        @Override
        public long pendingBytes() {
            return 0;
        }

        @Override
        public void reading(boolean on) {}

        @Override
        public void shutdownOutput() {}

        @Override
        public void close() {}

        @Override
        public void reset() {}
    }
}
