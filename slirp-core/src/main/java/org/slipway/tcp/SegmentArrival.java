package org.slipway.tcp;

import org.jspecify.annotations.Nullable;
import org.slipway.wire.DropReason;
import org.slipway.wire.TcpHeader;

/** What a segment means to a connection whose SYNs have both been seen: RFC 9293 3.10.7.4, with the defences of RFC 5961. */
final class SegmentArrival {

    private final Negotiation negotiation;
    private final Sender sender;
    private final Receiver receiver;
    private final Emitter emitter;
    private final Lifecycle lifecycle;
    private final Handshake handshake;
    private final TextReceiver text;
    private final KeepAlive keepAlive;
    private final StreamListener listener;
    private final ChallengeLimit challengeLimit = new ChallengeLimit();
    private long now;

    SegmentArrival(
            Negotiation negotiation,
            Sender sender,
            Receiver receiver,
            Emitter emitter,
            Lifecycle lifecycle,
            Handshake handshake,
            TextReceiver text,
            KeepAlive keepAlive,
            StreamListener listener) {
        this.negotiation = negotiation;
        this.sender = sender;
        this.receiver = receiver;
        this.emitter = emitter;
        this.lifecycle = lifecycle;
        this.handshake = handshake;
        this.text = text;
        this.keepAlive = keepAlive;
        this.listener = listener;
    }

    /** RFC 9293 3.10.7.4, in its order; what RFC 5961 says of RST and SYN asks for no window. */
    @Nullable
    DropReason receive(Segment segment, long now) {
        this.now = now;
        if (segment.has(TcpHeader.RST)) {
            return receiveReset(segment);
        }
        if (segment.has(TcpHeader.SYN)) {
            return receiveSyn(segment);
        }
        if (receiver.isOld(segment.options, now)) {
            receiver.acknowledgeNow();
            return DropReason.TCP_OLD_TIMESTAMP;
        }
        boolean beyondClosedWindow = false;
        if (!receiver.acceptable(segment.sequence, segment.length())) {
            beyondClosedWindow = receiver.window() == 0 && segment.sequence == receiver.next;
            if (!beyondClosedWindow) {
                return refuse(segment);
            }
            // A probe of our closed window: its acknowledgment counts (RFC 9293 3.10.7.4), its data do not.
            receiver.acknowledgeNow();
        }
        if (!segment.has(TcpHeader.ACK)) {
            return DropReason.TCP_BAD_ACK;
        }
        DropReason badAck = receiveAck(segment);
        if (badAck != null || lifecycle.isClosed()) {
            return badAck;
        }
        receiver.rememberTimestamp(segment.sequence, segment.options, now);
        keepAlive.heard(now);
        if (beyondClosedWindow) {
            return DropReason.TCP_OUT_OF_WINDOW;
        }
        return text.take(segment, segment.sequence, emitter.echoedRtt(segment, now), now);
    }

    /**
     * RFC 5961 3.2: a reset counts at exactly the next sequence number, be the window closed; elsewhere in the window it is
     * questioned, outside it is nothing.
     */
    private @Nullable DropReason receiveReset(Segment segment) {
        if (segment.sequence != receiver.next) {
            if (Seq.inWindow(segment.sequence, receiver.next, receiver.window())) {
                challenge();
            }
            return DropReason.TCP_BAD_RESET;
        }
        // In TIME-WAIT both sides have finished already.
        lifecycle.end(lifecycle.isTimeWait() ? CloseCause.FINISHED : CloseCause.RESET);
        return null;
    }

    /** RFC 5961 4.2: a SYN is questioned wherever it stands, but for the one that opened this connection. */
    private @Nullable DropReason receiveSyn(Segment segment) {
        if (lifecycle.state() == TcpState.SYN_RECEIVED && handshake.isSynAgain(segment)) {
            keepAlive.heard(now);
            handshake.receiveSynAgain(segment, now);
            return null;
        }
        challenge();
        return DropReason.TCP_UNEXPECTED_SYN;
    }

    /** RFC 9293 3.10.7.4, first: what stands outside of the window gets an acknowledgment. */
    private DropReason refuse(Segment segment) {
        if (lifecycle.isTimeWait() && segment.has(TcpHeader.FIN)) {
            lifecycle.restartTimeWait(now);
        }
        boolean keepAliveProbe = segment.sequence + 1 == receiver.next;
        if (keepAliveProbe) {
            // RFC 9293 3.8.4: it deserves its answer, and shows that the peer lives.
            keepAlive.heard(now);
        }
        int end = segment.sequence + segment.payloadLength;
        if (segment.payloadLength > 0 && Seq.atMost(end, receiver.next)) {
            receiver.doubled(segment.sequence, end);
        }
        if (segment.length() > 0 || keepAliveProbe) {
            receiver.acknowledgeNow();
        } else {
            // Two sides that disagree would answer each other's acknowledgments for ever.
            challenge();
        }
        return DropReason.TCP_OUT_OF_WINDOW;
    }

    /** RFC 5961 7: a limited number of acknowledgments for segments that may be forged. */
    private void challenge() {
        if (challengeLimit.allows(now)) {
            receiver.acknowledgeNow();
        }
    }

    /** RFC 9293 3.10.7.4, fifth. */
    private @Nullable DropReason receiveAck(Segment segment) {
        int ack = segment.acknowledgment;
        // Not two comparisons: half of the sequence space away is both before and behind.
        boolean fresh = Seq.inWindow(ack - 1, sender.una(), sender.max() - sender.una());
        if (lifecycle.state() == TcpState.SYN_RECEIVED) {
            if (!fresh) {
                emitter.resetDue(ack);
                return DropReason.TCP_BAD_ACK;
            }
            handshake.acknowledged(segment, now);
            return null;
        }
        // RFC 5961 5.2.
        if (Seq.lessThan(sender.max(), ack) || Seq.lessThan(ack, sender.una() - sender.largestWindow())) {
            challenge();
            return DropReason.TCP_BAD_ACK;
        }
        // An acknowledgment of the past tells no window either.
        boolean windowChanged = (fresh || ack == sender.una())
                && sender.updateWindow(segment.sequence, ack, segment.window << negotiation.peerWindowScale());
        sender.heard();
        if (fresh) {
            sender.acknowledged(segment, now, emitter.echoedRtt(segment, now));
            if (sender.isFinAcknowledged()) {
                lifecycle.finAcknowledged(now);
            }
            if (!lifecycle.isClosed()) {
                listener.acknowledged();
            }
        } else if (ack == sender.una()) {
            boolean bare = segment.length() == 0 && !windowChanged;
            sender.duplicate(segment, bare, now, emitter.echoedRtt(segment, now));
        }
        return null;
    }
}
