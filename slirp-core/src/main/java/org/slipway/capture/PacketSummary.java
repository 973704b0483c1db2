package org.slipway.capture;

import io.netty.buffer.ByteBuf;
import org.slipway.wire.EtherType;

/**
 * Describes packets in one line each, with the columns and the words of {@code tshark -n}. It remembers a bounded number
 * of flows, pings and transfers, to count sequence numbers from zero and to find the request of a reply.
 *
 * <p>It differs from tshark in what needs more memory than that: nothing is reassembled (a fragment and a segment of a
 * longer message are described as such), and no comments on TCP's behaviour ({@code [TCP Retransmission]}) are made.
 * Protocols that are not known here are shown as the UDP, TCP, IP or Ethernet that carries them. Not thread-safe.
 */
public final class PacketSummary {

    /**
     * One packet in words, safe to print on a terminal.
     *
     * @param source IP address, or MAC address if there is none
     * @param destination likewise
     * @param protocol the highest protocol that was understood
     * @param length bytes of the frame
     * @param info what it says
     */
    public record Line(String source, String destination, String protocol, int length, String info) {

        /** {@code "10.0.2.15 → 10.0.2.2     ICMP 98 Echo (ping) request …"}, with tshark's column widths. */
        @Override
        public String toString() {
            StringBuilder text = new StringBuilder(128);
            text.append(" ".repeat(Math.max(0, ADDRESS_WIDTH - source.length())))
                    .append(source);
            text.append(" → ").append(destination);
            text.append(" ".repeat(Math.max(0, ADDRESS_WIDTH - destination.length())));
            return text.append(' ')
                    .append(protocol)
                    .append(' ')
                    .append(length)
                    .append(' ')
                    .append(info)
                    .toString();
        }
    }

    private static final int ADDRESS_WIDTH = 12;
    private static final int MAX_LLC_LENGTH = 1_500;
    private static final int SERVICE_VLAN = 0x88a8;
    private static final int RARP = 0x8035;

    private final IpSummary ip = new IpSummary();

    /** Makes a summary that has seen nothing yet. */
    public PacketSummary() {}

    /**
     * Describes the Ethernet frame whose first {@code captured} bytes stand at {@code at}; never throws, whatever they are.
     *
     * @param length bytes of the frame, at least {@code captured}
     * @param number of the packet in the capture, for references like {@code (request in 3)}
     */
    public Line describe(ByteBuf buf, int at, int captured, int length, int number) {
        SummaryLine line = new SummaryLine(number);
        try {
            ethernet(line, new PacketSlice(buf, at, captured, Math.max(captured, length)));
        } catch (PacketEnd e) {
            line.add(e.note());
        }
        return new Line(line.source, line.destination, line.protocol, length, line.info());
    }

    private void ethernet(SummaryLine line, PacketSlice frame) {
        line.begin("Ethernet");
        line.destination = frame.mac(0);
        line.source = frame.mac(6);
        payload(line, frame.u16(12), frame.from(14));
    }

    private void payload(SummaryLine line, int type, PacketSlice packet) {
        int inner = type;
        PacketSlice rest = packet;
        // A loop, not a recursion: a frame may hold thousands of tags.
        while (inner == EtherType.VLAN || inner == SERVICE_VLAN) {
            line.begin("VLAN");
            inner = rest.u16(2);
            rest = rest.from(4);
        }
        switch (inner) {
            case EtherType.IPV4 -> ip.describe(line, rest, 4);
            case EtherType.IPV6 -> ip.describe(line, rest, 6);
            case EtherType.ARP, RARP -> ArpSummary.describe(line, rest, inner == RARP);
            default -> unknown(line, inner, rest);
        }
    }

    private static void unknown(SummaryLine line, int type, PacketSlice packet) {
        if (type <= MAX_LLC_LENGTH && type > 0) {
            line.begin("LLC").add("DSAP ").hex(packet.u8(0), 2).add(", SSAP ").hex(packet.u8(1), 2);
            return;
        }
        line.begin("").hex(type, 4);
        line.begin(line.info());
        line.add(
                switch (type) {
                    case 0x88b5 -> "Local Experimental Ethertype 1";
                    case 0x88b6 -> "Local Experimental Ethertype 2";
                    case 0x88cc -> "Link Layer Discovery Protocol";
                    case 0x8863 -> "PPPoE Discovery";
                    case 0x8864 -> "PPPoE Session";
                    default -> "Ethernet II";
                });
    }
}
