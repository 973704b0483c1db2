package org.slipway.cli;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.net.Socket;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.slipway.cli.control.ControlServer;
import org.slipway.cli.control.Sockets;
import org.slipway.gateway.AddressPlan;
import org.slipway.gateway.GatewayConfig;
import org.slipway.network.Network;
import org.slipway.network.NetworkBuilder;
import org.slipway.wire.IpAddress;
import org.slipway.wire.MacAddress;

/** {@code slipway ctl} and the network that it asks. */
@Timeout(60)
class CtlCommandTest {

    @TempDir
    Path directory;

    private Path socket;
    private Network network;
    private ControlServer control;

    @BeforeEach
    void start() throws IOException {
        socket = directory.resolve("control.sock");
        network = new NetworkBuilder()
                .gateway(GatewayConfig.DEFAULT)
                .guest("vm1", MacAddress.parse("52:54:00:12:34:56"))
                .start();
        network.guest("vm1").lease().join();
        control = Sockets.control(
                socket,
                network.control(),
                rule -> HostForward.parse(rule, AddressPlan.DEFAULT, UsageException::new),
                "1.2.3");
    }

    @AfterEach
    void stop() {
        control.close();
        network.close();
    }

    private CommandRun ctl(String... args) {
        List<String> line = new ArrayList<>(List.of("ctl", "--control=" + socket));
        line.addAll(List.of(args));
        return CommandRun.of(
                builder -> {
                    throw new AssertionError("ctl starts no network");
                },
                line.toArray(String[]::new));
    }

    private List<String> lines(String... args) {
        CommandRun run = ctl(args);
        assertThat(run.err()).isEmpty();
        assertThat(run.status()).isEqualTo(ExitCode.OK);
        return run.out().lines().toList();
    }

    @Test
    void guestsAndLeasesAreListed() {
        assertThat(lines("ports").get(0)).startsWith("GUEST  LINK  MAC");
        assertThat(lines("ports").get(1)).startsWith("vm1    up    52:54:00:12:34:56  ");
        assertThat(lines("leases").get(1)).matches("10\\.0\\.2\\.15  52:54:00:12:34:56 .* (23 h 59|24 h 0) min");
    }

    @Test
    void flowIsListedAndKilled() throws IOException {
        try (ServerSocket host = new ServerSocket(0, 1, InetAddress.getLoopbackAddress())) {
            network.guest("vm1")
                    .connect(IpAddress.parse("10.0.2.2"), host.getLocalPort())
                    .join();
            assertThat(lines("flows").get(1))
                    .matches("tcp1  ESTABLISHED  10\\.0\\.2\\.15:\\d+  ->  10\\.0\\.2\\.2:" + host.getLocalPort()
                            + " .*");
            assertThat(lines("kill", "tcp1")).isEmpty();
            assertThat(lines("flows")).hasSize(1);
        }
    }

    @Test
    void forwardIsAddedAndRemovedInTheWordsOfQemu() throws IOException {
        String added = lines("hostfwd_add", "tcp::0-:22").get(0);
        int port = Integer.parseInt(added.substring(added.lastIndexOf(':') + 1));
        assertThat(added).isEqualTo("tcp: listens on 127.0.0.1:" + port);
        new Socket(InetAddress.getLoopbackAddress(), port).close();
        assertThat(lines("info", "usernet"))
                .contains(String.format(
                        "  TCP[HOST_FORWARD]   0       127.0.0.1 %5d       10.0.2.15    22     0     0", port));
        assertThat(lines("forwards").get(1))
                .isEqualTo(String.format("tcp       127.0.0.1:%-5d  10.0.2.15:22  tcp::0-:22", port));
        assertThat(lines("hostfwd_remove", "tcp::" + port))
                .containsExactly("host forwarding rule for tcp::" + port + " removed");
        assertThat(lines("forwards")).hasSize(1);
    }

