package org.slipway.tap;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.nio.file.Files;
import java.nio.file.Path;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Nested;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class BridgeAclTest {

    @TempDir
    private Path directory;

    private BridgeAcl acl(String text) throws Exception {
        return BridgeAcl.read(Files.writeString(directory.resolve("bridge.conf"), text));
    }

    private void assertWrong(String text, String message) {
        assertThatThrownBy(() -> acl(text))
                .isInstanceOf(BridgeAclException.class)
                .hasMessageContaining(message);
    }

    @ParameterizedTest
    @CsvSource({
        "'allow br0', true, false",
        "'  allow\t br0 \r\n# deny br0\n\n', true, false",
        "'allow all', true, true",
        "'deny br0\nallow all', false, true",
        "'allow all\ndeny br0', false, true",
        "'allow br0\ndeny all', false, false",
        "'', false, false",
        "'# allow all', false, false",
    })
    void denialWinsAndNothingIsAllowedByDefault(String text, boolean br0, boolean br1) throws Exception {
        BridgeAcl acl = acl(text);
        assertThat(acl.allows("br0")).isEqualTo(br0);
        assertThat(acl.allows("br1")).isEqualTo(br1);
    }

    @Test
    void includedFilesCountAndTheirFaultsDoNot() throws Exception {
        Files.writeString(directory.resolve("more.conf"), "allow br1\nfoo bar\nallow br2");
        BridgeAcl acl = acl("allow br0\ninclude more.conf\ninclude absent.conf\nallow br3");
        assertThat(acl.allows("br0")).isTrue();
        assertThat(acl.allows("br1")).isTrue();
        assertThat(acl.allows("br2")).isFalse();
        assertThat(acl.allows("br3")).isTrue();
    }

    @Test
    void fileThatIncludesItselfEnds() throws Exception {
        BridgeAcl acl = acl("allow br0\n" + "include bridge.conf\n".repeat(1000));
        assertThat(acl.allows("br0")).isTrue();
        assertThat(acl.allows("br1")).isFalse();
    }

    @Test
    void whatIsWrongIsNamed() throws Exception {
        assertWrong("allow", "Invalid config line in `" + directory.resolve("bridge.conf") + "': allow");
        assertWrong("foo br0", "Unknown command `foo'");
        assertWrong("allow br0 br1", "name `br0 br1' is not of visible ASCII characters");
        assertThatThrownBy(() -> BridgeAcl.read(directory.resolve("absent")))
                .isInstanceOf(BridgeAclException.class)
                .hasMessageContaining("failed to parse acl file `" + directory.resolve("absent") + "'");
        assertWrong("#".repeat(BridgeAcl.MAX_FILE_LENGTH + 1), "longer than 1048576 bytes");
    }

    @Nested
    @DisplayName("CVE-2019-13164: a name that is cut to that of another bridge")
    class Cve201913164 {

        private static final String NAME_15 = "bridge-of-guest";

        @Test
        void namesOfFifteenCharactersAreTheLongest() throws Exception {
            assertThat(NAME_15).hasSize(15);
            assertThat(acl("allow " + NAME_15).allows(NAME_15)).isTrue();
            assertWrong("allow " + NAME_15 + "s", "name `bridge-of-guests' too long: 16");
            assertWrong("deny " + NAME_15 + "ss", "name `bridge-of-guestss' too long: 17");
        }

        @ParameterizedTest
        @CsvSource({"bridge-of-guests", "bridge-of-guestss", "bridge-of-guest/", "''", "' br0'", "br0 x", ".", ".."})
        void whatIsNoNameIsNotAllowedEvenIfAllAre(String name) throws Exception {
            assertThat(acl("allow all").allows(name)).isFalse();
        }

        @Test
        void nulEndsNoName() throws Exception {
            BridgeAcl acl = acl("allow br0\nallow " + NAME_15);
            assertThat(acl.allows("br0\0")).isFalse();
            assertThat(acl.allows("br0\0evil")).isFalse();
            assertThat(acl.allows(NAME_15 + "\0")).isFalse();
            assertWrong("allow br0\0x", "name `br0?x'");
        }

        @Test
        void allIsNobodysNameToDenyWith() throws Exception {
            assertThat(acl("allow all").allows("all")).isTrue();
            assertThat(acl("allow br0").allows("all")).isFalse();
            assertThat(acl("deny all\nallow br0").allows("br0")).isFalse();
        }
    }
}
