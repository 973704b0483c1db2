package org.slipway.capture;

import org.slipway.wire.IpAddress;

/** ARP (RFC 826, RFC 5227) and RARP (RFC 903). */
final class ArpSummary {

    private static final int REQUEST = 1;
    private static final int REPLY = 2;
    private static final int REVERSE_REQUEST = 3;
    private static final int REVERSE_REPLY = 4;
    private static final String ZERO = "00:00:00:00:00:00";

    private ArpSummary() {}

    static void describe(SummaryLine line, PacketSlice arp, boolean reverse) {
        line.begin(reverse ? "RARP" : "ARP");
        int operation = arp.u16(6);
        if (arp.u16(0) != 1 || arp.u16(2) != 0x0800 || arp.u8(4) != 6 || arp.u8(5) != 4) {
            line.add("opcode ", operation, ", not for Ethernet and IPv4");
            return;
        }
        String senderMac = arp.mac(8);
        IpAddress sender = arp.ipv4(14);
        String targetMac = arp.mac(18);
        IpAddress target = arp.ipv4(24);
        switch (operation) {
            case REQUEST -> request(line, sender, targetMac, target);
            case REPLY -> {
                if (sender.equals(target)) {
                    line.add("Gratuitous ARP for ", sender, " (Reply)");
                } else {
                    line.add(sender, " is at ", senderMac);
                }
            }
            case REVERSE_REQUEST -> line.add("Who is ", targetMac, "? Tell ", senderMac);
            case REVERSE_REPLY -> line.add(targetMac, " is at ", target);
            default -> line.add("Unknown ARP opcode ").hex(operation, 4);
        }
    }

    private static void request(SummaryLine line, IpAddress sender, String targetMac, IpAddress target) {
        if (sender.isUnspecified()) {
            line.add("Who has ", target, "? (ARP Probe)");
        } else if (!sender.equals(target)) {
            line.add("Who has ", target, "? Tell ", sender);
        } else if (targetMac.equals(ZERO)) {
            line.add("ARP Announcement for ", target);
        } else {
            line.add("Gratuitous ARP for ", target, " (Request)");
        }
    }
}
