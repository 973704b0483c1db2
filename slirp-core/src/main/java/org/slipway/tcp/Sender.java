package org.slipway.tcp;

import io.netty.buffer.ByteBuf;
import io.netty.buffer.ByteBufAllocator;
import java.util.concurrent.TimeUnit;

/**
 * The sending half of a connection (RFC 9293 3.3.1, send sequence variables): what may be sent and what must be sent again.
 * Recovery is that of RFC 6675 with SACK and of RFC 6582 without.
 */
final class Sender {

    /** Emits one segment's worth of our sequence space. */
    interface Output {
        /** SYN, or SYN-ACK. */
        void syn();

        /** {@code length} bytes at {@code offset} of the buffer, with sequence number {@code seq}, perhaps with a FIN. */
        void data(int seq, int offset, int length, boolean fin);
    }

    private enum TimerKind {
        NONE,
        /** Something is unacknowledged (RFC 6298 5). */
        RETRANSMIT,
        /** Something waits, and the window does not let it go (RFC 9293 3.8.6.1). */
        PERSIST
    }

    static final long NEVER = Long.MAX_VALUE;

    /** With the time-out doubling from 200 ms this is more than 200 s; RFC 9293 3.8.3 asks for 100 s at least. */
    private static final int MAX_RETRANSMISSIONS = 10;

    /** From one second on this is 183 s; RFC 9293 3.8.3 (MUST-23) asks for 180 s at least. */
    private static final int MAX_SYN_RETRANSMISSIONS = 7;

    /** RFC 3042 2: segments beyond the congestion window, one for each of the first duplicate acknowledgments. */
    private static final int LIMITED_TRANSMIT = 2;

    private static final long TIMESTAMP_TICK = TimeUnit.MILLISECONDS.toNanos(1);

    private static final long MAX_PERSIST = TimeUnit.SECONDS.toNanos(60);

    private final SendBuffer buffer;
    private final Scoreboard scoreboard = new Scoreboard();
    private final RttEstimator rtt = new RttEstimator();
    private final int iss;
    private final int capacity;
    private final int largestSegment;

    /** Payload bytes of a full packet to the peer, time stamps subtracted. */
    private int mss;

    private CongestionControl congestion;

    /** SND.UNA, SND.NXT, and the highest SND.NXT there was. */
    int una;

    int next;
    int max;

    /** SND.WND in bytes, and the segment that it came with. */
    private int window;

    private int windowSequence;
    private int windowAcknowledgment;
    private int largestWindow;

    boolean sack;
    private boolean finQueued;
    private boolean finAcknowledged;

    private boolean recovering;
    private int recoveryPoint;
    private int retransmitted;
    private boolean retransmitFirst;
    private int duplicates;

    private boolean timing;
    private int timedSequence;
    private long timedAt;
    private long lastSentAt;

    /** When the timer last had something sent again. */
    private long repeatedAt;

    private TimerKind timer = TimerKind.NONE;
    private long timerAt = NEVER;
    private int retries;
    private int persistBackoff;

    Sender(TcpConfig config, int iss, ByteBufAllocator allocator) {
        this.iss = iss;
        buffer = new SendBuffer(allocator);
        capacity = config.sendBuffer();
        largestSegment = config.largestSegment();
        una = iss;
        next = iss;
        max = iss;
        recoveryPoint = iss;
        mss = config.mss();
        congestion = new Reno(mss);
        window = 1;
    }

