package org.slipway.nat;

import io.netty.buffer.ByteBuf;

/** Sends echo requests to one destination. On the network's loop only. */
public interface EchoSocket {

    /**
     * Sends one echo request. What goes wrong with it is told to the listener, which may happen before this returns; a
     * request for which the host has no room now is lost without a word, as on any network.
     *
     * @param sequence 0 to 65535
     * @param timeToLive of the packet (the hop limit in IPv6), 1 to 255
     * @param typeOfService of which the DSCP counts (RFC 2474), 0 to 255
     * @param dontFragment whether a request that is too big for the path fails, with its MTU
     * @param payload what follows the echo header: the readable bytes, which are borrowed (not released, indices left alone)
     */
    void send(int sequence, int timeToLive, int typeOfService, boolean dontFragment, ByteBuf payload);

    /** Gives the socket back to the host; the listener hears nothing more. Harmless when repeated. */
    void close();
}
