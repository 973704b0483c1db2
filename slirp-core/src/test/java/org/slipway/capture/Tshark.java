package org.slipway.capture;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Assumptions;

/** Runs Wireshark's command line tools, whose verdict on our files is the one that counts. */
final class Tshark {

    private static final String ROOT_NOTICE = "Running as user \"root\" and group \"root\". This could be dangerous.";

    private Tshark() {}

    /** Skips the calling test, with a printed reason, if {@code tool} is absent; on CI (CI=true) fails it. */
    static void require(String tool) {
        boolean present = List.of(System.getenv().getOrDefault("PATH", "").split(":", -1)).stream()
                .anyMatch(directory -> Files.isExecutable(Path.of(directory, tool)));
        String reason = "SKIPPED: " + tool + " is not installed (apt install tshark)";
        if (!present && "true".equals(System.getenv("CI"))) {
            throw new AssertionError(reason + ", and CI=true");
        }
        if (!present) {
            System.err.println(reason);
        }
        Assumptions.assumeTrue(present, reason);
    }

    /** The lines that the tool prints; it must end well and warn of nothing. */
    static List<String> run(String... command) throws IOException, InterruptedException {
        require(command[0]);
        Path errors = Files.createTempFile("slipway-tshark", ".txt");
        try {
            Process process = new ProcessBuilder(command)
                    .redirectError(errors.toFile())
                    .redirectInput(
                            ProcessBuilder.Redirect.from(Path.of("/dev/null").toFile()))
                    .start();
            List<String> output = new String(process.getInputStream().readAllBytes(), StandardCharsets.UTF_8)
                    .lines()
                    .toList();
            assertThat(process.waitFor(60, TimeUnit.SECONDS))
                    .as("%s ends", command[0])
                    .isTrue();
            List<String> complaints = new ArrayList<>(Files.readAllLines(errors));
            complaints.removeIf(line -> line.isBlank() || line.equals(ROOT_NOTICE));
            assertThat(complaints)
                    .as("%s has nothing to complain about", command[0])
                    .isEmpty();
            assertThat(process.exitValue()).isZero();
            return output;
        } finally {
            Files.delete(errors);
        }
    }
}
