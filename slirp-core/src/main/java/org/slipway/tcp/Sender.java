package org.slipway.tcp;

import io.netty.buffer.ByteBuf;
import io.netty.buffer.ByteBufAllocator;

/**
 * The sending half of a connection (RFC 9293 3.3.1, send sequence variables): what is acknowledged, and what the timers ask
 * for. What must be sent again is {@link LossRecovery}'s to say, what goes out {@link Transmitter}'s.
 */
final class Sender {

    /** Emits one segment's worth of our sequence space. */
    interface Output {
        /** SYN, or SYN-ACK. */
        void syn();

        /** {@code length} bytes at {@code offset} of the buffer, with sequence number {@code seq}, perhaps with a FIN. */
        void data(int seq, int offset, int length, boolean fin);
    }

    static final long NEVER = Long.MAX_VALUE;

    private final SendSequence sequence;
    private final Flight flight = new Flight();
    private final RttEstimator rtt = new RttEstimator();
    private final RttTimer timing = new RttTimer(rtt);
    private final SendTimer timer = new SendTimer(rtt);
    private final PeerWindow peerWindow = new PeerWindow();
    private final LossRecovery recovery;
    private final SackReader reports;
    private final Transmitter transmitter;
    private final CongestionAlgorithm algorithm;
    private final int capacity;

    private boolean sack;

    /** Whether the retransmission timer has expired while the peer's window was closed: all in flight waits for it to open. */
    private boolean repetitionHeld;

    Sender(TcpConfig config, int iss, ByteBufAllocator allocator) {
        sequence = new SendSequence(new SendBuffer(allocator), iss);
        capacity = config.sendBuffer();
        algorithm = config.congestion();
        recovery = new LossRecovery(flight, rtt);
        reports = new SackReader(flight, recovery.rack());
        transmitter = new Transmitter(sequence, flight, recovery, peerWindow, timer, timing, config.largestSegment());
        flight.clear(iss + 1);
        mss(config.mss());
    }

    /** The handshake has told how large a packet's payload may be. */
    void mss(int payloadBytes) {
        transmitter.mss(payloadBytes);
        recovery.start(algorithm.create(payloadBytes), payloadBytes, sequence.iss);
    }

    /** What is in flight did not fit the way to the peer: packets hold no more than {@code payloadBytes} from now on. */
    void shrink(int payloadBytes) {
        transmitter.mss(payloadBytes);
        recovery.shrink(payloadBytes, sequence.una, sequence.next);
    }

    /** Whether the peer has not acknowledged {@code seq}, which was sent (RFC 5927 4.1). */
    boolean isInFlight(int seq) {
        return Seq.atMost(sequence.una, seq) && Seq.lessThan(seq, sequence.max);
    }

    /** Whether the peer reports what it has (RFC 2018). */
    void sack(boolean permitted) {
        sack = permitted;
        recovery.sack(permitted);
    }

    // ---- the user's side

    /** Bytes that may be given to {@link #send} before the buffer counts as full. */
    int space() {
        return Math.max(0, capacity - sequence.buffer.length());
    }

    /** Bytes not acknowledged yet, sent or not. */
    int queued() {
        return sequence.buffer.length();
    }

    /** Bytes of the buffers that hold what is not acknowledged. */
    int memory() {
        return sequence.buffer.memory();
    }

    void send(ByteBuf data) {
        sequence.buffer.append(data);
    }

    void finish() {
        sequence.finish();
    }

    boolean finishing() {
        return sequence.isFinishing();
    }

    // ---- sequence numbers

    /** SND.UNA. */
    int una() {
        return sequence.una;
    }

    /** SND.NXT. */
    int next() {
        return sequence.next;
    }

    /** The highest SND.NXT there was. */
    int max() {
        return sequence.max;
    }

    /** The sequence number of a segment without data: SND.NXT as the peer knows it, but inside of its window. */
    int bareSequence() {
        return Seq.min(sequence.max, sequence.una + peerWindow.size());
    }

    /** Whether our FIN has been sent. */
    boolean finSent() {
        return sequence.isFinSent();
    }

    /** Whether our FIN has been acknowledged. */
    boolean isFinAcknowledged() {
        return sequence.isFinAcknowledged();
    }

    void clear() {
        sequence.buffer.clear();
        flight.clear(sequence.una);
        timer.stop();
        recovery.stop();
    }

    // ---- the peer's side

    /** Takes the window of a segment (RFC 9293 3.10.7.4), already scaled; true if it is another than before. */
    boolean updateWindow(int seq, int ack, int bytes) {
        int before = peerWindow.size();
        peerWindow.update(seq, ack, bytes);
        if (peerWindow.size() > before && timer.isPersist()) {
            // What is sent from now on has its own time to be acknowledged.
            timer.heard();
            timer.stop();
        }
        return peerWindow.size() != before;
    }

    /** The window of the segment that ended the handshake. */
    void startWindow(int seq, int ack, int bytes) {
        peerWindow.start(seq, ack, bytes);
    }

    /** The largest window the peer ever told: how old an acknowledgment may be (RFC 5961 5.2). */
    int largestWindow() {
        return peerWindow.largest();
    }

