package org.slipway.cli;

import io.netty.channel.epoll.Epoll;
import io.netty.channel.unix.FileDescriptor;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;

/** A file descriptor inherited from whoever waits for the network to be ready ({@code --ready-fd}). */
final class ReadySignal {

    /** The two lowest bits of a descriptor's flags say how it was opened; 0 is reading only. */
    private static final int ACCESS_MODE = 3;

    private final int fd;

    private ReadySignal(int fd) {
        this.fd = fd;
    }

    /**
     * The descriptor {@code fd}. Called before anything else is opened: what is not open for writing now was not passed
     * on by anybody, and might be one of the JVM's own.
     *
     * @throws UsageException if it is not open for writing
     */
    static ReadySignal of(int fd) {
        if (fd < 0 || !writable(fd)) {
            throw new UsageException("--ready-fd " + fd + ": not a file descriptor that is open for writing");
        }
        return new ReadySignal(fd);
    }

    private static boolean writable(int fd) {
        Path all = Path.of("/proc/self/fdinfo");
        if (!Files.isDirectory(all)) {
            return Files.exists(device(fd));
        }
        try {
            for (String line : Files.readAllLines(all.resolve(Integer.toString(fd)))) {
                if (line.startsWith("flags:")) {
                    return (Integer.parseInt(line.substring(6).strip(), 8) & ACCESS_MODE) != 0;
                }
            }
        } catch (IOException e) {
            return false;
        }
        return false;
    }

    private static Path device(int fd) {
        return Path.of("/dev/fd/" + fd);
    }

    /** Writes {@code "1"} and closes the descriptor, but for standard input, output and error, as slirp4netns does. */
    void send() throws IOException {
        if (!Epoll.isAvailable()) {
            Files.write(device(fd), new byte[] {'1'}, StandardOpenOption.WRITE);
            return;
        }
        FileDescriptor descriptor = new FileDescriptor(fd);
        descriptor.write(ByteBuffer.allocateDirect(1).put(0, (byte) '1'), 0, 1);
        if (fd > 2) {
            descriptor.close();
        }
    }
}
