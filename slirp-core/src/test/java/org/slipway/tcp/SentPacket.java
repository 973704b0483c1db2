package org.slipway.tcp;

import io.netty.buffer.ByteBuf;
import io.netty.buffer.PooledByteBufAllocator;
import java.util.ArrayList;
import java.util.List;
import java.util.stream.Collectors;
import org.jspecify.annotations.Nullable;
import org.slipway.wire.TcpHeader;

/**
 * A packet that our side has sent, read from its bytes; sequence numbers and time stamps are relative.
 *
 * @param nanos when it was sent
 * @param end sequence number behind its payload: what a range in a scenario ends with
 */
record SentPacket(long nanos, int flags, int seq, int end, int ack, int window, int urgent, List<OptionText> options) {

    /** Where the far end counts from. */
    interface Origins {
        int ourSequence();

        int peerSequence();

        /** Our first time stamp, given that this is one. */
        int ourTimestamp(int value);
    }

    /** Reads the packet that holds {@code length} payload bytes of {@code segment} at {@code offset}. */
    static SentPacket of(Segment segment, int offset, int length, boolean last, long now, Origins origins) {
        int headerLength = TcpHeader.MIN_LENGTH + segment.options.length();
        ByteBuf header = PooledByteBufAllocator.DEFAULT.buffer(TcpHeader.MAX_LENGTH);
        try {
            int flags = last ? segment.flags : segment.flags & ~(TcpHeader.FIN | TcpHeader.PSH);
            int ack = segment.has(TcpHeader.ACK) ? segment.acknowledgment : 0;
            TcpHeader.write(header, 0, 1, 2, segment.sequence + offset, ack, headerLength, flags, segment.window);
            segment.options.emit(header, TcpHeader.MIN_LENGTH);
            return read(header, length, now, origins);
        } finally {
            header.release();
        }
    }

    private static SentPacket read(ByteBuf header, int length, long now, Origins origins) {
        int headerLength = TcpHeader.length(header, 0);
        int flags = TcpHeader.flags(header, 0);
        int seq = TcpHeader.sequence(header, 0) - origins.ourSequence();
        boolean acks = (flags & TcpHeader.ACK) != 0;
        int ack = acks ? TcpHeader.acknowledgment(header, 0) - origins.peerSequence() : 0;
        List<OptionText> options = new ArrayList<>();
        for (OptionText option : OptionText.decode(header, TcpHeader.MIN_LENGTH, headerLength)) {
            options.add(
                    switch (option.name()) {
                        case "sack" -> option.shifted(0, option.numbers().size(), -origins.peerSequence());
                        case "ts" -> option.shifted(0, 1, -origins.ourTimestamp(option.number(0)));
                        default -> option;
                    });
        }
        int window = TcpHeader.window(header, 0);
        return new SentPacket(
                now, flags, seq, seq + length, ack, window, TcpHeader.urgentPointer(header, 0), List.copyOf(options));
    }

    boolean has(int mask) {
        return (flags & mask) == mask;
    }

    int length() {
        return end - seq;
    }

    /** Sequence number behind everything, SYN and FIN too. */
    int next() {
        return end + (has(TcpHeader.SYN) ? 1 : 0) + (has(TcpHeader.FIN) ? 1 : 0);
    }

    @Nullable
    OptionText option(String name) {
        return options.stream()
                .filter(option -> option.name().equals(name))
                .findFirst()
                .orElse(null);
    }

    /** Whether this may be the first of the packets that {@code expected} means, given what either side has sent before. */
    boolean begins(SegmentText expected, int weSent, int peerSent) {
        return expected.seq.matches(seq, weSent) && hasHeaderOf(expected, peerSent);
    }

    /** Whether everything but sequence number and length is as {@code expected}. */
    boolean hasHeaderOf(SegmentText expected, int peerSent) {
        int compared = ~TcpHeader.PSH | expected.flags;
        compared &= expected.ackOptional ? ~TcpHeader.ACK : ~0;
        if (expected.packets.most() > 1) {
            // Only the last of several has them.
            compared &= ~(TcpHeader.FIN | TcpHeader.PSH);
        }
        return (flags & compared & 0xff) == (expected.flags & compared & 0xff)
                && (expected.ack == null || expected.ack.matches(ack, peerSent))
                && (expected.window == null || expected.window.matches(window, 0))
                && (expected.urgent == null || expected.urgent.matches(urgent, 0))
                && hasOptionsOf(expected);
    }

    private boolean hasOptionsOf(SegmentText expected) {
        List<OptionText> wanted = expected.options;
        if (wanted == null) {
            return true;
        }
        boolean all = wanted.stream().allMatch(option -> options.stream().anyMatch(option::matches));
        return all && (expected.moreOptions || wanted.size() == options.size());
    }

    /** As a scenario would expect it. */
    @Override
    public String toString() {
        StringBuilder text =
                new StringBuilder(SegmentText.flagsText(flags)).append("seq ").append(seq);
        text.append(end == seq ? "" : ":" + end);
        text.append(has(TcpHeader.ACK) ? " ack " + ack : "");
        text.append(" win ").append(window);
        text.append(has(TcpHeader.URG) ? " urg " + urgent : "");
        if (!options.isEmpty()) {
            text.append(options.stream().map(OptionText::toString).collect(Collectors.joining(", ", " <", ">")));
        }
        return text.toString();
    }
}
