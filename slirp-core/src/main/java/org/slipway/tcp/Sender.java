package org.slipway.tcp;

import io.netty.buffer.ByteBuf;
import io.netty.buffer.ByteBufAllocator;

/**
 * The sending half of a connection (RFC 9293 3.3.1, send sequence variables): what may be sent. What must be sent again is
 * {@link LossRecovery}'s to say.
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

    private final SendBuffer buffer;
    private final Flight flight = new Flight();
    private final RttEstimator rtt = new RttEstimator();
    private final RttTimer timing = new RttTimer(rtt);
    private final SendTimer timer = new SendTimer(rtt);
    private final LossRecovery recovery;
    private final SackReader reports;
    private final PeerWindow peerWindow = new PeerWindow();
    private final CongestionAlgorithm algorithm;
    private final int iss;
    private final int capacity;
    private final int largestSegment;

    /** Payload bytes of a full packet to the peer, time stamps subtracted. */
    private int mss;

    /** SND.UNA, SND.NXT, and the highest SND.NXT there was: one more while a probe of a closed window is out. */
    int una;

    int next;
    int max;

    private boolean sack;
    private boolean finQueued;
    private boolean finAcknowledged;
    private long lastSentAt;

    /** What is below was sent while the congestion window was the limit. */
    private int fullTo;

    /** Whether the retransmission timer has expired while the peer's window was closed: all in flight waits for it to open. */
    private boolean repetitionHeld;

    /** Whether something has happened that a new tail loss probe is armed for. */
    private boolean probeWanted;

    Sender(TcpConfig config, int iss, ByteBufAllocator allocator) {
        this.iss = iss;
        buffer = new SendBuffer(allocator);
        capacity = config.sendBuffer();
        largestSegment = config.largestSegment();
        algorithm = config.congestion();
        una = iss;
        next = iss;
        max = iss;
        fullTo = iss;
        mss = config.mss();
        recovery = new LossRecovery(flight, rtt);
        reports = new SackReader(flight, recovery.rack());
        flight.clear(iss + 1);
        recovery.start(algorithm.create(mss), mss, iss);
    }

    /** The handshake has told how large a packet's payload may be. */
    void mss(int payloadBytes) {
        mss = payloadBytes;
        recovery.start(algorithm.create(mss), mss, iss);
    }

    /** Whether the peer reports what it has (RFC 2018). */
    void sack(boolean permitted) {
        sack = permitted;
        recovery.sack(permitted);
    }

    // ---- the user's side

    /** Bytes that may be given to {@link #send} before the buffer counts as full. */
    int space() {
        return Math.max(0, capacity - buffer.length());
    }

    /** Bytes not acknowledged yet, sent or not. */
    int queued() {
        return buffer.length();
    }

    void send(ByteBuf data) {
        buffer.append(data);
    }

    void finish() {
        finQueued = true;
    }

    boolean finishing() {
        return finQueued;
    }

    /** The sequence number of a segment without data: SND.NXT as the peer knows it, but inside of its window. */
    int bareSequence() {
        return Seq.min(max, una + peerWindow.size());
    }

    /** Whether our FIN has been sent. */
    boolean finSent() {
        return finQueued && Seq.lessThan(dataEnd(), max);
    }

    /** Whether our FIN has been acknowledged. */
    boolean isFinAcknowledged() {
        return finAcknowledged;
    }

    void clear() {
        buffer.clear();
        flight.clear(una);
        timer.stop();
        recovery.stop();
    }

    /** The sequence number of the first byte in the buffer. */
    private int dataStart() {
        return una == iss ? iss + 1 : una;
    }

    /** The sequence number behind the last byte in the buffer: that of our FIN, if there is one. */
    private int dataEnd() {
        return finAcknowledged ? una - 1 : dataStart() + buffer.length();
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
        if (una == iss && timer.retries() > 0) {
            rtt.synRepeated();
            if (timer.retries() > 1) {
                recovery.congestion().handshakeLost();
            }
        }
        timer.progress();
        int before = una;
        int outstanding = next - una;
        recovery.begin(now, echoedRtt);
        flight.acknowledge(ack, recovery.rack());
        release(ack);
        una = ack;
        next = Seq.max(next, una);
        int doubled = sack ? reports.take(segment, una, next, peerWindow.largest()) : 0;
        boolean full = Seq.lessThan(before, fullTo);
        // Not left behind by more than half of the sequence space, where the order turns round.
        fullTo = Seq.max(fullTo, una);
        boolean mayGoOn = dataEnd() - next > 0 && Seq.lessThan(next, una + peerWindow.size());
        recovery.progress(ack - before, outstanding, full, doubled, una, next, mayGoOn);
        probeWanted = true;
        timer.stop();
        if (una != max) {
            timer.startRetransmission(now);
        }
        repetitionHeld &= una != next;
    }

    private void release(int ack) {
        int end = dataEnd();
        int from = dataStart();
        finAcknowledged = finQueued && Seq.lessThan(end, ack);
        int bytes = Seq.min(ack, end) - from;
        if (bytes > 0) {
            buffer.acknowledge(bytes);
        }
    }

    /** Takes an acknowledgment that is not new; {@code bare} if it carries nothing else either. */
    void duplicate(Segment segment, boolean bare, long now, long echoedRtt) {
        recovery.begin(now, echoedRtt);
        int doubled = sack ? reports.take(segment, una, next, peerWindow.largest()) : 0;
        // The answers to probes of a closed window tell of no loss.
        if (una != max && !timer.isPersist()) {
            recovery.duplicate(bare && segment.options.sackCount == 0, doubled, una, next);
        }
    }

    // ---- the timers

    /** When {@link #expire} has something to do, or {@link #NEVER}. */
    long deadline() {
        return SendTimer.earliest(timer.deadline(), recovery.deadline());
    }

    /** Does what is due; false if the peer has been silent for so long that the connection is to be given up. */
    boolean expire(long now, Output out) {
        recovery.detectIfDue(una, next, now);
        if (recovery.tailProbe().isDue(now)) {
            sendTailProbe(now, out);
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
        boolean closedWindow = peerWindow.size() == 0 && una != iss;
        if ((persist || closedWindow) && dataEnd() != una) {
            return probeWindow(now, out);
        }
        boolean handshake = una == iss;
        if (!timer.retry(handshake)) {
            return false;
        }
        timing.repeated(now);
        if (handshake) {
            next = iss;
        } else {
            recovery.timedOut(timer.retries() == 1, una, next, now);
        }
        return true;
    }

    /** Whether what the closed window has held back may go: not in silly pieces (RFC 9293 3.8.6.2.1). */
    private boolean opensForRepetition() {
        int window = peerWindow.size();
        return window > 0 && (window >= Math.min(mss, next - una) || window >= peerWindow.largest() / 2);
    }

    /** RFC 9293 3.8.6.1: asks for the window by sending one byte beyond it, or what fits into a window too small to use. */
    private boolean probeWindow(long now, Output out) {
        if (una != max && !timer.retryProbe()) {
            return false;
        }
        if (next != una) {
            // What was in flight when the window closed. The rest goes when it opens: its time has been.
            emitAgain(una, 1, una + 1, now, out);
            repetitionHeld = true;
        } else if (peerWindow.size() > 0) {
            emitNew(now, Math.min(dataEnd() - next, Math.min(peerWindow.size(), mss)), out);
            return true;
        } else {
            // Beyond the window, so not in flight: it goes again with the rest when the window opens.
            emit(una, 1, false, out);
        }
        timer.backOffPersist();
        timer.startPersist(now);
        return true;
    }

    /** RFC 8985 7.3: a new segment if there is one, or else the last one again. */
    private void sendTailProbe(long now, Output out) {
        recovery.tailProbe().disarm();
        if (!mayProbe()) {
            return;
        }
        int room = Math.min(dataEnd() - next, una + peerWindow.size() - next);
        boolean again = room <= 0;
        if (again) {
            int last = flight.count() - 1;
            int from = Seq.max(flight.start(last), next - mss);
            emitAgain(from, next - from, next, now, out);
        } else {
            emitNew(now, Math.min(room, mss), out);
        }
        recovery.tailProbe().sent(next, again);
        probeWanted = false;
        timer.startRetransmission(now);
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
        boolean waiting = Seq.lessThan(next, dataEnd()) || una != max;
        if (!timer.isRunning() && waiting) {
            if (next == una) {
                timer.startPersist(now);
            } else {
                timer.startRetransmission(now);
            }
        }
        if (probeWanted) {
            probeWanted = false;
            if (mayProbe()) {
                recovery.tailProbe().arm(now, rtt.smoothedRtt(), next - una <= mss, timer.deadline());
            } else {
                recovery.tailProbe().disarm();
            }
        }
    }

    /** The peer answered a probe: it lives, so probing goes on for as long as it likes (RFC 9293 3.8.6.1). */
    void heard() {
        timer.heard();
    }

    // ---- sending

    /** Sends the SYN if it is due. */
    void transmitSyn(long now, Output out) {
        if (next == iss) {
            out.syn();
            if (max == iss) {
                timing.start(now, iss);
            }
            next = iss + 1;
            max = Seq.max(max, next);
            timer.startRetransmission(now);
        }
    }

    /** The SYN is to be sent again, as the peer seems not to have got our answer. */
    void repeatSyn(long now) {
        next = iss;
        timing.repeated(now);
    }

    /** Sends all that is due and allowed. */
    void transmit(long now, Output out) {
        if (una == max && next == una && now - lastSentAt > rtt.rto()) {
            recovery.congestion().idle();
        }
        transmitLost(now, out);
        transmitNew(now, out);
        armTimers(now);
    }

    private void transmitLost(long now, Output out) {
        while (flight.lostBytes() > 0 && !recovery.holdsRepetitions()) {
            int piece = flight.firstLost();
            int from = flight.start(piece);
            // Pieces are what was sent at once, or reported: a probe's single byte goes with what follows it.
            int to = flight.lostTo(piece, largestSegment);
            int length = to - from;
            // RFC 7323 2.4: the first repetition goes whatever has become of the window, a further one must fit.
            boolean bounded = flight.isRepeated(piece) && from != dataEnd();
            int inWindow = bounded ? una + peerWindow.size() - from : length;
            int room = recovery.window() - recovery.pipe();
            if (inWindow <= 0 || inWindow < Math.min(length, mss) && from != una || room < Math.min(length, mss)) {
                return;
            }
            length = Math.min(length, Math.min(inWindow, room));
            int sent = emitAgain(from, length > mss ? length - length % mss : length, to, now, out);
            recovery.sentAgain(sent, now);
            if (from == una) {
                timer.startRetransmission(now);
            }
        }
    }

    private void transmitNew(long now, Output out) {
        for (; ; ) {
            int unsent = dataEnd() - next;
            if (unsent <= 0) {
                if (unsent == 0 && finQueued && !finAcknowledged) {
                    emitNew(now, 0, out);
                }
                return;
            }
            int length = sendable(unsent);
            if (length <= 0) {
                return;
            }
            emitNew(now, length, out);
        }
    }

    /** How many of {@code unsent} bytes may go now in one segment (RFC 9293 3.8.6.2.1 with Nagle's rule switched off). */
    private int sendable(int unsent) {
        int uncongested = recovery.window() - recovery.pipe();
        int inWindow = una + peerWindow.size() - next;
        if (uncongested < Math.min(unsent, inWindow)) {
            fullTo = next + Math.max(0, uncongested);
        }
        int length = Math.min(Math.min(unsent, Math.min(uncongested, inWindow)), largestSegment);
        if (length >= unsent || length >= mss) {
            return length > mss && length < unsent ? length - length % mss : length;
        }
        // A window that is always small is used in halves; a small rest of a large one is left alone.
        return length >= peerWindow.largest() / 2 && una == next ? length : 0;
    }

    private void emitNew(long now, int length, Output out) {
        boolean fresh = next == max;
        int sent = emit(next, length, finQueued && !finAcknowledged, out);
        next += sent;
        flight.sent(next, now);
        recovery.sent(sent);
        lastSentAt = now;
        probeWanted = true;
        if (fresh) {
            timing.startIfIdle(now, next - 1);
        }
        if (!timer.isRetransmission()) {
            timer.startRetransmission(now);
        }
    }

    /** Emits up to {@code length} bytes once more, from {@code from} on, all before {@code to}; returns how much that was. */
    private int emitAgain(int from, int length, int to, long now, Output out) {
        boolean withFin = Seq.lessThan(dataEnd(), to);
        int sent = emit(from, length, withFin, out);
        flight.sentAgain(from, from + sent, now);
        timing.repeated(now);
        return sent;
    }

    /** Emits up to {@code length} bytes from {@code seq} on, and perhaps the FIN if it follows; returns how much that was. */
    private int emit(int seq, int length, boolean withFin, Output out) {
        int offset = seq - dataStart();
        int wanted = Math.min(length, dataEnd() - seq);
        int data = wanted > 0 ? buffer.contiguous(offset, wanted) : 0;
        boolean fin = withFin && seq + data == dataEnd();
        out.data(seq, offset, data, fin);
        int sent = data + (fin ? 1 : 0);
        max = Seq.max(max, seq + sent);
        return sent;
    }

    /** Points {@code segment} to bytes of the buffer. */
    void read(int offset, int length, Segment segment) {
        buffer.read(offset, length, segment);
    }

    /** Bytes in flight, the congestion window and so on, for people. */
    @Override
    public String toString() {
        return "una=" + una + " next=" + next + " max=" + max + " window=" + peerWindow.size() + " " + recovery;
    }

    /** The smoothed round-trip time in nanoseconds, or -1. */
    long smoothedRtt() {
        return rtt.smoothedRtt();
    }
}
