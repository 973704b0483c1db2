package org.slipway.tap;

import io.netty.channel.IoEventLoop;
import java.util.random.RandomGenerator;
import org.slipway.nat.EchoSockets;
import org.slipway.nat.SocketProcesses;
import org.slipway.nat.UdpErrorQueue;
import org.slipway.network.HostExtras;

/**
 * What Linux offers beyond Java: ping sockets, the error queues of UDP sockets, and processes on sockets. On other systems there are none.
 *
 * @param random chooses the identifiers of pings
 */
public record LinuxExtras(RandomGenerator random) implements HostExtras {

    /** Begins to load in the background, which takes some 100 ms, what would be loaded when first used. */
    public static void warmUp() {
        if (Libc.isSupported()) {
            Libc.getOrLoad();
        }
    }

    @Override
    public EchoSockets echoSockets(IoEventLoop eventLoop) {
        return PingSockets.on(eventLoop, random);
    }

    @Override
    public SocketProcesses processes(IoEventLoop eventLoop) {
        return PosixSpawn.on(eventLoop);
    }

    @Override
    public UdpErrorQueue udpErrors(IoEventLoop eventLoop) {
        return UdpErrors.on(eventLoop);
    }
}
