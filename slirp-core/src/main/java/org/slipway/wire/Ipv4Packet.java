package org.slipway.wire;

import io.netty.buffer.ByteBuf;
import org.jspecify.annotations.Nullable;

/**
 * Fields of an IPv4 header in a buffer (RFC 791 3.1).
 * <pre>
 *  0                   1                   2                   3
 *  0 1 2 3 4 5 6 7 8 9 0 1 2 3 4 5 6 7 8 9 0 1 2 3 4 5 6 7 8 9 0 1
 * +-------+-------+---------------+-------------------------------+
 * |Version|  IHL  |Type of Service|          Total Length         |
 * +-------+-------+---------------+-----+-------------------------+
 * |         Identification        |Flags|      Fragment Offset    |
 * +---------------+---------------+-----+-------------------------+
 * |  Time to Live |    Protocol   |         Header Checksum       |
 * +---------------+---------------+-------------------------------+
 * |                       Source Address                          |
 * +---------------------------------------------------------------+
 * |                    Destination Address                        |
 * +---------------------------------------------------------------+
 * </pre>
 * After {@link #check} returned {@code null}, no other method here can read outside the packet.
 */
public final class Ipv4Packet {

    /** Bytes of a header without options. */
    public static final int MIN_HEADER_LENGTH = 20;

    /** Largest packet, header included (RFC 791: total length is 16 bits). */
    public static final int MAX_LENGTH = 65_535;

    public static final int FLAG_DONT_FRAGMENT = 0x4000;
    public static final int FLAG_MORE_FRAGMENTS = 0x2000;

    private static final int TYPE_OF_SERVICE = 1;
    private static final int TOTAL_LENGTH = 2;
    private static final int IDENTIFICATION = 4;
    private static final int FRAGMENT = 6;
    private static final int TIME_TO_LIVE = 8;
    private static final int PROTOCOL = 9;
    private static final int CHECKSUM = 10;
    private static final int SOURCE = 12;
    private static final int DESTINATION = 16;
    private static final int FRAGMENT_OFFSET_MASK = 0x1fff;

    private Ipv4Packet() {}

    /** Why the {@code available} bytes at {@code at} are no IPv4 packet, or null if they begin with one. */
    public static @Nullable DropReason check(ByteBuf buf, int at, int available) {
        if (available < MIN_HEADER_LENGTH || buf.getUnsignedByte(at) >>> 4 != 4) {
            return DropReason.IP_MALFORMED;
        }
        int headerLength = headerLength(buf, at);
        int totalLength = totalLength(buf, at);
        if (headerLength < MIN_HEADER_LENGTH || totalLength < headerLength || totalLength > available) {
            return DropReason.IP_MALFORMED;
        }
        return InternetChecksum.finish(InternetChecksum.sum(buf, at, headerLength)) == 0
                ? null
                : DropReason.IP_BAD_CHECKSUM;
    }

    /** Length of the header in bytes, options included. */
    public static int headerLength(ByteBuf buf, int at) {
        return (buf.getByte(at) & 0xf) * 4;
    }

    /** DSCP and ECN. */
    public static int typeOfService(ByteBuf buf, int at) {
        return buf.getUnsignedByte(at + TYPE_OF_SERVICE);
    }

    /** Length of header and payload in bytes. */
    public static int totalLength(ByteBuf buf, int at) {
        return buf.getUnsignedShort(at + TOTAL_LENGTH);
    }

    /** What the fragments of one packet have in common. */
    public static int identification(ByteBuf buf, int at) {
        return buf.getUnsignedShort(at + IDENTIFICATION);
    }

    /** Whether the packet must not be fragmented on its way. */
    public static boolean dontFragment(ByteBuf buf, int at) {
        return (buf.getUnsignedShort(at + FRAGMENT) & FLAG_DONT_FRAGMENT) != 0;
    }

    /** Whether fragments follow this one. */
    public static boolean moreFragments(ByteBuf buf, int at) {
        return (buf.getUnsignedShort(at + FRAGMENT) & FLAG_MORE_FRAGMENTS) != 0;
    }

    /** Where this fragment's payload stands in the whole packet's, in bytes. */
    public static int fragmentOffset(ByteBuf buf, int at) {
        return (buf.getUnsignedShort(at + FRAGMENT) & FRAGMENT_OFFSET_MASK) * 8;
    }

    /** Whether this is a part of a packet only. */
    public static boolean isFragment(ByteBuf buf, int at) {
        return (buf.getUnsignedShort(at + FRAGMENT) & (FLAG_MORE_FRAGMENTS | FRAGMENT_OFFSET_MASK)) != 0;
    }

    /** Hops left. */
    public static int timeToLive(ByteBuf buf, int at) {
        return buf.getUnsignedByte(at + TIME_TO_LIVE);
    }

    /** The upper protocol, see {@link IpProtocol}. */
    public static int protocol(ByteBuf buf, int at) {
        return buf.getUnsignedByte(at + PROTOCOL);
    }

    /** The source address. */
    public static IpAddress source(ByteBuf buf, int at) {
        return IpAddress.readIpv4(buf, at + SOURCE);
    }

    /** The destination address. */
    public static IpAddress destination(ByteBuf buf, int at) {
        return IpAddress.readIpv4(buf, at + DESTINATION);
    }

    /**
     * Writes a header without options, checksum included.
     *
     * @param fragment flags and fragment offset as they stand in the header
     */
    public static void write(
            ByteBuf buf,
            int at,
            int typeOfService,
            int totalLength,
            int identification,
            int fragment,
            int timeToLive,
            int protocol,
            IpAddress source,
            IpAddress destination) {
        buf.setByte(at, 0x45);
        buf.setByte(at + TYPE_OF_SERVICE, typeOfService);
        buf.setShort(at + TOTAL_LENGTH, totalLength);
        buf.setShort(at + IDENTIFICATION, identification);
        buf.setShort(at + FRAGMENT, fragment);
        buf.setByte(at + TIME_TO_LIVE, timeToLive);
        buf.setByte(at + PROTOCOL, protocol);
        buf.setShort(at + CHECKSUM, 0);
        source.write(buf, at + SOURCE);
        destination.write(buf, at + DESTINATION);
        writeChecksum(buf, at);
    }

    /** Rewrites total length, identification and checksum of a header that was copied from a larger packet's. */
    public static void rewriteLength(ByteBuf buf, int at, int totalLength, int identification) {
        buf.setShort(at + TOTAL_LENGTH, totalLength);
        buf.setShort(at + IDENTIFICATION, identification);
        writeChecksum(buf, at);
    }

    /**
     * Rewrites total length, fragment field and checksum of a header that was copied from another fragment's or the
     * whole packet's.
     *
     * @param fragment flags and fragment offset as they stand in the header
     */
    public static void rewriteFragment(ByteBuf buf, int at, int totalLength, int fragment) {
        buf.setShort(at + TOTAL_LENGTH, totalLength);
        buf.setShort(at + FRAGMENT, fragment);
        writeChecksum(buf, at);
    }

    /** Computes and stores the header checksum. */
    public static void writeChecksum(ByteBuf buf, int at) {
        buf.setShort(at + CHECKSUM, 0);
        buf.setShort(at + CHECKSUM, InternetChecksum.finish(InternetChecksum.sum(buf, at, headerLength(buf, at))));
    }
}
