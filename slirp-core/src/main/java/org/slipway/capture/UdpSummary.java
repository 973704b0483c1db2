package org.slipway.capture;

import org.slipway.wire.Dhcpv6Message;
import org.slipway.wire.IpAddress;
import org.slipway.wire.UdpDatagram;

/** UDP (RFC 768), and the protocols on it that a gateway speaks. */
final class UdpSummary {

    private static final int DNS = 53;
    private static final int DHCP_SERVER = 67;
    private static final int DHCP_CLIENT = 68;
    private static final int MDNS = 5353;
    private static final int LLMNR = 5355;

    private final TftpSummary tftp = new TftpSummary();

    void describe(SummaryLine line, PacketSlice datagram, IpAddress source, IpAddress destination) {
        int sourcePort = datagram.u16(0);
        int destinationPort = datagram.u16(2);
        line.begin("UDP").add(sourcePort, " → ", destinationPort);
        int field = datagram.u16(4);
        // RFC 2675 4: what does not fit into the field is as long as the packet.
        boolean jumbogram = field == 0 && !destination.isIpv4();
        int length = jumbogram ? datagram.length() : field;
        if (length < UdpDatagram.HEADER_LENGTH) {
            line.add(" [BAD UDP LENGTH ", length, " < 8]");
            return;
        }
        if (length > datagram.length()) {
            line.add(" [BAD UDP LENGTH ", length, " > IP PAYLOAD LENGTH]");
        }
        line.add(" Len=", length - UdpDatagram.HEADER_LENGTH, jumbogram ? " [Jumbogram]" : "");
        if (datagram.u16(6) == 0 && !destination.isIpv4()) {
            // RFC 8200 8.1: here zero does not stand for "none".
            line.add(" [ILLEGAL CHECKSUM (0)]");
        }
        PacketSlice data = datagram.part(UdpDatagram.HEADER_LENGTH, length - UdpDatagram.HEADER_LENGTH);
        if (data.length() == 0) {
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
            DhcpSummary.describe(line, data);
        } else if (either(sourcePort, destinationPort, Dhcpv6Message.CLIENT_PORT)
                || either(sourcePort, destinationPort, Dhcpv6Message.SERVER_PORT)) {
            Dhcpv6Summary.describe(line, data);
        } else {
            tftp.describe(line, data, source, sourcePort, destination, destinationPort);
        }
    }

    private static boolean either(int sourcePort, int destinationPort, int port) {
        return sourcePort == port || destinationPort == port;
    }
}
