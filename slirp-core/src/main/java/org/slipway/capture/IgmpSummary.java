package org.slipway.capture;

import org.slipway.wire.IpAddress;

/** IGMP versions 1 to 3 (RFC 1112, RFC 2236, RFC 3376). */
final class IgmpSummary {

    private static final int QUERY = 0x11;
    private static final int REPORT_V1 = 0x12;
    private static final int REPORT_V2 = 0x16;
    private static final int LEAVE = 0x17;
    private static final int REPORT_V3 = 0x22;
    private static final int V3_QUERY_LENGTH = 12;

    private IgmpSummary() {}

    static void describe(SummaryLine line, PacketSlice message) {
        int type = message.u8(0);
        line.begin("IGMPv" + version(message, type));
        switch (type) {
            case QUERY -> {
                IpAddress group = message.ipv4(4);
                line.add("Membership Query, ", group.isUnspecified() ? "general" : "specific for group " + group);
            }
            case REPORT_V1, REPORT_V2 -> line.add("Membership Report group ", message.ipv4(4));
            case LEAVE -> line.add("Leave Group ", message.ipv4(4));
            case REPORT_V3 -> report(line, message);
            default -> line.add("Unknown Type:").hex(type, 2);
        }
    }

    private static int version(PacketSlice message, int type) {
        if (type == REPORT_V3 || type == QUERY && message.length() >= V3_QUERY_LENGTH) {
            return 3;
        }
        return type == REPORT_V1 || type == QUERY && message.u8(1) == 0 ? 1 : 2;
    }

    private static void report(SummaryLine line, PacketSlice message) {
        line.add("Membership Report");
        int records = message.u16(6);
        int at = 8;
        for (int i = 0; i < records; i++) {
            int sources = message.u16(at + 2);
            boolean exclude = message.u8(at) % 2 == 0;
            IpAddress group = message.ipv4(at + 4);
            if (sources > 0) {
                line.add(" / Group ", group, ", ", sources, " sources");
            } else {
                line.add(exclude ? " / Join group " : " / Leave group ", group, exclude ? " for any sources" : "");
            }
            at += 8 + 4 * sources + 4 * message.u8(at + 1);
        }
    }
}
