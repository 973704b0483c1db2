package org.slipway.tcp;

import io.netty.buffer.ByteBuf;
import io.netty.buffer.ByteBufAllocator;
import io.netty.buffer.PooledByteBufAllocator;
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

    private final Sender sender;
    private final Receiver receiver;
    private final Emitter emitter;
    private final Lifecycle lifecycle;
    private final Handshake handshake;
    private final SegmentArrival arrival;
    private final KeepAlive keepAlive;
    private final Negotiation negotiation;

    private TcpConnection(TcpConfig config, TcpState state, int iss, long now, StreamListener listener) {
        ByteBufAllocator allocator = PooledByteBufAllocator.DEFAULT;
        negotiation = new Negotiation(config);
        sender = new Sender(config, iss, allocator);
        receiver = new Receiver(config, allocator);
        emitter = new Emitter(config, negotiation, iss, sender, receiver);
        lifecycle = new Lifecycle(state, config.timeWaitNanos(), sender, receiver, listener);
        keepAlive = new KeepAlive(now);
        TextReceiver text = new TextReceiver(receiver, lifecycle, listener);
        handshake = new Handshake(config, negotiation, iss, sender, receiver, emitter, lifecycle, text);
        arrival = new SegmentArrival(
                negotiation, sender, receiver, emitter, lifecycle, handshake, text, keepAlive, listener);
    }

    /**
     * Answers a SYN: the connection is in SYN-RECEIVED and sends its SYN-ACK when next transmitted.
     *
     * @param syn a segment with SYN and without ACK; data in it are kept
     * @param iss initial send sequence number, unpredictable (RFC 6528)
     */
    public static TcpConnection passive(TcpConfig config, Segment syn, int iss, long now, StreamListener listener) {
        TcpConnection connection = new TcpConnection(config, TcpState.SYN_RECEIVED, iss, now, listener);
        connection.handshake.begin(syn, now);
        return connection;
    }

    /** Opens a connection: it is in SYN-SENT and sends its SYN when next transmitted. */
    public static TcpConnection active(TcpConfig config, int iss, long now, StreamListener listener) {
        return new TcpConnection(config, TcpState.SYN_SENT, iss, now, listener);
    }

    // ---- the user's side

    /** The state. */
    public TcpState state() {
        return lifecycle.state();
    }

    /** Bytes that {@link #send} takes before the send buffer counts as full; 0 when no more can be sent. */
    public int sendSpace() {
        return lifecycle.isClosed() || sender.finishing() ? 0 : sender.space();
    }

    /** Bytes sent, or to be sent, that the peer has not acknowledged. */
    public int sendQueued() {
        return sender.queued();
    }

    /** Bytes of memory that {@link #sendQueued} costs: more, as it is held in buffers that need not be full. */
    public int sendMemory() {
        return sender.memory();
    }

    /** Bytes received that our user has not {@link #consumed}, and those that came before their turn. */
    public int receiveHeld() {
        return receiver.held();
    }

    /** Of {@link #receiveHeld}: what the data of {@code segment} would have to wait for. */
    public int receiveHeldBefore(Segment segment) {
        return Seq.atMost(segment.sequence, receiver.next) ? receiver.unconsumed() : receiver.held();
    }

    /** Forgets what came before its turn (RFC 2018 8 allows that), for lack of memory: the peer sends it again. */
    public void forgetOutOfOrder() {
        receiver.assembler.clear();
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
        if (lifecycle.isClosed() || sender.finishing() || !data.isReadable()) {
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
        if (!lifecycle.isClosed()) {
            if (resetsOnAbort()) {
                emitter.resetDue(state() == TcpState.SYN_RECEIVED ? sender.max() : sender.bareSequence());
            }
            lifecycle.end(CloseCause.ABORTED);
        }
    }

    /** RFC 9293 3.10.5: in CLOSING and LAST-ACK all is said, unless data of ours may be lost (3.6.1, SHLD-3). */
    private boolean resetsOnAbort() {
        return switch (state()) {
            case SYN_SENT, TIME_WAIT, CLOSED -> false;
            case CLOSING, LAST_ACK -> sender.queued() > 0;
            default -> true;
        };
    }

    /** The user has got rid of {@code bytes} of what it received: the window may open. */
    public void consumed(int bytes) {
        if (receiver.consumed(bytes) && state().canReceive()) {
            receiver.acknowledgeNow();
        }
    }

    /** When {@link #transmit} must be called even if nothing happens, or {@link #NEVER}. */
    public long deadline() {
        if (lifecycle.isClosed()) {
            return NEVER;
        }
        if (lifecycle.isTimeWait()) {
            return lifecycle.timeWaitUntil();
        }
        long keepAliveAt = lifecycle.wasEstablished() ? keepAlive.deadline(state()) : NEVER;
        return SendTimer.earliest(SendTimer.earliest(sender.deadline(), receiver.deadline()), keepAliveAt);
    }

    /** RFC 6191, RFC 9293 3.6.1: whether {@code syn} may open a new connection in place of this one, in TIME-WAIT. */
    public boolean mayBeReplacedBy(Segment syn) {
        boolean opens = syn.has(TcpHeader.SYN) && !syn.has(TcpHeader.ACK) && !syn.has(TcpHeader.RST);
        return lifecycle.isTimeWait() && opens && isNewer(syn);
    }

    /** Ends TIME-WAIT before its time, because another connection takes its place; harmless in other states. */
    public void endTimeWait() {
        if (lifecycle.isTimeWait()) {
            lifecycle.end(CloseCause.FINISHED);
        }
    }

    /**
     * RFC 9293 3.6.1: the initial sequence number of a connection that takes this one's place, which must be larger than any that
     * was used here: {@code proposed} if it is.
     */
    public int initialSequenceBehind(int proposed) {
        // Not among those that the peer's window for this connection may still let in.
        int least = sender.max() + ISS_DISTANCE;
        return Seq.lessThan(proposed, least) || Seq.lessThan(proposed, sender.max()) ? least : proposed;
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

    // ---- segments in

    /**
     * Takes a segment of the peer, whose checksum is right. The segment is borrowed.
     *
     * @return why it was not acceptable, or null if it was
     */
    public @Nullable DropReason receive(Segment segment, long now) {
        return switch (lifecycle.state()) {
            case CLOSED -> DropReason.TCP_NO_CONNECTION;
            case SYN_SENT -> receiveInSynSent(segment, now);
            default -> arrival.receive(segment, now);
        };
    }

    /**
     * ICMP says that a packet did not fit the way to the peer (RFC 1191, RFC 8201): packets are smaller from now on, and what is
     * in flight is sent again.
     *
     * @param sequence where the packet began, as quoted
     * @param bytes of options and payload that a packet may have: those of its link's MTU without the headers; less than 88
     *     counts as 88
     * @return whether that is believed: only if it is about something in flight (RFC 5927 4.1)
     */
    public boolean packetTooBig(int sequence, int bytes) {
        boolean believed = lifecycle.wasEstablished() && !lifecycle.isClosed() && sender.isInFlight(sequence);
        if (believed && negotiation.limit(bytes)) {
            sender.shrink(negotiation.payloadBytes());
        }
        return believed;
    }

    /**
     * ICMP says that a packet went nowhere. That ends a connection that was never established; others may yet find their way
     * (RFC 1122 4.2.3.9, RFC 5461 4.1).
     *
     * @param sequence where the packet began, as quoted
     * @return whether that is believed: only if it is about something in flight (RFC 5927 4.1)
     */
    public boolean unreachable(int sequence) {
        boolean believed = !lifecycle.isClosed() && sender.isInFlight(sequence);
        if (believed && state() == TcpState.SYN_SENT) {
            lifecycle.end(CloseCause.UNREACHABLE);
        }
        return believed;
    }

    private @Nullable DropReason receiveInSynSent(Segment segment, long now) {
        DropReason refused = handshake.receiveInSynSent(segment, now);
        if (lifecycle.state() != TcpState.SYN_SENT) {
            keepAlive.heard(now);
        }
        return refused;
    }

    // ---- segments out

    /** Emits all that is due at {@code now}, and does what the timers ask for. */
    public void transmit(long now, SegmentSink sink) {
        emitter.begin(now, sink);
        try {
            emitter.resetIfDue(state());
            if (!lifecycle.isClosed()) {
                expire(now);
            }
            if (!lifecycle.isClosed()) {
                transmitDue(now);
            }
        } finally {
            emitter.end();
        }
    }

    private void expire(long now) {
        if (lifecycle.isTimeWait()) {
            if (now - lifecycle.timeWaitUntil() >= 0) {
                lifecycle.end(CloseCause.FINISHED);
            }
            return;
        }
        boolean alive = sender.expire(now, emitter) && probePeer(now);
        if (!alive) {
            if (lifecycle.wasEstablished()) {
                emitter.reset(sender.bareSequence(), state());
            }
            lifecycle.end(CloseCause.TIMED_OUT);
        }
    }

    /** RFC 9293 3.8.4; false if the peer has not answered any probe. */
    private boolean probePeer(long now) {
        if (!lifecycle.wasEstablished() || now - keepAlive.deadline(state()) < 0) {
            return true;
        }
        if (!keepAlive.probe()) {
            return false;
        }
        if (sender.una() == sender.max()) {
            emitter.acknowledge(sender.next() - 1);
        }
        return true;
    }

    private void transmitDue(long now) {
        if (!lifecycle.wasEstablished()) {
            emitter.answers(state() == TcpState.SYN_RECEIVED);
            sender.transmitSyn(now, emitter);
        }
        if (state().canSend()) {
            sender.transmit(now, emitter);
            if (sender.finSent()) {
                lifecycle.finSent();
            }
        }
        receiver.size.tune(now);
        if (receiver.ackDue(now)) {
            emitter.acknowledge(sender.bareSequence());
        }
    }

    @Override
    public String toString() {
        return lifecycle + " " + sender + " rcv.next=" + receiver.next;
    }
}
