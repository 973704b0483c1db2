package org.slipway.tcp;

/**
 * What is lost, and how fast it is repaired: RACK-TLP (RFC 8985) with SACK and NewReno (RFC 6582) without find losses; PRR
 * (RFC 6937) meters fast recovery; after a time-out comes slow start, unless F-RTO (RFC 5682), the time stamps or a duplicate
 * report show that nothing was lost.
 */
final class LossRecovery {

    private enum Phase {
        /** Nothing is known to be lost. */
        OPEN,
        /** Losses seen from acknowledgments are repaired (RFC 6675 5, RFC 6582 3.2). */
        FAST,
        /** The retransmission timer has expired (RFC 5681 3.1). */
        TIMED_OUT
    }

    /** F-RTO (RFC 5682 2.1): what the next acknowledgment will tell after a time-out. */
    private enum Forward {
        OFF,
        /** The first one: whether it leads on, but not to the end. */
        FIRST,
        /** The second one, after new data: if it leads on, the time-out was spurious. */
        SECOND
    }

    private static final int DUPLICATE_THRESHOLD = 3;

    /** RFC 3042 2: segments beyond the congestion window, one for each of the first duplicate acknowledgments. */
    private static final int LIMITED_TRANSMIT = 2;

    /** RFC 6582 4.1: a single repetition moves the acknowledgment by no more segments than the peer can have acknowledged late. */
    private static final int LARGEST_STEP = 4;

    private final Flight flight;
    private final RttEstimator rtt;
    private final Rack rack;
    private final TailProbe tailProbe = new TailProbe();
    private final RateReduction reduction = new RateReduction();
    private final SpuriousDetector spurious = new SpuriousDetector();
    private CongestionControl congestion = new Reno(1);
    private int mss;
    private Phase phase = Phase.OPEN;
    private Forward forward = Forward.OFF;

    /** RecoveryPoint (RFC 6675 5), recover (RFC 6582): recovery ends when this is acknowledged. */
    private int point;

    private long timedOutAt;

    /** Bytes by which the last new acknowledgment moved on. */
    private int lastAdvance;

    /** Duplicate acknowledgments, where the peer does not report what it has: one segment each has left the network. */
    private int duplicates;

    private boolean sack;
    private long now;
    private long echoedRtt;

    LossRecovery(Flight flight, RttEstimator rtt) {
        this.flight = flight;
        this.rtt = rtt;
        rack = new Rack(rtt);
    }

    /** Before the first data: packets hold {@code mss} bytes. */
    void start(CongestionControl control, int mss, int iss) {
        congestion = control;
        this.mss = mss;
        point = iss;
        rack.start(iss);
    }

    /** Whether the peer reports what it has. */
    void sack(boolean permitted) {
        sack = permitted;
    }

    CongestionControl congestion() {
        return congestion;
    }

    Rack rack() {
        return rack;
    }

    TailProbe tailProbe() {
        return tailProbe;
    }

    boolean isOpen() {
        return phase == Phase.OPEN;
    }

    /** How much may be in the network now. */
    int window() {
        return phase == Phase.FAST ? reduction.window() : congestion.window();
    }

    /** How much is thought to be. */
    int pipe() {
        int gone = switch (phase) {
            case OPEN -> Math.min(duplicates, LIMITED_TRANSMIT);
            case FAST -> duplicates;
            // All that was out counts as gone: they tell of no more (RFC 6582 4), nor inflate anything (RFC 5681 3.1).
            case TIMED_OUT -> 0;
        };
        return Math.max(0, flight.pipe() - gone * mss);
    }

    /** RFC 5682 2.1, step 2b: new data go first. */
    boolean holdsRepetitions() {
        return forward == Forward.SECOND;
    }

    // ---- what the peer says

    /** Begins an acknowledgment, before it is taken to {@link Flight}; {@code echoedRtt} is the age of its echo, or -1. */
    void begin(long now, long echoedRtt) {
        this.now = now;
        this.echoedRtt = echoedRtt;
        rack.begin(now, phase == Phase.TIMED_OUT ? timedOutAt : now, echoedRtt);
    }

