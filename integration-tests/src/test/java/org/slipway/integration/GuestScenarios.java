package org.slipway.integration;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assumptions.assumeThat;

import java.io.ByteArrayInputStream;
import java.io.IOException;
import java.io.InputStream;
import java.net.InetAddress;
import java.net.Socket;
import java.net.SocketTimeoutException;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionException;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.MethodOrderer;
import org.junit.jupiter.api.Order;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestInstance;
import org.junit.jupiter.api.TestMethodOrder;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;
import org.slipway.cli.guest.CommandResult;
import org.slipway.cli.guest.LinuxGuest;
import org.slipway.network.NetworkSummary;

/** What a guest can do in a network, the same on every carrier. One guest is booted and goes through all of it. */
@RequiresGuest
@TestInstance(TestInstance.Lifecycle.PER_CLASS)
@TestMethodOrder(MethodOrderer.OrderAnnotation.class)
@Timeout(value = 90, threadMode = Timeout.ThreadMode.SEPARATE_THREAD)
abstract class GuestScenarios {

    private static final Duration BULK_LIMIT = Duration.ofSeconds(60);
    private static final int CONNECTIONS = 200;

    /** As many as may wait to be accepted by busybox's HTTP server. */
    private static final int CLIENTS = 8;

    private static final int REQUESTS_PER_CLIENT = 10;

    /** Scenarios that leave the guest as they found it come first. */
    private static final int REBOOT = Integer.MAX_VALUE - 1;

    private static final int RECORDING = Integer.MAX_VALUE;

    private final Carrier carrier;

    private Path directory;
    private HostServices host;
    private TestNetwork network;
    private LinuxGuest guest;
    private int closedPort;

    GuestScenarios(Carrier carrier) {
        this.carrier = carrier;
    }

    @BeforeAll
    void boot(@TempDir Path directory) throws IOException {
        this.directory = directory;
        host = new HostServices();
        closedPort = Environment.freePort().getPort();
        network = Networks.start(carrier, directory, host.resolver());
        guest = LinuxGuest.boot(Networks.guest(network, directory));
        guest.run(GuestCommands.LEASE).orThrow();
    }

    @AfterAll
    void close() throws Exception {
        if (guest != null) {
            guest.close();
        }
        if (network != null) {
            network.close();
        }
        if (host != null) {
            host.close();
        }
    }

    @Test
    void dhcpGivesTheFirstAddressOfThePool() {
        assertThat(guest.run("ip -4 address show dev eth0").orThrow()).contains("inet 10.0.2.15/24 brd 10.0.2.255");
        assertThat(guest.run("ip route").orThrow()).contains("default via 10.0.2.2 dev eth0");
        assertThat(guest.run("cat /etc/resolv.conf").orThrow()).isEqualTo("nameserver 10.0.2.3");
    }

    @Test
    void gatewayAnswersPing() {
        assertThat(guest.run("ping -c 3 -i 0.2 -W 2 10.0.2.2").orThrow()).contains("3 packets received");
    }

    @Test
    void nobodyAnswersPingAtAnUnusedAddress() {
        assertThat(guest.run("ping -c 1 -W 1 10.0.2.77").output()).contains("0 packets received");
    }

    @Test
    void namesAreResolvedThroughTheVirtualResolver() {
        assumeThat(Environment.onOracle())
                .as("libslirp asks the host's own resolver")
                .isFalse();
        assertThat(guest.run("nslookup " + HostServices.KNOWN_NAME).orThrow())
                .contains("10.0.2.3")
                .contains("Address: " + HostServices.KNOWN_ADDRESS);
        assertThat(guest.run("nslookup unknown.slipway.test").output()).contains("NXDOMAIN");
    }

    @Test
    void datagramsReachTheHostsLoopback() throws IOException {
        int port = host.resolver().getPort();
        assertThat(guest.run("nslookup -port=" + port + " " + HostServices.KNOWN_NAME + " 10.0.2.2")
                        .orThrow())
                .contains("Address: " + HostServices.KNOWN_ADDRESS);
    }

    @Test
    void guestGetsAPageFromTheHostsLoopback() throws IOException {
        assertThat(guest.run("wget -q -O - http://10.0.2.2:" + host.http() + "/hello")
                        .orThrow())
                .isEqualTo(HostServices.GREETING);
    }

    @Test
    void hostGetsAPageThroughAForward() throws Exception {
        guest.run("mkdir -p /www && echo hello from the guest > /www/page && httpd -p 80 -h /www")
                .orThrow();
        try {
            assertThat(get("/page").body()).isEqualTo("hello from the guest\n".getBytes(StandardCharsets.UTF_8));
        } finally {
            guest.run("killall httpd");
        }
    }

