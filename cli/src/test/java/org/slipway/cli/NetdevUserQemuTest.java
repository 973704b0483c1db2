package org.slipway.cli;

import static org.assertj.core.api.Assertions.assertThat;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.TimeUnit;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.slipway.cli.NetdevUserTable.Row;

/** What docs/netdev-user.md says of QEMU is so; asked of a QEMU 7.2 on the path, without a machine, if there is one. */
class NetdevUserQemuTest {

    private static final String QEMU = "qemu-system-x86_64";
    private static final int TIMEOUT_SECONDS = 20;

    private record Answer(int status, String errors) {}

    @TempDir
    private @Nullable Path directory;

    @Test
    void qemuSaysWhatTheTableSays() {
        assumeTrue(isThere(), "SKIPPED: " + QEMU + " 7.2 is not there");
        NetdevUserTable.refresh(row -> new Row(row.text(), outcome(row), row.slipway(), row.remark()));
        List<String> wrong = new ArrayList<>();
        for (Row row : NetdevUserTable.rows()) {
            String outcome = outcome(row);
            if (!outcome.equals(row.qemu())) {
                wrong.add(row.text() + " -> " + outcome);
            }
        }
        assertThat(wrong).isEmpty();
    }

    private String outcome(Row row) {
        String text = row.expanded();
        // What only later versions have is as their source says; without smbd QEMU says no more than that.
        boolean wantsSmbd = text.contains("smb=") && !Files.exists(Path.of("/usr/sbin/smbd"));
        if (row.qemu().startsWith("10.2: ") || wantsSmbd) {
            return row.qemu();
        }
        String netdev = text.contains("id=") ? text : "user,id=u" + text.substring("user".length());
        Answer answer = run("-nodefaults", "-M", "none", "-display", "none", "-monitor", "stdio", "-netdev", netdev);
        String said = answer.errors
                .replace(QEMU + ": ", "")
                .replace("-netdev " + netdev + ": ", "")
                .replace("warning: netdev u has no peer", "")
                .replace(netdev, "")
                .lines()
                .map(String::strip)
                .filter(line -> !line.isEmpty())
                .reduce("", (all, line) -> all.isEmpty() ? line : all + " / " + line);
        return switch (answer.status) {
            case 0 -> said.isEmpty() ? "ok" : "ok, " + said;
            case 1 -> "error: " + said;
            default -> "crash";
        };
    }

    private boolean isThere() {
        try {
            return run("--version").status == 0
                    && Files.readString(file("out")).startsWith("QEMU emulator version 7.2.");
        } catch (IOException | UncheckedIOException e) {
            return false;
        }
    }

    private Path file(String name) {
        return Path.of(String.valueOf(directory), name);
    }

    private Answer run(String... arguments) {
        List<String> command = new ArrayList<>(List.of(QEMU));
        command.addAll(List.of(arguments));
        try {
            Files.writeString(file("in"), "quit\n");
            Process process = new ProcessBuilder(command)
                    .redirectInput(file("in").toFile())
                    .redirectOutput(file("out").toFile())
                    .redirectError(file("err").toFile())
                    .start();
            if (!process.waitFor(TIMEOUT_SECONDS, TimeUnit.SECONDS)) {
                process.destroyForcibly();
                throw new IOException(command + " does not end");
            }
            return new Answer(process.exitValue(), Files.readString(file("err")));
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw new IllegalStateException(e);
        }
    }
}
