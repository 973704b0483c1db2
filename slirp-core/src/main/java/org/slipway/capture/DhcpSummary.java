package org.slipway.capture;

/** DHCPv4 (RFC 2131), and its ancestor BOOTP (RFC 951). */
final class DhcpSummary {

    private static final int OPTIONS = 236;
    private static final int MAGIC = 0x63825363;
    private static final int PAD = 0;
    private static final int MESSAGE_TYPE = 53;
    private static final int END = 255;

    private static final String[] TYPES = {
        "",
        "Discover",
        "Offer   ",
        "Request ",
        "Decline ",
        "ACK     ",
        "NAK     ",
        "Release ",
        "Inform  ",
        "Force Renew"
    };

    private DhcpSummary() {}

    static void describe(SummaryLine line, PacketSlice message) {
        line.begin("BOOTP");
        int op = message.u8(0);
        switch (op) {
            case 1 -> line.add("Boot Request from ", message.mac(28), " (", message.mac(28), ")");
            case 2 -> line.add("Boot Reply");
            default -> line.add("Unknown BOOTP message type (", op, ")");
        }
        if (message.i32(OPTIONS) != MAGIC) {
            return;
        }
        int type = messageType(message);
        if (type >= 0) {
            line.begin("DHCP").add("DHCP ");
            if (type > 0 && type < TYPES.length) {
                line.add(TYPES[type]);
            } else {
                line.add("Unknown Message Type (").hex(type, 2).add(")");
            }
            line.add(" - Transaction ID ").hex(message.i32(4), 1);
        }
    }

    private static int messageType(PacketSlice message) {
        int at = OPTIONS + 4;
        while (at < message.length() && message.u8(at) != END) {
            if (message.u8(at) == PAD) {
                at++;
                continue;
            }
            int length = message.u8(at + 1);
            if (message.u8(at) == MESSAGE_TYPE && length == 1) {
                return message.u8(at + 2);
            }
            at += 2 + length;
        }
        return -1;
    }
}
