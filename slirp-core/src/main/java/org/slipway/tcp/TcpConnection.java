package org.slipway.tcp;

import io.netty.buffer.ByteBuf;
import io.netty.buffer.ByteBufAllocator;
import io.netty.buffer.PooledByteBufAllocator;
import java.util.concurrent.TimeUnit;
import org.jspecify.annotations.Nullable;
import org.slipway.wire.DropReason;
import org.slipway.wire.TcpHeader;

/**
 * One TCP connection (RFC 9293), with window scaling and time stamps (RFC 7323), selective acknowledgment (RFC 2018, 6675),
 * retransmission by RFC 6298, and the defences of RFC 5961. A pure state machine: it has no socket and no clock.
 *
 * <p>Use: hand each segment of the peer to {@link #receive}, the user's bytes to {@link #send}; after any call, at the end of
 * the turn, call {@link #transmit} once, which emits all that is due (so that a batch gets one acknowledgment), and call it
 * again not later than {@link #deadline}. Times are nanoseconds of a monotonic clock. Not thread-safe.
 */
public final class TcpConnection {

    /** Of {@link #deadline}: nothing is due. */
    public static final long NEVER = Long.MAX_VALUE;

    /** Between the numbers of a connection and those of the one that takes its place: a window that is not scaled. */
    private static final int ISS_DISTANCE = 1 << 16;

    private final TcpConfig config;
    private final StreamListener listener;
    private final Sender sender;
    private final Receiver receiver;
    private final int iss;
    private final Negotiation negotiation;
    private final Emitter emitter;

    private TcpState state;
    private boolean established;
    private boolean closedTold;
    private int irs;
    private int finSequence;
    private boolean finHeard;
    private long now;

    private boolean resetDue;
    private int resetSequence;
    private final KeepAlive keepAlive;
    private final ChallengeLimit challengeLimit = new ChallengeLimit();
    private long timeWaitUntil = NEVER;

    private TcpConnection(TcpConfig config, TcpState state, int iss, long now, StreamListener listener) {
        this.config = config;
        this.state = state;
        this.iss = iss;
        this.listener = listener;
        this.now = now;
        keepAlive = new KeepAlive(now);
        ByteBufAllocator allocator = PooledByteBufAllocator.DEFAULT;
        sender = new Sender(config, iss, allocator);
        receiver = new Receiver(config, allocator);
        negotiation = new Negotiation(config);
        emitter = new Emitter(config, negotiation, iss, sender, receiver);
    }

    /**
     * Answers a SYN: the connection is in SYN-RECEIVED and sends its SYN-ACK when next transmitted.
     *
     * @param syn a segment with SYN and without ACK; data in it are kept
     * @param iss initial send sequence number, unpredictable (RFC 6528)
     */
    public static TcpConnection passive(TcpConfig config, Segment syn, int iss, long now, StreamListener listener) {
        TcpConnection connection = new TcpConnection(config, TcpState.SYN_RECEIVED, iss, now, listener);
        connection.takeSyn(syn);
        connection.keepData(syn);
        return connection;
    }

    /** Opens a connection: it is in SYN-SENT and sends its SYN when next transmitted. */
    public static TcpConnection active(TcpConfig config, int iss, long now, StreamListener listener) {
        return new TcpConnection(config, TcpState.SYN_SENT, iss, now, listener);
    }

    // ---- the user's side

    /** The state. */
    public TcpState state() {
        return state;
    }

    /** Bytes that {@link #send} takes before the send buffer counts as full; 0 when no more can be sent. */
    public int sendSpace() {
        return state == TcpState.CLOSED || sender.finishing() ? 0 : sender.space();
    }

    /** Bytes sent, or to be sent, that the peer has not acknowledged. */
    public int sendQueued() {
        return sender.queued();
    }

    /** The smoothed round-trip time in nanoseconds, or -1 if none was measured. */
    public long smoothedRttNanos() {
        return sender.smoothedRtt();
    }

