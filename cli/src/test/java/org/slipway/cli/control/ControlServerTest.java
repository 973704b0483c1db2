package org.slipway.cli.control;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import com.google.gson.JsonObject;
import com.google.gson.JsonParser;
import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.StandardProtocolFamily;
import java.net.UnixDomainSocketAddress;
import java.nio.ByteBuffer;
import java.nio.channels.ServerSocketChannel;
import java.nio.channels.SocketChannel;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.slipway.gateway.GatewayConfig;
import org.slipway.nat.ForwardRule;
import org.slipway.network.Network;
import org.slipway.network.NetworkBuilder;
import org.slipway.wire.IpAddress;
import org.slipway.wire.MacAddress;

/** The control socket of a whole network. */
@Timeout(60)
class ControlServerTest {

    private static final IpAddress GATEWAY = IpAddress.parse("10.0.2.2");

    @TempDir
    Path directory;

    private Path path;
    private Network network;
    private ControlServer server;

    @BeforeEach
    void start() throws IOException {
        path = directory.resolve("control.sock");
        network = new NetworkBuilder()
                .gateway(GatewayConfig.DEFAULT)
                .guest("vm1", MacAddress.parse("52:54:00:12:34:56"))
                .start();
        network.guest("vm1").lease().join();
        server = listen();
    }

    private ControlServer listen() throws IOException {
        return Sockets.control(path, network.control(), ControlServerTest::rule, "1.2.3");
    }

    @AfterEach
    void stop() {
        server.close();
        network.close();
    }

    /** {@code bad} is no rule, and all others are for a port that the system picks. */
    private static List<ForwardRule> rule(String text) {
        if (text.equals("bad")) {
            throw new IllegalArgumentException("no such rule: bad");
        }
        InetSocketAddress local = new InetSocketAddress(InetAddress.getLoopbackAddress(), 0);
        return List.of(new ForwardRule(text, ForwardRule.Protocol.TCP, local, null, 22));
    }

    /** One connection, as a shell script has it with socat. */
    private final class Client implements AutoCloseable {
        final SocketChannel channel = SocketChannel.open(StandardProtocolFamily.UNIX);
        final Lines lines = new Lines(channel, 1 << 20);

        Client() throws IOException {
            channel.connect(UnixDomainSocketAddress.of(path));
        }

        void write(String text) throws IOException {
            ByteBuffer bytes = ByteBuffer.wrap(text.getBytes(StandardCharsets.UTF_8));
            while (bytes.hasRemaining()) {
                channel.write(bytes);
            }
        }

        JsonObject ask(String line) throws IOException {
            write(line + "\n");
            return JsonParser.parseString(lines.next()).getAsJsonObject();
        }

        @Override
        public void close() throws IOException {
            channel.close();
        }
    }

    private JsonObject ask(String line) throws IOException {
        try (Client client = new Client()) {
            return client.ask(line);
        }
    }

    private static String error(JsonObject answer) {
        return answer.getAsJsonObject("error").get("desc").getAsString();
    }

    @Test
    void socketIsForItsOwnerAlone() throws IOException {
        assertThat(PosixFilePermissions.toString(Files.getPosixFilePermissions(path)))
                .isEqualTo("rw-------");
        try (var files = Files.list(directory)) {
            assertThat(files).containsExactly(path);
        }
    }

    @Test
    void requestHasAnAnswerWithItsId() throws IOException {
        JsonObject answer = ask("{\"execute\": \"query-version\", \"id\": {\"a\": 7}}");
        assertThat(answer).hasToString("{\"return\":{\"slipway\":\"1.2.3\"},\"id\":{\"a\":7}}");
    }

    @Test
    void networkSaysItsAddressesAndHowLongItRuns() throws IOException {
        JsonObject network = ask("{\"execute\": \"query-network\"}").getAsJsonObject("return");
        assertThat(network.keySet()).containsExactly("uptime", "networks");
        assertThat(network.get("uptime").getAsDouble()).isPositive();
        assertThat(network.getAsJsonArray("networks")).hasToString("[\"10.0.2.0/24\",\"fd00::/64\"]");
    }

