package org.slipway.wire;

import io.netty.buffer.ByteBuf;
import org.jspecify.annotations.Nullable;

/**
 * Fields of a UDP header in a buffer (RFC 768).
 * <pre>
 *  0      7 8     15 16    23 24    31
 * +--------+--------+--------+--------+
 * |   source port   | destination port|
 * +--------+--------+--------+--------+
 * |     length      |    checksum     |
 * +--------+--------+--------+--------+
 * </pre>
 * After {@link #check} returned {@code null}, no other method here can read outside the datagram.
 */
public final class UdpDatagram {

    public static final int HEADER_LENGTH = 8;

    /** Where the checksum stands, from the header's first byte. */
    public static final int CHECKSUM = 6;

    private static final int DESTINATION_PORT = 2;
    private static final int LENGTH = 4;

    private UdpDatagram() {}

    /** Why the {@code available} bytes at {@code at} are no UDP datagram, or null if they are one. */
    public static @Nullable DropReason check(ByteBuf buf, int at, int available) {
        if (available < HEADER_LENGTH) {
            return DropReason.UDP_MALFORMED;
        }
        int length = length(buf, at);
        return length < HEADER_LENGTH || length > available ? DropReason.UDP_MALFORMED : null;
    }

    /** The sender's port. */
    public static int sourcePort(ByteBuf buf, int at) {
        return buf.getUnsignedShort(at);
    }

    /** The receiver's port. */
    public static int destinationPort(ByteBuf buf, int at) {
        return buf.getUnsignedShort(at + DESTINATION_PORT);
    }

    /** Length of header and data in bytes. */
    public static int length(ByteBuf buf, int at) {
        return buf.getUnsignedShort(at + LENGTH);
    }

    /** The checksum; 0 means that the sender made none (IPv4 only). */
    public static int checksum(ByteBuf buf, int at) {
        return buf.getUnsignedShort(at + CHECKSUM);
    }

    /** Writes the header with a checksum of zero. */
    public static void write(ByteBuf buf, int at, int sourcePort, int destinationPort, int length) {
        buf.setShort(at, sourcePort);
        buf.setShort(at + DESTINATION_PORT, destinationPort);
        buf.setShort(at + LENGTH, length);
        buf.setShort(at + CHECKSUM, 0);
    }

    /** Stores the checksum of a sum over pseudo header and datagram; a result of 0 is sent as 0xffff (RFC 768). */
    public static void writeChecksum(ByteBuf buf, int at, long sum) {
        int checksum = InternetChecksum.finish(sum);
        buf.setShort(at + CHECKSUM, checksum == 0 ? 0xffff : checksum);
    }
}
