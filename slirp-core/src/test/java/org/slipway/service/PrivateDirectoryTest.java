package org.slipway.service;

import static org.assertj.core.api.Assertions.assertThat;

import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.util.HashSet;
import java.util.Set;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.condition.DisabledOnOs;
import org.junit.jupiter.api.condition.OS;
import org.junit.jupiter.api.io.TempDir;

/** CVE-2015-4037: a temporary directory that a local user could foresee, and make before. */
@DisplayName("CVE-2015-4037: predictable temporary directories")
class PrivateDirectoryTest {

    @Test
    @DisabledOnOs(OS.WINDOWS)
    void ownerAloneGetsIn() throws Exception {
        try (PrivateDirectory directory = PrivateDirectory.create("slipway-test")) {
            assertThat(PosixFilePermissions.toString(Files.getPosixFilePermissions(directory.path())))
                    .isEqualTo("rwx------");
        }
    }

    @Test
    void namesAreNotToBeForeseen() throws Exception {
        Set<String> names = new HashSet<>();
        for (int i = 0; i < 100; i++) {
            try (PrivateDirectory directory = PrivateDirectory.create("slipway-test")) {
                String name = directory.path().getFileName().toString();
                assertThat(name).startsWith("slipway-test");
                // 64 random bits in decimal: at most one in ten thousand has fewer than 15 digits.
                names.add(name);
            }
        }
        assertThat(names).hasSize(100);
        assertThat(names.stream().mapToInt(String::length).average().orElse(0)).isGreaterThan(12 + 15);
    }

    @Test
    void allThatIsInItGoesButNotWhatLinksLeadTo(@TempDir Path outside) throws Exception {
        Path kept = Files.writeString(outside.resolve("kept"), "kept");
        PrivateDirectory directory = PrivateDirectory.create("slipway-test");
        Files.writeString(
                Files.createDirectories(directory.path().resolve("a/b")).resolve("c"), "gone");
        Files.createSymbolicLink(directory.path().resolve("link"), outside);
        directory.close();
        assertThat(directory.path()).doesNotExist();
        assertThat(kept).hasContent("kept");
        directory.close();
    }
}