    @Test
    void requestsOfAConnectionAreAnsweredInOrder() throws IOException {
        try (Client client = new Client()) {
            client.write("{\"execute\": \"query-ports\", \"id\": 1}\n\n{\"execute\": \"query-leases\", \"id\": 2}\r\n");
            JsonObject ports = JsonParser.parseString(client.lines.next()).getAsJsonObject();
            JsonObject leases = JsonParser.parseString(client.lines.next()).getAsJsonObject();
            assertThat(ports.get("id").getAsInt()).isEqualTo(1);
            assertThat(ports.getAsJsonArray("return")
                            .get(0)
                            .getAsJsonObject()
                            .get("port")
                            .getAsString())
                    .isEqualTo("vm1");
            assertThat(leases.get("id").getAsInt()).isEqualTo(2);
            assertThat(leases.getAsJsonArray("return")
                            .get(0)
                            .getAsJsonObject()
                            .get("address")
                            .getAsString())
                    .isEqualTo("10.0.2.15");
        }
    }

    @Test
    void flowIsListedAndKilled() throws IOException {
        try (ServerSocketChannel host =
                        ServerSocketChannel.open().bind(new InetSocketAddress(InetAddress.getLoopbackAddress(), 0));
                Client client = new Client()) {
            int port = ((InetSocketAddress) host.getLocalAddress()).getPort();
            network.guest("vm1").connect(GATEWAY, port).join();
            host.accept().close();
            JsonObject flow = client.ask("{\"execute\": \"query-flows\"}")
                    .getAsJsonArray("return")
                    .get(0)
                    .getAsJsonObject();
            assertThat(flow.get("flow").getAsString()).isEqualTo("tcp1");
            assertThat(flow.get("port").getAsString()).isEqualTo("vm1");
            assertThat(flow.getAsJsonObject("remote").get("port").getAsInt()).isEqualTo(port);
            assertThat(client.ask("{\"execute\": \"kill-flow\", \"arguments\": {\"flow\": \"tcp1\"}}"))
                    .hasToString("{\"return\":{}}");
            assertThat(client.ask("{\"execute\": \"query-flows\"}")).hasToString("{\"return\":[]}");
        }
    }

    @Test
    void forwardIsAddedListedAndRemoved() throws IOException {
        JsonObject added = ask("{\"execute\": \"add-forward\", \"arguments\": {\"rule\": \"a rule\"}}")
                .getAsJsonArray("return")
                .get(0)
                .getAsJsonObject();
        String listens = added.get("listens").getAsString();
        assertThat(added.get("rule").getAsString()).isEqualTo("a rule");
        assertThat(ask("{\"execute\": \"query-forwards\"}").getAsJsonArray("return"))
                .containsExactly(added);
        assertThat(ask("{\"execute\": \"query-usernet\"}").get("return").getAsString())
                .contains("  TCP[HOST_FORWARD]   0       127.0.0.1 " + listens.substring(10));
        String removal = "{\"execute\": \"remove-forward\", \"arguments\": {\"rule\": \"tcp:" + listens + "\"}}";
        assertThat(ask(removal).getAsJsonObject("return")).isEqualTo(added);
        assertThat(error(ask(removal))).isEqualTo("host forwarding rule for tcp:" + listens + " not found");
    }

    @Test
    void recordingIsControlled() throws IOException {
        Path file = directory.resolve("all.pcapng");
        JsonObject begun = ask("{\"execute\": \"start-recording\", \"arguments\": {\"file\": \"" + file + "\"}}");
        assertThat(begun.getAsJsonObject("return").get("file").getAsString()).isEqualTo(file.toString());
        network.guest("vm1").ping(GATEWAY).join();
        JsonObject ended = ask("{\"execute\": \"stop-recording\"}").getAsJsonObject("return");
        assertThat(ended.get("file").isJsonNull()).isTrue();
        assertThat(ended.get("written").getAsLong()).isGreaterThanOrEqualTo(2);
        assertThat(file).isNotEmptyFile();
        assertThat(error(ask("{\"execute\": \"rotate-recording\", \"arguments\": {\"file\": \"x\"}}")))
                .isEqualTo("nothing is being recorded");
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            quoteCharacter = '`',
            value = {
                "hello | the line is no JSON object",
                "{ | the line is no JSON",
                "[] | the line is no JSON object",
                "{} | 'execute' must be a string: the name of a command",
                "{\"execute\": 5} | 'execute' must be a string: the name of a command",
                "{\"execute\": \"quit\"} | the command 'quit' is not known",
                "{\"execute\": \"kick\", \"arguments\": 5} | 'arguments' must be an object",
                "{\"execute\": \"kick\", \"argument\": {}} | 'argument' is not known; known: execute, arguments, id",
                "{\"execute\": \"kick\"} | argument 'port' is missing",
                "{\"execute\": \"kick\", \"arguments\": {\"port\": 5}} | argument 'port' must be a string, not 5",
                "{\"execute\": \"kick\", \"arguments\": {\"port\": \"vm9\"}} | no guest is plugged in as 'vm9'",
                "{\"execute\": \"kick\", \"arguments\": {\"name\": \"vm1\"}} | argument 'name' is not known; known: port",
                "{\"execute\": \"set-link\", \"arguments\": {\"port\": \"vm1\", \"up\": \"no\"}} "
                        + "| argument 'up' must be true or false, not \"no\"",
                "{\"execute\": \"kill-flow\", \"arguments\": {\"flow\": \"tcp99\"}} | there is no TCP flow number 99",
                "{\"execute\": \"kill-flow\", \"arguments\": {\"flow\": \"99\"}} "
                        + "| '99' names no flow; query-flows has them, as in 'tcp12'",
                "{\"execute\": \"add-forward\", \"arguments\": {\"rule\": \"bad\"}} | no such rule: bad",
                "{\"execute\": \"remove-forward\", \"arguments\": {\"rule\": \"tcp::1\"}} "
                        + "| host forwarding rule for tcp::1 not found",
                "{\"execute\": \"start-recording\", \"arguments\": {\"file\": \"a\\u0000b\"}} | 'a?b' is no file name",
            })
    void requestThatIsWrongIsToldSo(String request, String error) throws IOException {
        assertThat(error(ask(request))).isEqualTo(error);
        assertThat(network.control().ports()).hasSize(1);
    }

