package org.slipway.service;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Comparator;
import java.util.List;
import java.util.stream.Stream;

/**
 * A directory for files of one run, which nobody else can read, and whose name nobody can foresee and so prepare
 * (CVE-2015-4037). Any thread.
 */
public final class PrivateDirectory implements AutoCloseable {

    private final Path path;

    /** One that is there already. */
    PrivateDirectory(Path path) {
        this.path = path;
    }

    /**
     * Makes one where the system has its temporary files; with a random name behind {@code prefix}, and, where files have modes,
     * 0700.
     *
     * @throws IOException if there is no room or no right
     */
    public static PrivateDirectory create(String prefix) throws IOException {
        return new PrivateDirectory(Files.createTempDirectory(prefix));
    }

    /** Where it is. */
    public Path path() {
        return path;
    }

    /** Deletes it with all that is in it, following no link. What cannot be deleted is left to the system's cleaning. */
    @Override
    public void close() {
        try (Stream<Path> files = Files.walk(path)) {
            List<Path> innermostFirst = files.sorted(Comparator.reverseOrder()).toList();
            for (Path file : innermostFirst) {
                Files.deleteIfExists(file);
            }
        } catch (IOException e) {
            return;
        }
    }
}
