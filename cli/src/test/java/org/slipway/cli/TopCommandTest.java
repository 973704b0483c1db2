package org.slipway.cli;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.nio.file.Path;
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
import org.slipway.gateway.GatewayConfig;
import org.slipway.network.Network;
import org.slipway.network.NetworkBuilder;
import org.slipway.wire.IpAddress;
import org.slipway.wire.MacAddress;

/** {@code slipway top} where it prints once, and the network that it asks. */
@Timeout(60)
class TopCommandTest {

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
        control = Sockets.control(socket, network.control(), rule -> List.of(), "1.2.3");
    }

    @AfterEach
    void stop() {
        control.close();
        network.close();
    }

    private CommandRun top(String... more) {
        String[] line = new String[more.length + 3];
        line[0] = "top";
        line[1] = "--once";
        line[2] = "--control=" + socket;
        System.arraycopy(more, 0, line, 3, more.length);
        return CommandRun.of(
                builder -> {
                    throw new AssertionError("top starts no network");
                },
                line);
    }

    @Test
    void guestsAndFlowsArePrintedWithTheirRates() throws IOException {
        try (ServerSocket host = new ServerSocket(0, 1, InetAddress.getLoopbackAddress())) {
            network.guest("vm1")
                    .connect(IpAddress.parse("10.0.2.2"), host.getLocalPort())
                    .join();
            CommandRun run = top("--interval", "0.2");
            assertThat(run.err()).isEmpty();
            assertThat(run.status()).isEqualTo(ExitCode.OK);
            List<String> lines = run.out().lines().toList();
            assertThat(lines.get(0)).matches("slipway top  10\\.0\\.2\\.0/24 fd00::/64  up \\d+s");
            assertThat(lines.get(1)).matches("Up [0-9.k]+ ?bit/s, .* B .*   Flows 1 of 1 so far");
            assertThat(lines.get(4)).matches("GUEST +LINK +ADDRESS +MAC +HOST NAME +UP +DOWN .*");
            assertThat(lines.get(5)).matches("vm1 +up +10\\.0\\.2\\.15 +52:54:00:12:34:56 .*[0-9.]+k?b +[0-9.]+k?b .*");
            assertThat(lines.get(8))
                    .matches("tcp1 +10\\.0\\.2\\.15:\\d+ +> +10\\.0\\.2\\.2:" + host.getLocalPort()
                            + " +ESTAB +0b +0b +0B +(-|\\S+[um]s) +\\d+s");
            assertThat(run.out()).doesNotContain("\033");
        }
    }

    @ParameterizedTest
    @CsvSource({
        "--interval 0.1, '--interval: an interval is 0.2 to 60 seconds, not 0.1'",
        "--interval 61, '--interval: an interval is 0.2 to 60 seconds, not 61.0'",
        "--interval NaN, '--interval: an interval is 0.2 to 60 seconds, not NaN'",
        "--sort size, '--sort: flows are sorted by rate, up, down, total, rtt, age, flow, guest, destination, state, not by"
                + " ''size'''",
    })
    void wrongOptionIsOneLine(String words, String message) {
        CommandRun run = top(words.split(" "));
        assertThat(run.messages()).containsExactly("slipway: " + message);
        assertThat(run.status()).isEqualTo(ExitCode.USAGE);
    }

    @Test
    void networkThatIsNotThereIsNamed() {
        control.close();
        CommandRun run = top();
        assertThat(run.messages())
                .containsExactly("slipway: no network answers at '" + socket + "': No such file or directory");
        assertThat(run.status()).isEqualTo(ExitCode.FAILURE);
    }

    @Test
    void networkThatEndsMeanwhileIsNoNetwork() {
        network.close();
        CommandRun run = top();
        assertThat(run.messages())
                .containsExactly("slipway: no network answers at '" + socket + "': the network is closed");
        assertThat(run.status()).isEqualTo(ExitCode.FAILURE);
    }
}
