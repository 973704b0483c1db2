package org.slipway.wire;

import io.netty.buffer.ByteBuf;
import org.jspecify.annotations.Nullable;

/**
 * Fields of a TCP header in a buffer (RFC 9293 3.1).
 * <pre>
 *  0                   1                   2                   3
 *  0 1 2 3 4 5 6 7 8 9 0 1 2 3 4 5 6 7 8 9 0 1 2 3 4 5 6 7 8 9 0 1
 * +-------------------------------+-------------------------------+
 * |          Source Port          |       Destination Port        |
 * +-------------------------------+-------------------------------+
 * |                        Sequence Number                        |
 * +---------------------------------------------------------------+
 * |                    Acknowledgment Number                      |
 * +-------+-------+-+-+-+-+-+-+-+-+-------------------------------+
 * | Data  |       |C|E|U|A|P|R|S|F|                               |
 * | Offset| Rsrvd |W|C|R|C|S|S|Y|I|            Window             |
 * |       |       |R|E|G|K|H|T|N|N|                               |
 * +-------+-------+-+-+-+-+-+-+-+-+-------------------------------+
 * |           Checksum            |         Urgent Pointer        |
 * +-------------------------------+-------------------------------+
 * </pre>
 * After {@link #check} returned {@code null}, no other method here can read outside the segment. Sequence numbers are
 * ints whose arithmetic wraps.
 */
public final class TcpHeader {

    /** Bytes of a header without options. */
    public static final int MIN_LENGTH = 20;

    /** Most bytes of a header with options. */
    public static final int MAX_LENGTH = 60;

    /** Where the checksum stands, from the header's first byte. */
    public static final int CHECKSUM = 16;

    public static final int FIN = 0x01;
    public static final int SYN = 0x02;
    public static final int RST = 0x04;
    public static final int PSH = 0x08;
    public static final int ACK = 0x10;
    public static final int URG = 0x20;
    public static final int ECE = 0x40;
    public static final int CWR = 0x80;

    private static final int DESTINATION_PORT = 2;
    private static final int SEQUENCE = 4;
    private static final int ACKNOWLEDGMENT = 8;
    private static final int DATA_OFFSET = 12;
    private static final int FLAGS = 13;
    private static final int WINDOW = 14;
    private static final int URGENT_POINTER = 18;

    private TcpHeader() {}

    /** Why the {@code available} bytes at {@code at} are no TCP segment, or null if they are one. */
    public static @Nullable DropReason check(ByteBuf buf, int at, int available) {
        if (available < MIN_LENGTH) {
            return DropReason.TCP_MALFORMED;
        }
        int length = length(buf, at);
        return length < MIN_LENGTH || length > available ? DropReason.TCP_MALFORMED : null;
    }

    /** The sender's port. */
    public static int sourcePort(ByteBuf buf, int at) {
        return buf.getUnsignedShort(at);
    }

    /** The receiver's port. */
    public static int destinationPort(ByteBuf buf, int at) {
        return buf.getUnsignedShort(at + DESTINATION_PORT);
    }

    /** Sequence number of the first octet, or of the SYN. */
    public static int sequence(ByteBuf buf, int at) {
        return buf.getInt(at + SEQUENCE);
    }

    /** The next sequence number that the sender expects, if ACK is set. */
    public static int acknowledgment(ByteBuf buf, int at) {
        return buf.getInt(at + ACKNOWLEDGMENT);
    }

    /** Length of the header in bytes, options included. */
    public static int length(ByteBuf buf, int at) {
        return (buf.getUnsignedByte(at + DATA_OFFSET) >>> 4) * 4;
    }

    /** The eight control bits. */
    public static int flags(ByteBuf buf, int at) {
        return buf.getUnsignedByte(at + FLAGS);
    }

    /** The window field, not yet scaled. */
    public static int window(ByteBuf buf, int at) {
        return buf.getUnsignedShort(at + WINDOW);
    }

    /** The checksum field. */
    public static int checksum(ByteBuf buf, int at) {
        return buf.getUnsignedShort(at + CHECKSUM);
    }

    /** The urgent pointer, meaningful if URG is set. */
    public static int urgentPointer(ByteBuf buf, int at) {
        return buf.getUnsignedShort(at + URGENT_POINTER);
    }

    /** Writes a header of {@code length} bytes (a multiple of four) with a checksum and urgent pointer of zero. */
    public static void write(
            ByteBuf buf,
            int at,
            int sourcePort,
            int destinationPort,
            int sequence,
            int acknowledgment,
            int length,
            int flags,
            int window) {
        buf.setShort(at, sourcePort);
        buf.setShort(at + DESTINATION_PORT, destinationPort);
        buf.setInt(at + SEQUENCE, sequence);
        buf.setInt(at + ACKNOWLEDGMENT, acknowledgment);
        buf.setByte(at + DATA_OFFSET, length / 4 << 4);
        buf.setByte(at + FLAGS, flags);
        buf.setShort(at + WINDOW, window);
        buf.setShort(at + CHECKSUM, 0);
        buf.setShort(at + URGENT_POINTER, 0);
    }

    /** Replaces the sequence number and the flags of a header that was copied from a larger segment's. */
    public static void rewrite(ByteBuf buf, int at, int sequence, int flags) {
        buf.setInt(at + SEQUENCE, sequence);
        buf.setByte(at + FLAGS, flags);
    }
}
