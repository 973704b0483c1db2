package org.slipway.service;

import static org.assertj.core.api.Assertions.assertThat;

import java.nio.file.Path;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class SmbConfigurationTest {

    private static List<String> lines() {
        return SmbConfiguration.text(Path.of("/tmp/slipway-smb-1"), Path.of("/tmp/slipway-smb-1/share"), "DOM\\me too")
                .lines()
                .toList();
    }

    /** Without one of these, a Samba that has no rights of root does not start, or one that runs already is disturbed. */
    @ParameterizedTest
    @ValueSource(
            strings = {
                "private dir",
                "pid directory",
                "lock directory",
                "state directory",
                "cache directory",
                "ncalrpc dir",
                "smb passwd file",
                "log file"
            })
    void allThatSambaKeepsIsInThePrivateDirectory(String option) {
        assertThat(lines()).anyMatch(line -> line.startsWith(option + " = /tmp/slipway-smb-1"));
    }

    @Test
    void guestsMayReadAndWriteWithTheRightsOfTheUser() {
        assertThat(lines())
                .containsSubsequence(
                        "[global]",
                        "security = user",
                        "map to guest = Bad User",
                        "load printers = no",
                        "[qemu]",
                        "path = /tmp/slipway-smb-1/share",
                        "read only = no",
                        "guest ok = yes",
                        "force user = DOM\\me too");
    }

    @ParameterizedTest
    @ValueSource(strings = {"me", "/tmp/slipway-smb-1", "/t m/x", "DOM\\me", "müller", "x"})
    void plainTextIsWhatSambaTakesAsItStands(String text) {
        assertThat(SmbConfiguration.isPlain(text)).isTrue();
    }

    @ParameterizedTest
    @ValueSource(
            strings = {"", " ", " a", "a ", "a%Ub", "a\nb", "a\\", "\"a\"", "a'b", "#a", ";a", "a;b", "a\tb", "a\u0000"
            })
    void allElseIsNot(String text) {
        assertThat(SmbConfiguration.isPlain(text)).isFalse();
    }
}
