package org.slipway.tcp;

import io.netty.buffer.Unpooled;
import java.util.concurrent.TimeUnit;
import org.jspecify.annotations.Nullable;
import org.slipway.wire.TcpHeader;
import org.slipway.wire.TcpOptions;

/** Builds a connection's segments, one after the other in the same {@link Segment}, and hands them to the sink of the turn. */
final class Emitter implements Sender.Output {

    private final TcpConfig config;
    private final Negotiation negotiation;
    private final int iss;
    private final Sender sender;
    private final Receiver receiver;
    private final Segment out = new Segment();
    private @Nullable SegmentSink sink;
    private long now;
    private boolean answers;
    private boolean resetDue;
    private int resetSequence;

    Emitter(TcpConfig config, Negotiation negotiation, int iss, Sender sender, Receiver receiver) {
        this.config = config;
        this.negotiation = negotiation;
        this.iss = iss;
        this.sender = sender;
        this.receiver = receiver;
    }

    /** A turn begins, whose segments go to {@code to}. */
    void begin(long now, SegmentSink to) {
        this.now = now;
        sink = to;
    }

    /** The turn is over. */
    void end() {
        sink = null;
    }

    /** Whether our SYN answers the peer's. */
    void answers(boolean toSyn) {
        answers = toSyn;
    }

    @Override
    public void syn() {
        out.clear();
        out.sequence = iss;
        TcpOptions options = out.options;
        options.mss = config.mss();
        options.windowScale = negotiation.scales() ? Receiver.scaleFor(config.maxReceiveBuffer()) : -1;
        options.sackPermitted = negotiation.sack();
        out.flags = answers ? TcpHeader.SYN | TcpHeader.ACK : TcpHeader.SYN;
        out.acknowledgment = answers ? receiver.next : 0;
        if (answers) {
            // RFC 7323 2.2: not scaled.
            out.window = Math.min(0xffff, receiver.advertise());
            addTimestamps();
        } else {
            out.window = Math.min(0xffff, config.receiveBuffer());
            options.timestamps = negotiation.timestamps();
            options.timestampValue = negotiation.timestamps() ? timestamp(now) : 0;
        }
        send();
    }

    @Override
    public void data(int seq, int offset, int length, boolean fin) {
        out.clear();
        out.sequence = seq;
        int flags = TcpHeader.ACK;
        if (length > 0) {
            sender.read(offset, length, out);
            // The end of what there is: the peer's reader should be woken.
            flags |= offset + length == sender.queued() ? TcpHeader.PSH : 0;
        }
        emit(fin ? flags | TcpHeader.FIN : flags);
    }

    /** A segment with {@code sequence} and no more than an acknowledgment. */
    void acknowledge(int sequence) {
        out.clear();
        out.sequence = sequence;
        emit(TcpHeader.ACK);
    }

    /** A reset with {@code sequence} is due at the end of the turn. */
    void resetDue(int sequence) {
        resetDue = true;
        resetSequence = sequence;
    }

    /** Sends the reset that is due, if one is, from {@code state}. */
    void resetIfDue(TcpState state) {
        if (resetDue) {
            resetDue = false;
            reset(resetSequence, state);
        }
    }

    /** RFC 9293 3.5.2: a reset carries the sequence number that the peer expects; its window is 0. RFC 7323 3.2: time stamps, too. */
    void reset(int sequence, TcpState state) {
        out.clear();
        out.sequence = sequence;
        if (state == TcpState.SYN_RECEIVED || state == TcpState.SYN_SENT) {
            out.flags = TcpHeader.RST;
        } else {
            out.flags = TcpHeader.RST | TcpHeader.ACK;
            out.acknowledgment = receiver.next;
        }
        addTimestamps();
        send();
    }

    /** Fills in acknowledgment, window and options of {@link #out} and sends it. */
    private void emit(int flags) {
        out.flags = flags;
        out.acknowledgment = receiver.next;
        out.window = Math.min(0xffff, receiver.advertise() >> receiver.windowScale);
        addTimestamps();
        receiver.reportTo(out.options);
        send();
    }

    private void addTimestamps() {
        if (receiver.timestamps) {
            out.options.timestamps = true;
            out.options.timestampValue = timestamp(now);
            // RFC 7323 3.2: without ACK it is not valid, and zero.
            out.options.timestampEcho = out.has(TcpHeader.ACK) ? receiver.timestampRecent : 0;
        }
    }

    /** RFC 7323 5.4: a millisecond clock; its origin is taken from the unpredictable initial sequence number. */
    int timestamp(long at) {
        return (int) TimeUnit.NANOSECONDS.toMillis(at) + iss;
    }

    /** The age of the time stamp that the segment echoes (RFC 7323 4.1), or -1; no older than any that we may have sent. */
    long echoedRtt(Segment segment, long at) {
        if (!receiver.timestamps || !segment.options.timestamps) {
            return -1;
        }
        long nanos = TimeUnit.MILLISECONDS.toNanos(timestamp(at) - segment.options.timestampEcho);
        return nanos <= RttEstimator.MAX_RTO ? nanos : -1;
    }

    private void send() {
        SegmentSink to = sink;
        if (to != null) {
            out.segmentBytes = negotiation.mss() - out.options.length();
            to.send(out);
        }
        out.payload(Unpooled.EMPTY_BUFFER, 0, 0);
    }
}
