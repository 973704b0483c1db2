package org.slipway.capture;

import java.util.Map;
import org.slipway.wire.IpAddress;
import org.slipway.wire.TcpHeader;

/** TCP (RFC 9293), with sequence numbers relative to those of the SYN, and windows scaled, as far as a flow was seen. */
final class TcpSummary {

    /** Flows that are remembered; beyond, the one that was quiet for longest starts anew. */
    private static final int MAX_FLOWS = 4_096;

    private static final int DNS_PORT = 53;
    private static final int MAX_SCALE = 14;

    private static final String[] FLAGS = {"FIN", "SYN", "RST", "PSH", "ACK", "URG", "ECE", "CWR", "AE"};
    private static final int RESERVED = 0xe00;

    private record End(IpAddress address, int port) {}

    /** One direction: the ends of a flow in their order. */
    private record Direction(End from, End to) {

        Direction reversed() {
            return new Direction(to, from);
        }
    }

    /** What is known of the numbers that one end sends. */
    private static final class Numbers {
        private boolean known;
        private int first;
        private boolean synSeen;
        private int scale = -1;

        void learn(int first) {
            this.first = known ? this.first : first;
            known = true;
        }
    }

    private final Map<Direction, Numbers> flows = new RecentMap<>(2 * MAX_FLOWS);

    void describe(SummaryLine line, PacketSlice segment, IpAddress source, IpAddress destination) {
        int sourcePort = segment.u16(0);
        int destinationPort = segment.u16(2);
        line.begin("TCP").add(sourcePort, " → ", destinationPort);
        int sequence = segment.i32(4);
        int acknowledgment = segment.i32(8);
        int headerLength = (segment.u8(12) >>> 4) * 4;
        int flags = segment.u16(12) & 0xfff;
        int window = segment.u16(14);
        if (segment.length() < Math.max(headerLength, TcpHeader.MIN_LENGTH)) {
            cut(line, sequence, acknowledgment, flags, window);
        }
        int urgent = segment.u16(18);

        Direction direction = new Direction(new End(source, sourcePort), new End(destination, destinationPort));
        Numbers own = flows.computeIfAbsent(direction, key -> new Numbers());
        Numbers other = flows.computeIfAbsent(direction.reversed(), key -> new Numbers());
        boolean syn = (flags & TcpHeader.SYN) != 0;
        boolean ack = (flags & TcpHeader.ACK) != 0;
        if (syn && !ack && own.known && own.first != sequence) {
            line.addInFront("[TCP Port numbers reused] ");
            own = new Numbers();
            other = new Numbers();
            flows.put(direction, own);
            flows.put(direction.reversed(), other);
        }
        own.learn(syn ? sequence : sequence - 1);
        if (ack) {
            other.learn(acknowledgment - 1);
        }
        if (syn) {
            own.synSeen = true;
            own.scale = headerLength < TcpHeader.MIN_LENGTH ? -1 : scale(segment, headerLength);
        }

        line.add(" [", names(flags), "] Seq=", Integer.toUnsignedString(sequence - own.first));
        if (ack) {
            line.add(" Ack=", Integer.toUnsignedString(acknowledgment - other.first));
        }
        boolean scaled = !syn && own.scale >= 0 && !(other.synSeen && other.scale < 0);
        line.add(" Win=", scaled ? (long) window << own.scale : window);
        if (headerLength < TcpHeader.MIN_LENGTH) {
            line.add(", bogus TCP header length (", headerLength, ", must be at least 20)");
            return;
        }
        PacketSlice data = segment.from(headerLength);
        if ((flags & TcpHeader.URG) != 0) {
            line.add(" Urg=", urgent);
        }
        line.add(" Len=", data.length());
        options(line, segment, headerLength, other);
        payload(line, data, sourcePort, destinationPort);
    }

    /** Of a header that ends too early nothing is learnt, so the numbers are not relative. */
    private static void cut(SummaryLine line, int sequence, int acknowledgment, int flags, int window) {
        line.add(" [", names(flags), "] Seq=", Integer.toUnsignedString(sequence));
        if ((flags & TcpHeader.ACK) != 0) {
            line.add(" Ack=", Integer.toUnsignedString(acknowledgment));
        }
        line.add(" Win=", window);
        throw PacketEnd.malformed();
    }

    private static String names(int flags) {
        StringBuilder names = new StringBuilder();
        for (int bit = 0; bit < FLAGS.length; bit++) {
            if ((flags & 1 << bit) != 0) {
                names.append(names.length() == 0 ? "" : ", ").append(FLAGS[bit]);
            }
        }
        if ((flags & RESERVED) != 0) {
            names.append(names.length() == 0 ? "" : ", ").append("Reserved");
        }
        return names.length() == 0 ? "<None>" : names.toString();
    }

    private static int scale(PacketSlice segment, int headerLength) {
        for (int at = TcpHeader.MIN_LENGTH; at < headerLength; at += optionLength(segment, at, headerLength)) {
            if (segment.u8(at) == 3 && optionLength(segment, at, headerLength) == 3) {
                return Math.min(segment.u8(at + 2), MAX_SCALE);
            }
        }
        return -1;
    }

    /** How far it is to the next option; a wrong length, and the end of the list, leads to the end of the header. */
    private static int optionLength(PacketSlice segment, int at, int headerLength) {
        int kind = segment.u8(at);
        if (kind == 1) {
            return 1;
        }
        int left = headerLength - at;
        int length = kind == 0 || left < 2 ? left : segment.u8(at + 1);
        return length < 2 || length > left ? left : length;
    }

    private static void options(SummaryLine line, PacketSlice segment, int headerLength, Numbers other) {
        int length;
        for (int at = TcpHeader.MIN_LENGTH; at < headerLength; at += length) {
            length = optionLength(segment, at, headerLength);
            int kind = segment.u8(at);
            if (kind == 2 && length == 4) {
                line.add(" MSS=", segment.u16(at + 2));
            } else if (kind == 3 && length == 3) {
                line.add(" WS=", 1 << Math.min(segment.u8(at + 2), MAX_SCALE));
            } else if (kind == 4 && length == 2) {
                line.add(" SACK_PERM");
            } else if (kind == 8 && length == 10) {
                line.add(" TSval=", segment.u32(at + 2), " TSecr=", segment.u32(at + 6));
            } else if (kind == 5) {
                for (int block = at + 2; block + 8 <= at + length; block += 8) {
                    line.add(" SLE=", Integer.toUnsignedString(segment.i32(block) - other.first));
                    line.add(" SRE=", Integer.toUnsignedString(segment.i32(block + 4) - other.first));
                }
            }
        }
    }

    private static void payload(SummaryLine line, PacketSlice data, int sourcePort, int destinationPort) {
        if (HttpSummary.isHttp(data)) {
            HttpSummary.describe(line, data);
        } else if ((sourcePort == DNS_PORT || destinationPort == DNS_PORT)
                && data.captured() > 2
                && data.u16(0) == data.length() - 2) {
            DnsSummary.describe(line, "DNS", data.from(2));
        }
    }
}
