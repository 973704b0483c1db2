package org.slipway.tcp;

import io.netty.buffer.ByteBuf;
import io.netty.buffer.Unpooled;
import org.slipway.wire.TcpHeader;
import org.slipway.wire.TcpOptions;

/**
 * One TCP segment, without the ports: what a connection receives and emits. A mutable, borrowed view that its owner fills
 * again for the next segment; the payload is never released by whoever borrows it.
 */
public final class Segment {

    /** Sequence number of the first octet, or of the SYN. */
    public int sequence;

    /** The next sequence number that the sender expects, if ACK is set. */
    public int acknowledgment;

    /** Control bits of {@link TcpHeader}. */
    public int flags;

    /** The window field as it stands in the header, 0 to 65,535, not scaled. */
    public int window;

    /** Where the payload is. */
    public ByteBuf buf = Unpooled.EMPTY_BUFFER;

    /** Index of the payload in {@link #buf}. */
    public int payload;

    /** Bytes of payload. */
    public int payloadLength;

    /** In a segment to be sent: bytes of payload that fit into one packet; a larger payload is to be cut. */
    public int segmentBytes;

    public final TcpOptions options = new TcpOptions();

    /** Forgets everything. Returns itself. */
    public Segment clear() {
        sequence = 0;
        acknowledgment = 0;
        flags = 0;
        window = 0;
        segmentBytes = 0;
        options.clear();
        return payload(Unpooled.EMPTY_BUFFER, 0, 0);
    }

    /** Points to a payload. Returns itself. */
    public Segment payload(ByteBuf buf, int at, int length) {
        this.buf = buf;
        payload = at;
        payloadLength = length;
        return this;
    }

    /** Reads the segment of {@code length} bytes at {@code at}, which {@link TcpHeader#check} has passed. Returns itself. */
    public Segment read(ByteBuf buf, int at, int length) {
        int headerLength = TcpHeader.length(buf, at);
        sequence = TcpHeader.sequence(buf, at);
        acknowledgment = TcpHeader.acknowledgment(buf, at);
        flags = TcpHeader.flags(buf, at);
        window = TcpHeader.window(buf, at);
        options.parse(buf, at + TcpHeader.MIN_LENGTH, headerLength - TcpHeader.MIN_LENGTH);
        return payload(buf, at + headerLength, length - headerLength);
    }

    /** Whether all bits of {@code mask} are set. */
    public boolean has(int mask) {
        return (flags & mask) == mask;
    }

    /** How many sequence numbers it takes: its payload, and one each for SYN and FIN. */
    public int length() {
        return payloadLength + (has(TcpHeader.SYN) ? 1 : 0) + (has(TcpHeader.FIN) ? 1 : 0);
    }

    /** In the manner of tcpdump: {@code "S. 1000:1000(0) ack 501 win 65535 <mss 1460>"}. */
    @Override
    public String toString() {
        StringBuilder text = new StringBuilder();
        flag(text, TcpHeader.SYN, 'S');
        flag(text, TcpHeader.FIN, 'F');
        flag(text, TcpHeader.RST, 'R');
        flag(text, TcpHeader.PSH, 'P');
        flag(text, TcpHeader.URG, 'U');
        flag(text, TcpHeader.ACK, '.');
        text.append(' ').append(Integer.toUnsignedString(sequence)).append(':');
        text.append(Integer.toUnsignedString(sequence + payloadLength))
                .append('(')
                .append(payloadLength)
                .append(')');
        if (has(TcpHeader.ACK)) {
            text.append(" ack ").append(Integer.toUnsignedString(acknowledgment));
        }
        text.append(" win ").append(window);
        optionsTo(text);
        return text.toString();
    }

    private void flag(StringBuilder text, int mask, char letter) {
        if (has(mask)) {
            text.append(letter);
        }
    }

    private void optionsTo(StringBuilder text) {
        StringBuilder list = new StringBuilder();
        if (options.mss >= 0) {
            list.append("mss ").append(options.mss).append(',');
        }
        if (options.sackPermitted) {
            list.append("sackOK,");
        }
        if (options.timestamps) {
            list.append("TS val ").append(Integer.toUnsignedString(options.timestampValue));
            list.append(" ecr ")
                    .append(Integer.toUnsignedString(options.timestampEcho))
                    .append(',');
        }
        if (options.windowScale >= 0) {
            list.append("wscale ").append(options.windowScale).append(',');
        }
        for (int i = 0; i < options.sackCount; i++) {
            list.append(i == 0 ? "sack " : " ").append(Integer.toUnsignedString(options.sackLeft(i)));
            list.append(':').append(Integer.toUnsignedString(options.sackRight(i)));
            list.append(i == options.sackCount - 1 ? "," : "");
        }
        if (list.length() > 0) {
            text.append(" <").append(list, 0, list.length() - 1).append('>');
        }
    }
}
