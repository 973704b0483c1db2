package org.slipway.service;

import io.netty.buffer.ByteBuf;
import org.slipway.wire.IpAddress;

/**
 * Where services say something to guests: one object for all services and all guests of a network, usable at any time on
 * its loop, so that an answer may come long after the question.
 */
@FunctionalInterface
public interface DatagramSender {

    /** As a destination MAC: ask the neighbour table, as for any other packet. */
    long RESOLVE = -1;

    /**
     * Sends a UDP datagram; larger ones than the link carries are fragmented.
     *
     * @param source an address of the gateway
     * @param sourcePort 1 to 65535
     * @param destination a guest, or 255.255.255.255
     * @param destinationPort 1 to 65535
     * @param destinationMac where the frame goes whatever the neighbour table says, as DHCP needs for a client that does
     *     not yet answer ARP (RFC 2131 4.1); or {@link #RESOLVE}
     * @param payload its readable bytes are the data. Ownership passes: the sender releases it, sent or not
     */
    void send(
            IpAddress source,
            int sourcePort,
            IpAddress destination,
            int destinationPort,
            long destinationMac,
            ByteBuf payload);
}
