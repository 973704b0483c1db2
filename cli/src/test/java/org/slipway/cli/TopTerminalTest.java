package org.slipway.cli;

import static org.assertj.core.api.Assertions.assertThat;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import io.netty.channel.unix.DomainSocketAddress;
import java.io.BufferedReader;
import java.io.IOException;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.net.Socket;
import java.net.SocketException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;
import org.slipway.link.LinkConfig;
import org.slipway.network.Network;
import org.slipway.network.NetworkBuilder;
import org.slipway.wire.IpAddress;
import org.slipway.wire.MacAddress;

/** {@code slipway top} on a terminal, before a {@code slipway up} that is a process of its own, with a guest and a flow. */
@Timeout(value = 180, threadMode = Timeout.ThreadMode.SEPARATE_THREAD)
class TopTerminalTest {

    private static final String DOWN = "\033[B";

    @TempDir
    Path directory;

    private Process up;

    @BeforeEach
    void start() throws Exception {
        assumeTrue(TerminalRun.isPossible(), "SKIPPED: util-linux's script is not there");
        up = up();
    }

    @AfterEach
    void stop() throws InterruptedException {
        if (up != null) {
            end(up);
        }
    }

    private Process up() throws IOException {
        List<String> line = new ArrayList<>(TerminalRun.slipway());
        line.addAll(List.of("up", "user", "stream,server=on,addr.type=unix,addr.path=vm.sock", "--control=c.sock"));
        Process process = new ProcessBuilder(line)
                .directory(directory.toFile())
                .redirectErrorStream(true)
                .start();
        BufferedReader said = process.inputReader();
        for (String text = said.readLine(); text != null; text = said.readLine()) {
            if (text.contains("running")) {
                return process;
            }
        }
        throw new AssertionError("the network does not come up");
    }

    private static void end(Process process) throws InterruptedException {
        process.destroy();
        if (!process.waitFor(20, TimeUnit.SECONDS)) {
            process.destroyForcibly();
        }
    }

    private TerminalRun top(String options) throws IOException {
        return TerminalRun.start(directory, "xterm", "top --control=c.sock --interval=0.2 " + options);
    }

    /** A guest in this process, plugged into the one that runs. */
    private Network guest() {
        Network lan = new NetworkBuilder()
                .guest("vm1", MacAddress.parse("52:54:00:12:34:56"))
                .link(new LinkConfig.Connect(
                        "stream",
                        new DomainSocketAddress(directory.resolve("vm.sock").toString()),
                        0))
                .start();
        lan.guest("vm1").lease().join();
        return lan;
    }

    private void assertRestored(TerminalRun run) throws Exception {
        assertThat(run.awaitEnd()).contains("status=0");
        assertThat(run.restored()).isTrue();
        assertThat(directory.resolve("after")).hasSameTextualContentAs(directory.resolve("before"));
        assertThat(directory.resolve("before")).content().contains("icanon").doesNotContain("-icanon");
    }

    @Test
    void flowIsSeenAndEndedAndQGivesTheTerminalBack() throws Exception {
        try (Network lan = guest();
                ServerSocket host = new ServerSocket(0, 1, InetAddress.getLoopbackAddress());
                TerminalRun run = top("")) {
            run.awaitLine("guest1 +up +10\\.0\\.2\\.15 .*");
            run.awaitLine("Flows: 0, by rate");
            lan.guest("vm1")
                    .connect(IpAddress.parse("10.0.2.2"), host.getLocalPort())
                    .join();
            try (Socket accepted = host.accept()) {
                run.awaitLine("tcp1 +10\\.0\\.2\\.15:\\d+ +> +10\\.0\\.2\\.2:" + host.getLocalPort() + " +ESTAB .*");
                accepted.getOutputStream().write(new byte[100_000]);
                run.awaitLine("tcp1 .* 100kB .*");
                run.press(DOWN + "k");
                run.awaitLine("End tcp1\\? Both sides are reset\\. \\(y/n\\)");
                run.press("y");
                run.awaitLine("tcp1 has been ended");
                run.awaitNoLine("tcp1 .*ESTAB.*");
                assertThat(ends(accepted)).isTrue();
            }
            run.press("q");
            assertRestored(run);
        }
    }

    /** Whether the other end is gone, by a reset or else. */
    private static boolean ends(Socket socket) throws IOException {
        socket.setSoTimeout(20_000);
        try {
            return socket.getInputStream().read() < 0;
        } catch (SocketException reset) {
            return true;
        }
    }

    @Test
    void networkThatIsRestartedIsShownAgainAndControlCGivesTheTerminalBack() throws Exception {
        try (TerminalRun run = top("")) {
            run.awaitLine("Guests: 0");
            end(up);
            run.awaitLine("No answer, trying again: .*");
            up = up();
            run.awaitNoLine("No answer, trying again: .*");
            try (Network lan = guest()) {
                run.awaitLine("guest1 +up +" + lan.guest("vm1").lease().join().address() + " .*");
            }
            run.press("\003");
            assertRestored(run);
        }
    }

    @Test
    void screenFollowsTheSizeOfTheTerminalAndSigtermGivesItBack() throws Exception {
        try (TerminalRun run = top("--sort age")) {
            run.awaitLine("Flows: 0, by age");
            run.await("the bottom at 24", seen -> seen.lines().get(23).startsWith("q quit"));
            run.resize(140, 40);
            run.await("the bottom at 40", seen -> seen.lines().get(39).startsWith("q quit"));
            run.resize(20, 5);
            run.awaitLine("Too small: 20x5");
            run.resize(100, 24);
            run.awaitLine("Flows: 0, by age");
            run.terminate();
            assertRestored(run);
        }
    }

    @Test
    void whatCannotBeDrawnOnIsPrintedOn() throws Exception {
        try (TerminalRun run = TerminalRun.start(directory, "dumb", "top --control=c.sock --interval=0.2")) {
            assertThat(run.awaitEnd()).contains("slipway top  10.0.2.0/24").contains("status=0");
            assertThat(run.restored()).isTrue();
        }
        try (TerminalRun run =
                TerminalRun.start(directory, "xterm", "top --control=c.sock --interval=0.2 > text; cat text")) {
            assertThat(run.awaitEnd()).contains("slipway top  10.0.2.0/24").contains("status=0");
        }
        assertThat(directory.resolve("text")).content().doesNotContain("\033");
    }
}
