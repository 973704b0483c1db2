package org.slipway.wire;

import io.netty.buffer.ByteBuf;
import org.jspecify.annotations.Nullable;

/**
 * Fields of an ICMPv6 message in a buffer (RFC 4443 2.1). The layout is that of {@link IcmpMessage}, whose getters serve
 * here, too; types, codes and the checksum, which covers a pseudo header, are others.
 * <pre>
 *  0      7 8     15 16    23 24    31
 * +--------+--------+--------+--------+
 * |  type  |  code  |    checksum     |
 * +--------+--------+--------+--------+
 * | echo: identifier| sequence number |
 * | errors: unused, MTU or pointer    |
 * | NDP: flags                        |
 * +--------+--------+--------+- - -
 * </pre>
 */
public final class Icmpv6Message {

    /** Bytes in front of the data. */
    public static final int HEADER_LENGTH = IcmpMessage.HEADER_LENGTH;

    public static final int DESTINATION_UNREACHABLE = 1;
    public static final int PACKET_TOO_BIG = 2;
    public static final int TIME_EXCEEDED = 3;
    public static final int PARAMETER_PROBLEM = 4;
    public static final int ECHO_REQUEST = 128;
    public static final int ECHO_REPLY = 129;

    /** Multicast listener discovery (RFC 2710, RFC 3810), between hosts and routers of one link. */
    public static final int LISTENER_QUERY = 130;

    public static final int LISTENER_REPORT = 131;
    public static final int LISTENER_DONE = 132;
    public static final int LISTENER_REPORT_V2 = 143;

    /** Neighbor discovery (RFC 4861). */
    public static final int ROUTER_SOLICITATION = 133;

    public static final int ROUTER_ADVERTISEMENT = 134;
    public static final int NEIGHBOUR_SOLICITATION = 135;
    public static final int NEIGHBOUR_ADVERTISEMENT = 136;
    public static final int REDIRECT = 137;

    private static final int FIRST_INFORMATIONAL = 128;

    private Icmpv6Message() {}

    /** Why the {@code length} bytes at {@code at} are no ICMPv6 message from one address to the other, or null if they are. */
    public static @Nullable DropReason check(ByteBuf buf, int at, int length, IpAddress source, IpAddress destination) {
        // RFC 4443 2.1: four bytes; but every type that is known has eight.
        return length < HEADER_LENGTH || InternetChecksum.finish(sum(buf, at, length, source, destination)) != 0
                ? DropReason.ICMP_MALFORMED
                : null;
    }

    private static long sum(ByteBuf buf, int at, int length, IpAddress source, IpAddress destination) {
        return InternetChecksum.pseudoHeader(source, destination, IpProtocol.ICMPV6, length)
                + InternetChecksum.sum(buf, at, length);
    }

    /** Whether messages of this type report an error (RFC 4443 2.1), so that none may be sent about them; so do redirects. */
    public static boolean isError(int type) {
        return type < FIRST_INFORMATIONAL || type == REDIRECT;
    }

    /** Whether this is neighbor discovery, which must come from the link itself. */
    public static boolean isNeighbourDiscovery(int type) {
        return type >= ROUTER_SOLICITATION && type <= REDIRECT;
    }

    /** Computes and stores the checksum of the message of {@code length} bytes from one address to the other. */
    public static void writeChecksum(ByteBuf buf, int at, int length, IpAddress source, IpAddress destination) {
        buf.setShort(at + IcmpMessage.CHECKSUM, 0);
        buf.setShort(at + IcmpMessage.CHECKSUM, InternetChecksum.finish(sum(buf, at, length, source, destination)));
    }
}
