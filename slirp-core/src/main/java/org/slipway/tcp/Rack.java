package org.slipway.tcp;

import java.util.concurrent.TimeUnit;

/**
 * Loss detection by time (RFC 8985 6, RACK): a piece is lost if one that was sent later has arrived, and longer ago than
 * reordering takes. It is told of each delivery, and gathers what one acknowledgment has delivered.
 */
final class Rack {

    static final long NEVER = Long.MAX_VALUE;

    /** RFC 8985 6.2, step 4: DUP_THRESH. */
    private static final int DUPLICATE_THRESHOLD = 3;

    /** RFC 8985 6.2, step 4: how many recoveries a widened window outlives its cause. */
    private static final int PERSISTENCE = 16;

    /** A guest's packets are handed over in batches: less than this is no sign of loss, however short the round trip. */
    private static final long MIN_REORDERING_WINDOW = TimeUnit.MILLISECONDS.toNanos(1);

    private static final long TIMESTAMP_TICK = TimeUnit.MILLISECONDS.toNanos(1);

    private final RttEstimator rtts;

    /** RACK.xmit_ts, RACK.end_seq and RACK.rtt: of the piece sent last among those delivered. */
    private long sentAt;

    private int end;
    private long rtt = -1;

    /** RACK.fack. */
    private int highest;

    private boolean reorderingSeen;
    private int windowMultiplier = 1;
    private int persist;
    private int dsackRound;

    private long now;
    private long since;
    private int delivered;
    private int deliveredSince;
    private long freshRtt;
    private long echoedRtt;

    /** The latest that {@link #detect} has to be asked again, or {@link #NEVER}. */
    private long deadline = NEVER;

    Rack(RttEstimator rtts) {
        this.rtts = rtts;
    }

    /** Sequence numbers begin at {@code seq}. */
    void start(int seq) {
        highest = seq;
        end = seq;
        dsackRound = seq;
    }

    // ---- one acknowledgment

    /**
     * Begins an acknowledgment; what was sent at {@code since} or later is counted apart.
     *
     * @param echoedRtt the age of the time stamp that it echoes, in whole milliseconds as nanoseconds, or -1
     */
    void begin(long now, long since, long echoedRtt) {
        this.now = now;
        this.since = since;
        this.echoedRtt = echoedRtt;
        delivered = 0;
        deliveredSince = 0;
        freshRtt = -1;
    }

    /** RFC 8985 6.2, steps 2 and 3: {@code length} bytes up to {@code to} have arrived. */
    void delivered(long pieceSentAt, int to, int length, boolean repeated) {
        delivered += length;
        deliveredSince += pieceSentAt - since >= 0 ? length : 0;
        long sample = now - pieceSentAt;
        boolean ahead = Seq.lessThan(highest, to);
        highest = ahead ? to : highest;
        if (repeated) {
            if (rtts.minRtt() >= 0 && sample < rtts.minRtt() || echoedRtt > sample + TIMESTAMP_TICK) {
                // It is the first transmission that has arrived.
                return;
            }
        } else {
            reorderingSeen |= !ahead && to != highest;
            freshRtt = sample;
        }
        rtt = sample;
        if (sentLater(pieceSentAt, to)) {
            sentAt = pieceSentAt;
            end = to;
        }
    }

    private boolean sentLater(long time, int to) {
        return rtt < 0 || time - sentAt > 0 || time == sentAt && Seq.lessThan(end, to);
    }

    /** Bytes that this acknowledgment has delivered. */
    int delivered() {
        return delivered;
    }

    /** Those of them that were sent at the time told to {@link #begin} or later. */
    int deliveredSince() {
        return deliveredSince;
    }

    /** The round trip of the last piece that was delivered and sent once only, or -1. */
    long freshRtt() {
        return freshRtt;
    }

    // ---- reordering

    /** RFC 8985 6.2, step 4: the peer got something twice; what was repeated was perhaps only late. Once a round trip. */
    void duplicateReported(int una, int next) {
        if (Seq.atMost(dsackRound, una)) {
            dsackRound = next;
            windowMultiplier++;
            persist = PERSISTENCE;
            reorderingSeen = true;
        }
    }

    /** A recovery has ended. */
    void recovered() {
        if (persist > 0 && --persist == 0) {
            windowMultiplier = 1;
        }
    }

    private long window(boolean recovering, int sackedBytes, int mss) {
        if (!reorderingSeen && (recovering || sackedBytes >= DUPLICATE_THRESHOLD * mss)) {
            return 0;
        }
        long wanted = windowMultiplier * (Math.max(0, rtts.minRtt()) / 4);
        return Math.max(MIN_REORDERING_WINDOW, Math.min(wanted, rtts.smoothedRtt()));
    }

    // ---- detection

    /** RFC 8985 6.2, step 5: marks what is lost; true if that is more than before. */
    boolean detect(Flight flight, boolean recovering, int mss, long now) {
        deadline = NEVER;
        if (rtt < 0 || flight.isEmpty() || flight.sackedBytes() == 0 && flight.repeatedTo() == flight.start(0)) {
            return false;
        }
        long patience = rtt + window(recovering, flight.sackedBytes(), mss);
        boolean found = false;
        long wait = -1;
        for (int i = 0; i < flight.count(); i++) {
            if (!flight.isInNetwork(i)) {
                continue;
            }
            if (!flight.isSentBefore(i, sentAt, end)) {
                if (Seq.atMost(flight.repeatedTo(), flight.start(i))) {
                    // Those behind were sent later still.
                    break;
                }
                continue;
            }
            long remaining = flight.sentAt(i) + patience - now;
            if (remaining <= 0) {
                flight.lose(i);
                found = true;
            } else {
                wait = Math.max(wait, remaining);
            }
        }
        if (wait > 0) {
            deadline = now + wait;
        }
        return found;
    }

    /**
     * RFC 8985 6.3: at a time-out the first piece is lost, and whatever has been under way for
     * longer than a round trip; everything, where the peer does not report what it has.
     */
    void timedOut(Flight flight, boolean sack, long now) {
        deadline = NEVER;
        long patience = Math.max(rtt, 0) + window(false, 0, 0);
        for (int i = 0; i < flight.count(); i++) {
            if (flight.isInNetwork(i) && (i == 0 || !sack || flight.sentAt(i) + patience - now <= 0)) {
                flight.lose(i);
            }
        }
    }

    /** When {@link #detect} may find more, or {@link #NEVER}. */
    long deadline() {
        return deadline;
    }

    /** What was taken as lost was only late: nothing is concluded from the past. */
    void undo() {
        reorderingSeen = true;
        rtt = -1;
        deadline = NEVER;
    }

    void stop() {
        deadline = NEVER;
    }
}
