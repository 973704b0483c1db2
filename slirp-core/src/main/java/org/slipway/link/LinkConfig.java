package org.slipway.link;

import java.net.SocketAddress;

/** A socket over which guests plug in, with QEMU's stream framing: a 32-bit big-endian length before each frame. */
public sealed interface LinkConfig {

    /** What to say of it in messages: the PORT string as the user wrote it. */
    String description();

    /**
     * Waits for guests; each connection becomes a Port of its own.
     *
     * @param local an InetSocketAddress (resolved) or a Netty DomainSocketAddress
     */
    record Listen(String description, SocketAddress local) implements LinkConfig {}

    /**
     * Connects to a guest that waits.
     *
     * @param remote an InetSocketAddress (resolved) or a Netty DomainSocketAddress
     * @param reconnectMillis pause before connecting again after the connection ended or failed; 0 = never
     */
    record Connect(String description, SocketAddress remote, long reconnectMillis) implements LinkConfig {}
}
