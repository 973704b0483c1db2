package org.slipway.tcp;

import io.netty.buffer.ByteBuf;
import io.netty.buffer.PooledByteBufAllocator;
import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;
import org.slipway.wire.TcpHeader;

/** The far end of a scenario: makes packets, as bytes, of what is written, and reads what our side sends. */
final class ScenarioPeer implements SentPacket.Origins {

    /** What its clock of time stamps shows at the beginning, in milliseconds. */
    private static final int CLOCK_START = 1000;

    private int ourSequence;
    private int peerSequence;

    /** The end of what it has sent, relative. */
    int sent;

    /** The window that it told last. */
    private int window = 65_535;

    private boolean sentTimestamps;
    private boolean heardTimestamps;
    private boolean knowsOurTimestamp;
    private int ourTimestamp;
    private int lastTimestamp;
    private final List<ByteBuf> buffers;

    /** {@code buffers}: collects what is made, to see later that nobody keeps it. */
    ScenarioPeer(int ourSequence, int peerSequence, List<ByteBuf> buffers) {
        this.ourSequence = ourSequence;
        this.peerSequence = peerSequence;
        this.buffers = buffers;
    }

    /** A new connection begins, with a segment that had sequence number {@code syn}, relative. */
    void beginAgain(int ourSequence, int syn) {
        this.ourSequence = ourSequence;
        peerSequence += syn;
        sent -= syn;
        heardTimestamps = false;
        knowsOurTimestamp = false;
    }

    @Override
    public int ourSequence() {
        return ourSequence;
    }

    @Override
    public int peerSequence() {
        return peerSequence;
    }

    @Override
    public int ourTimestamp(int value) {
        if (!knowsOurTimestamp) {
            knowsOurTimestamp = true;
            ourTimestamp = value;
        }
        return ourTimestamp;
    }

    // ---- to our side

    /**
     * The packet that holds the payload of {@code text} from {@code from} up to {@code to}, relative sequence numbers; the
     * caller releases its buffer.
     *
     * @param weSent the end of what our side has sent
     * @param elapsed milliseconds since the beginning
     */
    Segment packet(SegmentText text, int from, int to, boolean last, int weSent, long elapsed) {
        List<OptionText> options = options(text, weSent, elapsed);
        ByteBuf packet = PooledByteBufAllocator.DEFAULT.directBuffer(TcpHeader.MAX_LENGTH + to - from);
        buffers.add(packet);
        packet.writeZero(TcpHeader.MIN_LENGTH);
        for (OptionText option : options) {
            option.emit(packet);
        }
        packet.writeZero(-packet.writerIndex() & 3);
        int headerLength = packet.writerIndex();
        if (headerLength > TcpHeader.MAX_LENGTH) {
            throw new IllegalStateException("the options take more than 40 bytes");
        }
        if (text.window != null) {
            window = text.window.value(0);
        }
        int flags = last ? text.flags : text.flags & ~(TcpHeader.FIN | TcpHeader.PSH);
        int ack = text.ack == null ? 0 : ourSequence + text.ack.value(weSent);
        TcpHeader.write(packet, 0, 1, 2, peerSequence + from, ack, headerLength, flags, window);
        if (text.urgent != null) {
            packet.setShort(TcpHeader.MIN_LENGTH - 2, text.urgent.value(0));
        }
        int position = (text.has(TcpHeader.SYN) ? from : from - 1) + (text.forged ? 77_777 : 0);
        ByteBuf bytes = Pattern.bytes(position, to - from);
        packet.writeBytes(bytes);
        bytes.release();
        if (text.has(TcpHeader.SYN)) {
            sentTimestamps = options.stream().anyMatch(option -> option.name().equals("ts"));
        }
        return read(packet);
    }

    private static Segment read(ByteBuf packet) {
        if (TcpHeader.check(packet, 0, packet.readableBytes()) != null) {
            throw new IllegalStateException("the peer sends no TCP segment");
        }
        return new Segment().read(packet, 0, packet.readableBytes());
    }

    /** The options to send: numbers filled in, and time stamps added where they were negotiated. */
    private List<OptionText> options(SegmentText text, int weSent, long elapsed) {
        List<OptionText> list = new ArrayList<>();
        boolean has = false;
        for (OptionText option : text.options == null ? List.<OptionText>of() : text.options) {
            has |= option.name().equals("ts");
            list.add(
                    switch (option.name()) {
                        case "ts" -> timestamps(option, text.has(TcpHeader.ACK), elapsed);
                        case "sack" -> sack(option, weSent);
                        default -> option;
                    });
        }
        boolean negotiated = sentTimestamps && heardTimestamps;
        if (negotiated && !has && !text.noTimestamps && !text.has(TcpHeader.RST)) {
            list.add(timestamps(null, text.has(TcpHeader.ACK), elapsed));
        }
        return list;
    }

    private OptionText timestamps(@Nullable OptionText written, boolean acks, long elapsed) {
        int numbers = written == null ? 0 : written.numbers().size();
        int value = written == null || numbers < 1 ? CLOCK_START + (int) elapsed : written.number(0);
        int echo = acks ? lastTimestamp : 0;
        if (written != null && numbers > 1) {
            echo = acks ? ourTimestamp + written.number(1) : written.number(1);
        }
        return OptionText.of("ts", value, echo);
    }

    private OptionText sack(OptionText option, int weSent) {
        int[] edges = new int[option.numbers().size()];
        for (int i = 0; i < edges.length; i++) {
            edges[i] = ourSequence + option.numbers().get(i).value(weSent);
        }
        return OptionText.of("sack", edges);
    }

    // ---- from our side

    /** Cuts {@code segment} into packets, as a device does, and compares its payload with what our user gave. */
    List<SentPacket> hear(Segment segment, long now) {
        List<SentPacket> packets = new ArrayList<>();
        int most = Math.max(1, segment.segmentBytes);
        int offset = 0;
        do {
            int length = Math.min(most, segment.payloadLength - offset);
            boolean last = offset + length == segment.payloadLength;
            SentPacket packet = SentPacket.of(segment, offset, length, last, now, this);
            int position = packet.seq() - 1 + (packet.has(TcpHeader.SYN) ? 1 : 0);
            Pattern.check(position, segment.buf, segment.payload + offset, length);
            packets.add(packet);
            offset += length;
        } while (offset < segment.payloadLength);
        return packets;
    }

    /** Takes the time stamp of a packet: from then on it is echoed. */
    void noteTimestamp(SentPacket packet) {
        OptionText timestamps = packet.option("ts");
        if (timestamps != null) {
            heardTimestamps = true;
            lastTimestamp = ourTimestamp + timestamps.number(0);
        }
    }
}
