package org.slipway.network;

import static java.nio.charset.StandardCharsets.US_ASCII;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assumptions.assumeThat;

import java.io.IOException;
import java.net.DatagramPacket;
import java.net.DatagramSocket;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.ServerSocket;
import java.net.Socket;
import java.util.Arrays;
import java.util.List;
import java.util.concurrent.Callable;
import java.util.concurrent.CompletableFuture;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestInstance;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;
import org.slipway.gateway.AddressPlan;
import org.slipway.gateway.GatewayConfig;
import org.slipway.gateway.Ipv6Plan;
import org.slipway.guest.GuestException;
import org.slipway.nat.ForwardRule;
import org.slipway.wire.DropReason;
import org.slipway.wire.IpAddress;
import org.slipway.wire.MacAddress;

/**
 * A whole network of IPv6 alone with guests in memory, on its own thread and the sockets of ::1. One for all tests: it takes
 * two seconds to get an address.
 */
@Timeout(60)
@TestInstance(TestInstance.Lifecycle.PER_CLASS)
class InMemoryGuestIpv6Test {

    private static final InetAddress IPV4_LOOPBACK =
            IpAddress.parse("127.0.0.1").toInetAddress();
    private static final InetAddress LOOPBACK = IpAddress.parse("::1").toInetAddress();
    private static final IpAddress GATEWAY = IpAddress.parse("fd00::2");
    private static final IpAddress VM1 = IpAddress.parse("fd00::5054:ff:fe12:3456");
    private static final IpAddress VM2 = IpAddress.parse("fd00::5054:ff:fe12:3457");
    private static final IpAddress VM1_ON_LINK = IpAddress.parse("fe80::5054:ff:fe12:3456");
    private static final IpAddress VM2_ON_LINK = IpAddress.parse("fe80::5054:ff:fe12:3457");

    private ServerSocket web;
    private DatagramSocket resolver;
    private int forwarded;
    private int forwardedIpv6;
    private Network network;
    private InMemoryGuest vm1;
    private InMemoryGuest vm2;

    @BeforeAll
    void start() throws IOException {
        try {
            web = new ServerSocket(0, 10, LOOPBACK);
        } catch (IOException e) {
            assumeThat(e).as("this host has no ::1").isNull();
            throw e;
        }
        resolver = new DatagramSocket(new InetSocketAddress(LOOPBACK, 0));
        forwarded = freePort(IPV4_LOOPBACK);
        forwardedIpv6 = freePort(LOOPBACK);
        GatewayConfig gateway = new GatewayConfig(
                new AddressPlan(null, Ipv6Plan.DEFAULT),
                GatewayConfig.DEFAULT_MTU,
                List.of(forward(IPV4_LOOPBACK, forwarded), forward(LOOPBACK, forwardedIpv6)),
                List.of(new InetSocketAddress(LOOPBACK, resolver.getLocalPort())));
        network = new NetworkBuilder()
                .gateway(gateway)
                .guest("vm1", MacAddress.parse("52:54:00:12:34:56"))
                .guest("vm2", MacAddress.parse("52:54:00:12:34:57"))
                .start();
        vm1 = network.guest("vm1");
        vm2 = network.guest("vm2");
        CompletableFuture<IpAddress> second = vm2.autoconfigure();
        assertThat(vm1.autoconfigure().join()).isEqualTo(VM1);
        assertThat(second.join()).isEqualTo(VM2);
    }

    private static int freePort(InetAddress loopback) throws IOException {
        try (ServerSocket probe = new ServerSocket(0, 1, loopback)) {
            return probe.getLocalPort();
        }
    }

    private static ForwardRule forward(InetAddress loopback, int port) {
        return new ForwardRule(
                "tcp:" + port + "-" + VM1 + ":80",
                ForwardRule.Protocol.TCP,
                new InetSocketAddress(loopback, port),
                VM1,
                80);
    }

    @AfterAll
    void stop() throws IOException {
        if (network != null) {
            NetworkSummary summary = network.summary();
            network.close();
            web.close();
            resolver.close();
            assertThat(summary.drops())
                    .doesNotContainKeys(
                            DropReason.ICMP_MALFORMED, DropReason.UDP_BAD_CHECKSUM, DropReason.TCP_BAD_CHECKSUM);
        }
    }

    /** Runs {@code task} beside the test. */
    private static <T> CompletableFuture<T> beside(Callable<T> task) {
        return CompletableFuture.supplyAsync(() -> {
            try {
                return task.call();
            } catch (Exception e) {
                throw new IllegalStateException(e);
            }
        });
    }

    private static void echo(InMemoryGuest guest) {
        guest.listen(
                        80,
                        stream -> stream.readAll(100).thenAccept(question -> {
                            stream.send(("echo " + new String(question, US_ASCII)).getBytes(US_ASCII));
                            stream.close();
                        }))
                .join();
    }

    @Test
    void guestHasTwoAddresses() {
        assertThat(vm1.addresses().join()).containsExactly(VM1_ON_LINK, VM1);
        assertThat(vm1.linkLocal().join()).isEqualTo(VM1_ON_LINK);
    }

    @ParameterizedTest
    @ValueSource(strings = {"fd00::2", "fe80::2", "fd00::3", "fd00::5054:ff:fe12:3457", "fe80::5054:ff:fe12:3457"})
    void pingIsAnswered(String destination) {
        assertThat(vm1.ping(IpAddress.parse(destination)).join()).isPositive();
    }

