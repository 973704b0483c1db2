package org.slipway.service;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;

import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.condition.DisabledOnOs;
import org.junit.jupiter.api.condition.OS;
import org.junit.jupiter.api.io.TempDir;

@Timeout(60)
@DisabledOnOs(OS.WINDOWS)
class DirectoryClaimTest {

    @TempDir
    Path parent;

    private Path directory(String name) throws Exception {
        return Files.createDirectory(
                parent.resolve(name),
                PosixFilePermissions.asFileAttribute(PosixFilePermissions.fromString("rwx------")));
    }

    /** Claims its argument and waits to be killed. */
    public static final class Claimant {
        public static void main(String[] arguments) throws Exception {
            DirectoryClaim claim = DirectoryClaim.of(Path.of(arguments[0]));
            System.out.write("claimed\n".getBytes(UTF_8));
            System.out.flush();
            System.in.read();
            claim.close();
        }
    }

    private static Process claimant(Path directory) throws Exception {
        Process process = new ProcessBuilder(
                        Path.of(System.getProperty("java.home"), "bin", "java").toString(),
                        "-Xshare:auto",
                        "-cp",
                        System.getProperty("java.class.path"),
                        Claimant.class.getName(),
                        directory.toString())
                .redirectError(ProcessBuilder.Redirect.INHERIT)
                .start();
        assertThat(process.inputReader(UTF_8).readLine()).isEqualTo("claimed");
        return process;
    }

    @Test
    void whatAKilledProcessHasLeftIsDeletedAndNothingElse() throws Exception {
        Path own = directory("x-own");
        Path others = directory("x-others");
        Path unclaimed = directory("x-unclaimed");
        Path named = directory("y-abandoned");
        Files.writeString(named.resolve("in-use"), "");
        Path open = Files.createDirectory(parent.resolve("x-open"));
        Files.setPosixFilePermissions(open, PosixFilePermissions.fromString("rwxr-xr-x"));
        Files.writeString(open.resolve("in-use"), "");
        Path link = Files.createSymbolicLink(parent.resolve("x-link"), named);
        Process other = claimant(others);
        try (DirectoryClaim claim = DirectoryClaim.of(own)) {
            DirectoryClaim.deleteAbandoned(own, "x-");
            assertThat(claim).isNotNull();
            assertThat(parent.toFile().list())
                    .containsExactlyInAnyOrder("x-own", "x-others", "x-unclaimed", "y-abandoned", "x-open", "x-link");

            other.destroyForcibly();
            assertThat(other.waitFor(10, TimeUnit.SECONDS)).isTrue();
            DirectoryClaim.deleteAbandoned(own, "x-");
            assertThat(others).doesNotExist();
            assertThat(own.resolve("in-use")).exists();
            assertThat(link.resolve("in-use")).exists();
            assertThat(unclaimed).exists();
        } finally {
            other.destroyForcibly();
        }
    }

    /** To open the file of one's own claim again, and close it, would give up the lock on it. */
    @Test
    void secondClaimOfThisProcessDoesNotBreakTheFirst() throws Exception {
        Path first = directory("x-first");
        Path second = directory("x-second");
        try (DirectoryClaim one = DirectoryClaim.of(first);
                DirectoryClaim two = DirectoryClaim.of(second)) {
            assertThat(one).isNotSameAs(two);
            DirectoryClaim.deleteAbandoned(second, "x-");
            Path third = directory("x-third");
            Process other = claimant(third);
            try {
                // What another process sees.
                Process visitor = visitor(third);
                assertThat(visitor.waitFor(30, TimeUnit.SECONDS)).isTrue();
                assertThat(visitor.exitValue()).isZero();
                assertThat(first).exists();
                assertThat(second).exists();
                assertThat(third).exists();
            } finally {
                other.destroyForcibly();
            }
        }
    }

    /** Deletes what is abandoned beside its argument. */
    public static final class Visitor {
        public static void main(String[] arguments) {
            DirectoryClaim.deleteAbandoned(Path.of(arguments[0]), "x-");
        }
    }

    private static Process visitor(Path directory) throws Exception {
        return new ProcessBuilder(
                        Path.of(System.getProperty("java.home"), "bin", "java").toString(),
                        "-cp",
                        System.getProperty("java.class.path"),
                        Visitor.class.getName(),
                        directory.toString())
                .inheritIO()
                .start();
    }
}
