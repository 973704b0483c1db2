package org.slipway.cli.control;

import io.netty.channel.unix.DomainSocketAddress;
import java.io.IOException;
import java.net.StandardProtocolFamily;
import java.net.UnixDomainSocketAddress;
import java.nio.channels.ServerSocketChannel;
import java.nio.channels.SocketChannel;
import java.nio.charset.Charset;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.nio.file.attribute.PosixFilePermissions;
import java.util.Objects;
import org.slipway.link.SocketFile;

/** A Unix socket that listens for its owner alone: its mode is 0600 from the moment on at which others can see it. */
final class PrivateSocket implements AutoCloseable {

    /** {@code sun_path} has 108 bytes, the last for the NUL. */
    private static final int MAX_PATH_BYTES = 107;

    private final ServerSocketChannel channel;
    private final SocketFile file;

    private PrivateSocket(ServerSocketChannel channel, SocketFile file) {
        this.channel = channel;
        this.file = file;
    }

    /**
     * Listens at {@code path}; a socket that an earlier process left there is replaced.
     *
     * @throws IOException if it cannot be had; the message is one line
     */
    static PrivateSocket listen(Path path) throws IOException {
        Path absolute = path.toAbsolutePath();
        int length = absolute.toString().getBytes(Charset.defaultCharset()).length;
        if (length > MAX_PATH_BYTES) {
            throw new IOException("the path has " + length + " bytes, the limit is " + MAX_PATH_BYTES);
        }
        Path directory = absolute.getParent();
        if (directory == null || !Files.isDirectory(directory)) {
            throw new IOException("no such directory: " + directory);
        }
        SocketFile file = Objects.requireNonNull(SocketFile.of(new DomainSocketAddress(absolute.toString())));
        file.makeWay();
        ServerSocketChannel channel = ServerSocketChannel.open(StandardProtocolFamily.UNIX);
        try {
            bind(channel, absolute, directory);
            file.made();
            return new PrivateSocket(channel, file);
        } catch (IOException e) {
            channel.close();
            throw e;
        }
    }

    /** It is made where nobody else can look, and moved when its mode is right. */
    private static void bind(ServerSocketChannel channel, Path path, Path directory) throws IOException {
        Path made = Files.createTempDirectory(directory, ".s");
        Path socket = made.resolve("s");
        try {
            channel.bind(UnixDomainSocketAddress.of(socket));
            Files.setPosixFilePermissions(socket, PosixFilePermissions.fromString("rw-------"));
            Files.move(socket, path, StandardCopyOption.ATOMIC_MOVE);
        } finally {
            Files.deleteIfExists(socket);
            Files.deleteIfExists(made);
        }
    }

    /** Waits for the next client. */
    SocketChannel accept() throws IOException {
        return channel.accept();
    }

    /** Listens no more, and removes the file if it is still the one that was made. */
    @Override
    public void close() throws IOException {
        file.remove();
        channel.close();
    }
}
