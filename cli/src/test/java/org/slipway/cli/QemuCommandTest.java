package org.slipway.cli;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.condition.DisabledOnOs;
import org.junit.jupiter.api.condition.OS;
import org.junit.jupiter.api.io.TempDir;
import org.slipway.network.NetworkSummary.Recording;
import sun.misc.Signal;

/** The guest is a shell here. */
@DisabledOnOs(OS.WINDOWS)
class QemuCommandTest {

    private static final String NETDEV = "socket,id=slipway0,connect=127.0.0.1:4000";

    @TempDir
    Path directory;

    private final FakeNetwork network = FakeNetwork.onLoopback();
    private Path arguments = Path.of("");

    @BeforeEach
    void nameFiles() {
        arguments = directory.resolve("arguments");
    }

    private CommandRun qemu(String... args) {
        String[] all = new String[args.length + 1];
        all[0] = "qemu";
        System.arraycopy(args, 0, all, 1, args.length);
        return CommandRun.of(builder -> network, all);
    }

    /** A guest that writes down its arguments, a line each. */
    private String writeArguments() {
        return "printf '%s\\n' \"$@\" >'" + arguments + "'";
    }

    private List<String> written() throws IOException {
        return Files.readAllLines(arguments);
    }

    @Test
    void guestGetsItsNetworkCard() throws IOException {
        CommandRun run = qemu("--", "sh", "-c", writeArguments(), "sh", "-m", "512");
        assertThat(run).isEqualTo(new CommandRun(0, "", ""));
        assertThat(written())
                .containsExactly("-m", "512", "-netdev", NETDEV, "-device", "virtio-net-pci,netdev=slipway0");
        assertThat(network.closed).isPositive();
    }

    @Test
    void deviceCanBeChosen() throws IOException {
        assertThat(qemu("--device=e1000,mac=52:54:00:00:00:01", "--", "sh", "-c", writeArguments(), "sh")
                        .status())
                .isZero();
        assertThat(written())
                .containsExactly("-netdev", NETDEV, "-device", "e1000,mac=52:54:00:00:00:01,netdev=slipway0");
    }

    @Test
    void deviceOfTheUserStays() throws IOException {
        assertThat(qemu("user", "--", "sh", "-c", writeArguments(), "sh", "-device", "e1000,netdev=slipway0")
                        .status())
                .isZero();
        assertThat(written()).containsExactly("-device", "e1000,netdev=slipway0", "-netdev", NETDEV);
    }

    @Test
    void optionsBehindTheDashesAreTheGuests() throws IOException {
        assertThat(qemu("--quiet", "--", "sh", "-c", writeArguments(), "sh", "--help", "--", "--verbose")
                        .status())
                .isZero();
        assertThat(written()).startsWith("--help", "--", "--verbose", "-netdev");
    }

    @Test
    void statusIsTheGuests() {
        assertThat(qemu("--", "sh", "-c", "exit 7").status()).isEqualTo(7);
    }

    @Test
    void statusOfAKilledGuestIsAShells() {
        assertThat(qemu("--", "sh", "-c", "kill -KILL $$").status()).isEqualTo(128 + 9);
    }

    @Test
    void signalIsHandedOnToTheGuest() {
        CommandRun run = CommandRun.of(
                builder -> {
                    Signal.raise(new Signal("TERM"));
                    return network;
                },
                "qemu",
                "--",
                "sh",
                "-c",
                "trap 'exit 5' TERM; while :; do sleep 0.05; done");
        // It may be hit before its trap is set.
        assertThat(run.status()).isIn(5, 128 + 15);
    }

    @Test
    void guestMustEndWithTheNetwork() {
        network.stopped.complete(null);
        CommandRun run = qemu("--", "sh", "-c", "sleep 60 & wait");
        assertThat(run.status()).isEqualTo(1);
    }

    @Test
    void commandThatIsNotThereIsStatus127() {
        CommandRun run = qemu("--", "/no/such/qemu");
        assertThat(run).isEqualTo(new CommandRun(127, "", "slipway: cannot run '/no/such/qemu': not found\n"));
        assertThat(network.closed).isPositive();
    }

    @Test
    void commandThatCannotRunIsStatus126() throws IOException {
        Path file = Files.writeString(directory.resolve("plain"), "");
        CommandRun run = qemu("--", file.toString());
        assertThat(run.status()).isEqualTo(126);
        assertThat(run.err()).startsWith("slipway: cannot run '" + file + "': ").contains("Permission denied");
    }

    @Test
    void recordingIsSummedUpThoughOtherwiseSilent() {
        network.recording = new Recording(3, 3, 0, null);
        CommandRun run = qemu("--record", "vm.pcapng", "--", "true");
        assertThat(run)
                .isEqualTo(new CommandRun(0, "", "slipway: 3 packets captured, 3 written to vm.pcapng, 0 lost\n"));
    }

    @Test
    void userOptionsArePortOptions() {
        assertThat(qemu("--user", "foo=1", "--", "true").err()).startsWith("slipway: PORT 'user,foo=1': Invalid");
        assertThat(qemu("--user", "mtu=1400", "user", "--", "true").err())
                .isEqualTo("slipway: PORT 'user': a network has one 'user' port at most, for now\n");
    }

    @Test
    void commandMustBeGiven() {
        assertThat(qemu("user").status()).isEqualTo(2);
        assertThat(qemu("--").err()).startsWith("slipway: no guest is given; write its command behind '--'");
    }
}
