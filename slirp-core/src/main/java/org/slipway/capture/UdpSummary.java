package org.slipway.capture;

import org.slipway.wire.IpAddress;
import org.slipway.wire.UdpDatagram;

/** UDP (RFC 768), and the protocols on it that a gateway speaks. */
final class UdpSummary {

    private static final int DNS = 53;
    private static final int DHCP_SERVER = 67;
    private static final int DHCP_CLIENT = 68;
    private static final int DHCPV6_CLIENT = 546;
    private static final int DHCPV6_SERVER = 547;
    private static final int MDNS = 5353;
    private static final int LLMNR = 5355;

    private final TftpSummary tftp = new TftpSummary();

    void describe(SummaryLine line, PacketSlice datagram, IpAddress source, IpAddress destination) {
        line.begin("UDP");
        int sourcePort = datagram.u16(0);
        int destinationPort = datagram.u16(2);
        line.add(sourcePort, " → ", destinationPort);
        int length = datagram.u16(4);
        datagram.u16(6);
        if (length < UdpDatagram.HEADER_LENGTH) {
            line.add(" [BAD UDP LENGTH ", length, " < 8]");
            return;
        }
        if (length > datagram.length()) {
            line.add(" [BAD UDP LENGTH ", length, " > IP PAYLOAD LENGTH]");
        }
        line.add(" Len=", length - UdpDatagram.HEADER_LENGTH);
        PacketSlice data = datagram.part(UdpDatagram.HEADER_LENGTH, length - UdpDatagram.HEADER_LENGTH);
        if (data.length() == 0 || length > datagram.length()) {
            return;
        }
        if (either(sourcePort, destinationPort, DNS)) {
            DnsSummary.describe(line, "DNS", data);
        } else if (either(sourcePort, destinationPort, MDNS)) {
            DnsSummary.describe(line, "MDNS", data);
        } else if (either(sourcePort, destinationPort, LLMNR)) {
            DnsSummary.describe(line, "LLMNR", data);
        } else if (either(sourcePort, destinationPort, DHCP_SERVER)
                || either(sourcePort, destinationPort, DHCP_CLIENT)) {
            DhcpSummary.ipv4(line, data);
        } else if (either(sourcePort, destinationPort, DHCPV6_CLIENT)
                || either(sourcePort, destinationPort, DHCPV6_SERVER)) {
            DhcpSummary.ipv6(line, data);
        } else {
            tftp.describe(line, data, source, sourcePort, destination, destinationPort);
        }
    }

    private static boolean either(int sourcePort, int destinationPort, int port) {
        return sourcePort == port || destinationPort == port;
    }
}
