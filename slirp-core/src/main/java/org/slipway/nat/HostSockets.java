package org.slipway.nat;

import java.net.InetSocketAddress;
import java.net.SocketAddress;
import java.util.List;
import org.jspecify.annotations.Nullable;

/** The host's sockets, as flows use them. Everything is called, and calls back, on the network's loop. */
public interface HostSockets {

    /** As many hops as hosts let their own packets go (RFC 1700). */
    int DEFAULT_HOPS = 64;

    /** As {@link #connect(SocketAddress, int, HostStreamListener)}, for {@link #DEFAULT_HOPS}. */
    default HostStream connect(SocketAddress remote, HostStreamListener listener) {
        return connect(remote, DEFAULT_HOPS, listener);
    }

    /**
     * Connects by TCP, or to a Unix stream socket if {@code remote} is a Netty DomainSocketAddress. The listener hears
     * {@code connected} or {@code connectFailed}, never from within this call.
     *
     * @param hops how far packets may go, 1 to 255, where the host lets its programs say so
     */
    HostStream connect(SocketAddress remote, int hops, HostStreamListener listener);

    /**
     * Starts a process whose standard input and output, errors among it, are the stream. The listener hears {@code connected}
     * or {@code connectFailed}, never from within this call. A reset of the stream ends the process; its regular end leaves it
     * alone.
     *
     * @param command the program and its arguments
     */
    HostStream run(List<String> command, HostStreamListener listener);

    /**
     * Starts a process that has a socket, whose other end is the stream. The listener hears {@code connected} or
     * {@code connectFailed}, never from within this call.
     */
    HostStream run(GuestForward.Daemon daemon, HostStreamListener listener);

    /**
     * Waits for connections, TCP or Unix.
     *
     * @throws HostSocketException if the address cannot be had
     */
    HostServer listen(SocketAddress local, Acceptor acceptor);

    /**
     * A UDP socket.
     *
     * @param local where to bind; null for any port, of the family of {@code ipv4}
     * @throws HostSocketException if the address cannot be had
     */
    HostUdpSocket openUdp(@Nullable InetSocketAddress local, boolean ipv4, HostUdpListener listener);

    /**
     * As {@link #openUdp}, on all addresses that guests speak from and on {@code port}, if that is free and above those of the system; else on another.
     *
     * @param port 1 to 65535
     */
    default HostUdpSocket openUdpPreferring(int port, boolean ipv4, HostUdpListener listener) {
        return openUdp(null, ipv4, listener);
    }

    /** Takes what a {@link HostServer} accepts. */
    interface Acceptor {

        /**
         * A client has connected; {@code stream} does not read yet.
         *
         * @param client its address, or null if it came over a Unix socket
         * @return who hears of the stream, or null to reset it
         */
        @Nullable
        HostStreamListener accepted(HostStream stream, @Nullable InetSocketAddress client);
    }

    /** A listening socket. */
    interface HostServer {

        /** Where it listens, with the port that the system picked. */
        SocketAddress local();

        /** Listens no more; accepted streams go on. */
        void close();
    }
}