    /**
     * A new cumulative acknowledgment, which the flight has taken already.
     *
     * @param acked bytes that it moves SND.UNA on
     * @param outstanding bytes that were outstanding before
     * @param full whether the congestion window was the limit when they were sent
     * @param doubled bytes that it reports to have come twice
     * @param mayGoOn whether there are new data that could be sent
     */
    void progress(int acked, int outstanding, boolean full, int doubled, int una, int next, boolean mayGoOn) {
        int left = Math.max(0, acked - duplicates * mss);
        int delivered = sack ? rack.delivered() : left;
        sample(una, next);
        if (tailProbe.acknowledged(una, doubled > 0, false)) {
            congestion.lost(outstanding);
        }
        if (doubled > 0) {
            duplicateReported(doubled, una, next);
        }
        if (phase != Phase.OPEN && spurious.isProvenByEcho(echoedRtt, now)) {
            undo(una);
        }
        switch (phase) {
            case OPEN -> {
                duplicates = 0;
                grow(acked, full);
            }
            case FAST -> {
                duplicates = Seq.atMost(point, una) ? 0 : Math.max(0, duplicates - Math.max(1, acked / mss));
                if (!sack && Seq.lessThan(una, point)) {
                    // RFC 6582 3.2, partial acknowledgment: the next hole begins here.
                    flight.lose(una, Seq.min(una + mss, next));
                }
            }
            case TIMED_OUT -> {
                duplicates = 0;
                goOn(una, mayGoOn);
                // What was sent before the time-out left the network long ago, and tells nothing of its capacity.
                congestion.acknowledged(phase == Phase.OPEN ? acked : rack.deliveredSince(), now, rtt.smoothedRtt());
            }
        }
        if (phase != Phase.OPEN && Seq.atMost(point, una)) {
            close();
        }
        // Not left behind by more than half of the sequence space, where the order turns round.
        point = Seq.max(point, una - 1);
        lastAdvance = acked;
        detect(una, next, delivered, true);
        if (phase == Phase.FAST && !sack) {
            reduction.allowOne(pipe());
        }
    }

    private void grow(int acked, boolean full) {
        if (full) {
            congestion.acknowledged(acked, now, rtt.smoothedRtt());
        } else {
            congestion.unused(now);
        }
    }

    private void sample(int una, int next) {
        long sample = rack.freshRtt();
        if (sample >= 0) {
            rtt.sampled(sample, now);
            congestion.sampled(sample, una, next);
        }
    }

    /** RFC 5682 2.1, steps 2 and 3. */
    private void goOn(int una, boolean mayGoOn) {
        switch (forward) {
            case OFF -> {}
            case FIRST -> forward = mayGoOn && Seq.lessThan(una, point) ? Forward.SECOND : Forward.OFF;
            case SECOND -> undo(una);
        }
    }

    /**
     * An acknowledgment that is not new.
     *
     * @param bare whether it carries nothing else
     * @param doubled bytes that it reports to have come twice
     */
    void duplicate(boolean bare, int doubled, int una, int next) {
        int delivered = sack ? rack.delivered() : bare ? mss : 0;
        // It tells of no repair: only a new acknowledgment can.
        tailProbe.acknowledged(una, doubled > 0, bare);
        sample(una, next);
        if (doubled > 0) {
            duplicateReported(doubled, una, next);
        }
        if (!sack && bare) {
            duplicates++;
        }
        if (delivered > 0) {
            // RFC 5682 2.1, steps 2a and 3a: something is missing.
            if (forward == Forward.SECOND) {
                congestion.timeOutConfirmed();
            }
            forward = Forward.OFF;
            detect(una, next, delivered, false);
        }
    }

    private void duplicateReported(int bytes, int una, int next) {
        rack.duplicateReported(una, next);
        if (spurious.isProvenByDuplicate(bytes)) {
            undo(una);
        }
    }

