package org.slipway.capture;

import org.slipway.wire.Icmpv6Message;
import org.slipway.wire.IpAddress;

/** ICMPv6 (RFC 4443) with neighbour discovery (RFC 4861) and multicast listeners (RFC 2710, RFC 3810). */
final class Icmpv6Summary {

    private static final int REST_OF_HEADER = 4;
    private static final int BODY = Icmpv6Message.HEADER_LENGTH;
    private static final int LISTENER_LENGTH = 24;

    private final EchoPairs pings;

    Icmpv6Summary(EchoPairs pings) {
        this.pings = pings;
    }

    void describe(SummaryLine line, PacketSlice message, IpAddress source, IpAddress destination, int hopLimit) {
        line.begin("ICMPv6");
        int type = message.u8(0);
        line.add(Icmpv6Names.type(type));
        line.add(Icmpv6Names.code(type, message.u8(1)));
        message.u16(2);
        switch (type) {
            case Icmpv6Message.DESTINATION_UNREACHABLE,
                    Icmpv6Message.PACKET_TOO_BIG,
                    Icmpv6Message.TIME_EXCEEDED,
                    Icmpv6Message.PARAMETER_PROBLEM ->
                // The packet in question begins there.
                message.u8(BODY);
            case Icmpv6Message.ECHO_REQUEST -> {
                echo(line, message, hopLimit);
                pings.request(line, source, destination, message);
            }
            case Icmpv6Message.ECHO_REPLY -> {
                echo(line, message, hopLimit);
                pings.reply(line, source, destination, message);
            }
            case Icmpv6Message.LISTENER_QUERY -> query(message.from(LISTENER_LENGTH));
            case Icmpv6Message.LISTENER_REPORT, Icmpv6Message.LISTENER_DONE -> message.from(LISTENER_LENGTH);
            default -> {
                message.from(BODY);
                NdpSummary.describe(line, message, type);
            }
        }
    }

    /** What version 2 (RFC 3810 5.1) has behind version 1: the sources must all be there. */
    private static void query(PacketSlice behind) {
        if (behind.length() > 0) {
            behind.from(4 + 16 * behind.u16(2));
        }
    }

    private static void echo(SummaryLine line, PacketSlice message, int hopLimit) {
        int id = message.u16(REST_OF_HEADER);
        int sequence = message.u16(REST_OF_HEADER + 2);
        line.add(" id=").hex(id, 4).add(", seq=", sequence, ", hop limit=", hopLimit);
    }
}
