package org.slipway.cli.control;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.net.Socket;
import java.net.StandardProtocolFamily;
import java.net.UnixDomainSocketAddress;
import java.nio.ByteBuffer;
import java.nio.channels.Channels;
import java.nio.channels.SocketChannel;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.slipway.gateway.GatewayConfig;
import org.slipway.network.Network;
import org.slipway.network.NetworkBuilder;
import org.slipway.wire.IpAddress;
import org.slipway.wire.MacAddress;

/** What RootlessKit and Podman say to slirp4netns's API socket. */
@Timeout(60)
class Slirp4netnsApiTest {

    private static final InetAddress LOOPBACK = InetAddress.getLoopbackAddress();

    @TempDir
    Path directory;

    private final int free = freePort();
    private Path path;
    private Network network;
    private ControlServer server;

    Slirp4netnsApiTest() throws IOException {}

    private static int freePort() throws IOException {
        try (ServerSocket probe = new ServerSocket(0, 1, LOOPBACK)) {
            return probe.getLocalPort();
        }
    }

    @BeforeEach
    void start() throws IOException {
        path = directory.resolve("api.sock");
        network = new NetworkBuilder()
                .gateway(GatewayConfig.DEFAULT)
                .guest("vm1", MacAddress.parse("52:54:00:12:34:56"))
                .start();
        server = Sockets.slirp4netns(path, network.control(), IpAddress.parse("10.0.2.100"));
    }

    @AfterEach
    void stop() {
        server.close();
        network.close();
    }

    /** As RootlessKit does: a request and a newline, the end of that half, and all that comes. */
    private String ask(String request) throws IOException {
        return ask(request + "\n", true);
    }

    private String ask(String bytes, boolean ends) throws IOException {
        try (SocketChannel channel = SocketChannel.open(StandardProtocolFamily.UNIX)) {
            channel.connect(UnixDomainSocketAddress.of(path));
            ByteBuffer out = ByteBuffer.wrap(bytes.getBytes(StandardCharsets.UTF_8));
            while (out.hasRemaining()) {
                channel.write(out);
            }
            if (ends) {
                channel.shutdownOutput();
            }
            return new String(Channels.newInputStream(channel).readAllBytes(), StandardCharsets.UTF_8);
        }
    }

    private static String add(String arguments) {
        return "{\"execute\":\"add_hostfwd\",\"arguments\":{" + arguments + "}}";
    }

    @Test
    void forwardIsAddedListedAndRemoved() throws IOException {
        String entry = "\"proto\":\"tcp\",\"host_addr\":\"127.0.0.1\",\"host_port\":" + free
                + ",\"guest_addr\":\"10.0.2.15\",\"guest_port\":80";
        assertThat(ask(add(entry))).isEqualTo("{\"return\":{\"id\":1}}");
        new Socket(LOOPBACK, free).close();
        String entries = "\"entries\":[{\"id\":1," + entry + "}]";
        assertThat(ask("{\"execute\":\"list_hostfwd\"}")).isEqualTo("{\"return\":{" + entries + "}," + entries + "}");
        assertThat(ask("{\"execute\":\"remove_hostfwd\",\"arguments\":{\"id\":1}}"))
                .isEqualTo("{\"return\":{}}");
        assertThat(network.control().forwards()).isEmpty();
        assertThat(ask("{\"execute\":\"remove_hostfwd\",\"arguments\":{\"id\":1}}"))
                .isEqualTo("{\"error\":{\"desc\":\"bad request: remove_hostfwd: slirp_remove_hostfwd failed\"}}");
        assertThat(ask(add(entry))).isEqualTo("{\"return\":{\"id\":2}}");
    }

    @Test
    void addressesHaveDefaults() throws IOException {
        ask(add("\"proto\":\"udp\",\"host_addr\":\"\",\"host_port\":" + free + ",\"guest_port\":53"));
        assertThat(ask("{\"execute\":\"list_hostfwd\"}"))
                .contains("\"host_addr\":\"0.0.0.0\"")
                .contains("\"guest_addr\":\"10.0.2.100\"");
    }

    @Test
    void portThatIsTakenIsToldSo() throws IOException {
        try (ServerSocket taken = new ServerSocket(0, 1, LOOPBACK)) {
            assertThat(ask(add("\"proto\":\"tcp\",\"host_addr\":\"127.0.0.1\",\"host_port\":" + taken.getLocalPort()
                            + ",\"guest_port\":80")))
                    .isEqualTo("{\"error\":{\"desc\":\"bad request: add_hostfwd: slirp_add_hostfwd failed\"}}");
        }
        assertThat(ask("{\"execute\":\"list_hostfwd\"}")).isEqualTo("{\"return\":{\"entries\":[]},\"entries\":[]}");
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            quoteCharacter = '`',
            value = {
                "`{\"execute\":` | cannot parse JSON",
                "`` | cannot parse JSON",
                "[] | json_object() failed",
                "{} | no execute found",
                "{\"execute\":5} | no execute found",
                "{\"execute\":\"quit\"} | unknown execute",
                "{\"execute\":\"add_hostfwd\"} | add_hostfwd: bad arguments.proto",
                "{\"execute\":\"add_hostfwd\",\"arguments\":{\"proto\":\"sctp\"}} | add_hostfwd: bad arguments.proto",
                "{\"execute\":\"add_hostfwd\",\"arguments\":{\"proto\":\"tcp\",\"host_addr\":\"x\"}} "
                        + "| add_hostfwd: bad arguments.host_addr",
                "{\"execute\":\"add_hostfwd\",\"arguments\":{\"proto\":\"tcp\"}} | add_hostfwd: bad arguments.host_port",
                "{\"execute\":\"add_hostfwd\",\"arguments\":{\"proto\":\"tcp\",\"host_port\":65536}} "
                        + "| add_hostfwd: bad arguments.host_port",
                "{\"execute\":\"add_hostfwd\",\"arguments\":{\"proto\":\"tcp\",\"host_port\":1,\"guest_addr\":\"::1\"}} "
                        + "| add_hostfwd: bad arguments.guest_addr",
                "{\"execute\":\"add_hostfwd\",\"arguments\":{\"proto\":\"tcp\",\"host_port\":1}} "
                        + "| add_hostfwd: bad arguments.guest_port",
                "{\"execute\":\"remove_hostfwd\",\"arguments\":{\"id\":\"1\"}} | remove_hostfwd: bad arguments.id",
                "{\"execute\":\"remove_hostfwd\",\"arguments\":{\"id\":7}} "
                        + "| remove_hostfwd: slirp_remove_hostfwd failed",
            })
    void badRequestIsToldInTheWordsOfSlirp4netns(String request, String description) throws IOException {
        assertThat(ask(request)).isEqualTo("{\"error\":{\"desc\":\"bad request: " + description + "\"}}");
    }

    @Test
    void clientNeedNotEndItsHalf() throws IOException {
        assertThat(ask("{\"execute\":\"list_hostfwd\"}", false)).contains("\"entries\":[]");
    }

    @Test
    void requestThatIsTooLargeHasItsAnswerAllTheSame() throws IOException {
        assertThat(ask("{\"execute\":\"" + "x".repeat(1 << 20)))
                .isEqualTo("{\"error\":{\"desc\":\"bad request: too large message\"}}");
    }
}
