package org.slipway.cli;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.nio.file.Files;
import java.nio.file.Path;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;
import org.slipway.network.NetworkException;
import org.slipway.network.NetworkSummary.Recording;
import sun.misc.Signal;

// Where the process was started with a signal ignored, as by nohup, the JVM leaves it ignored: that fails, and does not
// hang.
@Timeout(value = 30, threadMode = Timeout.ThreadMode.SEPARATE_THREAD)
class UpCommandTest {

    private static final String LISTEN = "socket,listen=127.0.0.1:0";

    private final FakeNetwork network = FakeNetwork.onLoopback();

    private CommandRun up(String... more) {
        String[] args = new String[more.length + 3];
        args[0] = "up";
        args[1] = "user";
        args[2] = LISTEN;
        System.arraycopy(more, 0, args, 3, more.length);
        return CommandRun.of(builder -> network, args);
    }

    @Test
    void printsWhatToGiveToQemuForEachListeningPort() {
        network.listen("socket,listen=:0", new InetSocketAddress(InetAddress.getLoopbackAddress(), 7));
        network.stopped.complete(null);
        CommandRun run = up();
        assertThat(run.err())
                .contains("-netdev socket,id=net0,connect=127.0.0.1:4000"
                        + " -device virtio-net-pci,netdev=net0,mac=52:54:00:12:34:56\n")
                .contains("-netdev socket,id=net1,connect=127.0.0.1:7"
                        + " -device virtio-net-pci,netdev=net1,mac=52:54:00:12:34:57\n")
                .contains("needs a mac= of its own, for example 52:54:00:12:34:58\n");
        assertThat(run.out()).isEmpty();
    }

    @ParameterizedTest
    @ValueSource(strings = {"INT", "TERM", "HUP"})
    void signalStopsItCleanlyWithASummary(String signal) {
        CommandRun run = CommandRun.of(
                builder -> {
                    Signal.raise(new Signal(signal));
                    return network;
                },
                "up",
                LISTEN);
        assertThat(run.status()).isZero();
        assertThat(network.closed).isPositive();
        assertThat(run.err())
                .contains("slipway: 1 guest, 4 flows\n")
                .contains("slipway: 20 frames (2000 bytes) from guests, 30 frames (3000 bytes) to guests\n")
                .contains("slipway: 7 drops: 5 ip bad checksum, 2 arp not ours\n");
    }

    @Test
    void quietSaysNothing() {
        network.stopped.complete(null);
        CommandRun run = up("--quiet");
        assertThat(run).isEqualTo(new CommandRun(0, "", ""));
    }

    @Test
    void endOfTheLastLinkEndsIt() {
        network.stopped.complete(null);
        assertThat(up().messages()).contains("slipway: the network has ended");
    }

    @Test
    void failureOfTheNetworkIsOneLineAndStatusOne() {
        network.stopped.completeExceptionally(new NetworkException("PORT 'x': connection refused"));
        CommandRun run = up("--quiet");
        assertThat(run).isEqualTo(new CommandRun(1, "", "slipway: PORT 'x': connection refused\n"));
    }

    @Test
    void failureToStartIsOneLineAndStatusOne() {
        CommandRun run = CommandRun.of(
                builder -> {
                    throw new NetworkException("PORT 'socket,listen=:1': can't bind\n  Permission denied");
                },
                "up",
                LISTEN);
        assertThat(run)
                .isEqualTo(new CommandRun(1, "", "slipway: PORT 'socket,listen=:1': can't bind; Permission denied\n"));
    }

    @Test
    void mistakeOfOursIsOneLineToo() {
        CommandRun run = CommandRun.of(
                builder -> {
                    throw new IllegalStateException("so it is");
                },
                "up",
                LISTEN);
        assertThat(run)
                .isEqualTo(
                        new CommandRun(
                                1,
                                "",
                                "slipway: failed unexpectedly: IllegalStateException: so it is (SLIPWAY_DEBUG=1 shows where)\n"));
    }

    @Test
    void recordingIsSummedUp(@TempDir Path directory) {
        Path file = directory.resolve("all.pcapng");
        network.recording = new Recording(50, 48, 2, null);
        network.stopped.complete(null);
        CommandRun run = up("--record", file.toString());
        assertThat(run.status()).isZero();
        assertThat(run.messages()).contains("slipway: 50 packets captured, 48 written to " + file + ", 2 lost");
    }

    @Test
    void recordingThatFailedIsStatusOneEvenIfQuiet(@TempDir Path directory) {
        Path file = directory.resolve("all.pcapng");
        network.recording = new Recording(50, 10, 40, "No space left on device");
        network.stopped.complete(null);
        assertThat(up("--quiet", "--record", file.toString()))
                .isEqualTo(new CommandRun(
                        1,
                        "",
                        "slipway: 50 packets captured, 10 written to " + file
                                + ", 40 lost: No space left on device\n"));
    }

    @Test
    void pidFileIsThereWhileItRuns(@TempDir Path directory) throws IOException {
        Path file = directory.resolve("pid");
        network.stopped.complete(null);
        CommandRun run = up("--pid-file", file.toString());
        assertThat(run.status()).isZero();
        assertThat(file).doesNotExist();

        PidFile written = PidFile.write(file);
        assertThat(file).hasContent(Long.toString(ProcessHandle.current().pid()));
        Files.writeString(file, "1\n");
        written.remove();
        assertThat(file).hasContent("1");
    }

    @Test
    void pidFileThatCannotBeWrittenIsSaidBeforeAnythingStarts(@TempDir Path directory) {
        CommandRun run = up("--quiet", "--pid-file", directory.resolve("no/pid").toString());
        assertThat(run.status()).isEqualTo(1);
        assertThat(run.err())
                .startsWith("slipway: --pid-file ")
                .contains("cannot be written")
                .hasLineCount(1);
        assertThat(network.closed).isZero();
    }

    @Test
    void readyFdMustBeOpenForWriting() {
        assertThat(up("--ready-fd", "9999"))
                .isEqualTo(new CommandRun(
                        2, "", "slipway: --ready-fd 9999: not a file descriptor that is open for writing\n"));
        assertThat(up("--ready-fd", "-1").status()).isEqualTo(2);
    }

    @Test
    void networkNeedsAPlaceToPlugInto() {
        assertThat(CommandRun.of(builder -> network, "up").messages())
                .containsExactly("slipway: no PORT is given; try: slipway up user socket,listen=127.0.0.1:0");
        assertThat(CommandRun.of(builder -> network, "up", "user").messages())
                .containsExactly(
                        "slipway: no PORT that a guest can plug into; try: slipway up user socket,listen=127.0.0.1:0");
    }

    @ParameterizedTest
    @CsvSource({"--foo, --foo", "--record, --record", "--ready-fd=x, 'x'", "'user,foo=1', foo"})
    void usageErrorIsOneLineAndStatusTwo(String argument, String named) {
        CommandRun run = CommandRun.of(builder -> network, "up", argument);
        assertThat(run.status()).isEqualTo(2);
        assertThat(run.err()).startsWith("slipway: ").contains(named).hasLineCount(1);
    }
}