    /** The handshake has told how large a packet's payload may be. */
    void mss(int payloadBytes) {
        mss = payloadBytes;
        congestion = new Reno(mss);
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

    /**
     * The sequence number of a segment without data: SND.NXT as the peer knows it, but inside of its window. Not {@link #next},
     * which a time-out pulls back: the peer would take the segment as old and ignore its acknowledgment.
     */
    int bareSequence() {
        return Seq.min(max, una + window);
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
        stopTimer();
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
        if (Seq.lessThan(windowSequence, seq) || windowSequence == seq && Seq.atMost(windowAcknowledgment, ack)) {
            boolean opened = bytes > window;
            boolean changed = bytes != window;
            window = bytes;
            windowSequence = seq;
            windowAcknowledgment = ack;
            largestWindow = Math.max(largestWindow, bytes);
            if (opened && timer == TimerKind.PERSIST) {
                stopTimer();
            }
            return changed;
        }
        return false;
    }

    /** The window of the segment that ended the handshake. */
    void startWindow(int seq, int ack, int bytes) {
        window = bytes;
        windowSequence = seq;
        windowAcknowledgment = ack;
        largestWindow = bytes;
    }

    /** The largest window the peer ever told: how old an acknowledgment may be (RFC 5961 5.2). */
    int largestWindow() {
        return largestWindow;
    }

    /**
     * Takes a cumulative acknowledgment between {@link #una} and {@link #max} that is new.
     *
     * @param echoedRtt the round trip by the segment's time stamp in nanoseconds, or -1; used where nothing better is known
     */
    void acknowledged(Segment segment, long now, long echoedRtt) {
        int ack = segment.acknowledgment;
        int flight = next - una;
        if (timing && Seq.lessThan(timedSequence, ack)) {
            rtt.measured(now - timedAt);
            timing = false;
        } else if (echoedRtt >= 0 && retries > 0 && echoedRtt <= now - repeatedAt + TIMESTAMP_TICK) {
            // Of the repetition. Where the echo is of the first transmission, this may be the answer to a segment that
            // the
            // peer had, its own answer to that lost: the age says nothing of the path, and the backing off stays.
            rtt.measured(echoedRtt);
        }
        if (una == iss && retries > 0) {
            rtt.synRepeated();
            if (retries > 1) {
                congestion.handshakeLost();
            }
        }
        retries = 0;
        persistBackoff = 0;
        int acked = ack - una;
        boolean repeating = !recovering && Seq.lessThan(una, recoveryPoint);
        release(ack);
        una = ack;
        next = Seq.max(next, una);
        // Not left behind by more than half of the sequence space, where the order turns round.
        recoveryPoint = Seq.max(recoveryPoint, una);
        scoreboard.acknowledge(una);
        if (sack) {
            scoreboard.update(una, max, segment.options);
        }
        // RFC 3465 2.3: after a time-out an acknowledgment may cover what left the network long ago.
        afterProgress(repeating ? Math.min(acked, mss) : acked, flight);
        stopTimer();
        if (una != max) {
            startTimer(TimerKind.RETRANSMIT, now, rtt.rto());
        }
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

    private void afterProgress(int acked, int flight) {
        if (!recovering) {
            duplicates = 0;
            // RFC 7661: a window that was not in use has not been tried.
            if (flight + mss > congestion.window() || flight * 2L >= congestion.window()) {
                congestion.acknowledged(acked);
            }
            detectLoss();
        } else if (recoveryPoint == una) {
            recovering = false;
            duplicates = 0;
        } else if (!sack) {
            // RFC 6582 3.2, partial acknowledgment: the next hole begins here.
            duplicates = Math.max(0, duplicates - Math.max(1, acked / mss));
            retransmitted = una;
            retransmitFirst = true;
        }
    }

    /** Takes an acknowledgment that is not new; {@code bare} if it carries nothing else either. */
    void duplicate(Segment segment, boolean bare) {
        boolean news = sack && scoreboard.update(una, max, segment.options);
        // The answers to probes of a closed window tell of no loss.
        if (una != max && timer != TimerKind.PERSIST && (sack ? news : bare)) {
            duplicates++;
            detectLoss();
        }
    }

    private void detectLoss() {
        // RFC 6675 5.1, RFC 6582 4: not before all that was in flight at the last time-out is acknowledged.
        if (recovering || una == max || Seq.lessThan(una, recoveryPoint)) {
            return;
        }
        boolean enough = duplicates >= Scoreboard.DUPLICATE_THRESHOLD;
        if (sack ? !scoreboard.isEmpty() && (enough || scoreboard.isLost(una, mss)) : enough) {
            recovering = true;
            recoveryPoint = max;
            congestion.lost(next - una);
            retransmitted = una;
            retransmitFirst = true;
            timing = false;
        }
    }

    // ---- the timer

    /** When {@link #expire} has something to do, or {@link #NEVER}. */
    long deadline() {
        return timerAt;
    }

    private void startTimer(TimerKind kind, long now, long delay) {
        timer = kind;
        timerAt = now + delay;
    }

    private void stopTimer() {
        timer = TimerKind.NONE;
        timerAt = NEVER;
    }

    /** Does what is due; false if the peer has been silent for so long that the connection is to be given up. */
    boolean expire(long now, Output out) {
        if (timerAt == NEVER || now - timerAt < 0) {
            return true;
        }
        TimerKind expired = timer;
        stopTimer();
        boolean closedWindow = window == 0 && una != iss;
        if ((expired == TimerKind.PERSIST || closedWindow) && dataEnd() != una) {
            return probe(now, out);
        }
        repeatedAt = now;
        retries++;
        if (retries > (una == iss ? MAX_SYN_RETRANSMISSIONS : MAX_RETRANSMISSIONS)) {
            return false;
        }
        if (retries == 1) {
            congestion.timedOut(next - una);
        }
        rtt.backOff();
        // RFC 6675 5.1: the peer may have given up what it reported; send all again from the first hole on.
        scoreboard.clear();
        recovering = false;
        recoveryPoint = max;
        duplicates = 0;
        timing = false;
        next = una;
        return true;
    }

    /** RFC 9293 3.8.6.1: asks for the window by sending one byte beyond it, or what fits into a window too small to use. */
    private boolean probe(long now, Output out) {
        if (una != max && ++retries > MAX_RETRANSMISSIONS) {
            return false;
        }
        next = una;
        int unsent = dataEnd() - next;
        if (window > 0) {
            emitNew(now, Math.min(unsent, Math.min(window, mss)), out);
            return true;
        }
        emit(next, 1, out);
        persistBackoff++;
        startTimer(TimerKind.PERSIST, now, persistDelay());
        return true;
    }

    /** The peer answered a probe: it lives, so probing goes on for as long as it likes (RFC 9293 3.8.6.1). */
    void heard() {
        if (timer == TimerKind.PERSIST) {
            retries = 0;
        }
    }

    private long persistDelay() {
        return Math.min(MAX_PERSIST, rtt.rto() << Math.min(persistBackoff, 12));
    }

    // ---- sending

    /** Sends the SYN if it is due. */
    void transmitSyn(long now, Output out) {
        if (next == iss) {
            out.syn();
            if (max == iss) {
                startTiming(now, iss);
            }
            next = iss + 1;
            max = Seq.max(max, next);
            startTimer(TimerKind.RETRANSMIT, now, rtt.rto());
        }
    }

    /** The SYN is to be sent again, as the peer seems not to have got our answer. */
    void repeatSyn() {
        next = iss;
        timing = false;
    }

    /** Sends all that is due and allowed. */
    void transmit(long now, Output out) {
        if (una == max && next == una && now - lastSentAt > rtt.rto()) {
            congestion.idle();
        }
        if (recovering) {
            retransmitLost(now, out);
        }
        transmitNew(now, out);
        armTimer(now);
    }

    private void retransmitLost(long now, Output out) {
        for (; ; ) {
            int from = scoreboard.nextMissing(Seq.max(retransmitted, una));
            int limit = scoreboard.isEmpty() ? Seq.min(una + mss, max) : scoreboard.highest();
            if (!Seq.lessThan(from, limit)) {
                return;
            }
            boolean allowed = retransmitFirst || congestion.window() - pipe() >= mss;
            boolean lost = retransmitFirst || sack && scoreboard.isLost(from, mss);
            if (!allowed || !lost) {
                return;
            }
            int length = Math.min(scoreboard.endOfHole(from, limit) - from, mss);
            int sent = emit(from, length, out);
            retransmitted = from + sent;
            retransmitFirst = false;
            if (sent == 0) {
                return;
            }
            startTimer(TimerKind.RETRANSMIT, now, rtt.rto());
        }
    }

    private void transmitNew(long now, Output out) {
        for (; ; ) {
            if (Seq.lessThan(next, max)) {
                next = Seq.min(scoreboard.nextMissing(next), max);
            }
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
        int allowed = Math.min(congestion.window() - pipe(), una + window - next);
        int length = Math.min(Math.min(unsent, allowed), largestSegment);
        if (Seq.lessThan(next, max)) {
            length = Math.min(length, scoreboard.endOfHole(next, dataEnd()) - next);
            return length > mss ? length - length % mss : length;
        }
        if (length >= unsent || length >= mss) {
            return length > mss && length < unsent ? length - length % mss : length;
        }
        // A window that is always small is used in halves; a small rest of a large one is left alone.
        return length >= largestWindow / 2 && una == next ? length : 0;
    }

    private void emitNew(long now, int length, Output out) {
        boolean fresh = next == max;
        next += emit(next, length, out);
        lastSentAt = now;
        if (fresh && !timing) {
            startTiming(now, next - 1);
        }
        if (timer != TimerKind.RETRANSMIT) {
            startTimer(TimerKind.RETRANSMIT, now, rtt.rto());
        }
    }

    /** Emits up to {@code length} bytes from {@code seq} on, and the FIN if it follows; returns how much that was. */
    private int emit(int seq, int length, Output out) {
        int offset = seq - dataStart();
        int wanted = Math.min(length, dataEnd() - seq);
        int data = wanted > 0 ? buffer.contiguous(offset, wanted) : 0;
        boolean fin = finQueued && !finAcknowledged && seq + data == dataEnd();
        out.data(seq, offset, data, fin);
        int sent = data + (fin ? 1 : 0);
        max = Seq.max(max, seq + sent);
        return sent;
    }

    /** Points {@code segment} to bytes of the buffer. */
    void read(int offset, int length, Segment segment) {
        buffer.read(offset, length, segment);
    }

    private void startTiming(long now, int seq) {
        timing = true;
        timedSequence = seq;
        timedAt = now;
    }

    private void armTimer(long now) {
        boolean waiting = Seq.lessThan(next, dataEnd()) || una != max;
        if (timer == TimerKind.NONE && waiting) {
            boolean stuck = next == una;
            startTimer(stuck ? TimerKind.PERSIST : TimerKind.RETRANSMIT, now, stuck ? persistDelay() : rtt.rto());
        }
    }

    private int pipe() {
        int flight = next - una;
        if (!sack) {
            // RFC 3042: two duplicates let new data out before a loss is certain.
            int gone = recovering ? duplicates : Math.min(duplicates, LIMITED_TRANSMIT);
            return Math.max(0, flight - gone * mss);
        }
        if (!recovering && Seq.lessThan(una, recoveryPoint)) {
            // After a time-out: what is reported is of the old flight, and says nothing of the segments sent since.
            return scoreboard.missing(una, next);
        }
        return scoreboard.isEmpty() ? flight : scoreboard.pipe(una, next, recovering ? retransmitted : una, mss);
    }

    /** Bytes in flight, the congestion window and so on, for people. */
    @Override
    public String toString() {
        return "una=" + una + " next=" + next + " max=" + max + " window=" + window + " cwnd=" + congestion.window()
                + (recovering ? " recovering to " + recoveryPoint : "");
    }

    /** The smoothed round-trip time in nanoseconds, or -1. */
    long smoothedRtt() {
        return rtt.smoothedRtt();
    }
}