    @Test
    void rangeThatIsTakenInPartIsNotForwardedAtAll() throws IOException {
        try (ServerSocket taken = new ServerSocket(0, 1, InetAddress.getLoopbackAddress())) {
            int last = taken.getLocalPort();
            CommandRun run = ctl("hostfwd_add", "tcp::" + (last - 1) + "-" + last + "-:22-23");
            assertThat(run.status()).isEqualTo(ExitCode.FAILURE);
            assertThat(run.err()).contains("Could not set up host forwarding rule");
            assertThat(network.control().forwards()).isEmpty();
        }
    }

    @Test
    void hostRecordIsAddedAskedForAndRemoved() {
        assertThat(lines("host_add", "Db.example", "192.0.2.7")).isEmpty();
        assertThat(lines("host_add", "db.example", "2001:db8::7")).isEmpty();
        assertThat(lines("hosts")).containsExactly("NAME        ADDRESSES", "db.example  192.0.2.7 2001:db8::7");
        assertThat(network.guest("vm1").resolve("db.example").join())
                .containsExactlyInAnyOrder(IpAddress.parse("192.0.2.7"), IpAddress.parse("2001:db8::7"));
        assertThat(lines("host_remove", "db.example")).isEmpty();
        assertThat(lines("hosts")).hasSize(1);
    }

    @Test
    void linkIsSetAndGuestUnplugged() {
        assertThat(lines("link", "vm1", "down")).isEmpty();
        assertThat(lines("ports").get(1)).startsWith("vm1    down");
        assertThat(lines("link", "vm1", "up")).isEmpty();
        assertThat(lines("kick", "vm1")).isEmpty();
        assertThat(lines("ports")).hasSize(1);
    }

    @Test
    void recordingIsStartedRotatedAndStopped() {
        Path first = directory.resolve("1.pcapng");
        Path second = directory.resolve("2.pcapng");
        assertThat(lines("record", "start", first.toString()).get(0)).startsWith("recording to " + first);
        network.guest("vm1").ping(IpAddress.parse("10.0.2.2")).join();
        assertThat(lines("record", "rotate", second.toString()).get(0)).startsWith("recording to " + second);
        assertThat(lines("record", "status").get(0))
                .matches("recording to .*; so far [1-9]\\d* packets written, 0 lost");
        assertThat(lines("record", "stop").get(0)).startsWith("nothing is being recorded; so far ");
        assertThat(first).isNotEmptyFile();
        assertThat(second).isNotEmptyFile();
    }

    @Test
    void statisticsAreShownAndGivenAsJson() {
        assertThat(lines("stats").get(0)).isEqualTo("1 guests plugged in, 0 flows, so far");
        assertThat(ctl("--json", "stats").out()).contains("  \"guests\": 1,\n");
    }

    @ParameterizedTest
    @CsvSource({
        "2, link vm1 off, 'link: a link is set ''up'' or ''down'', not ''off'''",
        "2, info network, 'info: there is ''usernet'', not ''network'''",
        "2, record start, record start: a FILE is needed",
        "2, record begin, 'record: there are ''start'', ''rotate'', ''stop'' and ''status'', not ''begin'''",
        "1, kick vm2, no guest is plugged in as 'vm2'",
        "1, kill 5, '''5'' names no flow; query-flows has them, as in ''tcp12'''",
        "1, hostfwd_add tcp:x-:22, Invalid host forwarding rule 'tcp:x-:22' (Bad host address)",
        "1, host_add db 1.2.3, '''1.2.3'' is no IPv4 or IPv6 address'",
        "1, host_remove db, there is no host record of 'db'",
        "1, hostfwd_remove tcp::1, host forwarding rule for tcp::1 not found",
    })
    void whatCannotBeDoneIsOneLine(int status, String words, String message) {
        CommandRun run = ctl(words.split(" "));
        assertThat(run.messages()).containsExactly("slipway: " + message);
        assertThat(run.status()).isEqualTo(status);
        assertThat(run.out()).isEmpty();
    }

    @Test
    void networkThatIsNotThereIsNamed() {
        control.close();
        CommandRun run = ctl("ports");
        assertThat(run.status()).isEqualTo(ExitCode.FAILURE);
        assertThat(run.messages())
                .containsExactly("slipway: no network answers at '" + socket + "': No such file or directory");
    }
}
