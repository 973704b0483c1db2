package org.slipway.network;

import io.netty.channel.IoEventLoop;
import org.slipway.nat.EchoSockets;

/** Makes the ping sockets of a network, which need the operating system and so come from another module. */
@FunctionalInterface
public interface EchoSocketsFactory {

    /** No pings to the outside. */
    EchoSocketsFactory NONE = eventLoop -> EchoSockets.NONE;

    /** Called once when a network starts; the sockets live on {@code eventLoop}. Must not fail and not block. */
    EchoSockets create(IoEventLoop eventLoop);
}