    @Test
    void twentyMebibytesReachTheGuestUnchanged() throws IOException {
        String digest = guest.run("wget -q -O - http://10.0.2.2:" + host.http() + "/bulk | sha256sum", BULK_LIMIT)
                .orThrow();
        assertThat(digest).startsWith(host.bulkDigest());
    }

    @Test
    void twentyMebibytesReachTheHostUnchanged() throws IOException {
        int port = host.tcp(peer -> reply(peer, HostServices.digestOf(peer.getInputStream())));
        String sent = guest.run(GuestCommands.makeBulk("/tmp/up"), BULK_LIMIT).orThrow();
        // netcat half-closes behind the file, so the host's digest comes back on the same connection.
        String received = guest.run("nc 10.0.2.2 " + port + " < /tmp/up; rm /tmp/up", BULK_LIMIT)
                .orThrow();
        assertThat(sent).startsWith(received).hasSizeGreaterThan(64);
        assertThat(received).hasSize(64);
    }

    @Test
    void twentyMebibytesComeThroughAForwardUnchanged() throws Exception {
        String sent = guest.run("mkdir -p /www && " + GuestCommands.makeBulk("/www/bulk"), BULK_LIMIT)
                .orThrow();
        guest.run("httpd -p 80 -h /www").orThrow();
        try {
            byte[] received = get("/bulk").body();
            assertThat(received).hasSize(HostServices.BULK_BYTES);
            assertThat(sent).startsWith(HostServices.digestOf(new ByteArrayInputStream(received)));
        } finally {
            guest.run("killall httpd; rm /www/bulk");
        }
    }

    @Test
    void twoHundredConnectionsAreOpenAtOnce() throws IOException {
        CountDownLatch all = new CountDownLatch(CONNECTIONS);
        int port = host.tcp(peer -> {
            String number = readToEnd(peer);
            all.countDown();
            await(all);
            reply(peer, number);
        });
        // Nobody gets an answer before all are connected.
        String numbers = guest.run(
                        "mkdir /tmp/many; for i in $(seq " + CONNECTIONS + "); do echo $i | nc 10.0.2.2 " + port
                                + " > /tmp/many/$i & done; wait; sort -n /tmp/many/*; rm -r /tmp/many",
                        BULK_LIMIT)
                .orThrow();
        List<String> expected = new ArrayList<>();
        for (int i = 1; i <= CONNECTIONS; i++) {
            expected.add(Integer.toString(i));
        }
        assertThat(numbers.lines()).containsExactlyElementsOf(expected);
    }

    @Test
    void manyClientsAtOnceUseOneForward() throws Exception {
        guest.run("mkdir -p /www && echo one of many > /www/page && httpd -p 80 -h /www")
                .orThrow();
        try {
            List<CompletableFuture<Void>> clients = new ArrayList<>();
            for (int i = 0; i < CLIENTS; i++) {
                clients.add(CompletableFuture.runAsync(this::getOneOfMany, host.threads()));
            }
            assertThat(CompletableFuture.allOf(clients.toArray(CompletableFuture[]::new)))
                    .succeedsWithin(BULK_LIMIT);
        } finally {
            guest.run("killall httpd");
        }
    }

    @Test
    void guestMayCloseItsHalfFirst() throws IOException {
        int port = host.tcp(peer -> reply(peer, "got " + readToEnd(peer)));
        assertThat(guest.run("printf 'all of it' | nc 10.0.2.2 " + port).orThrow())
                .isEqualTo("got all of it");
    }

    @Test
    void hostMayCloseItsHalfFirst() throws IOException {
        int bytes = 100_000;
        CompletableFuture<String> count = new CompletableFuture<>();
        int port = host.tcp(peer -> {
            peer.getOutputStream().write(new byte[bytes]);
            peer.shutdownOutput();
            count.complete(readToEnd(peer).trim());
        });
        guest.run("nc 10.0.2.2 " + port + " -e wc -c").orThrow();
        assertThat(count).succeedsWithin(Duration.ofSeconds(5)).isEqualTo(Integer.toString(bytes));
    }

    @Test
    void clientOfAForwardMayCloseItsHalfFirst() throws IOException {
        guest.run("nc -l -p " + TestNetwork.NETCAT_A + " -e wc -c > /dev/null 2>&1 & "
                        + GuestCommands.awaitListener(TestNetwork.NETCAT_A))
                .orThrow();
        try (Socket client = connect(TestNetwork.NETCAT_A)) {
            client.getOutputStream().write(new byte[100_000]);
            client.shutdownOutput();
            assertThat(readToEnd(client).trim()).isEqualTo("100000");
        }
    }

