package org.slipway.wire;

import io.netty.buffer.ByteBuf;
import java.util.concurrent.TimeUnit;
import org.jspecify.annotations.Nullable;

/**
 * Fields of an ICMP message in a buffer (RFC 792).
 * <pre>
 *  0      7 8     15 16    23 24    31
 * +--------+--------+--------+--------+
 * |  type  |  code  |    checksum     |
 * +--------+--------+--------+--------+
 * | echo: identifier| sequence number |
 * | errors: unused, MTU or pointer    |
 * +--------+--------+--------+--------+
 * | echo: data; errors: IP header and the first bytes of the packet in question
 * +--------+--------+--------+- - -
 * </pre>
 * After {@link #check} returned {@code null}, no other method here can read outside the message.
 */
public final class IcmpMessage {

    /** Bytes in front of the data. */
    public static final int HEADER_LENGTH = 8;

    /** Where the checksum stands, from the message's first byte. */
    public static final int CHECKSUM = 2;

    public static final int ECHO_REPLY = 0;
    public static final int DESTINATION_UNREACHABLE = 3;
    public static final int ECHO_REQUEST = 8;
    public static final int ROUTER_ADVERTISEMENT = 9;
    public static final int ROUTER_SOLICITATION = 10;
    public static final int TIME_EXCEEDED = 11;
    public static final int PARAMETER_PROBLEM = 12;
    public static final int TIMESTAMP = 13;
    public static final int TIMESTAMP_REPLY = 14;
    public static final int ADDRESS_MASK_REPLY = 18;

    /** Codes of {@link #DESTINATION_UNREACHABLE} (RFC 792, RFC 1122 3.2.2.1, RFC 1812 5.2.7.1). */
    public static final int NET_UNREACHABLE = 0;

    public static final int HOST_UNREACHABLE = 1;
    public static final int PROTOCOL_UNREACHABLE = 2;
    public static final int PORT_UNREACHABLE = 3;
    public static final int FRAGMENTATION_NEEDED = 4;
    public static final int ADMINISTRATIVELY_PROHIBITED = 13;

    /** Codes of {@link #TIME_EXCEEDED}. */
    public static final int TTL_EXCEEDED = 0;

    public static final int REASSEMBLY_EXCEEDED = 1;

    private static final int CODE = 1;
    private static final int REST_OF_HEADER = 4;
    private static final int SEQUENCE = 6;
    private static final int RECEIVE_TIMESTAMP = 12;
    private static final int TRANSMIT_TIMESTAMP = 16;
    private static final int TIMESTAMP_LENGTH = 20;

    private IcmpMessage() {}

    /** Why the {@code length} bytes at {@code at} are no ICMP message, or null if they are one. */
    public static @Nullable DropReason check(ByteBuf buf, int at, int length) {
        boolean valid = length >= HEADER_LENGTH
                && InternetChecksum.finish(InternetChecksum.sum(buf, at, length)) == 0
                && (length >= TIMESTAMP_LENGTH || type(buf, at) != TIMESTAMP && type(buf, at) != TIMESTAMP_REPLY);
        return valid ? null : DropReason.ICMP_MALFORMED;
    }

    /** The type: one of the constants here, or another. */
    public static int type(ByteBuf buf, int at) {
        return buf.getUnsignedByte(at);
    }

    /** The code, which details the type. */
    public static int code(ByteBuf buf, int at) {
        return buf.getUnsignedByte(at + CODE);
    }

    /** The checksum field. */
    public static int checksum(ByteBuf buf, int at) {
        return buf.getUnsignedShort(at + CHECKSUM);
    }

    /** The second 32 bits: of "fragmentation needed" the next hop's MTU (RFC 1191 4). */
    public static int restOfHeader(ByteBuf buf, int at) {
        return buf.getInt(at + REST_OF_HEADER);
    }

    /** What tells the echo requests of one process from others, 0 to 65535. */
    public static int identifier(ByteBuf buf, int at) {
        return buf.getUnsignedShort(at + REST_OF_HEADER);
    }

    /** The number of an echo request, 0 to 65535. */
    public static int sequence(ByteBuf buf, int at) {
        return buf.getUnsignedShort(at + SEQUENCE);
    }

    /**
     * Whether messages of this type report an error, so that none may be sent about them (RFC 1122 3.2.2). Types that
     * are not known to be queries count as errors.
     */
    public static boolean isError(int type) {
        return switch (type) {
            case ECHO_REPLY, ECHO_REQUEST, ROUTER_ADVERTISEMENT, ROUTER_SOLICITATION -> false;
            default -> type <= PARAMETER_PROBLEM || type > ADDRESS_MASK_REPLY;
        };
    }

    /** Writes the header with a checksum of zero; {@link #writeChecksum} follows when the data are there. */
    public static void write(ByteBuf buf, int at, int type, int code, int restOfHeader) {
        buf.setByte(at, type);
        buf.setByte(at + CODE, code);
        buf.setShort(at + CHECKSUM, 0);
        buf.setInt(at + REST_OF_HEADER, restOfHeader);
    }

    /**
     * Writes when a timestamp message was received and answered, both {@code epochNanos}, in nanoseconds since 1970: the
     * message has milliseconds since midnight UT (RFC 792). When the request was sent is left as it is.
     */
    public static void writeTime(ByteBuf buf, int at, long epochNanos) {
        int millis = (int) TimeUnit.NANOSECONDS.toMillis(epochNanos % TimeUnit.DAYS.toNanos(1));
        buf.setInt(at + RECEIVE_TIMESTAMP, millis);
        buf.setInt(at + TRANSMIT_TIMESTAMP, millis);
    }

    /** Computes and stores the checksum of the message of {@code length} bytes. */
    public static void writeChecksum(ByteBuf buf, int at, int length) {
        buf.setShort(at + CHECKSUM, 0);
        buf.setShort(at + CHECKSUM, InternetChecksum.finish(InternetChecksum.sum(buf, at, length)));
    }
}
