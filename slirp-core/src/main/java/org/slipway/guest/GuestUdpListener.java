package org.slipway.guest;

import io.netty.buffer.ByteBuf;
import org.slipway.wire.IpAddress;

/** Takes the datagrams that come to a UDP port of a guest. On the network's loop. */
@FunctionalInterface
public interface GuestUdpListener {

    /** One datagram came: the readable bytes of {@code payload}, borrowed until this method returns. */
    void received(IpAddress source, int sourcePort, ByteBuf payload);
}
