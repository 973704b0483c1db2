package org.slipway.capture;

import java.util.Map;
import org.jspecify.annotations.Nullable;
import org.slipway.wire.IpAddress;

/** ICMP (RFC 792, RFC 1812) and ICMPv6 (RFC 4443) with neighbour discovery (RFC 4861) and MLD (RFC 2710, RFC 3810). */
final class IcmpSummary {

    /** Pings whose reply may still come. */
    private static final int MAX_REQUESTS = 1_024;

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
    private static final String[] UNREACHABLE6 = {
        "no route to destination", "Administratively prohibited", "Beyond scope of source address",
        "Address unreachable", "Port unreachable", "Source address failed ingress/egress policy",
        "Reject route to destination", "Error in Source Routing Header"
    };
    private static final String[] EXCEEDED6 = {"hop limit exceeded in transit", "fragment reassembly time exceeded"};
    private static final String[] PARAMETER6 = {
        "erroneous header field encountered",
        "unrecognized Next Header type encountered",
        "unrecognized IPv6 option encountered"
    };

    private record Echo(IpAddress from, IpAddress to, int id, int sequence) {}

    private final Map<Echo, Integer> requests = new RecentMap<>(MAX_REQUESTS);

    void ipv4(SummaryLine line, PacketSlice message, IpAddress source, IpAddress destination, int timeToLive) {
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
        if (type == 8 || type == 0) {
            pair(line, type == 8, source, destination, message);
        }
    }

    private static void echo4(SummaryLine line, String name, PacketSlice message, int timeToLive) {
        int sequence = message.u16(6);
        line.add(name, " id=")
                .hex(message.u16(4), 4)
                .add(", seq=", sequence, "/", sequence >>> 8 | (sequence & 0xff) << 8);
        line.add(", ttl=", timeToLive);
    }

    private void pair(SummaryLine line, boolean request, IpAddress source, IpAddress destination, PacketSlice message) {
        int id = message.u16(4);
        int sequence = message.u16(6);
        if (request) {
            requests.put(new Echo(source, destination, id, sequence), line.number);
            return;
        }
        Integer number = requests.get(new Echo(destination, source, id, sequence));
        if (number != null) {
            line.add(" (request in ", number, ")");
        }
    }

    private static String code(String[] names, int code) {
        return code < names.length ? names[code] : "Unknown code: " + code;
    }

    void ipv6(SummaryLine line, PacketSlice message, IpAddress source, IpAddress destination, int hopLimit) {
        line.begin("ICMPv6");
        int type = message.u8(0);
        int code = message.u8(1);
        switch (type) {
            case 1 -> line.add("Destination Unreachable (", code(UNREACHABLE6, code), ")");
            case 2 -> line.add("Packet Too Big");
            case 3 -> line.add("Time Exceeded (", code(EXCEEDED6, code), ")");
            case 4 -> line.add("Parameter Problem (", code(PARAMETER6, code), ")");
            case 128, 129 -> {
                line.add("Echo (ping) ", type == 128 ? "request" : "reply");
                int id = message.u16(4);
                line.add(" id=").hex(id, 4).add(", seq=", message.u16(6), ", hop limit=", hopLimit);
                pair(line, type == 128, source, destination, message);
            }
            case 130 -> line.add("Multicast Listener Query");
            case 131 -> line.add("Multicast Listener Report");
            case 132 -> line.add("Multicast Listener Done");
            case 133 -> line.add("Router Solicitation", linkAddress(message, 8, 1, " from "));
            case 134 -> line.add("Router Advertisement", linkAddress(message, 16, 1, " from "));
            case 135 -> line.add("Neighbor Solicitation for ", message.ipv6(8), linkAddress(message, 24, 1, " from "));
            case 136 -> {
                line.add("Neighbor Advertisement ", message.ipv6(8), " (", flags(message.u8(4)), ")");
                line.add(linkAddress(message, 24, 2, " is at "));
            }
            case 137 -> line.add("Redirect", linkAddress(message, 40, 2, " is at "));
            case 143 -> line.add("Multicast Listener Report Message v2");
            case 100, 101, 200, 201 -> line.add("Private experimentation");
            default -> line.add("Unknown (", type, ")");
        }
    }

    private static String flags(int flags) {
        String names = ((flags & 0x80) != 0 ? ", rtr" : "")
                + ((flags & 0x40) != 0 ? ", sol" : "")
                + ((flags & 0x20) != 0 ? ", ovr" : "");
        return names.isEmpty() ? "none" : names.substring(2);
    }

    /** {@code before} and the address in the first option of {@code type}, or nothing (RFC 4861 4.6.1). */
    private static String linkAddress(PacketSlice message, int options, int type, String before) {
        @Nullable String address = null;
        for (int at = options;
                address == null && at + 8 <= message.length();
                at += Math.max(8, 8 * message.u8(at + 1))) {
            address = message.u8(at) == type ? message.mac(at + 2) : null;
        }
        return address == null ? "" : before + address;
    }
}