    @Test
    void guestBehindAForwardMayCloseItsHalfFirst() throws IOException {
        guest.run("printf greeting | nc -l -p " + TestNetwork.NETCAT_B + " > /tmp/heard 2>&1 & "
                        + GuestCommands.awaitListener(TestNetwork.NETCAT_B))
                .orThrow();
        try (Socket client = connect(TestNetwork.NETCAT_B)) {
            assertThat(readToEnd(client)).isEqualTo("greeting");
            reply(client, "said after the end of the other half");
        }
        assertThat(guest.run("while pidof nc > /dev/null; do usleep 20000; done; cat /tmp/heard")
                        .orThrow())
                .isEqualTo("said after the end of the other half");
    }

    @Test
    void closedPortOfTheHostIsRefused() {
        CommandResult refused = guest.run("nc 10.0.2.2 " + closedPort);
        assertThat(refused.output()).contains("Connection refused");
        assertThat(refused.exitCode()).isEqualTo(1);
    }

    @Test
    void closedPortOfTheGuestEndsTheClientsConnection() {
        assertThatThrownBy(() -> {
                    try (Socket client = connect(TestNetwork.CLOSED)) {
                        assertThat(client.getInputStream().read())
                                .as("bytes from a port that is closed")
                                .isEqualTo(-1);
                        throw new IOException("closed in order");
                    }
                })
                .isInstanceOf(IOException.class)
                .isNotInstanceOf(SocketTimeoutException.class);
    }

    @Test
    @Order(REBOOT)
    void guestThatLostItsPowerComesBackToTheSameLease() throws IOException {
        guest.kill();
        guest = LinuxGuest.boot(Networks.guest(network, directory));
        guest.run(GuestCommands.LEASE).orThrow();
        assertThat(guest.run("ip -4 address show dev eth0").orThrow()).contains("inet 10.0.2.15/24");
        guestGetsAPageFromTheHostsLoopback();
    }

    @Test
    @Order(RECORDING)
    void recordingShowsWhatHappened() throws Exception {
        guest.close();
        network.close();
        Tshark recording = Tshark.read(network.recording());
        for (String message : List.of("1", "2", "3", "5")) {
            assertThat(recording.count("dhcp.option.dhcp", message))
                    .as("DHCP messages of type " + message)
                    .isPositive();
        }
        assertThat(recording.count("icmp.type", "0")).as("echo replies").isGreaterThanOrEqualTo(3);
        String port = Integer.toString(closedPort);
        assertThat(recording.count("tcp.flags.syn", "1", "tcp.flags.ack", "0", "tcp.dstport", port))
                .as("attempts at the closed port: more than one means that the refusal did not come at once")
                .isEqualTo(1);
        assertThat(recording.count("tcp.flags.reset", "1", "tcp.srcport", port)).isEqualTo(1);
        assertThat(recording.count("dns.qry.name", HostServices.KNOWN_NAME, "dns.a", HostServices.KNOWN_ADDRESS))
                .isPositive();
        assertThat(recording.size()).isGreaterThan(3 * HostServices.BULK_BYTES / 65_536);
        assertThat(recording.faulty()).isEmpty();
        if (network instanceof SlipwayNetwork slipway) {
            NetworkSummary summary = slipway.summary();
            assertThat(summary.guests()).as("times that a guest plugged in").isEqualTo(2);
            assertThat(summary.recording())
                    .isEqualTo(new NetworkSummary.Recording(recording.size(), recording.size(), 0, null));
        }
    }

    private void getOneOfMany() {
        try {
            for (int i = 0; i < REQUESTS_PER_CLIENT; i++) {
                assertThat(get("/page").body()).isEqualTo("one of many\n".getBytes(StandardCharsets.UTF_8));
            }
        } catch (IOException | InterruptedException e) {
            throw new CompletionException(e);
        }
    }

    private Socket connect(int guestPort) throws IOException {
        Socket socket = new Socket(InetAddress.getLoopbackAddress(), network.forwardTo(guestPort));
        socket.setSoTimeout(10_000);
        return socket;
    }

    private HttpResponse<byte[]> get(String path) throws IOException, InterruptedException {
        return HttpClient.newHttpClient().send(request(path), HttpResponse.BodyHandlers.ofByteArray());
    }

    private HttpRequest request(String path) {
        URI uri = URI.create("http://127.0.0.1:" + network.forwardTo(TestNetwork.HTTP) + path);
        return HttpRequest.newBuilder(uri).timeout(BULK_LIMIT).build();
    }

    private static String readToEnd(Socket peer) throws IOException {
        InputStream in = peer.getInputStream();
        return new String(in.readAllBytes(), StandardCharsets.UTF_8);
    }

    private static void reply(Socket peer, String text) throws IOException {
        peer.getOutputStream().write(text.getBytes(StandardCharsets.UTF_8));
    }

    private static void await(CountDownLatch latch) throws IOException {
        try {
            if (!latch.await(BULK_LIMIT.toSeconds(), TimeUnit.SECONDS)) {
                throw new IOException(latch.getCount() + " connections never came");
            }
        } catch (InterruptedException e) {
            throw new IOException(e);
        }
    }
}