    @Test
    void deepNestingIsNoJson() throws IOException {
        assertThat(error(ask("[".repeat(50_000)))).startsWith("the line is no JSON");
    }

    @Test
    void lineThatIsTooLongEndsItsConnectionOnly() throws IOException {
        try (Client client = new Client()) {
            client.write("x".repeat(ControlServer.MAX_LINE_BYTES));
            assertThat(client.lines.next()).contains("the line is longer than 65536 bytes");
            assertThat(client.lines.next()).isNull();
        }
        assertThat(ask("{\"execute\": \"query-version\"}").has("return")).isTrue();
    }

    @Test
    void clientsBeyondTheLimitAreDisconnected() throws IOException {
        List<Client> clients = new ArrayList<>();
        try {
            for (int i = 0; i < ControlServer.MAX_CLIENTS; i++) {
                Client client = new Client();
                clients.add(client);
                client.ask("{\"execute\": \"query-version\"}");
            }
            try (Client oneMore = new Client()) {
                assertThat(oneMore.lines.next()).isNull();
            }
            assertThat(clients.get(0).ask("{\"execute\": \"query-version\"}").has("return"))
                    .isTrue();
        } finally {
            for (Client client : clients) {
                client.close();
            }
        }
    }

    @Test
    void clientsHearOfTheEnd() throws IOException {
        try (Client client = new Client()) {
            client.ask("{\"execute\": \"query-version\"}");
            server.close();
            assertThat(client.lines.next()).isNull();
            assertThat(path).doesNotExist();
        }
    }

    @Test
    void closedNetworkAnswersThatItIs() throws IOException {
        try (Client client = new Client()) {
            network.close();
            assertThat(error(client.ask("{\"execute\": \"query-ports\"}"))).isEqualTo("the network is closed");
        }
    }

    @Test
    void socketOfAProcessThatRunsIsLeftAlone() throws IOException {
        assertThatThrownBy(this::listen).isInstanceOf(IOException.class).hasMessage("Address already in use");
        assertThat(ask("{\"execute\": \"query-version\"}").has("return")).isTrue();
    }

    @Test
    void socketThatWasLeftBehindIsReplaced() throws IOException {
        Path left = directory.resolve("left.sock");
        ServerSocketChannel.open(StandardProtocolFamily.UNIX)
                .bind(UnixDomainSocketAddress.of(left))
                .close();
        assertThat(left).exists();
        path = left;
        try (ControlServer second = listen()) {
            assertThat(ask("{\"execute\": \"query-version\"}").has("return")).isTrue();
        }
        assertThat(left).doesNotExist();
    }

    @Test
    void fileThatIsNoSocketIsLeftAlone() throws IOException {
        path = Files.writeString(directory.resolve("file"), "mine");
        assertThatThrownBy(this::listen).hasMessage("the file exists and is no socket");
        assertThat(path).hasContent("mine");
    }

    @Test
    void placeThatCannotBeHadIsToldInOneLine() {
        path = directory.resolve("no/control.sock");
        assertThatThrownBy(this::listen).hasMessage("no such directory: " + directory.resolve("no"));
        path = directory.resolve("x".repeat(100));
        assertThatThrownBy(this::listen).hasMessageContaining("bytes, the limit is 107");
    }
}
