package org.slipway.tcp;

/**
 * What goes out, and in which pieces: as far as the congestion window and the peer's allow, not in silly ones (RFC 9293
 * 3.8.6.2.1), what is lost before what is new; and the probes, which go all the same.
 */
final class Transmitter {

    private final SendSequence sequence;
    private final Flight flight;
    private final LossRecovery recovery;
    private final PeerWindow peerWindow;
    private final SendTimer timer;
    private final RttTimer timing;
    private final int largestSegment;

    /** Payload bytes of a full packet to the peer, time stamps subtracted. */
    private int mss;

    private long lastSentAt;

    /** What is below was sent while the congestion window was the limit. */
    private int fullTo;

    Transmitter(
            SendSequence sequence,
            Flight flight,
            LossRecovery recovery,
            PeerWindow peerWindow,
            SendTimer timer,
            RttTimer timing,
            int largestSegment) {
        this.sequence = sequence;
        this.flight = flight;
        this.recovery = recovery;
        this.peerWindow = peerWindow;
        this.timer = timer;
        this.timing = timing;
        this.largestSegment = largestSegment;
        fullTo = sequence.iss;
    }

    /** How large a packet's payload may be. */
    void mss(int payloadBytes) {
        mss = payloadBytes;
    }

    int mss() {
        return mss;
    }

    /** When something new was last sent. */
    long lastSentAt() {
        return lastSentAt;
    }

    /** Whether what stood at {@code una}, which is acknowledged up to {@code ack} now, was sent with the congestion window full. */
    boolean wasFull(int una, int ack) {
        boolean full = Seq.lessThan(una, fullTo);
        // Not left behind by more than half of the sequence space, where the order turns round.
        fullTo = Seq.max(fullTo, ack);
        return full;
    }

    // ---- what is due

    /** Sends the SYN if it is due. */
    void transmitSyn(long now, Sender.Output out) {
        if (sequence.next == sequence.iss) {
            out.syn();
            if (sequence.max == sequence.iss) {
                timing.start(now, sequence.iss);
            }
            sequence.next = sequence.iss + 1;
            sequence.sentTo(sequence.next);
            timer.startRetransmission(now);
        }
    }

    /** Sends again what is lost. */
    void transmitLost(long now, Sender.Output out) {
        while (flight.lostBytes() > 0 && !recovery.holdsRepetitions()) {
            int piece = flight.firstLost();
            int from = flight.start(piece);
            // Pieces are what was sent at once, or reported: a probe's single byte goes with what follows it.
            int to = flight.lostTo(piece, largestSegment);
            int length = to - from;
            int inWindow = mayLeaveWindow(piece) ? length : toEdge(from);
            int room = recovery.window() - recovery.pipe();
            boolean silly = inWindow < Math.min(length, mss) && from != sequence.una;
            if (inWindow <= 0 || silly || room < Math.min(length, mss)) {
                return;
            }
            length = Math.min(length, Math.min(inWindow, room));
            int sent = emitAgain(from, length > mss ? length - length % mss : length, to, now, out);
            recovery.sentAgain(sent, now);
            if (from == sequence.una) {
                timer.startRetransmission(now);
            }
        }
    }

    /** RFC 7323 2.4: the first repetition goes whatever has become of the window, a further one must fit; a FIN always does. */
    private boolean mayLeaveWindow(int piece) {
        return !flight.isRepeated(piece) || flight.start(piece) == sequence.dataEnd();
    }

    /** How much the peer's window takes from {@code seq} on. */
    private int toEdge(int seq) {
        return sequence.una + peerWindow.size() - seq;
    }

    /** Sends what is new, and the FIN behind it. */
    void transmitNew(long now, Sender.Output out) {
        for (; ; ) {
            int unsent = sequence.unsent();
            if (unsent <= 0) {
                if (unsent == 0 && sequence.isFinDue()) {
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
        int inWindow = toEdge(sequence.next);
        if (uncongested < Math.min(unsent, inWindow)) {
            fullTo = sequence.next + Math.max(0, uncongested);
        }
        int length = Math.min(Math.min(unsent, Math.min(uncongested, inWindow)), largestSegment);
        if (length >= unsent || length >= mss) {
            return length > mss && length < unsent ? length - length % mss : length;
        }
        // A window that is always small is used in halves; a small rest of a large one is left alone.
        return length >= peerWindow.largest() / 2 && sequence.una == sequence.next ? length : 0;
    }

    // ---- probes

    /**
     * RFC 9293 3.8.6.1: asks for the window by sending one byte beyond it, or what fits into a window too small to use; false in
     * the latter case, which is no question.
     */
    boolean probeWindow(long now, Sender.Output out) {
        if (sequence.next != sequence.una) {
            // What was in flight when the window closed.
            emitAgain(sequence.una, 1, sequence.una + 1, now, out);
        } else if (peerWindow.size() > 0) {
            emitNew(now, Math.min(sequence.unsent(), Math.min(peerWindow.size(), mss)), out);
            return false;
        } else {
            // Beyond the window, so not in flight: it goes again with the rest when the window opens.
            emit(sequence.una, 1, false, out);
        }
        return true;
    }

    /** RFC 8985 7.3: a new segment if there is one, or else the last one again. */
    void sendTailProbe(long now, Sender.Output out) {
        int next = sequence.next;
        int room = Math.min(sequence.unsent(), toEdge(next));
        boolean again = room <= 0;
        if (again) {
            int last = flight.count() - 1;
            int from = Seq.max(flight.start(last), next - mss);
            emitAgain(from, next - from, next, now, out);
        } else {
            emitNew(now, Math.min(room, mss), out);
        }
        recovery.tailProbe().sent(sequence.next, again);
        timer.startRetransmission(now);
    }

    // ---- segments

    private void emitNew(long now, int length, Sender.Output out) {
        boolean fresh = sequence.next == sequence.max;
        int sent = emit(sequence.next, length, sequence.isFinDue(), out);
        sequence.next += sent;
        flight.sent(sequence.next, now);
        recovery.sent(sent);
        lastSentAt = now;
        if (fresh) {
            timing.startIfIdle(now, sequence.next - 1);
        }
        if (!timer.isRetransmission()) {
            timer.startRetransmission(now);
        }
    }

    /** Emits up to {@code length} bytes once more, from {@code from} on, all before {@code to}; returns how much that was. */
    private int emitAgain(int from, int length, int to, long now, Sender.Output out) {
        boolean withFin = Seq.lessThan(sequence.dataEnd(), to);
        int sent = emit(from, length, withFin, out);
        flight.sentAgain(from, from + sent, now);
        timing.repeated(now);
        return sent;
    }

    /** Emits up to {@code length} bytes from {@code seq} on, and perhaps the FIN if it follows; returns how much that was. */
    private int emit(int seq, int length, boolean withFin, Sender.Output out) {
        int offset = seq - sequence.dataStart();
        int wanted = Math.min(length, sequence.dataEnd() - seq);
        int data = wanted > 0 ? sequence.buffer.contiguous(offset, wanted) : 0;
        boolean fin = withFin && seq + data == sequence.dataEnd();
        out.data(seq, offset, data, fin);
        int sent = data + (fin ? 1 : 0);
        sequence.sentTo(seq + sent);
        return sent;
    }
}
