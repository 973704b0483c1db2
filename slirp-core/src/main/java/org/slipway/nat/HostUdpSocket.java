package org.slipway.nat;

import io.netty.buffer.ByteBuf;
import java.net.InetSocketAddress;

/**
 * A UDP socket of the host, bound, not connected. It hears nothing that is sent to a multicast group, whoever of the host has
 * joined that (IP_MULTICAST_ALL, ip(7)). On the network's loop only.
 */
public interface HostUdpSocket {

    /** Where it is bound. */
    InetSocketAddress local();

    /**
     * Says what the IP headers of datagrams sent from now on carry, as far as the host lets us; before, they are as the
     * host's own. Cheap when nothing changes.
     *
     * @param timeToLive 1 to 255 (the hop limit in IPv6)
     * @param typeOfService of which the DSCP counts (RFC 2474), 0 to 255
     * @param dontFragment whether a datagram that is too big for the path fails, with its MTU; where the host does not tell
     *     of failures, it is fragmented all the same
     */
    void mark(int timeToLive, int typeOfService, boolean dontFragment);

    /** Sends a datagram, whose ownership passes, when next flushed. Lost without a word if the host has no room for it. */
    void send(ByteBuf payload, InetSocketAddress to);

    /** Hands to the kernel what was sent. */
    void flush();

    /** Closes; the listener hears nothing more. */
    void close();
}