    /**
     * Takes a cumulative acknowledgment between {@link #una} and {@link #max} that is new.
     *
     * @param echoedRtt the round trip by the segment's time stamp in nanoseconds, or -1
     */
    void acknowledged(Segment segment, long now, long echoedRtt) {
        int ack = segment.acknowledgment;
        timing.acknowledged(ack, now, echoedRtt);
        if (sequence.isHandshake() && timer.retries() > 0) {
            rtt.synRepeated();
            if (timer.retries() > 1) {
                recovery.congestion().handshakeLost();
            }
        }
        timer.progress();
        int before = sequence.una;
        int outstanding = sequence.next - before;
        recovery.begin(now, echoedRtt);
        flight.acknowledge(ack, recovery.rack());
        sequence.acknowledge(ack);
        int next = sequence.next;
        int doubled = sack ? reports.take(segment, ack, next, peerWindow.largest()) : 0;
        boolean full = transmitter.wasFull(before, ack);
        boolean mayGoOn = sequence.unsent() > 0 && Seq.lessThan(next, ack + peerWindow.size());
        recovery.progress(ack - before, outstanding, full, doubled, ack, next, mayGoOn);
        recovery.tailProbe().want();
        timer.stop();
        if (ack != sequence.max) {
            timer.startRetransmission(now);
        }
        repetitionHeld &= ack != next;
    }

    /** Takes an acknowledgment that is not new; {@code bare} if it carries nothing else either. */
    void duplicate(Segment segment, boolean bare, long now, long echoedRtt) {
        int una = sequence.una;
        int next = sequence.next;
        recovery.begin(now, echoedRtt);
        int doubled = sack ? reports.take(segment, una, next, peerWindow.largest()) : 0;
        // The answers to probes of a closed window tell of no loss.
        if (una != sequence.max && !timer.isPersist()) {
            recovery.duplicate(bare && segment.options.sackCount == 0, doubled, una, next);
        }
    }

    /** The peer answered a probe: it lives, so probing goes on for as long as it likes (RFC 9293 3.8.6.1). */
    void heard() {
        timer.heard();
    }

    // ---- the timers

    /** When {@link #expire} has something to do, or {@link #NEVER}. */
    long deadline() {
        return SendTimer.earliest(timer.deadline(), recovery.deadline());
    }

    /** Does what is due; false if the peer has been silent for so long that the connection is to be given up. */
    boolean expire(long now, Output out) {
        recovery.detectIfDue(sequence.una, sequence.next, now);
        if (recovery.tailProbe().isDue(now)) {
            recovery.tailProbe().disarm();
            if (mayProbe()) {
                transmitter.sendTailProbe(now, out);
            }
        }
        if (repetitionHeld && opensForRepetition()) {
            timer.expireAt(now);
        }
        if (!timer.isDue(now)) {
            return true;
        }
        repetitionHeld = false;
        boolean persist = timer.isPersist();
        timer.stop();
        boolean handshake = sequence.isHandshake();
        boolean closedWindow = peerWindow.size() == 0 && !handshake;
        if ((persist || closedWindow) && sequence.dataEnd() != sequence.una) {
            return probeWindow(now, out);
        }
        if (!timer.retry(handshake)) {
            return false;
        }
        timing.repeated(now);
        if (handshake) {
            sequence.next = sequence.iss;
        } else {
            recovery.timedOut(timer.retries() == 1, sequence.una, sequence.next, now);
        }
        return true;
    }

    /** Whether what the closed window has held back may go: not in silly pieces (RFC 9293 3.8.6.2.1). */
    private boolean opensForRepetition() {
        int window = peerWindow.size();
        int wanted = Math.min(transmitter.mss(), sequence.next - sequence.una);
        return window > 0 && (window >= wanted || window >= peerWindow.largest() / 2);
    }

    /** The persist timer has expired; false if enough probes were not answered. */
    private boolean probeWindow(long now, Output out) {
        if (sequence.una != sequence.max && !timer.retryProbe()) {
            return false;
        }
        // What was in flight when the window closed goes when it opens: its time has been.
        repetitionHeld = sequence.next != sequence.una;
        if (transmitter.probeWindow(now, out)) {
            timer.backOffPersist();
            timer.startPersist(now);
        }
        return true;
    }

    private boolean mayProbe() {
        return sack
                && recovery.isOpen()
                && timer.isRetransmission()
                && !flight.isEmpty()
                && flight.sackedBytes() == 0
                && flight.lostBytes() == 0
                && !recovery.tailProbe().isUnderWay();
    }

    private void armTimers(long now) {
        int outstanding = sequence.next - sequence.una;
        boolean waiting = sequence.unsent() > 0 || sequence.una != sequence.max;
        if (!timer.isRunning() && waiting) {
            if (outstanding == 0) {
                timer.startPersist(now);
            } else {
                timer.startRetransmission(now);
            }
        }
        TailProbe probe = recovery.tailProbe();
        if (probe.takeWanted()) {
            if (mayProbe()) {
                probe.arm(now, rtt.smoothedRtt(), outstanding <= transmitter.mss(), timer.deadline());
            } else {
                probe.disarm();
            }
        }
    }

    // ---- sending

    /** Sends the SYN if it is due. */
    void transmitSyn(long now, Output out) {
        transmitter.transmitSyn(now, out);
    }

    /** The SYN is to be sent again, as the peer seems not to have got our answer. */
    void repeatSyn(long now) {
        sequence.next = sequence.iss;
        timing.repeated(now);
    }

    /** Sends all that is due and allowed. */
    void transmit(long now, Output out) {
        if (sequence.una == sequence.max && now - transmitter.lastSentAt() > rtt.rto()) {
            recovery.congestion().idle();
        }
        transmitter.transmitLost(now, out);
        transmitter.transmitNew(now, out);
        armTimers(now);
    }

    /** Points {@code segment} to bytes of the buffer. */
    void read(int offset, int length, Segment segment) {
        sequence.buffer.read(offset, length, segment);
    }

    /** Bytes in flight, the congestion window and so on, for people. */
    @Override
    public String toString() {
        return "una=" + sequence.una + " next=" + sequence.next + " max=" + sequence.max + " window="
                + peerWindow.size() + " " + recovery;
    }

    /** The smoothed round-trip time in nanoseconds, or -1. */
    long smoothedRtt() {
        return rtt.smoothedRtt();
    }
}
