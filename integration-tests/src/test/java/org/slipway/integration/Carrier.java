package org.slipway.integration;

import io.netty.channel.unix.DomainSocketAddress;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.SocketAddress;
import java.nio.file.Path;
import org.slipway.link.LinkConfig;

/** How the guest's QEMU and the network find each other. */
enum Carrier {

    /** The network listens on TCP. */
    SOCKET_LISTEN {
        @Override
        LinkConfig link(Path directory) {
            return new LinkConfig.Listen(
                    "socket,listen=127.0.0.1:0", new InetSocketAddress(InetAddress.getLoopbackAddress(), 0));
        }

        @Override
        String netdev(SocketAddress address) {
            return "socket,id=n0,connect=127.0.0.1:" + ((InetSocketAddress) address).getPort();
        }
    },

    /** QEMU listens on TCP, and the network comes back to it. */
    SOCKET_CONNECT {
        @Override
        LinkConfig link(Path directory) {
            InetSocketAddress remote = Environment.freePort();
            return new LinkConfig.Connect("socket,connect=127.0.0.1:" + remote.getPort(), remote, RECONNECT_MILLIS);
        }

        @Override
        String netdev(SocketAddress address) {
            return "socket,id=n0,listen=127.0.0.1:" + ((InetSocketAddress) address).getPort();
        }
    },

    /** The network listens on a unix socket. */
    UNIX_STREAM {
        @Override
        LinkConfig link(Path directory) {
            Path path = directory.resolve("vm.sock");
            return new LinkConfig.Listen(
                    "stream,server=on,addr.type=unix,addr.path=" + path, new DomainSocketAddress(path.toString()));
        }

        @Override
        String netdev(SocketAddress address) {
            return "stream,id=n0,server=off,addr.type=unix,addr.path=" + ((DomainSocketAddress) address).path();
        }
    };

    private static final long RECONNECT_MILLIS = 200;

    /** The network's end. */
    abstract LinkConfig link(Path directory);

    /** QEMU's end, given where the network is bound or connects to. */
    abstract String netdev(SocketAddress address);
}