    /**
     * Sends the readable bytes of {@code data}, taking over its reference. May exceed {@link #sendSpace}, which bounds only
     * what a well-behaved user gives. Released unsent if the connection can send no more.
     */
    public void send(ByteBuf data) {
        if (state == TcpState.CLOSED || sender.finishing() || !data.isReadable()) {
            data.release();
        } else {
            sender.send(data);
        }
    }

    /** Sends a FIN behind everything given to {@link #send}; the peer may go on sending. */
    public void close() {
        sender.finish();
    }

    /** Resets the connection: the peer gets a RST when it is next transmitted, our user no further call but closed. */
    public void abort() {
        if (state != TcpState.CLOSED) {
            if (resetsOnAbort()) {
                resetDue = true;
                resetSequence = state == TcpState.SYN_RECEIVED ? sender.max : sender.bareSequence();
            }
            end(CloseCause.ABORTED);
        }
    }

    /** RFC 9293 3.10.5: in CLOSING and LAST-ACK all is said, unless data of ours may be lost (3.6.1, SHLD-3). */
    private boolean resetsOnAbort() {
        return switch (state) {
            case SYN_SENT, TIME_WAIT, CLOSED -> false;
            case CLOSING, LAST_ACK -> sender.queued() > 0;
            default -> true;
        };
    }

    /** The user has got rid of {@code bytes} of what it received: the window may open. */
    public void consumed(int bytes) {
        if (receiver.consumed(bytes) && state.canReceive()) {
            receiver.acknowledgeNow();
        }
    }

    /** When {@link #transmit} must be called even if nothing happens, or {@link #NEVER}. */
    public long deadline() {
        if (state == TcpState.CLOSED) {
            return NEVER;
        }
        if (state == TcpState.TIME_WAIT) {
            return timeWaitUntil;
        }
        long keepAliveAt = established ? keepAlive.deadline(state) : NEVER;
        return SendTimer.earliest(SendTimer.earliest(sender.deadline(), receiver.deadline()), keepAliveAt);
    }

    /** RFC 6191, RFC 9293 3.6.1: whether {@code syn} may open a new connection in place of this one, in TIME-WAIT. */
    public boolean mayBeReplacedBy(Segment syn) {
        boolean opens = syn.has(TcpHeader.SYN) && !syn.has(TcpHeader.ACK) && !syn.has(TcpHeader.RST);
        return state == TcpState.TIME_WAIT && opens && isNewer(syn);
    }

    /** Ends TIME-WAIT before its time, because another connection takes its place; harmless in other states. */
    public void endTimeWait() {
        if (state == TcpState.TIME_WAIT) {
            end(CloseCause.FINISHED);
        }
    }

    /**
     * RFC 9293 3.6.1: the initial sequence number of a connection that takes this one's place, which must be larger than any that
     * was used here: {@code proposed} if it is.
     */
    public int initialSequenceBehind(int proposed) {
        // Not among those that the peer's window for this connection may still let in.
        int least = sender.max + ISS_DISTANCE;
        return Seq.lessThan(proposed, least) || Seq.lessThan(proposed, sender.max) ? least : proposed;
    }

    /** RFC 6191 2. */
    private boolean isNewer(Segment syn) {
        boolean laterSequence = Seq.lessThan(receiver.next, syn.sequence);
        if (!syn.options.timestamps) {
            return laterSequence;
        }
        int age = syn.options.timestampValue - receiver.timestampRecent;
        return !receiver.timestamps || age > 0 || age == 0 && laterSequence;
    }

    private void transition(TcpState to) {
        if (!to.mayFollow(state)) {
            throw new IllegalStateException(state + " to " + to);
        }
        state = to;
        if (to == TcpState.TIME_WAIT) {
            timeWaitUntil = now + config.timeWaitNanos();
        }
    }

    private void end(CloseCause cause) {
        state = TcpState.CLOSED;
        sender.clear();
        receiver.assembler.clear();
        if (!closedTold) {
            closedTold = true;
            listener.closed(cause);
        }
    }

