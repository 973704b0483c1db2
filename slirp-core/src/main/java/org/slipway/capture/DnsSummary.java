package org.slipway.capture;

import java.util.Map;

/** DNS (RFC 1035), multicast DNS (RFC 6762) and LLMNR (RFC 4795). */
final class DnsSummary {

    private static final int HEADER_LENGTH = 12;
    private static final int RESPONSE = 0x8000;

    /** More pointers than this in one name are a loop. */
    private static final int MAX_POINTERS = 16;

    /** RFC 1035 3.1: 255 octets. */
    private static final int MAX_NAME = 255;

    /** More records than this are not read, lest a datagram of 64 KiB makes a line of megabytes. */
    private static final int MAX_RECORDS = 64;

    private static final String[] RESULTS = {
        "",
        " Format error",
        " Server failure",
        " No such name",
        " Not implemented",
        " Refused",
        " Name exists",
        " RRset exists",
        " RRset does not exist",
        " Not authoritative",
        " Name out of zone"
    };

    private static final Map<Integer, String> TYPES = Map.ofEntries(
            Map.entry(1, "A"),
            Map.entry(2, "NS"),
            Map.entry(5, "CNAME"),
            Map.entry(6, "SOA"),
            Map.entry(12, "PTR"),
            Map.entry(13, "HINFO"),
            Map.entry(15, "MX"),
            Map.entry(16, "TXT"),
            Map.entry(28, "AAAA"),
            Map.entry(33, "SRV"),
            Map.entry(35, "NAPTR"),
            Map.entry(39, "DNAME"),
            Map.entry(41, "OPT"),
            Map.entry(43, "DS"),
            Map.entry(46, "RRSIG"),
            Map.entry(47, "NSEC"),
            Map.entry(48, "DNSKEY"),
            Map.entry(50, "NSEC3"),
            Map.entry(52, "TLSA"),
            Map.entry(64, "SVCB"),
            Map.entry(65, "HTTPS"),
            Map.entry(251, "IXFR"),
            Map.entry(252, "AXFR"),
            Map.entry(255, "ANY"),
            Map.entry(257, "CAA"));

    private DnsSummary() {}

    static void describe(SummaryLine line, String protocol, PacketSlice message) {
        line.begin(protocol);
        boolean multicast = protocol.equals("MDNS");
        int flags = message.u16(2);
        int[] counts = {message.u16(4), message.u16(6), message.u16(8), message.u16(10)};
        boolean response = (flags & RESPONSE) != 0;
        line.add(operation(flags >>> 11 & 0xf), response ? " response " : " ").hex(message.u16(0), 4);
        int result = flags & 0xf;
        if (response) {
            line.add(result < RESULTS.length ? RESULTS[result] : " Unknown (" + result + ")");
        }
        int at = HEADER_LENGTH;
        for (int i = 0; i < Math.min(counts[0], MAX_RECORDS); i++) {
            String name = name(message, at);
            at = behindName(message, at);
            line.add(" ", type(message.u16(at)), " ", name);
            if (multicast) {
                line.add((message.u16(at + 2) & 0x8000) == 0 ? ", \"QM\" question" : ", \"QU\" question");
            }
            at += 4;
        }
        int records = Math.min(counts[1] + counts[2] + counts[3], MAX_RECORDS);
        for (int i = 0; i < records; i++) {
            at = behindName(message, at);
            record(line, message, at, multicast);
            at += 10 + message.u16(at + 8);
        }
    }

    private static void record(SummaryLine line, PacketSlice message, int at, boolean multicast) {
        int type = message.u16(at);
        int data = at + 10;
        line.add(" ", type(type));
        if (multicast && type != 41 && (message.u16(at + 2) & 0x8000) != 0) {
            line.add(", cache flush");
        }
        int length = message.u16(at + 8);
        switch (type) {
            case 1 -> line.add(length == 4 ? " " + message.ipv4(data) : "");
            case 28 -> line.add(length == 16 ? " " + message.ipv6Text(data) : "");
            case 2, 5, 6, 12, 39 -> line.add(" ", name(message, data));
            case 15 -> line.add(" ", message.u16(data), " ", name(message, data + 2));
            case 33 -> {
                line.add(" ", message.u16(data), " ", message.u16(data + 2), " ", message.u16(data + 4));
                line.add(" ", name(message, data + 6));
            }
            default -> {}
        }
    }

    private static String operation(int opcode) {
        return switch (opcode) {
            case 0 -> "Standard query";
            case 1 -> "Inverse query";
            case 2 -> "Server status request";
            case 4 -> "Zone change notification";
            case 5 -> "Dynamic update";
            default -> "Unknown operation (" + opcode + ")";
        };
    }

    private static String type(int type) {
        String name = TYPES.get(type);
        return name == null ? "Unknown (" + type + ")" : name;
    }

    private static int behindName(PacketSlice message, int start) {
        int at = start;
        for (int length = message.u8(at); length != 0; length = message.u8(at)) {
            if (length >= 0xc0) {
                message.u8(at + 1);
                return at + 2;
            }
            at += 1 + length;
        }
        return at + 1;
    }

    private static String name(PacketSlice message, int start) {
        StringBuilder name = new StringBuilder();
        int at = start;
        int pointers = 0;
        for (int length = message.u8(at); length != 0; length = message.u8(at)) {
            if (length >= 0xc0) {
                if (++pointers > MAX_POINTERS) {
                    return "<Name contains a pointer that loops>";
                }
                at = message.u16(at) & 0x3fff;
            } else if (length > 63 || name.length() + length > 4 * MAX_NAME) {
                throw PacketEnd.malformed();
            } else {
                name.append(name.length() == 0 ? "" : ".").append(message.text(at + 1, length));
                at += 1 + length;
            }
        }
        return name.length() == 0 ? "<Root>" : name.toString();
    }
}
