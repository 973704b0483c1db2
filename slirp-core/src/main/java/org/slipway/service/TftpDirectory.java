package org.slipway.service;

import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.channels.SeekableByteChannel;
import java.nio.charset.StandardCharsets;
import java.nio.file.AccessDeniedException;
import java.nio.file.Files;
import java.nio.file.InvalidPathException;
import java.nio.file.LinkOption;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.util.Arrays;
import java.util.Set;
import java.util.regex.Pattern;

/**
 * The regular files below a directory. A name is relative to it, with or without a slash in front; a backslash is a slash,
 * as Windows PXE writes it. Nothing in a name is decoded. Symbolic links are followed within the directory and not out of it.
 */
public final class TftpDirectory implements TftpFiles {

    private static final Pattern SEPARATORS = Pattern.compile("[/\\\\]+");
    private static final Pattern DRIVE = Pattern.compile("[/\\\\]*[A-Za-z]:.*", Pattern.DOTALL);

    private final Path root;

    /** The files below {@code root}, which need not be there yet. */
    public TftpDirectory(Path root) {
        this.root = root;
    }

    @Override
    public Content open(String name) throws IOException {
        Path realRoot = root.toRealPath();
        Path real = resolve(realRoot, name).toRealPath();
        // Opening a FIFO or a device could block for good or do something.
        if (!real.startsWith(realRoot) || !Files.isRegularFile(real, LinkOption.NOFOLLOW_LINKS)) {
            throw new AccessDeniedException(name);
        }
        // The real path has no links: one that is there now was put there in this moment.
        SeekableByteChannel channel =
                Files.newByteChannel(real, Set.of(StandardOpenOption.READ, LinkOption.NOFOLLOW_LINKS));
        try {
            return new FileContent(channel, channel.size());
        } catch (IOException e) {
            channel.close();
            throw e;
        }
    }

    private static Path resolve(Path root, String name) throws IOException {
        if (name.indexOf(0) >= 0 || DRIVE.matcher(name).matches()) {
            throw new AccessDeniedException(name);
        }
        String text = new String(name.getBytes(StandardCharsets.ISO_8859_1), StandardCharsets.UTF_8);
        Path path = root;
        for (String part : SEPARATORS.split(text)) {
            if (part.equals("..")) {
                throw new AccessDeniedException(name);
            }
            try {
                path = path.resolve(part);
            } catch (InvalidPathException e) {
                throw new NoSuchFileException(name);
            }
        }
        return path;
    }

    private record FileContent(SeekableByteChannel channel, long size) implements Content {

        @Override
        public byte[] read(int length) throws IOException {
            ByteBuffer buffer = ByteBuffer.allocate(length);
            while (buffer.hasRemaining() && channel.read(buffer) >= 0) {
                // until it is full or the file ends
            }
            return buffer.hasRemaining() ? Arrays.copyOf(buffer.array(), buffer.position()) : buffer.array();
        }

        @Override
        public void close() throws IOException {
            channel.close();
        }
    }
}