    // ---- segments in

    /**
     * Takes a segment of the peer, whose checksum is right. The segment is borrowed.
     *
     * @return why it was not acceptable, or null if it was
     */
    public @Nullable DropReason receive(Segment segment, long now) {
        this.now = now;
        return switch (state) {
            case CLOSED -> DropReason.TCP_NO_CONNECTION;
            case SYN_SENT -> receiveInSynSent(segment);
            default -> receiveInOrder(segment);
        };
    }

    /** RFC 9293 3.10.7.3. */
    private @Nullable DropReason receiveInSynSent(Segment segment) {
        boolean ack = segment.has(TcpHeader.ACK);
        boolean sent = Seq.lessThan(iss, sender.max);
        if (ack && (segment.acknowledgment != iss + 1 || !sent)) {
            if (!segment.has(TcpHeader.RST)) {
                resetDue = true;
                resetSequence = segment.acknowledgment;
            }
            return DropReason.TCP_BAD_ACK;
        }
        if (segment.has(TcpHeader.RST)) {
            if (!ack) {
                return DropReason.TCP_BAD_RESET;
            }
            end(CloseCause.RESET);
            return null;
        }
        if (!segment.has(TcpHeader.SYN)) {
            return DropReason.TCP_BAD_ACK;
        }
        keepAlive.heard(now);
        takeSyn(segment);
        receiver.offered(Math.min(0xffff, config.receiveBuffer()));
        receiver.acknowledgeNow();
        if (!ack) {
            // RFC 9293 3.5, simultaneous open: our SYN goes out again, with an acknowledgment.
            transition(TcpState.SYN_RECEIVED);
            keepData(segment);
            sender.repeatSyn(now);
            return null;
        }
        sender.acknowledged(segment, now, echoedRtt(segment));
        // RFC 7323 2.2: the window in a segment with SYN is not scaled.
        sender.startWindow(segment.sequence, segment.acknowledgment, segment.window);
        becomeEstablished();
        return receiveText(segment, segment.sequence + 1);
    }

