package org.slipway.wire;

import io.netty.buffer.ByteBuf;
import org.jspecify.annotations.Nullable;

/**
 * Fields of an IPv6 header in a buffer (RFC 8200 3). Extension headers, if any, stand behind it: see
 * {@link Ipv6Extensions}.
 * <pre>
 *  0                   1                   2                   3
 *  0 1 2 3 4 5 6 7 8 9 0 1 2 3 4 5 6 7 8 9 0 1 2 3 4 5 6 7 8 9 0 1
 * +-------+---------------+---------------------------------------+
 * |Version| Traffic Class |              Flow Label               |
 * +-------+---------------+-------+---------------+---------------+
 * |         Payload Length        |  Next Header  |   Hop Limit   |
 * +-------------------------------+---------------+---------------+
 * |                  Source Address (16 bytes)                    |
 * +---------------------------------------------------------------+
 * |                Destination Address (16 bytes)                 |
 * +---------------------------------------------------------------+
 * </pre>
 * After {@link #check} returned {@code null}, no other method here can read outside the packet.
 */
public final class Ipv6Packet {

    /** Bytes of the header. */
    public static final int HEADER_LENGTH = 40;

    /** Most bytes behind the header (payload length is 16 bits); jumbograms (RFC 2675) are not for Ethernet. */
    public static final int MAX_PAYLOAD_LENGTH = 65_535;

    /** Every link carries packets of this size in bytes (RFC 8200 5). */
    public static final int MIN_MTU = 1280;

    /** Where the payload length stands, from the packet's first byte. */
    public static final int PAYLOAD_LENGTH = 4;

    /** Where the next header stands, from the packet's first byte. */
    public static final int NEXT_HEADER = 6;

    private static final int HOP_LIMIT = 7;
    private static final int SOURCE = 8;
    private static final int DESTINATION = 24;

    private Ipv6Packet() {}

    /**
     * Why the {@code available} bytes at {@code at} do not begin with an IPv6 packet, or null if they do. Refuses addresses
     * that are IPv4's in mapped form: they are never on the wire (RFC 4291 2.5.5.2, RFC 4942 2.2), and in here they would
     * pass for IPv4.
     */
    public static @Nullable DropReason check(ByteBuf buf, int at, int available) {
        if (available < HEADER_LENGTH || buf.getUnsignedByte(at) >>> 4 != 6) {
            return DropReason.IP_MALFORMED;
        }
        if (HEADER_LENGTH + payloadLength(buf, at) > available) {
            return DropReason.IP_MALFORMED;
        }
        return isMapped(buf, at + SOURCE) || isMapped(buf, at + DESTINATION) ? DropReason.IP_MAPPED_ADDRESS : null;
    }

    private static boolean isMapped(ByteBuf buf, int at) {
        return buf.getLong(at) == 0 && buf.getInt(at + 8) == 0xffff;
    }

    /** DSCP and ECN (RFC 2474, RFC 3168), as IPv4's type of service. */
    public static int trafficClass(ByteBuf buf, int at) {
        return buf.getUnsignedShort(at) >>> 4 & 0xff;
    }

    /** What tells the flows between two hosts apart (RFC 6437), 20 bits. */
    public static int flowLabel(ByteBuf buf, int at) {
        return buf.getInt(at) & 0xf_ffff;
    }

    /** Bytes behind the header, extension headers included. */
    public static int payloadLength(ByteBuf buf, int at) {
        return buf.getUnsignedShort(at + PAYLOAD_LENGTH);
    }

    /** What stands behind the header, see {@link IpProtocol}. */
    public static int nextHeader(ByteBuf buf, int at) {
        return buf.getUnsignedByte(at + NEXT_HEADER);
    }

    /** Hops left. */
    public static int hopLimit(ByteBuf buf, int at) {
        return buf.getUnsignedByte(at + HOP_LIMIT);
    }

    /** The source address. */
    public static IpAddress source(ByteBuf buf, int at) {
        return IpAddress.readIpv6(buf, at + SOURCE);
    }

    /** The destination address. */
    public static IpAddress destination(ByteBuf buf, int at) {
        return IpAddress.readIpv6(buf, at + DESTINATION);
    }

    /**
     * Writes the header, with a flow label of 0.
     *
     * @param trafficClass 0 to 255
     * @param payloadLength bytes behind the header, 0 to 65535
     * @param nextHeader see {@link IpProtocol}
     * @param hopLimit 0 to 255
     */
    public static void write(
            ByteBuf buf,
            int at,
            int trafficClass,
            int payloadLength,
            int nextHeader,
            int hopLimit,
            IpAddress source,
            IpAddress destination) {
        buf.setInt(at, 6 << 28 | (trafficClass & 0xff) << 20);
        buf.setShort(at + PAYLOAD_LENGTH, payloadLength);
        buf.setByte(at + NEXT_HEADER, nextHeader);
        buf.setByte(at + HOP_LIMIT, hopLimit);
        source.write(buf, at + SOURCE);
        destination.write(buf, at + DESTINATION);
    }

    /** Rewrites the payload length of a header that was copied from a packet of another size. */
    public static void rewritePayloadLength(ByteBuf buf, int at, int payloadLength) {
        buf.setShort(at + PAYLOAD_LENGTH, payloadLength);
    }
}
