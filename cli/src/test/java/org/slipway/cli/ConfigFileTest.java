package org.slipway.cli;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** {@code slipway up --config FILE} and {@code --print-config}. */
class ConfigFileTest {

    @TempDir
    Path directory;

    private Path file;

    @BeforeEach
    void name() {
        file = directory.resolve("net.yaml");
    }

    private CommandRun up(String... args) {
        List<String> line = new ArrayList<>(List.of("up"));
        line.addAll(List.of(args));
        return CommandRun.of(
                builder -> {
                    throw new AssertionError("a network was started");
                },
                line.toArray(String[]::new));
    }

    /** What is printed for {@code text} as a file, and {@code more} on the command line. */
    private String printed(String text, String... more) throws IOException {
        Files.writeString(file, text);
        List<String> args = new ArrayList<>(List.of("--config=" + file, "--print-config"));
        args.addAll(List.of(more));
        CommandRun run = up(args.toArray(String[]::new));
        assertThat(run.err()).isEmpty();
        assertThat(run.status()).isEqualTo(ExitCode.OK);
        return run.out();
    }

    private String error(String text) throws IOException {
        Files.writeString(file, text);
        CommandRun run = up("--config=" + file);
        assertThat(run.status()).isEqualTo(ExitCode.USAGE);
        assertThat(run.messages()).hasSize(1);
        return run.messages().get(0).replace("slipway: " + file, "net.yaml");
    }

    @Test
    void fileSaysWhatACommandLineSays() throws IOException {
        String text = """
                # A network of two.
                ports:
                  - type: user
                    net: 10.1.0.0/16
                    restrict: on
                    hostfwd: ['tcp::2222-:22', 'udp::5353-:53']
                    bootfile: 'a,b'
                  - socket,listen=127.0.0.1:0
                record: all.pcapng
                live: true
                quiet: no
                ready-fd: 3
                host-record: [a=10.1.0.2, b=10.1.0.2]
                """;
        // YAML 1.2 knows true and false; what else a switch is given is no boolean.
        assertThat(error(text)).startsWith("net.yaml:11: Invalid value for option '--quiet'");
        assertThat(printed(text.replace("quiet: no", "quiet: false"))).isEqualTo("""
                ports:
                  - user,net=10.1.0.0/16,restrict=on,hostfwd=tcp::2222-:22,hostfwd=udp::5353-:53,bootfile=a,,b
                  - socket,listen=127.0.0.1:0
                record: all.pcapng
                live: true
                ready-fd: 3
                host-record:
                  - a=10.1.0.2
                  - b=10.1.0.2
                """);
    }

    @Test
    void commandLineGoesBeforeTheFileAndListsGrow() throws IOException {
        String text = """
                ports: ['socket,listen=127.0.0.1:0']
                record: file.pcapng
                host-record: a=10.0.2.2
                """;
        assertThat(printed(text, "--record=line.pcapng", "--host-record=b=10.0.2.2", "user"))
                .isEqualTo("""
                ports:
                  - socket,listen=127.0.0.1:0
                  - user
                record: line.pcapng
                host-record:
                  - a=10.0.2.2
                  - b=10.0.2.2
                """);
    }

    @Test
    void whatIsPrintedIsRead() throws IOException {
        String first = up(
                        "--print-config",
                        "user,hostname=a:'c'#",
                        "socket,listen=127.0.0.1:0",
                        "--metrics=127.0.0.1:0",
                        "--events=-",
                        "--control=/run/x: y.sock",
                        "-q")
                .out();
        assertThat(first).isNotEmpty();
        assertThat(printed(first)).isEqualTo(first);
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            quoteCharacter = '`',
            value = {
                "recrod: a.pcapng | 1: 'recrod' is not known, did you mean 'record'?",
                "config: b.yaml | 1: 'config' is not known",
                "help: true | 1: 'help' is not known",
                "live: true;record: [a, b] | 2: 'record' has one value, and no list",
                "record: a;record: b | 2: 'record' is there twice",
                "record: | 1: the value of 'record' must be a text or a number, not empty",
                "record: {a: b} | 1: the value of 'record' must be a text or a number",
                "ready-fd: x | 1: Invalid value for option '--ready-fd': 'x' is not an int",
                "ports: user | 1: 'ports' must be a list",
                "ports:;  - user;  - sokcet,listen=:0 "
                        + "| 3: PORT 'sokcet,listen=:0': Parameter 'type' does not accept value 'sokcet'; did you mean 'socket'?",
                "ports:;  - type: user;    mut: 1500 "
                        + "| 2: PORT 'user,mut=1500': Invalid parameter 'mut'; did you mean 'mtu'?",
                "ports:;  - mtu: 1500 | 2: a port needs a 'type': user, socket or stream",
                "ports:;  - type: user;    mtu: 1500;    mtu: 1501 | 4: 'mtu' is there twice",
                "- a | 1: the file must be a mapping: 'key: value' lines",
                "a: [b | 2: no YAML: expected ',' or ']', but got <stream end>",
                "a: *b | 1: no YAML: found undefined alias b",
            })
    void whatIsWrongIsToldWithItsLine(String lines, String error) throws IOException {
        assertThat(error(lines.replace(';', '\n') + "\n")).isEqualTo("net.yaml:" + error);
    }

    @Test
    void fileThatIsNotThereIsAnError() {
        CommandRun run = up("--config=" + file);
        assertThat(run.status()).isEqualTo(ExitCode.FAILURE);
        assertThat(run.messages()).containsExactly("slipway: --config " + file + ": cannot be read: no such file");
        assertThat(up("--config=" + directory).messages().get(0)).contains(": cannot be read: ");
    }

    @Test
    void fileThatIsNoTextOrTooLargeIsAnError() throws IOException {
        Files.write(file, "a: \u00e9".getBytes(StandardCharsets.ISO_8859_1));
        assertThat(up("--config=" + file).messages())
                .containsExactly("slipway: --config " + file + ": it is not UTF-8");
        Files.writeString(file, "#".repeat((1 << 20) + 1));
        assertThat(up("--config=" + file).messages())
                .containsExactly("slipway: --config " + file + ": more than 1048576 bytes");
    }

    @Test
    void emptyFileSaysNothing() throws IOException {
        assertThat(error("# nothing\n")).startsWith("slipway: no PORT is given");
    }
}
