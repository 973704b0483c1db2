package org.slipway.capture;

import org.slipway.wire.IcmpMessage;
import org.slipway.wire.IpAddress;

/** ICMP (RFC 792, RFC 1812). */
final class IcmpSummary {

    private static final String[] UNREACHABLE = {
        "Network unreachable",
        "Host unreachable",
        "Protocol unreachable",
        "Port unreachable",
        "Fragmentation needed",
        "Source route failed",
        "Destination network unknown",
        "Destination host unknown",
        "Source host isolated",
        "Network administratively prohibited",
        "Host administratively prohibited",
        "Network unreachable for TOS",
        "Host unreachable for TOS",
        "Communication administratively filtered",
        "Host precedence violation",
        "Precedence cutoff in effect"
    };
    private static final String[] EXCEEDED = {"Time to live exceeded in transit", "Fragment reassembly time exceeded"};
    private static final String[] REDIRECT = {
        "Redirect for network", "Redirect for host", "Redirect for TOS and network", "Redirect for TOS and host"
    };
    private static final String[] PARAMETER = {"Pointer indicates the error", "Required option missing", "Bad length"};

    private final EchoPairs pings;

    IcmpSummary(EchoPairs pings) {
        this.pings = pings;
    }

    void describe(SummaryLine line, PacketSlice message, IpAddress source, IpAddress destination, int timeToLive) {
        line.begin("ICMP");
        int type = message.u8(0);
        int code = message.u8(1);
        message.u16(2);
        switch (type) {
            case 0 -> echo4(line, "Echo (ping) reply   ", message, timeToLive);
            case 3 -> line.add("Destination unreachable (", code(UNREACHABLE, code), ")");
            case 4 -> line.add("Source quench (flow control)");
            case 5 -> line.add("Redirect             (", code(REDIRECT, code), ")");
            case 8 -> echo4(line, "Echo (ping) request ", message, timeToLive);
            case 9 -> line.add("Router advertisement");
            case 10 -> line.add("Router solicitation");
            case 11 -> line.add("Time-to-live exceeded (", code(EXCEEDED, code), ")");
            case 12 -> line.add("Parameter problem    (", code(PARAMETER, code), ")");
            case 13 -> echo4(line, "Timestamp request   ", message, timeToLive);
            case 14 -> echo4(line, "Timestamp reply     ", message, timeToLive);
            default -> line.add("Unknown ICMP (obsolete or malformed?)");
        }
        if (type == IcmpMessage.ECHO_REQUEST) {
            pings.request(line, source, destination, message);
        } else if (type == IcmpMessage.ECHO_REPLY) {
            pings.reply(line, source, destination, message);
        }
    }

    private static void echo4(SummaryLine line, String name, PacketSlice message, int timeToLive) {
        int sequence = message.u16(6);
        line.add(name, " id=")
                .hex(message.u16(4), 4)
                .add(", seq=", sequence, "/", sequence >>> 8 | (sequence & 0xff) << 8);
        line.add(", ttl=", timeToLive);
    }

    private static String code(String[] names, int code) {
        return code < names.length ? names[code] : "Unknown code: " + code;
    }
}
