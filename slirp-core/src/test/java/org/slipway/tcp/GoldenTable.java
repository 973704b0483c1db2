package org.slipway.tcp;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;

/** A table of measurements that stands in the resources, so that a change of what it measures shows as a difference. */
final class GoldenTable {

    private GoldenTable() {}

    /** Fails unless {@code actual} is the text of the resource {@code name}; says how to take it over. */
    static void compare(String name, String actual) {
        Path written = Path.of("target", name);
        try (InputStream golden = GoldenTable.class.getResourceAsStream(name)) {
            Files.writeString(written, actual);
            String expected = golden == null ? "" : new String(golden.readAllBytes(), StandardCharsets.UTF_8);
            assertThat(actual)
                    .as(
                            "%s; if the change is meant: cp slirp-core/%s slirp-core/src/test/resources/org/slipway/tcp/",
                            name, written)
                    .isEqualTo(expected);
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }
}
