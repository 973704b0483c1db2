package org.slipway.tap;

import static org.assertj.core.api.Assertions.assertThat;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.TimeUnit;

/** Runs a program in a network namespace of its own, at the end of a chain of routers: see namespaces.sh. */
final class Namespaces {

    private final Path directory;
    private final Class<?> program;

    /** Runs {@code program}'s main method; {@code directory} takes its output. */
    Namespaces(Path directory, Class<?> program) {
        this.directory = directory;
        this.program = program;
    }

    /**
     * What the program prints for each of the arguments, line by line.
     *
     * @param range the groups that may have ping sockets
     * @param wrapper a command that runs the command after it
     */
    List<String> run(String range, List<String> wrapper, String... arguments) throws Exception {
        assumeTrue(
                execute(List.of("unshare", "-rn", "ip", "link", "add", "v0", "type", "veth")) == 0,
                () -> "skipped: this user may not make network namespaces: " + read("err"));
        Path script = directory.resolve("namespaces.sh");
        try (var in = Namespaces.class.getResourceAsStream("namespaces.sh")) {
            Files.write(script, in.readAllBytes());
        }
        List<String> line = new ArrayList<>(List.of("unshare", "-rn", "sh", script.toString(), range));
        line.addAll(wrapper);
        line.addAll(List.of(
                Path.of(System.getProperty("java.home"), "bin", "java").toString(),
                "-Dio.netty.leakDetection.level=paranoid",
                "-cp",
                System.getProperty("java.class.path"),
                program.getName()));
        line.addAll(List.of(arguments));
        assertThat(execute(line)).as(() -> read("err")).isZero();
        assertThat(read("err")).doesNotContain("LEAK").doesNotContain("Exception");
        return read("out").lines().toList();
    }

    private int execute(List<String> line) throws IOException, InterruptedException {
        Process process = new ProcessBuilder(line)
                .redirectOutput(directory.resolve("out").toFile())
                .redirectError(directory.resolve("err").toFile())
                .start();
        try {
            assertThat(process.waitFor(60, TimeUnit.SECONDS))
                    .as("%s ends", line)
                    .isTrue();
            return process.exitValue();
        } catch (AssertionError e) {
            process.descendants().forEach(ProcessHandle::destroyForcibly);
            throw e;
        } finally {
            process.destroyForcibly();
        }
    }

    private String read(String file) {
        try {
            return Files.readString(directory.resolve(file));
        } catch (IOException e) {
            return e.toString();
        }
    }
}
