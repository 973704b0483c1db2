package org.slipway.wire;

import io.netty.buffer.ByteBuf;
import org.jspecify.annotations.Nullable;

/**
 * What can be told of a packet by its beginning, as an ICMP error quotes it (RFC 792, RFC 4443 3). Nothing of it is verified.
 *
 * @param protocol see {@link IpProtocol}
 * @param source who has sent it
 * @param destination whom it was for
 * @param firstWord the first 32 bits of the upper header: in TCP and UDP the two ports
 * @param secondWord the next 32 bits: in TCP the sequence number, in an ICMP echo identifier and sequence number
 */
public record QuotedPacket(int protocol, IpAddress source, IpAddress destination, int firstWord, int secondWord) {

    /** RFC 792: an error has the IP header of the packet and 64 bits more. */
    private static final int UPPER_LENGTH = 8;

    /** The packet that begins at {@code at}, or null if the {@code length} bytes there do not tell of one. Borrows the buffer. */
    public static @Nullable QuotedPacket parse(ByteBuf buf, int at, int length) {
        int version = length == 0 ? 0 : buf.getUnsignedByte(at) >>> 4;
        return switch (version) {
            case 4 -> parseIpv4(buf, at, length);
            case 6 -> parseIpv6(buf, at, length);
            default -> null;
        };
    }

    private static @Nullable QuotedPacket parseIpv4(ByteBuf buf, int at, int length) {
        if (length < Ipv4Packet.MIN_HEADER_LENGTH) {
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

    /** Neither guests of ours nor the gateway send extension headers but that of fragments, of which the first tells of the packet. */
    private static @Nullable QuotedPacket parseIpv6(ByteBuf buf, int at, int length) {
        int upper = at + Ipv6Packet.HEADER_LENGTH;
        int left = length - Ipv6Packet.HEADER_LENGTH;
        if (left < UPPER_LENGTH) {
            return null;
        }
        int protocol = Ipv6Packet.nextHeader(buf, at);
        if (protocol == IpProtocol.FRAGMENT) {
            if (left < Ipv6Fragment.LENGTH + UPPER_LENGTH || Ipv6Fragment.offset(buf, upper) != 0) {
                return null;
            }
            protocol = Ipv6Fragment.nextHeader(buf, upper);
            upper += Ipv6Fragment.LENGTH;
        }
        return new QuotedPacket(
                protocol,
                Ipv6Packet.source(buf, at),
                Ipv6Packet.destination(buf, at),
                buf.getInt(upper),
                buf.getInt(upper + 4));
    }

    /** Of TCP and UDP: 0 to 65535. */
    public int sourcePort() {
        return firstWord >>> 16;
    }

    /** Of TCP and UDP: 0 to 65535. */
    public int destinationPort() {
        return firstWord & 0xffff;
    }
}
