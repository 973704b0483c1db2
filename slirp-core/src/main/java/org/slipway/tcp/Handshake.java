package org.slipway.tcp;

import org.jspecify.annotations.Nullable;
import org.slipway.wire.DropReason;
import org.slipway.wire.TcpHeader;

/** How a connection opens (RFC 9293 3.5): from either side, or from both at once; and what the SYNs agree on. */
final class Handshake {

    private final TcpConfig config;
    private final Negotiation negotiation;
    private final int iss;
    private final Sender sender;
    private final Receiver receiver;
    private final Emitter emitter;
    private final Lifecycle lifecycle;
    private final TextReceiver text;
    private int irs;

    Handshake(
            TcpConfig config,
            Negotiation negotiation,
            int iss,
            Sender sender,
            Receiver receiver,
            Emitter emitter,
            Lifecycle lifecycle,
            TextReceiver text) {
        this.config = config;
        this.negotiation = negotiation;
        this.iss = iss;
        this.sender = sender;
        this.receiver = receiver;
        this.emitter = emitter;
        this.lifecycle = lifecycle;
        this.text = text;
    }

    /** RFC 9293 3.10.7.2: the SYN that this connection answers. */
    void begin(Segment syn, long now) {
        takeSyn(syn, now);
        keepData(syn);
    }

    /** RFC 9293 3.10.7.3. */
    @Nullable
    DropReason receiveInSynSent(Segment segment, long now) {
        boolean ack = segment.has(TcpHeader.ACK);
        if (ack && !acknowledgesSyn(segment)) {
            if (!segment.has(TcpHeader.RST)) {
                emitter.resetDue(segment.acknowledgment);
            }
            return DropReason.TCP_BAD_ACK;
        }
        if (segment.has(TcpHeader.RST)) {
            if (!ack) {
                return DropReason.TCP_BAD_RESET;
            }
            lifecycle.end(CloseCause.RESET);
            return null;
        }
        if (!segment.has(TcpHeader.SYN)) {
            return DropReason.TCP_BAD_ACK;
        }
        takeSyn(segment, now);
        receiver.offered(Math.min(0xffff, config.receiveBuffer()));
        receiver.acknowledgeNow();
        if (!ack) {
            // RFC 9293 3.5, simultaneous open: our SYN goes out again, with an acknowledgment.
            lifecycle.synCrossed();
            keepData(segment);
            sender.repeatSyn(now);
            return null;
        }
        complete(segment, segment.window, now);
        return text.take(segment, segment.sequence + 1, emitter.echoedRtt(segment, now), now);
    }

    /** Whether {@code segment} has the sequence number of the peer's SYN. */
    boolean isSynAgain(Segment segment) {
        return segment.sequence == irs;
    }

    /** In SYN-RECEIVED the peer's SYN has come again. */
    void receiveSynAgain(Segment segment, long now) {
        if (segment.has(TcpHeader.ACK) && acknowledgesSyn(segment)) {
            // RFC 9293 figure 7: the SYN-ACKs of a simultaneous open cross each other.
            receiver.acknowledgeNow();
            complete(segment, segment.window, now);
        } else {
            // The peer has not got our SYN-ACK.
            sender.repeatSyn(now);
        }
    }

    /** In SYN-RECEIVED our SYN is acknowledged by a segment without SYN. */
    void acknowledged(Segment segment, long now) {
        complete(segment, segment.window << negotiation.peerWindowScale(), now);
    }

    private boolean acknowledgesSyn(Segment segment) {
        return segment.acknowledgment == iss + 1 && Seq.lessThan(iss, sender.max());
    }

    /** {@code window} in bytes: that of a segment with SYN is not scaled (RFC 7323 2.2). */
    private void complete(Segment segment, int window, long now) {
        sender.acknowledged(segment, now, emitter.echoedRtt(segment, now));
        sender.startWindow(segment.sequence, segment.acknowledgment, window);
        lifecycle.establish();
        text.deliver(now);
    }

    /** Takes sequence number and options of the peer's SYN. */
    private void takeSyn(Segment syn, long now) {
        irs = syn.sequence;
        receiver.start(irs);
        negotiation.heard(syn.options);
        if (negotiation.scales()) {
            receiver.windowScale = Receiver.scaleFor(config.maxReceiveBuffer());
        }
        if (negotiation.timestamps()) {
            receiver.startTimestamps(syn.options.timestampValue, now);
        }
        receiver.sack = negotiation.sack();
        sender.sack(negotiation.sack());
        sender.mss(negotiation.payloadBytes());
    }

    /** RFC 9293 3.10.7.2, 3.10.7.3: what stands in a SYN is processed when the handshake is done. */
    private void keepData(Segment syn) {
        int length = Math.min(syn.payloadLength, config.receiveBuffer());
        if (length > 0) {
            receiver.assembler.add(syn.sequence + 1, syn.buf, syn.payload, length);
        }
    }
}
