package org.slipway.cli;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import org.slipway.network.NetworkException;

/** A file with this process's id, from when it is written until it is removed. */
final class PidFile {

    private final Path file;
    private final String content = ProcessHandle.current().pid() + "\n";

    private PidFile(Path file) {
        this.file = file;
    }

    /** Refuses, before anything is started, a file that cannot be written. */
    static void check(Path file) {
        Path directory = file.toAbsolutePath().getParent();
        if (directory == null || Files.isDirectory(file)) {
            throw cannotWrite(file, "it is a directory");
        }
        if (!Files.isDirectory(directory)) {
            throw cannotWrite(file, "no such directory");
        }
        if (!Files.isWritable(directory)) {
            throw cannotWrite(file, "its directory is not writable");
        }
    }

    private static NetworkException cannotWrite(Path file, String why) {
        return new NetworkException("--pid-file " + file + ": cannot be written: " + why);
    }

    /** Writes {@code file}: whoever sees it sees all of it. */
    static PidFile write(Path file) throws IOException {
        PidFile result = new PidFile(file.toAbsolutePath());
        Path written = result.file.resolveSibling(
                result.file.getFileName() + "." + ProcessHandle.current().pid());
        try {
            Files.writeString(written, result.content, StandardCharsets.US_ASCII);
            Files.move(written, result.file, StandardCopyOption.ATOMIC_MOVE);
        } finally {
            Files.deleteIfExists(written);
        }
        return result;
    }

    /** Removes the file, unless another process has put its own there. */
    void remove() {
        try {
            if (Files.readString(file, StandardCharsets.US_ASCII).equals(content)) {
                Files.delete(file);
            }
        } catch (IOException e) {
            // Somebody removed it before us: there is nothing left to do.
        }
    }
}
