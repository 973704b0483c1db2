package org.slipway.nat;

import io.netty.buffer.ByteBuf;
import java.net.InetSocketAddress;

/** A UDP socket of the host, bound, not connected. On the network's loop only. */
public interface HostUdpSocket {

    /** Where it is bound. */
    InetSocketAddress local();

    /** Sends a datagram, whose ownership passes, when next flushed. Lost without a word if the host has no room for it. */
    void send(ByteBuf payload, InetSocketAddress to);

    /** Hands to the kernel what was sent. */
    void flush();

    /** Closes; the listener hears nothing more. */
    void close();
}
