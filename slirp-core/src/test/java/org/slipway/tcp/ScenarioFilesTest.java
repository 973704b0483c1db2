package org.slipway.tcp;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.URISyntaxException;
import java.net.URL;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Objects;
import java.util.stream.Stream;
import org.junit.jupiter.api.DynamicTest;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestFactory;

/** Runs each file of {@code scenarios}: one rule of an RFC each, named by its section. */
class ScenarioFilesTest {

    private static final String SUFFIX = ".scenario";

    private static List<Path> files() throws IOException, URISyntaxException {
        URL folder = Objects.requireNonNull(ScenarioFilesTest.class.getResource("scenarios"));
        try (Stream<Path> list = Files.list(Path.of(folder.toURI()))) {
            return list.sorted().toList();
        }
    }

    @TestFactory
    @SuppressWarnings("UnusedMethod")
    Stream<DynamicTest> holds() throws IOException, URISyntaxException {
        return files().stream()
                .map(file -> DynamicTest.dynamicTest(
                        file.getFileName().toString().replace(SUFFIX, ""),
                        file.toUri(),
                        () -> ScenarioRunner.run(read(file))));
    }

    /** So that none is passed over. */
    @Test
    void allFilesAreScenariosAndThereAreManyOfThem() throws IOException, URISyntaxException {
        assertThat(files()).hasSizeGreaterThanOrEqualTo(120);
        assertThat(files()).allMatch(file -> file.toString().endsWith(SUFFIX));
    }

    private static ScenarioFile read(Path file) {
        try {
            return ScenarioParser.parse(file.getFileName().toString(), Files.readString(file));
        } catch (IOException unreadable) {
            throw new UncheckedIOException(unreadable);
        }
    }
}
