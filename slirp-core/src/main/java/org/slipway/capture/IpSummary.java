package org.slipway.capture;

import org.slipway.wire.IpAddress;
import org.slipway.wire.IpProtocol;

/** IPv4 (RFC 791) and IPv6 (RFC 8200) with its extension headers. */
final class IpSummary {

    private static final int HOP_BY_HOP = 0;
    private static final int IGMP = 2;
    private static final int ROUTING = 43;
    private static final int FRAGMENT = 44;
    private static final int NO_NEXT_HEADER = 59;
    private static final int DESTINATION_OPTIONS = 60;

    private final IcmpSummary icmp = new IcmpSummary();
    private final TcpSummary tcp = new TcpSummary();
    private final UdpSummary udp = new UdpSummary();

    void ipv4(SummaryLine line, PacketSlice packet) {
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
            line.add("Fragmented IP protocol (proto=", name(protocol), ' ', protocol);
            line.add(", off=", (fragment & 0x1fff) * 8, ", ID=").digits(id, 4).add(")");
            return;
        }
        PacketSlice payload = packet.part(headerLength, totalLength - headerLength);
        switch (protocol) {
            case IpProtocol.ICMP -> icmp.ipv4(line, payload, source, destination, timeToLive);
            case IGMP -> IgmpSummary.describe(line, payload);
            case IpProtocol.TCP -> tcp.describe(line, payload, source, destination);
            case IpProtocol.UDP -> udp.describe(line, payload, source, destination);
            default -> line.add(payload.length() == 0 ? "" : name(protocol) + " (" + protocol + ")");
        }
    }

    void ipv6(SummaryLine line, PacketSlice packet) {
        line.begin("IPv6");
        if (packet.length() < 40) {
            line.source = packet.length() < 24 ? line.source : packet.ipv6(8).toString();
            line.add("Invalid IPv6 header (", packet.length(), " bytes, need exactly 40)");
            throw PacketEnd.malformed();
        }
        int version = packet.u8(0) >>> 4;
        if (version != 6) {
            line.add("Bogus IPv6 version (", version, ", must be 6)");
            return;
        }
        int payloadLength = packet.u16(4);
        IpAddress source = packet.ipv6(8);
        IpAddress destination = packet.ipv6(24);
        line.source = source.toString();
        line.destination = destination.toString();
        upper(line, packet.u8(6), packet.part(40, payloadLength), source, destination, packet.u8(7));
    }

    private void upper(
            SummaryLine line, int next, PacketSlice packet, IpAddress source, IpAddress destination, int hopLimit) {
        int protocol = next;
        PacketSlice rest = packet;
        while (protocol == HOP_BY_HOP || protocol == ROUTING || protocol == DESTINATION_OPTIONS) {
            int length = 8 + 8 * rest.u8(1);
            protocol = rest.u8(0);
            rest = rest.from(length);
        }
        switch (protocol) {
            case IpProtocol.ICMPV6 -> icmp.ipv6(line, rest, source, destination, hopLimit);
            case IpProtocol.TCP -> tcp.describe(line, rest, source, destination);
            case IpProtocol.UDP -> udp.describe(line, rest, source, destination);
            case FRAGMENT -> {
                int offset = rest.u16(2);
                line.add("IPv6 fragment (off=", offset & 0xfff8, " more=", (offset & 1) == 0 ? 'n' : 'y');
                line.add(" ident=").hex(rest.i32(4), 8).add(" nxt=", rest.u8(0), ")");
            }
            case NO_NEXT_HEADER -> line.add("IPv6 no next header");
            default -> line.add("Unknown IP Protocol: ", name(protocol), " (", protocol, ")");
        }
    }

    private static String name(int protocol) {
        return switch (protocol) {
            case IpProtocol.ICMP -> "ICMP";
            case IGMP -> "IGMP";
            case IpProtocol.TCP -> "TCP";
            case IpProtocol.UDP -> "UDP";
            case 41 -> "IPv6";
            case 47 -> "Generic Routing Encapsulation";
            case 50 -> "Encap Security Payload";
            case 51 -> "Authentication Header";
            case IpProtocol.ICMPV6 -> "ICMPv6";
            case 89 -> "OSPF IGP";
            case 132 -> "SCTP";
            default -> "Unknown";
        };
    }
}
