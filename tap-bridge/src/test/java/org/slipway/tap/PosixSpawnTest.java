package org.slipway.tap;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import io.netty.channel.epoll.Epoll;
import io.netty.channel.unix.FileDescriptor;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;
import org.slipway.nat.SocketProcesses.Started;

/** Real processes, told to say what they were given. */
@Timeout(60)
final class PosixSpawnTest {

    @TempDir
    Path directory;

    @BeforeAll
    static void needsLinux() {
        assumeTrue(Libc.isSupported() && Epoll.isAvailable(), "skipped: not Linux on x86-64 or aarch64");
    }

    private Path errors() {
        return directory.resolve("errors");
    }

    private Started start(boolean closesFrom, String... command) throws IOException {
        return new PosixSpawn(closesFrom).start(List.of(command), errors());
    }

    private static void awaitEnd(Started started) {
        started.ended().orTimeout(10, TimeUnit.SECONDS).join();
    }

    /** All that a process has said; it has ended, so that nothing is on its way. */
    private static String read(FileDescriptor socket) throws IOException {
        ByteArrayOutputStream said = new ByteArrayOutputStream();
        ByteBuffer buffer = ByteBuffer.allocateDirect(4096);
        for (int length = socket.read(buffer, 0, 4096); length > 0; length = socket.read(buffer, 0, 4096)) {
            byte[] bytes = new byte[length];
            buffer.get(0, bytes);
            said.writeBytes(bytes);
        }
        return said.toString(UTF_8);
    }

    private String says(boolean closesFrom, String script) throws IOException {
        Started started = start(closesFrom, "/bin/sh", "-c", script);
        FileDescriptor socket = new FileDescriptor(started.socket());
        awaitEnd(started);
        try {
            return read(socket);
        } finally {
            socket.close();
        }
    }

    @ParameterizedTest
    @ValueSource(booleans = {true, false})
    void nothingIsOpenButTheSocketAndTheFileForErrors(boolean closesFrom) throws Exception {
        // ls itself opens the directory.
        List<String> open = says(closesFrom, "exec ls -l /proc/self/fd")
                .lines()
                .filter(line -> line.contains(" -> "))
                .map(line -> line.replaceFirst(".* (\\d+ -> )", "$1"))
                .toList();
        assertThat(open).hasSize(4);
        assertThat(open.get(0)).startsWith("0 -> socket:");
        assertThat(open.get(1)).isEqualTo(open.get(0).replaceFirst("0", "1"));
        assertThat(open.get(2)).isEqualTo("2 -> " + errors());
        assertThat(open.get(3)).startsWith("3 -> /proc/");
    }

    @Test
    void bytesPassBothWaysAndTheEndOfTheInputIsSeen() throws Exception {
        Started started = start(true, "/bin/cat");
        FileDescriptor socket = new FileDescriptor(started.socket());
        ByteBuffer hello = ByteBuffer.allocateDirect(5).put(0, "hello".getBytes(UTF_8));
        assertThat(socket.write(hello, 0, 5)).isEqualTo(5);
        assertThat(started.process().isAlive()).isTrue();
        socket.close();
        awaitEnd(started);
        assertThat(ProcessHandle.of(started.process().pid())).isEmpty();
    }

    @Test
    void noSignalIsBlockedOrIgnoredAndTheSessionIsItsOwn() throws Exception {
        String status = says(true, "cat /proc/self/status; cut -d ' ' -f 1,5,6 /proc/$$/stat; echo err >&2");
        assertThat(status)
                .containsPattern("SigBlk:\\s0{16}\n")
                .containsPattern("SigIgn:\\s0{16}\n")
                .containsPattern("(?m)^(\\d+) \\1 \\1$");
        assertThat(errors()).hasContent("err");
    }

    /** The sixth argument of posix_spawn. */
    @Test
    void environmentIsOurs() throws Exception {
        String path = System.getenv("PATH");
        assertThat(says(true, "echo \"$PATH\"")).isEqualTo(path + "\n");
    }

    @Test
    void processIsTakenAwayWhenItHasEnded() throws Exception {
        Started started = start(true, "/bin/sh", "-c", "exit 3");
        awaitEnd(started);
        assertThat(Path.of("/proc/" + started.process().pid())).doesNotExist();
        new FileDescriptor(started.socket()).close();
    }

    @Test
    void programThatIsNotThereLeavesNothingOpen() throws Exception {
        long before = openSockets();
        assertThatThrownBy(() -> start(true, "/nowhere/program"))
                .isInstanceOf(IOException.class)
                .hasMessage("cannot start /nowhere/program: No such file or directory (ENOENT)");
        assertThat(openSockets()).isEqualTo(before);
    }

    private static long openSockets() throws IOException {
        try (var files = Files.list(Path.of("/proc/self/fd"))) {
            return files.filter(file -> {
                        try {
                            return Files.readSymbolicLink(file).toString().startsWith("socket:");
                        } catch (IOException e) {
                            return false;
                        }
                    })
                    .count();
        }
    }
}
