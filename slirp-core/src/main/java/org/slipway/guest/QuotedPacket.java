package org.slipway.guest;

import io.netty.buffer.ByteBuf;
import org.jspecify.annotations.Nullable;
import org.slipway.wire.IpAddress;
import org.slipway.wire.Ipv4Packet;

/**
 * What can be told of a packet of the guest's by its beginning, as an ICMP error quotes it (RFC 792).
 *
 * @param protocol see {@link org.slipway.wire.IpProtocol}
 * @param source the guest's address
 * @param destination whom it was for
 * @param firstWord the first 32 bits of the upper header: in TCP and UDP the two ports
 * @param secondWord the next 32 bits: in an ICMP echo identifier and sequence number
 */
record QuotedPacket(int protocol, IpAddress source, IpAddress destination, int firstWord, int secondWord) {

    /** RFC 792: an error has the IP header of the packet and 64 bits more. */
    private static final int UPPER_LENGTH = 8;

    /** The packet that begins at {@code at}, or null if the {@code length} bytes there are too few or no IPv4. */
    static @Nullable QuotedPacket parse(ByteBuf buf, int at, int length) {
        if (length < Ipv4Packet.MIN_HEADER_LENGTH || buf.getUnsignedByte(at) >>> 4 != 4) {
            return null;
        }
        int headerLength = Ipv4Packet.headerLength(buf, at);
        if (headerLength < Ipv4Packet.MIN_HEADER_LENGTH || length < headerLength + UPPER_LENGTH) {
            return null;
        }
        return new QuotedPacket(
                Ipv4Packet.protocol(buf, at),
                Ipv4Packet.source(buf, at),
                Ipv4Packet.destination(buf, at),
                buf.getInt(at + headerLength),
                buf.getInt(at + headerLength + 4));
    }

    int sourcePort() {
        return firstWord >>> 16;
    }

    int destinationPort() {
        return firstWord & 0xffff;
    }
}
