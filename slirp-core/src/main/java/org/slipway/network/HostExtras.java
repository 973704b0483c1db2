package org.slipway.network;

import io.netty.channel.IoEventLoop;
import org.slipway.nat.EchoSockets;
import org.slipway.nat.SocketProcesses;
import org.slipway.nat.UdpErrorQueue;

/**
 * What a network uses of the operating system that the Java platform does not offer, and so comes from another module. Each
 * method is called once when a network starts; what it gives is used on {@code eventLoop} alone. Must not fail and not block.
 */
public interface HostExtras {

    /** No pings to the outside, no word of datagrams that did not arrive, and no processes on sockets. */
    HostExtras NONE = new HostExtras() {
        @Override
        public EchoSockets echoSockets(IoEventLoop eventLoop) {
            return EchoSockets.NONE;
        }

        @Override
        public UdpErrorQueue udpErrors(IoEventLoop eventLoop) {
            return UdpErrorQueue.NONE;
        }

        @Override
        public SocketProcesses processes(IoEventLoop eventLoop) {
            return SocketProcesses.NONE;
        }
    };

    /** Sends the guests' pings. */
    EchoSockets echoSockets(IoEventLoop eventLoop);

    /** Tells why the guests' datagrams did not arrive. */
    UdpErrorQueue udpErrors(IoEventLoop eventLoop);

    /** Starts processes whose sockets are then used on {@code eventLoop}. */
    SocketProcesses processes(IoEventLoop eventLoop);
}