    @ParameterizedTest
    @ValueSource(strings = {"fd00::2", "fe80::2"})
    void guestReachesTheHostsLoopback(String gateway) {
        byte[] page = "0123456789abcdef".repeat(1 << 16).getBytes(US_ASCII);
        CompletableFuture<byte[]> request = beside(() -> {
            try (Socket client = web.accept()) {
                byte[] got = client.getInputStream().readAllBytes();
                client.getOutputStream().write(page);
                return got;
            }
        });
        InMemoryStream stream =
                vm1.connect(IpAddress.parse(gateway), web.getLocalPort()).join();
        stream.send(page);
        stream.close();
        assertThat(stream.readAll(page.length).join()).isEqualTo(page);
        assertThat(request.join()).isEqualTo(page);
    }

    @Test
    void closedPortOfTheHostIsRefused() throws IOException {
        int closed = freePort(LOOPBACK);
        assertThatThrownBy(vm1.connect(GATEWAY, closed)::join)
                .cause()
                .isInstanceOf(GuestException.class)
                .hasMessage("connect [fd00::2]:" + closed + ": connection refused");
    }

    @ParameterizedTest
    @ValueSource(ints = {1, 1452, 1453, 30_000})
    void hostEchoesDatagrams(int length) throws IOException {
        byte[] sent = new byte[length];
        Arrays.fill(sent, (byte) length);
        try (DatagramSocket echo = new DatagramSocket(new InetSocketAddress(LOOPBACK, 0))) {
            CompletableFuture<Void> echoed = beside(() -> {
                DatagramPacket packet = new DatagramPacket(new byte[65_535], 65_535);
                echo.receive(packet);
                echo.send(packet);
                return null;
            });
            CompletableFuture<InMemoryGuest.Datagram> answer = new CompletableFuture<>();
            vm1.onUdp(1000 + length, answer::complete).join();
            vm1.sendUdp(1000 + length, GATEWAY, echo.getLocalPort(), sent).join();
            assertThat(answer.join().source()).isEqualTo(GATEWAY);
            assertThat(answer.join().destination()).isEqualTo(VM1);
            assertThat(answer.join().payload()).isEqualTo(sent);
            echoed.join();
        }
    }

    @Test
    void namesAreResolvedByIpv6() {
        CompletableFuture<Void> served = beside(() -> {
            for (int i = 0; i < 2; i++) {
                answerQuery();
            }
            return null;
        });
        assertThat(vm1.resolve("www.test").join())
                .containsExactly(IpAddress.parse("fd00::77"), IpAddress.parse("192.0.2.7"));
        served.join();
    }

    private void answerQuery() throws IOException {
        DatagramPacket query = new DatagramPacket(new byte[512], 512);
        resolver.receive(query);
        boolean ipv6 = query.getData()[query.getLength() - 3] == 28;
        IpAddress address = IpAddress.parse(ipv6 ? "fd00::77" : "192.0.2.7");
        byte[] record = {(byte) 0xc0, 12, 0, (byte) (ipv6 ? 28 : 1), 0, 1, 0, 0, 0, 120, 0, (byte) address.length()};
        byte[] message = Arrays.copyOf(query.getData(), query.getLength() + record.length + address.length());
        System.arraycopy(record, 0, message, query.getLength(), record.length);
        byte[] data = address.toInetAddress().getAddress();
        System.arraycopy(data, 0, message, query.getLength() + record.length, data.length);
        message[2] = (byte) 0x81;
        message[3] = (byte) 0x80;
        message[7] = 1;
        resolver.send(new DatagramPacket(message, message.length, query.getSocketAddress()));
    }

    @ParameterizedTest
    @ValueSource(strings = {"fd00::5054:ff:fe12:3457", "fe80::5054:ff:fe12:3457"})
    void guestsTalkToEachOther(String second) {
        IpAddress to = IpAddress.parse(second);
        IpAddress from = to.isLinkLocal() ? VM1_ON_LINK : VM1;
        echo(vm2);
        InMemoryStream stream = vm1.connect(to, 80).join();
        stream.send("question".getBytes(US_ASCII));
        stream.close();
        assertThat(stream.readAll(100).join()).asString().isEqualTo("echo question");
        CompletableFuture<InMemoryGuest.Datagram> datagram = new CompletableFuture<>();
        vm2.onUdp(7, datagram::complete).join();
        vm1.sendUdp(1000, to, 7, new byte[] {1, 2, 3}).join();
        assertThat(datagram.join().source()).isEqualTo(from);
        assertThat(datagram.join().destination()).isEqualTo(to);
        assertThat(datagram.join().payload()).containsExactly(1, 2, 3);
    }

    @Test
    void answerComesFromTheAddressThatWasAsked() {
        vm2.onUdp(
                        9,
                        question -> vm2.sendUdp(
                                question.destination(), 9, question.source(), question.sourcePort(), new byte[1]))
                .join();
        CompletableFuture<InMemoryGuest.Datagram> answer = new CompletableFuture<>();
        vm1.onUdp(1009, answer::complete).join();
        vm1.sendUdp(VM1, 1009, VM2_ON_LINK, 9, new byte[1]).join();
        assertThat(answer.join().source()).isEqualTo(VM2_ON_LINK);
    }

    @ParameterizedTest
    @ValueSource(booleans = {true, false})
    void hostOfEitherFamilyReachesTheGuestThroughAForward(boolean ipv6) throws IOException {
        echo(vm1);
        try (Socket client = ipv6 ? new Socket(LOOPBACK, forwardedIpv6) : new Socket(IPV4_LOOPBACK, forwarded)) {
            client.getOutputStream().write("question".getBytes(US_ASCII));
            client.shutdownOutput();
            assertThat(client.getInputStream().readAllBytes()).asString().isEqualTo("echo question");
        }
    }
}
