package org.slipway.link;

import io.netty.channel.unix.DomainSocketAddress;
import java.io.IOException;
import java.net.SocketAddress;
import java.net.StandardProtocolFamily;
import java.net.UnixDomainSocketAddress;
import java.nio.channels.SocketChannel;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.LinkOption;
import java.nio.file.Path;
import java.nio.file.attribute.BasicFileAttributes;
import java.util.Objects;
import org.jspecify.annotations.Nullable;

/**
 * The file of a Unix socket that we listen on: makes way for it, and takes it away. Blocks for as long as the file system
 * does, so its methods are not for the network's loop.
 */
public final class SocketFile {

    /** Longest path in bytes: {@code sun_path} has 108, the last for the NUL. Longer ones the system cuts silently. */
    static final int MAX_PATH_BYTES = 107;

    private static final int FILE_TYPE_MASK = 0170000;
    private static final int TYPE_SOCKET = 0140000;

    private final Path path;
    private @Nullable Object key;

    private SocketFile(Path path) {
        this.path = path;
    }

    /** The file of {@code address}; null if it has none: no Unix socket, or an abstract one. */
    public static @Nullable SocketFile of(SocketAddress address) {
        return address instanceof DomainSocketAddress unix && !isAbstract(unix)
                ? new SocketFile(Path.of(unix.path()))
                : null;
    }

    /** Why {@code address} cannot be used on this transport, or null; one line. */
    static @Nullable String problem(SocketAddress address, boolean abstractWorks) {
        if (!(address instanceof DomainSocketAddress unix)) {
            return null;
        }
        int length = unix.path().getBytes(StandardCharsets.UTF_8).length;
        if (length == 0) {
            return "the path is empty";
        }
        if (unix.path().indexOf('\0', 1) > 0) {
            return "the path contains NUL";
        }
        if (length > MAX_PATH_BYTES) {
            return "UNIX socket path is too long: " + length + " bytes, the limit is " + MAX_PATH_BYTES;
        }
        return isAbstract(unix) && !abstractWorks ? "abstract UNIX sockets need Linux's epoll" : null;
    }

    private static boolean isAbstract(DomainSocketAddress address) {
        return address.path().startsWith("\0");
    }

    /**
     * Removes the socket that an earlier process left behind, if there is one.
     *
     * @throws IOException if something else is there, or somebody listens on it; the message is one line
     */
    public void makeWay() throws IOException {
        if (!Files.exists(path, LinkOption.NOFOLLOW_LINKS)) {
            return;
        }
        if (!isSocket()) {
            throw new IOException("the file exists and is no socket");
        }
        if (isAlive()) {
            throw new IOException("Address already in use");
        }
        Files.deleteIfExists(path);
    }

    /** The socket was made: from now on {@link #remove} takes it away. */
    public void made() {
        key = keyOrNull();
    }

    /** Removes the socket, if it is still the one that was made. */
    public void remove() {
        Object ours = key;
        key = null;
        if (ours != null && Objects.equals(ours, keyOrNull())) {
            try {
                Files.deleteIfExists(path);
            } catch (IOException e) {
                // A left-over file hurts nobody: the next start removes it.
                return;
            }
        }
    }

    private boolean isSocket() throws IOException {
        if (path.getFileSystem().supportedFileAttributeViews().contains("unix")) {
            int mode = (int) Files.getAttribute(path, "unix:mode", LinkOption.NOFOLLOW_LINKS);
            return (mode & FILE_TYPE_MASK) == TYPE_SOCKET;
        }
        return attributes().isOther();
    }

    /** Whether somebody accepts connections. A full backlog counts, so the connection attempt must not block. */
    private boolean isAlive() {
        try (SocketChannel probe = SocketChannel.open(StandardProtocolFamily.UNIX)) {
            probe.configureBlocking(false);
            probe.connect(UnixDomainSocketAddress.of(path));
            return true;
        } catch (IOException e) {
            return !"Connection refused".equals(e.getMessage());
        }
    }

    private @Nullable Object keyOrNull() {
        try {
            Object file = attributes().fileKey();
            return file == null ? path : file;
        } catch (IOException e) {
            return null;
        }
    }

    private BasicFileAttributes attributes() throws IOException {
        return Files.readAttributes(path, BasicFileAttributes.class, LinkOption.NOFOLLOW_LINKS);
    }
}
