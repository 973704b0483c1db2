package org.slipway.network;

import static java.nio.charset.StandardCharsets.US_ASCII;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.IOException;
import java.net.DatagramPacket;
import java.net.DatagramSocket;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.ServerSocket;
import java.net.Socket;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.Arrays;
import java.util.List;
import java.util.concurrent.Callable;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;
import org.slipway.gateway.AddressPlan;
import org.slipway.gateway.GatewayConfig;
import org.slipway.guest.GuestAddress;
import org.slipway.guest.GuestException;
import org.slipway.nat.ForwardRule;
import org.slipway.wire.DropReason;
import org.slipway.wire.IpAddress;
import org.slipway.wire.MacAddress;

/** A whole network with guests in memory, on its own thread and the sockets of 127.0.0.1: the example for embedders. */
@Timeout(60)
class InMemoryGuestTest {

    private static final InetAddress LOOPBACK = InetAddress.getLoopbackAddress();
    private static final IpAddress GATEWAY = IpAddress.parse("10.0.2.2");

    private final ServerSocket web = new ServerSocket(0, 10, LOOPBACK);
    private final DatagramSocket resolver = new DatagramSocket(new InetSocketAddress(LOOPBACK, 0));
    private final int forwarded = freePort();

    @TempDir
    Path directory;

    private Path recording;
    private Network network;
    private InMemoryGuest vm1;
    private InMemoryGuest vm2;

    InMemoryGuestTest() throws IOException {}

    private static int freePort() throws IOException {
        try (ServerSocket probe = new ServerSocket(0, 1, LOOPBACK)) {
            return probe.getLocalPort();
        }
    }

    @BeforeEach
    void start() {
        recording = directory.resolve("all.pcapng");
        ForwardRule forward = new ForwardRule(
                "tcp:127.0.0.1:" + forwarded + "-:80",
                ForwardRule.Protocol.TCP,
                new InetSocketAddress(LOOPBACK, forwarded),
                null,
                80);
        GatewayConfig gateway = new GatewayConfig(
                AddressPlan.DEFAULT,
                GatewayConfig.DEFAULT_MTU,
                List.of(forward),
                List.of(new InetSocketAddress(LOOPBACK, resolver.getLocalPort())));
        network = new NetworkBuilder()
                .gateway(gateway)
                .guest("vm1", MacAddress.parse("52:54:00:12:34:56"))
                .guest("vm2", MacAddress.parse("52:54:00:12:34:57"))
                .record(recording)
                .start();
        vm1 = network.guest("vm1");
        vm2 = network.guest("vm2");
    }

