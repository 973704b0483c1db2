package org.slipway.tap;

import io.netty.channel.EventLoop;
import io.netty.channel.IoEventLoop;
import java.util.HashSet;
import java.util.Set;
import java.util.random.RandomGenerator;
import org.jspecify.annotations.Nullable;
import org.slipway.nat.EchoListener;
import org.slipway.nat.EchoSocket;
import org.slipway.nat.EchoSockets;
import org.slipway.wire.IpAddress;

/**
 * Linux's ping sockets (SOCK_DGRAM, IPPROTO_ICMP), which need no privilege where {@code net.ipv4.ping_group_range} has
 * the user's group; else raw sockets, where the process has CAP_NET_RAW.
 */
public final class PingSockets implements EchoSockets {

    static final int SOCK_DGRAM = 2;
    static final int SOCK_RAW = 3;
    private static final int SOCK_NONBLOCK = 0x800;
    private static final int SOCK_CLOEXEC = 0x80000;

    private static final String CONSEQUENCE = "pings to the outside are not answered: ";

    private final IoEventLoop loop;
    private final RandomGenerator random;
    private final NativeMessage message = new NativeMessage();

    /** Identifiers of the raw sockets: those of ping sockets are the kernel's affair. */
    private final Set<Integer> identifiers = new HashSet<>();

    private String hint = CONSEQUENCE + "none was tried yet";

    private PingSockets(IoEventLoop loop, RandomGenerator random) {
        this.loop = loop;
        this.random = random;
    }

    /**
     * Ping sockets on {@code loop}, or {@link EchoSockets#NONE} if this system or that loop has none. Any thread.
     *
     * @param random chooses the identifiers of raw sockets
     */
    public static EchoSockets on(EventLoop loop, RandomGenerator random) {
        return Libc.isSupported() && loop instanceof IoEventLoop ioLoop && ioLoop.isCompatible(PingSocket.class)
                ? new PingSockets(ioLoop, random)
                : EchoSockets.NONE;
    }

    @Override
    public @Nullable EchoSocket open(IpAddress destination, @Nullable IpAddress source, EchoListener listener) {
        Libc libc = Libc.get();
        IcmpFamily family = IcmpFamily.of(destination);
        int flags = SOCK_NONBLOCK | SOCK_CLOEXEC;
        int fd = libc.socket(family.domain, SOCK_DGRAM | flags, family.protocol);
        boolean raw = fd == -Errno.EACCES || fd == -Errno.EPERM || fd == -Errno.EPROTONOSUPPORT;
        int opened = raw ? libc.socket(family.domain, SOCK_RAW | flags, family.protocol) : fd;
        if (opened < 0) {
            hint = hint(-fd);
            return null;
        }
        int identifier = raw ? newIdentifier() : PingSocket.KERNEL_CHOOSES;
        PingSocket socket = new PingSocket(this, libc, opened, identifier, destination, listener);
        try {
            if (source != null) {
                socket.bind(source);
            }
            socket.register(loop);
            return socket;
        } catch (LibcException | IllegalStateException e) {
            socket.close();
            hint = CONSEQUENCE + e.getMessage();
            return null;
        }
    }

    private static String hint(int errno) {
        return CONSEQUENCE
                + switch (errno) {
                    case Errno.EACCES, Errno.EPERM ->
                        "the kernel gives this user no ping sockets; as root:"
                                + " sysctl -w net.ipv4.ping_group_range=\"0 2147483647\"";
                    case Errno.EMFILE -> "too many files are open; see ulimit -n";
                    default -> "this system has no ping sockets (" + Errno.name(errno) + ")";
                };
    }

    private int newIdentifier() {
        int identifier = random.nextInt(1 << 16);
        while (!identifiers.add(identifier)) {
            identifier = identifier + 1 & 0xffff;
        }
        return identifier;
    }

    /** A raw socket is closed. */
    void release(int identifier) {
        identifiers.remove(identifier);
    }

    /** Memory for system calls; valid until the next one. */
    NativeMessage message() {
        return message;
    }

    @Override
    public String unavailableHint() {
        return hint;
    }
}
