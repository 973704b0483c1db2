package org.slipway.capture;

import org.slipway.wire.IpAddress;
import org.slipway.wire.IpProtocol;

/** IPv4 (RFC 791). */
final class Ipv4Summary {

    private final IcmpSummary icmp;
    private final TcpSummary tcp;
    private final UdpSummary udp;

    Ipv4Summary(EchoPairs pings, TcpSummary tcp, UdpSummary udp) {
        icmp = new IcmpSummary(pings);
        this.tcp = tcp;
        this.udp = udp;
    }

    void describe(SummaryLine line, PacketSlice packet) {
        line.begin("IPv4");
        int version = packet.u8(0) >>> 4;
        int headerLength = (packet.u8(0) & 0xf) * 4;
        if (version != 4) {
            line.add("Bogus IPv4 version (", version, ", must be 4)");
            return;
        }
        if (headerLength < 20) {
            line.add("Bogus IP header length (", headerLength, ", must be at least 20)");
            return;
        }
        int total = packet.u16(2);
        // A length of 0 is what some devices leave for the one that segments.
        int totalLength = total == 0 ? packet.length() : total;
        if (totalLength < headerLength) {
            line.add("Bogus IP length (", totalLength, ", less than header length ", headerLength, ")");
            return;
        }
        int id = packet.u16(4);
        int fragment = packet.u16(6);
        int timeToLive = packet.u8(8);
        int protocol = packet.u8(9);
        IpAddress source = packet.ipv4(12);
        line.source = source.toString();
        IpAddress destination = packet.ipv4(16);
        line.destination = destination.toString();
        if ((fragment & 0x3fff) != 0) {
            line.add("Fragmented IP protocol (proto=", IpProtocolNames.of(protocol), ' ', protocol);
            line.add(", off=", (fragment & 0x1fff) * 8, ", ID=").digits(id, 4).add(")");
            return;
        }
        PacketSlice payload = packet.part(headerLength, totalLength - headerLength);
        switch (protocol) {
            case IpProtocol.ICMP -> icmp.describe(line, payload, source, destination, timeToLive);
            case IpProtocolNames.IGMP -> IgmpSummary.describe(line, payload);
            case IpProtocol.TCP -> tcp.describe(line, payload, source, destination);
            case IpProtocol.UDP -> udp.describe(line, payload, source, destination);
            default -> line.add(payload.length() == 0 ? "" : IpProtocolNames.of(protocol) + " (" + protocol + ")");
        }
    }
}