    @AfterEach
    void stop() throws IOException {
        network.close();
        web.close();
        resolver.close();
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

    private static void assertFails(CompletableFuture<?> future, String message) {
        assertThatThrownBy(future::join)
                .cause()
                .isInstanceOf(GuestException.class)
                .hasMessage(message);
    }

    @Test
    void guestLeasesAndPingsTheGateway() {
        GuestAddress leased = vm1.lease().join();
        assertThat(leased.address()).isEqualTo(IpAddress.parse("10.0.2.15"));
        assertThat(leased.router()).isEqualTo(GATEWAY);
        assertThat(leased.dns()).containsExactly(IpAddress.parse("10.0.2.3"));
        assertThat(leased.mtu()).isEqualTo(1500);
        assertThat(vm1.ping(GATEWAY).join()).isBetween(Duration.ZERO, Duration.ofSeconds(5));
    }

    @Test
    void guestsTalkToEachOther() {
        vm1.lease().join();
        IpAddress second = vm2.lease().join().address();
        vm2.ping(IpAddress.parse("10.0.2.15")).join();
        vm2.listen(80, stream -> {
                    stream.send("hello".getBytes(US_ASCII));
                    stream.close();
                })
                .join();
        InMemoryStream stream = vm1.connect(second, 80).join();
        assertThat(stream.readAll(100).join()).asString().isEqualTo("hello");
        CompletableFuture<InMemoryGuest.Datagram> datagram = new CompletableFuture<>();
        vm2.onUdp(7, datagram::complete).join();
        vm1.sendUdp(1000, second, 7, new byte[] {1, 2, 3}).join();
        assertThat(datagram.join().sourcePort()).isEqualTo(1000);
        assertThat(datagram.join().payload()).containsExactly(1, 2, 3);
    }

    @Test
    void guestResolvesNamesAtTheHostsResolver() {
        vm1.lease().join();
        CompletableFuture<Void> served = serveQueries("8180", 2);
        assertThat(vm1.resolve("www.test").join())
                .as("without IPv6, its addresses come last")
                .containsExactly(IpAddress.parse("192.0.2.7"), IpAddress.parse("2001:db8::7"));
        served.join();
        served = serveQueries("8183", 2);
        assertFails(vm1.resolve("nosuch.test"), "resolve nosuch.test: no such name (NXDOMAIN)");
        served.join();
    }

    /** Answers {@code count} queries, with an address of the family asked for if {@code flags} say that all is well. */
    private CompletableFuture<Void> serveQueries(String flags, int count) {
        return beside(() -> {
            for (int i = 0; i < count; i++) {
                DatagramPacket query = new DatagramPacket(new byte[512], 512);
                resolver.receive(query);
                boolean ipv6 = query.getData()[query.getLength() - 3] == 28;
                String record = ipv6
                        ? "c00c001c000100000078001020010db8000000000000000000000007"
                        : "c00c00010001000000780004c0000207";
                answerQuery(query, flags, flags.endsWith("80") ? record : "");
            }
            return null;
        });
    }

    private void answerQuery(DatagramPacket query, String flags, String record) throws IOException {
        byte[] message = Arrays.copyOf(query.getData(), query.getLength() + record.length() / 2);
        message[2] = (byte) Integer.parseInt(flags.substring(0, 2), 16);
        message[3] = (byte) Integer.parseInt(flags.substring(2), 16);
        message[7] = (byte) (record.isEmpty() ? 0 : 1);
        for (int i = 0; i < record.length() / 2; i++) {
            message[query.getLength() + i] = (byte) Integer.parseInt(record.substring(2 * i, 2 * i + 2), 16);
        }
        resolver.send(new DatagramPacket(message, message.length, query.getSocketAddress()));
    }

    @Test
    void guestFetchesFromTheHostsLoopback() {
        byte[] page = "0123456789abcdef".repeat(1 << 16).getBytes(US_ASCII);
        CompletableFuture<String> request = beside(() -> {
            try (Socket client = web.accept()) {
                String got = new String(client.getInputStream().readAllBytes(), US_ASCII);
                client.getOutputStream().write(page);
                return got;
            }
        });
        vm1.lease().join();
        InMemoryStream stream = vm1.connect(GATEWAY, web.getLocalPort()).join();
        stream.send("GET / HTTP/1.0\r\n\r\n".getBytes(US_ASCII));
        stream.close();
        assertThat(stream.readAll(page.length).join()).isEqualTo(page);
        assertThat(request.join()).isEqualTo("GET / HTTP/1.0\r\n\r\n");
    }

    @Test
    void guestUploadsToTheHostsLoopback() {
        byte[] data = "0123456789abcdef".repeat(1 << 16).getBytes(US_ASCII);
        CompletableFuture<byte[]> received = beside(() -> {
            try (Socket client = web.accept()) {
                return client.getInputStream().readAllBytes();
            }
        });
        vm1.lease().join();
        InMemoryStream stream = vm1.connect(GATEWAY, web.getLocalPort()).join();
        stream.send(data);
        stream.close();
        assertThat(received.join()).isEqualTo(data);
    }

    @Test
    void hostReachesTheGuestThroughAForward() throws IOException {
        vm1.lease().join();
        vm1.listen(
                        80,
                        stream -> stream.readAll(100).thenAccept(question -> {
                            stream.send(("echo " + new String(question, US_ASCII)).getBytes(US_ASCII));
                            stream.close();
                        }))
                .join();
        try (Socket client = new Socket(LOOPBACK, forwarded)) {
            client.getOutputStream().write("question".getBytes(US_ASCII));
            client.shutdownOutput();
            assertThat(client.getInputStream().readAllBytes()).asString().isEqualTo("echo question");
        }
    }

    @Test
    void connectToAClosedPortOfTheHostIsRefused() throws IOException {
        int closed = freePort();
        vm1.lease().join();
        assertFails(vm1.connect(GATEWAY, closed), "connect 10.0.2.2:" + closed + ": connection refused");
    }

    @Test
    void closedNetworkFailsWhatIsUnderWayAndWhatComes() throws Exception {
        vm1.lease().join();
        CompletableFuture<?> ping = vm1.ping(IpAddress.parse("10.0.2.77"));
        network.close();
        ping.handle((pong, failure) -> null).get(10, TimeUnit.SECONDS);
        assertFails(ping, "ping 10.0.2.77: the guest was unplugged");
        assertFails(vm1.lease(), "the network is closed");
    }

    @Test
    void guestsAreRecordedAndCounted() throws IOException {
        vm1.lease().join();
        vm1.ping(GATEWAY).join();
        NetworkSummary summary = network.summary();
        assertThat(summary.guests()).isEqualTo(2);
        assertThat(summary.framesFromGuests()).isGreaterThanOrEqualTo(4);
        assertThat(summary.drops())
                .doesNotContainKeys(
                        DropReason.IP_BAD_CHECKSUM, DropReason.UDP_BAD_CHECKSUM, DropReason.TCP_BAD_CHECKSUM);
        network.close();
        assertThat(Files.size(recording)).isGreaterThan(500);
    }

    @Test
    void namesAndAddressesOfGuestsAreTheirOwn() {
        MacAddress mac = MacAddress.parse("52:54:00:12:34:56");
        NetworkBuilder builder = new NetworkBuilder().guest("vm1", mac);
        assertThatThrownBy(() -> builder.guest("vm2", mac)).isInstanceOf(IllegalArgumentException.class);
        assertThatThrownBy(() -> builder.guest("vm1", MacAddress.parse("52:54:00:12:34:57")))
                .isInstanceOf(IllegalArgumentException.class);
        assertThatThrownBy(() -> network.guest("vm3")).hasMessage("no guest 'vm3' in memory");
    }
}