    /** RFC 4015: what was taken as lost was only late. */
    private void undo(int una) {
        spurious.end();
        congestion.undo();
        flight.forgetLosses();
        rack.undo();
        forward = Forward.OFF;
        duplicates = 0;
        phase = Phase.OPEN;
        point = una - 1;
    }

    private void close() {
        phase = Phase.OPEN;
        forward = Forward.OFF;
        duplicates = 0;
        rack.recovered();
    }

    // ---- losses

    private void detect(int una, int next, int delivered, boolean progress) {
        boolean found;
        if (sack) {
            found = rack.detect(flight, phase != Phase.OPEN, mss, now);
        } else {
            found = phase == Phase.OPEN && duplicates >= DUPLICATE_THRESHOLD && areOfALoss(una);
            if (found) {
                flight.lose(una, Seq.min(una + mss, next));
            }
        }
        if (phase == Phase.OPEN && flight.lostBytes() > 0) {
            enter(una, next);
        }
        if (phase == Phase.FAST) {
            reduction.acknowledged(delivered, pipe(), progress && !found);
        }
    }

    /**
     * RFC 6582 3.2, step 2, and 4.1: before anything new is acknowledged they may be the answers to what was needlessly repeated;
     * then the acknowledgment before them has moved on by much.
     */
    private boolean areOfALoss(int una) {
        return Seq.lessThan(point, una) || congestion.window() > mss && lastAdvance <= LARGEST_STEP * mss;
    }

    private void enter(int una, int next) {
        int outstanding = next - una;
        spurious.begin();
        congestion.lost(Math.min(outstanding, Math.max(congestion.window(), 2 * mss)));
        repair(outstanding, next);
    }

    private void repair(int outstanding, int next) {
        phase = Phase.FAST;
        point = next;
        tailProbe.forget();
        reduction.start(outstanding, congestion.window(), mss);
    }

    /**
     * Packets hold no more than {@code mss} bytes from now on, and larger ones were lost on the way: that is no sign of
     * congestion (RFC 1191 6.5).
     */
    void shrink(int mss, int una, int next) {
        this.mss = mss;
        congestion.shrink(mss);
        flight.loseAll();
        if (phase == Phase.OPEN && flight.lostBytes() > 0) {
            spurious.end();
            repair(next - una, next);
            reduction.acknowledged(0, pipe(), false);
        }
    }

    /** Looks for losses if reordering has had its time. */
    void detectIfDue(int una, int next, long now) {
        long due = rack.deadline();
        if (due != Rack.NEVER && now - due >= 0) {
            this.now = now;
            detect(una, next, 0, false);
        }
    }

    /**
     * The retransmission timer has expired.
     *
     * @param first for the first time since progress
     */
    void timedOut(boolean first, int una, int next, long now) {
        boolean fresh = phase == Phase.OPEN;
        if (first) {
            congestion.timedOut(next - una);
            spurious.begin();
        }
        phase = Phase.TIMED_OUT;
        timedOutAt = now;
        // RFC 5682 2.1, step 1: not where something had been sent again before.
        forward = first && fresh ? Forward.FIRST : Forward.OFF;
        point = next;
        duplicates = 0;
        tailProbe.forget();
        rack.timedOut(flight, sack, now);
    }

    // ---- sending

    /** {@code bytes} that are new were sent. */
    void sent(int bytes) {
        reduction.sent(bytes);
        tailProbe.want();
    }

    /** {@code bytes} were sent again. */
    void sentAgain(int bytes, long now) {
        reduction.sent(bytes);
        spurious.repeated(bytes, now);
    }

    /** When {@link #detectIfDue} or the tail loss probe is due, or {@link Rack#NEVER}. */
    long deadline() {
        return SendTimer.earliest(rack.deadline(), tailProbe.deadline());
    }

    /** The connection is over. */
    void stop() {
        rack.stop();
        tailProbe.forget();
    }

    @Override
    public String toString() {
        return phase + " pipe=" + pipe() + " lost=" + flight.lostBytes() + " cwnd=" + window();
    }
}
