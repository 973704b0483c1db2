package org.slipway.guest;

import io.netty.buffer.ByteBuf;
import org.slipway.wire.IpAddress;

/** Takes the datagrams that come to a UDP port of a guest. On the network's loop. */
@FunctionalInterface
public interface GuestUdpListener {

    /**
     * One datagram came.
     *
     * @param destination whom it was sent to: where an answer comes from, unless it is a group or a broadcast address
     * @param payload its readable bytes, borrowed until this method returns
     */
    void received(IpAddress source, int sourcePort, IpAddress destination, ByteBuf payload);
}
