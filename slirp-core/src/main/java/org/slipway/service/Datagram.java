package org.slipway.service;

import io.netty.buffer.ByteBuf;
import org.slipway.wire.IpAddress;

/**
 * A UDP datagram from a guest, lent to a {@link DatagramService} for the length of one call.
 *
 * @param source the guest's address; 0.0.0.0 while it has none
 * @param sourcePort 0 to 65535
 * @param destination as the guest wrote it, which may be a broadcast address
 * @param destinationPort 0 to 65535
 * @param sourceMac the Ethernet source as {@link org.slipway.wire.MacAddress#value}
 * @param share by which name its share of what is bounded goes: that of all guests behind its port
 * @param payload its readable bytes are the data of the datagram. Borrowed: who wants to keep bytes retains or copies
 */
public record Datagram(
        IpAddress source,
        int sourcePort,
        IpAddress destination,
        int destinationPort,
        long sourceMac,
        long share,
        ByteBuf payload) {

    /** From a guest whose share is its own. */
    public Datagram(
            IpAddress source,
            int sourcePort,
            IpAddress destination,
            int destinationPort,
            long sourceMac,
            ByteBuf payload) {
        this(source, sourcePort, destination, destinationPort, sourceMac, sourceMac, payload);
    }
}
