package org.slipway.service;

import java.io.IOException;
import java.nio.channels.FileChannel;
import java.nio.channels.FileLock;
import java.nio.channels.OverlappingFileLockException;
import java.nio.file.DirectoryIteratorException;
import java.nio.file.DirectoryStream;
import java.nio.file.Files;
import java.nio.file.LinkOption;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.nio.file.attribute.PosixFileAttributes;
import java.nio.file.attribute.PosixFilePermissions;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;

/**
 * Marks a {@link PrivateDirectory} as in use: by a lock on a file in it, which the system takes away from a process that was
 * killed. So a later one knows what it may delete. Any thread.
 */
final class DirectoryClaim implements AutoCloseable {

    private static final String FILE = "in-use";
    private static final String UNLOCKED = "not-in-use-yet";

    /** Those of this process. Only to open and close another channel of a file of these would take the lock away. */
    private static final Set<Path> OWN = ConcurrentHashMap.newKeySet();

    private final Path directory;
    private final FileChannel channel;

    private DirectoryClaim(Path directory, FileChannel channel) {
        this.directory = directory;
        this.channel = channel;
    }

    /** Claims {@code directory}, whose owner alone gets in. */
    static DirectoryClaim of(Path directory) throws IOException {
        OWN.add(directory);
        Path early = directory.resolve(UNLOCKED);
        FileChannel channel = FileChannel.open(early, StandardOpenOption.CREATE_NEW, StandardOpenOption.WRITE);
        channel.lock();
        // Only now has it the name that others look for.
        Files.move(early, directory.resolve(FILE));
        return new DirectoryClaim(directory, channel);
    }

    /**
     * Deletes the private directories beside {@code own}, of the same owner, whose names begin with {@code prefix}, and whose
     * process is no more.
     */
    static void deleteAbandoned(Path own, String prefix) {
        try (DirectoryStream<Path> others = Files.newDirectoryStream(own.resolveSibling("."), prefix + "*")) {
            PosixFileAttributes mine = attributes(own);
            for (Path other : others) {
                Path directory = own.resolveSibling(other.getFileName());
                if (isAlike(mine, directory) && isAbandoned(directory)) {
                    new PrivateDirectory(directory).close();
                }
            }
        } catch (IOException | DirectoryIteratorException | UnsupportedOperationException e) {
            // It would only have been tidy.
            return;
        }
    }

    private static PosixFileAttributes attributes(Path path) throws IOException {
        return Files.readAttributes(path, PosixFileAttributes.class, LinkOption.NOFOLLOW_LINKS);
    }

    private static boolean isAlike(PosixFileAttributes mine, Path directory) {
        try {
            PosixFileAttributes other = attributes(directory);
            return other.isDirectory()
                    && other.owner().equals(mine.owner())
                    && other.permissions().equals(PosixFilePermissions.fromString("rwx------"));
        } catch (IOException e) {
            // Somebody else was faster.
            return false;
        }
    }

    private static boolean isAbandoned(Path directory) {
        if (OWN.contains(directory)) {
            return false;
        }
        try (FileChannel channel =
                        FileChannel.open(directory.resolve(FILE), StandardOpenOption.WRITE, LinkOption.NOFOLLOW_LINKS);
                FileLock lock = channel.tryLock()) {
            return lock != null;
        } catch (IOException | OverlappingFileLockException e) {
            return false;
        }
    }

    @Override
    public void close() throws IOException {
        channel.close();
        OWN.remove(directory);
    }
}
