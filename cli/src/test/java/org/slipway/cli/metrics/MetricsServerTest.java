package org.slipway.cli.metrics;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.IOException;
import java.net.ConnectException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.Socket;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.nio.file.Path;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;
import org.slipway.gateway.GatewayConfig;
import org.slipway.network.InMemoryGuest;
import org.slipway.network.Network;
import org.slipway.network.NetworkBuilder;
import org.slipway.wire.IpAddress;
import org.slipway.wire.MacAddress;

/** A scrape, as Prometheus makes it. */
@Timeout(60)
class MetricsServerTest {

    private static final InetAddress LOOPBACK = InetAddress.getLoopbackAddress();

    @TempDir
    Path directory;

    private final HttpClient client = HttpClient.newHttpClient();
    private Network network;
    private MetricsServer server;

    @BeforeEach
    void start() throws IOException {
        network = new NetworkBuilder()
                .gateway(GatewayConfig.DEFAULT)
                .guest("vm1", MacAddress.parse("52:54:00:12:34:56"))
                .start();
        server = MetricsServer.start(new InetSocketAddress(LOOPBACK, 0), network.control());
    }

    @AfterEach
    void stop() {
        server.close();
        network.close();
    }

    private HttpResponse<String> send(String method, String path) throws IOException, InterruptedException {
        URI uri = URI.create("http://127.0.0.1:" + server.local().getPort() + path);
        return client.send(
                HttpRequest.newBuilder(uri)
                        .method(method, HttpRequest.BodyPublishers.noBody())
                        .build(),
                HttpResponse.BodyHandlers.ofString());
    }

    private String scrape() throws IOException, InterruptedException {
        HttpResponse<String> response = send("GET", "/metrics");
        assertThat(response.statusCode()).isEqualTo(200);
        assertThat(response.headers().firstValue("Content-Type").orElseThrow()).startsWith("text/plain; version=0.0.4");
        return response.body();
    }

    private static double value(String text, String sample) {
        Matcher matcher = Pattern.compile("^" + Pattern.quote(sample) + " (.*)$", Pattern.MULTILINE)
                .matcher(text);
        assertThat(matcher.find()).as("a line with " + sample + " in\n" + text).isTrue();
        return Double.parseDouble(matcher.group(1));
    }

    @Test
    void scrapeHasWhatTheNetworkCounts() throws IOException, InterruptedException {
        InMemoryGuest vm = network.guest("vm1");
        vm.lease().join();
        vm.ping(IpAddress.parse("10.0.2.2")).join();
        vm.sendUdp(5000, IpAddress.parse("10.0.2.3"), 1, new byte[1]).join();
        network.control().record(directory.resolve("all.pcapng"));
        vm.ping(IpAddress.parse("10.0.2.2")).join();
        network.control().stopRecording();
        String text = scrape();
        assertThat(text).contains("# TYPE slipway_guests gauge", "# TYPE slipway_drops_total counter");
        assertThat(value(text, "slipway_guests")).isEqualTo(1);
        assertThat(value(text, "slipway_leases")).isEqualTo(1);
        assertThat(value(text, "slipway_plugged_total")).isEqualTo(1);
        assertThat(value(text, "slipway_flows{protocol=\"tcp\"}")).isZero();
        assertThat(value(text, "slipway_flows_opened_total")).isZero();
        assertThat(value(text, "slipway_guest_frames_total{direction=\"from_guest\",guest=\"vm1\"}"))
                .isGreaterThan(3);
        assertThat(value(text, "slipway_guest_bytes_total{direction=\"to_guest\",guest=\"vm1\"}"))
                .isGreaterThan(500);
        assertThat(value(text, "slipway_drops_total{reason=\"udp_no_port\"}")).isEqualTo(1);
        assertThat(value(text, "slipway_recorded_packets_total")).isGreaterThanOrEqualTo(2);
        assertThat(value(text, "slipway_recording_lost_packets_total")).isZero();
    }

    @Test
    void thereIsNothingElse() throws IOException, InterruptedException {
        assertThat(send("GET", "/").statusCode()).isEqualTo(404);
        assertThat(send("GET", "/metrics/x").statusCode()).isEqualTo(404);
        assertThat(send("POST", "/metrics").statusCode()).isEqualTo(405);
        HttpResponse<String> head = send("HEAD", "/metrics");
        assertThat(head.statusCode()).isEqualTo(200);
        assertThat(head.body()).isEmpty();
    }

    /** One that never ends its request is in nobody's way. */
    @Test
    void halfARequestDelaysNoOther() throws IOException, InterruptedException {
        try (Socket half = new Socket(LOOPBACK, server.local().getPort())) {
            half.getOutputStream().write("GET /metr".getBytes(java.nio.charset.StandardCharsets.US_ASCII));
            assertThat(scrape()).contains("slipway_guests");
        }
    }

    @Test
    void closedNetworkIsUnavailable() throws IOException, InterruptedException {
        network.close();
        HttpResponse<String> response = send("GET", "/metrics");
        assertThat(response.statusCode()).isEqualTo(503);
        assertThat(response.body()).isEqualTo("the network is closed\n");
    }

    @Test
    void nobodyListensAfterwards() {
        int port = server.local().getPort();
        server.close();
        assertThatThrownBy(() -> new Socket(LOOPBACK, port)).isInstanceOf(ConnectException.class);
    }

    @Test
    void addressThatOthersReachIsRefused() {
        assertThatThrownBy(() -> MetricsServer.start(new InetSocketAddress(0), network.control()))
                .isInstanceOf(IllegalArgumentException.class)
                .hasMessage("0.0.0.0 is no address of the loopback");
    }
}