    /** Takes sequence number and options of the peer's SYN. */
    private void takeSyn(Segment syn) {
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

    private void becomeEstablished() {
        transition(TcpState.ESTABLISHED);
        established = true;
        listener.established();
        deliver();
    }

    /** RFC 9293 3.10.7.4, in its order; what RFC 5961 says of RST and SYN asks for no window. */
    private @Nullable DropReason receiveInOrder(Segment segment) {
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
        if (badAck != null || state == TcpState.CLOSED) {
            return badAck;
        }
        receiver.rememberTimestamp(segment.sequence, segment.options, now);
        keepAlive.heard(now);
        if (beyondClosedWindow) {
            return DropReason.TCP_OUT_OF_WINDOW;
        }
        return receiveText(segment, segment.sequence);
    }

    /** RFC 5961 4.2: a SYN is questioned wherever it stands, but for the one that opened this connection. */
    private @Nullable DropReason receiveSyn(Segment segment) {
        if (state == TcpState.SYN_RECEIVED && segment.sequence == irs) {
            return receiveSynAgain(segment);
        }
        challenge();
        return DropReason.TCP_UNEXPECTED_SYN;
    }

    private @Nullable DropReason receiveSynAgain(Segment segment) {
        boolean sent = Seq.lessThan(iss, sender.max);
        if (sent && segment.has(TcpHeader.ACK) && segment.acknowledgment == iss + 1) {
            // RFC 9293 figure 7: the SYN-ACKs of a simultaneous open cross each other. Its window is not scaled.
            keepAlive.heard(now);
            sender.acknowledged(segment, now, echoedRtt(segment));
            sender.startWindow(segment.sequence, segment.acknowledgment, segment.window);
            receiver.acknowledgeNow();
            becomeEstablished();
        } else {
            // The peer has not got our SYN-ACK.
            sender.repeatSyn(now);
        }
        return null;
    }

    /** RFC 9293 3.10.7.4, first: what stands outside of the window gets an acknowledgment. */
    private DropReason refuse(Segment segment) {
        if (state == TcpState.TIME_WAIT && segment.has(TcpHeader.FIN)) {
            // RFC 9293 3.10.7.4, eighth: a retransmitted FIN restarts the time-out.
            timeWaitUntil = now + config.timeWaitNanos();
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
        end(state == TcpState.TIME_WAIT ? CloseCause.FINISHED : CloseCause.RESET);
        return null;
    }

    /** RFC 5961 7: a limited number of acknowledgments for segments that may be forged. */
    private void challenge() {
        if (challengeLimit.allows(now)) {
            receiver.acknowledgeNow();
        }
    }

    private @Nullable DropReason receiveAck(Segment segment) {
        int ack = segment.acknowledgment;
        // Not two comparisons: half of the sequence space away is both before and behind.
        boolean fresh = Seq.inWindow(ack - 1, sender.una, sender.max - sender.una);
        if (state == TcpState.SYN_RECEIVED) {
            if (!fresh) {
                resetDue = true;
                resetSequence = ack;
                return DropReason.TCP_BAD_ACK;
            }
            sender.acknowledged(segment, now, echoedRtt(segment));
            sender.startWindow(segment.sequence, ack, segment.window << negotiation.peerWindowScale());
            becomeEstablished();
            return null;
        }
        // RFC 5961 5.2.
        if (Seq.lessThan(sender.max, ack) || Seq.lessThan(ack, sender.una - sender.largestWindow())) {
            challenge();
            return DropReason.TCP_BAD_ACK;
        }
        // RFC 9293 3.10.7.4, fifth: an acknowledgment of the past tells no window either.
        boolean windowChanged = (fresh || ack == sender.una)
                && sender.updateWindow(segment.sequence, ack, segment.window << negotiation.peerWindowScale());
        sender.heard();
        if (fresh) {
            sender.acknowledged(segment, now, echoedRtt(segment));
            afterAcknowledgment();
        } else if (ack == sender.una) {
            sender.duplicate(segment, segment.length() == 0 && !windowChanged, now, echoedRtt(segment));
        }
        return null;
    }

    /** The age of the time stamp that the segment echoes (RFC 7323 4.1), or -1; no older than any that we may have sent. */
    private long echoedRtt(Segment segment) {
        if (!receiver.timestamps || !segment.options.timestamps) {
            return -1;
        }
        long nanos = TimeUnit.MILLISECONDS.toNanos(emitter.timestamp(now) - segment.options.timestampEcho);
        return nanos <= RttEstimator.MAX_RTO ? nanos : -1;
    }

    private void afterAcknowledgment() {
        if (sender.isFinAcknowledged()) {
            switch (state) {
                case FIN_WAIT_1 -> transition(TcpState.FIN_WAIT_2);
                case CLOSING -> transition(TcpState.TIME_WAIT);
                case LAST_ACK -> {
                    transition(TcpState.CLOSED);
                    end(CloseCause.FINISHED);
                    return;
                }
                default -> {}
            }
        }
        listener.acknowledged();
    }

    /** RFC 9293 3.10.7.4, seventh and eighth: the text and the FIN. */
    private @Nullable DropReason receiveText(Segment segment, int first) {
        if (!state.canReceive() || segment.payloadLength == 0 && !segment.has(TcpHeader.FIN)) {
            return null;
        }
        receiver.sawSegment(segment.payloadLength);
        int next = receiver.next;
        int start = Seq.max(first, next);
        int end = first + segment.payloadLength;
        int edge = next + receiver.window();
        if (segment.has(TcpHeader.FIN) && !finHeard && Seq.atMost(end, edge)) {
            finHeard = true;
            finSequence = end;
        }
        int length = Seq.min(end, edge) - start;
        int at = segment.payload + (start - first);
        if (finHeard) {
            length = Math.min(length, finSequence - start);
        }
        if (first != start) {
            receiver.doubled(first, Seq.min(start, end));
        }
        receiver.size.arrived(Seq.max(next, end), echoedRtt(segment), now);
        boolean inOrder = start == next && receiver.assembler.isEmpty();
        DropReason reason = null;
        if (length > 0) {
            if (start == next) {
                receiver.delivered(length);
                listener.received(segment.buf, at, length);
            } else if (!receiver.assembler.add(start, segment.buf, at, length)) {
                reason = DropReason.TCP_REASSEMBLY_FULL;
            } else if (receiver.assembler.doubledFrom != receiver.assembler.doubledTo) {
                receiver.doubled(receiver.assembler.doubledFrom, receiver.assembler.doubledTo);
            }
        }
        // RFC 5681 4.2: out of order, or filling a hole: acknowledge at once. So does an old or a final segment.
        if (!inOrder || length <= 0 || first != start) {
            receiver.acknowledgeNow();
        }
        deliver();
        return reason;
    }

    /** Hands over what has come into order, and the FIN behind it. */
    private void deliver() {
        if (!receiver.assembler.isEmpty() && state.canReceive()) {
            int from = receiver.next;
            int behind = receiver.assembler.deliver(from, listener);
            receiver.delivered(behind - from);
        }
        if (finHeard && receiver.next == finSequence && state.canReceive()) {
            receiver.next++;
            receiver.acknowledgeNow();
            switch (state) {
                case ESTABLISHED -> transition(TcpState.CLOSE_WAIT);
                case FIN_WAIT_1 -> transition(TcpState.CLOSING);
                default -> transition(TcpState.TIME_WAIT);
            }
            listener.receivedFin();
        }
    }

    // ---- segments out

    /** Emits all that is due at {@code now}, and does what the timers ask for. */
    public void transmit(long now, SegmentSink sink) {
        this.now = now;
        emitter.begin(now, sink);
        try {
            if (resetDue) {
                resetDue = false;
                emitter.reset(resetSequence, state);
            }
            if (state != TcpState.CLOSED) {
                expire();
            }
            if (state != TcpState.CLOSED) {
                transmitDue();
            }
        } finally {
            emitter.end();
        }
    }

    private void expire() {
        if (state == TcpState.TIME_WAIT) {
            if (now - timeWaitUntil >= 0) {
                transition(TcpState.CLOSED);
                end(CloseCause.FINISHED);
            }
            return;
        }
        boolean alive = sender.expire(now, emitter) && probePeer();
        if (!alive) {
            resetSequence = sender.bareSequence();
            if (established) {
                emitter.reset(resetSequence, state);
            }
            end(CloseCause.TIMED_OUT);
        }
    }

    /** RFC 9293 3.8.4; false if the peer has not answered any probe. */
    private boolean probePeer() {
        if (!established || now - keepAlive.deadline(state) < 0) {
            return true;
        }
        if (!keepAlive.probe()) {
            return false;
        }
        if (sender.una == sender.max) {
            emitter.acknowledge(sender.next - 1);
        }
        return true;
    }

    private void transmitDue() {
        if (state == TcpState.SYN_SENT || state == TcpState.SYN_RECEIVED) {
            emitter.answers(state == TcpState.SYN_RECEIVED);
            sender.transmitSyn(now, emitter);
        }
        if (state.canSend()) {
            sender.transmit(now, emitter);
            if (sender.finSent()) {
                afterFinSent();
            }
        }
        receiver.size.tune(now);
        if (receiver.ackDue(now)) {
            emitter.acknowledge(sender.bareSequence());
        }
    }

    private void afterFinSent() {
        switch (state) {
            case ESTABLISHED -> transition(TcpState.FIN_WAIT_1);
            case CLOSE_WAIT -> transition(TcpState.LAST_ACK);
            default -> {}
        }
    }

    @Override
    public String toString() {
        return state + " " + sender + " rcv.next=" + receiver.next;
    }
}
