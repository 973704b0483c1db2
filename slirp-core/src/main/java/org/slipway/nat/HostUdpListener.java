package org.slipway.nat;

import io.netty.buffer.ByteBuf;
import java.net.InetSocketAddress;

/** Takes what comes in on a {@link HostUdpSocket}. On the network's loop. */
@FunctionalInterface
public interface HostUdpListener {

    /** A datagram came in. Borrowed: retain to keep. */
    void received(ByteBuf payload, InetSocketAddress from);

    /** A datagram that was sent did not arrive. Sockets bound to a port of the user's choice may not tell. */
    default void failed(UdpFailure failure) {}
}
