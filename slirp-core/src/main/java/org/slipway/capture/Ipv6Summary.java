package org.slipway.capture;

import org.slipway.wire.IpAddress;
import org.slipway.wire.IpProtocol;
import org.slipway.wire.Ipv6Fragment;
import org.slipway.wire.Ipv6Packet;

/** IPv6 (RFC 8200) with its extension headers; of a packet in fragments (RFC 8200 4.5) each is described alone. */
final class Ipv6Summary {

    private static final int SOURCE = 8;
    private static final int DESTINATION = 24;
    private static final int OPTIONS_UNIT = 8;

    private final Icmpv6Summary icmp;
    private final TcpSummary tcp;
    private final UdpSummary udp;

    Ipv6Summary(EchoPairs pings, TcpSummary tcp, UdpSummary udp) {
        icmp = new Icmpv6Summary(pings);
        this.tcp = tcp;
        this.udp = udp;
    }

    void describe(SummaryLine line, PacketSlice packet) {
        line.begin("IPv6");
        int version = packet.u8(0) >>> 4;
        if (packet.length() < Ipv6Packet.HEADER_LENGTH) {
            line.source = packet.length() < DESTINATION ? line.source : packet.ipv6Text(SOURCE);
            line.add("Invalid IPv6 header (", packet.length(), " bytes, need exactly 40)");
            throw PacketEnd.malformed();
        }
        if (version != 6) {
            line.add("Bogus IPv6 version (", version, ", must be 6)");
            return;
        }
        line.source = packet.ipv6Text(SOURCE);
        line.destination = packet.ipv6Text(DESTINATION);
        packet.need(0, Ipv6Packet.HEADER_LENGTH);
        int payloadLength = Ipv6Packet.payloadLength(packet.buf(), packet.at());
        int next = Ipv6Packet.nextHeader(packet.buf(), packet.at());
        if (payloadLength == 0 && next == IpProtocol.HOP_BY_HOP) {
            // RFC 2675 3 would have a longer length there, but not on an Ethernet.
            line.add("Invalid IPv6 payload length");
        }
        walk(new Walk(line, packet), next, packet.part(Ipv6Packet.HEADER_LENGTH, payloadLength));
    }

    /** One packet on its way along its headers. */
    private static final class Walk {
        final SummaryLine line;
        final IpAddress source;
        final int hopLimit;

        /** Where the packet goes in the end, as far as is known. */
        IpAddress destination;

        Walk(SummaryLine line, PacketSlice packet) {
            this.line = line;
            source = Ipv6Packet.source(packet.buf(), packet.at());
            destination = Ipv6Packet.destination(packet.buf(), packet.at());
            hopLimit = Ipv6Packet.hopLimit(packet.buf(), packet.at());
        }
    }

    private void walk(Walk walk, int first, PacketSlice packet) {
        int protocol = first;
        PacketSlice rest = packet;
        while (true) {
            int length;
            switch (protocol) {
                case IpProtocol.HOP_BY_HOP -> length = options(walk.line, "IPv6 hop-by-hop options", rest);
                case IpProtocol.DESTINATION_OPTIONS -> length = options(walk.line, "IPv6 destination options", rest);
                case IpProtocol.ROUTING -> length = routing(walk, rest);
                case IpProtocolNames.AUTHENTICATION_HEADER -> length = authentication(walk.line, rest);
                case IpProtocol.FRAGMENT -> {
                    if (isPart(walk.line, rest)) {
                        return;
                    }
                    length = Ipv6Fragment.LENGTH;
                }
                default -> {
                    upper(walk, protocol, rest);
                    return;
                }
            }
            protocol = rest.u8(0);
            rest = rest.from(length);
        }
    }

    private void upper(Walk walk, int protocol, PacketSlice packet) {
        SummaryLine line = walk.line;
        switch (protocol) {
            case IpProtocol.ICMPV6 -> icmp.describe(line, packet, walk.source, walk.destination, walk.hopLimit);
            case IpProtocol.TCP -> tcp.describe(line, packet, walk.source, walk.destination);
            case IpProtocol.UDP -> udp.describe(line, packet, walk.source, walk.destination);
            case IpProtocolNames.ENCAPSULATING_SECURITY_PAYLOAD -> {
                line.begin("ESP");
                // RFC 4303 2: the sequence number must be there, too.
                packet.i32(4);
                line.add("ESP (SPI=").hex(packet.i32(0), 8).add(")");
            }
            case IpProtocol.NO_NEXT_HEADER -> line.restart().add("IPv6 no next header");
            default -> {
                line.restart().add("Unknown IP Protocol: ", IpProtocolNames.of(protocol));
                line.add(" (", protocol, ")");
            }
        }
    }

    /** Names a header, which stays named only if nothing behind it is understood. */
    private static void name(SummaryLine line, String name) {
        line.add(line.isEmpty() ? "" : " , ", name);
    }

    /** Length in bytes of the header that is the beginning of {@code rest}. */
    private static int options(SummaryLine line, String name, PacketSlice rest) {
        name(line, name);
        rest.u8(0);
        int length = OPTIONS_UNIT + OPTIONS_UNIT * rest.u8(1);
        rest.from(length);
        return length;
    }

    private static int routing(Walk walk, PacketSlice rest) {
        name(walk.line, "IPv6 routing");
        PacketSlice header = Ipv6Routing.header(rest);
        int at = Ipv6Routing.finalDestination(header);
        if (at > 0) {
            walk.destination = header.ipv6(at);
            walk.line.destination = header.ipv6Text(at);
        }
        return header.length();
    }

    /** RFC 4302 2. */
    private static int authentication(SummaryLine line, PacketSlice rest) {
        line.begin("AH");
        int length = (rest.u8(1) + 2) * 4;
        int index = rest.i32(4);
        line.add("AH (SPI=").hex(index, 8).add(")");
        rest.from(length);
        return length;
    }

    /** Describes the fragment, unless it is the whole packet (RFC 6946). */
    private static boolean isPart(SummaryLine line, PacketSlice rest) {
        rest.need(0, Ipv6Fragment.LENGTH);
        int offset = Ipv6Fragment.offset(rest.buf(), rest.at());
        boolean more = Ipv6Fragment.more(rest.buf(), rest.at());
        if (offset == 0 && !more) {
            return false;
        }
        line.restart().add("IPv6 fragment (off=", offset, " more=", more ? 'y' : 'n');
        line.add(" ident=").hex(Ipv6Fragment.identification(rest.buf(), rest.at()), 8);
        line.add(" nxt=", Ipv6Fragment.nextHeader(rest.buf(), rest.at()), ")");
        return true;
    }
}
