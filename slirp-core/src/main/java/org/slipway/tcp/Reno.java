package org.slipway.tcp;

/** Slow start, congestion avoidance and halving (RFC 5681 3.1). */
final class Reno implements CongestionControl {

    private int mss;
    private final SlowStart slowStart = new SlowStart();
    private int window;
    private int slowStartThreshold = MAX_WINDOW;
    private int ackedInAvoidance;
    private int formerWindow;
    private int formerThreshold = MAX_WINDOW;

    /** {@code mss}: payload bytes of a full packet. */
    Reno(int mss) {
        this.mss = mss;
        window = CongestionControl.initialWindow(mss);
    }

    @Override
    public int window() {
        return window;
    }

    @Override
    public void shrink(int smaller) {
        mss = smaller;
    }

    @Override
    public void acknowledged(int bytes, long now, long smoothedRtt) {
        int slow = Math.min(bytes, Math.max(0, slowStartThreshold - window));
        window += slowStart.growth(slow);
        ackedInAvoidance += bytes - slow;
        if (ackedInAvoidance >= window) {
            ackedInAvoidance -= window;
            window = Math.min(window + mss, MAX_WINDOW);
        }
    }

    @Override
    public void unused(long now) {}

    @Override
    public void sampled(long rtt, int una, int next) {
        if (window < slowStartThreshold && slowStart.sampled(rtt, una, next)) {
            slowStartThreshold = window;
        }
    }

    @Override
    public void lost(int flight) {
        reduce(flight);
        window = slowStartThreshold;
    }

    @Override
    public void timedOut(int flight) {
        reduce(flight);
        window = mss;
    }

    private void reduce(int flight) {
        formerWindow = window;
        formerThreshold = slowStartThreshold;
        slowStart.end();
        slowStartThreshold = Math.max(flight / 2, 2 * mss);
        ackedInAvoidance = 0;
    }

    @Override
    public void timeOutConfirmed() {
        window = SEGMENTS_AFTER_TWO_ROUNDS * mss;
    }

    @Override
    public void undo() {
        window = Math.max(window, formerWindow);
        slowStartThreshold = Math.max(slowStartThreshold, formerThreshold);
    }

    @Override
    public void handshakeLost() {
        window = mss;
    }

    @Override
    public void idle() {
        // RFC 7661 4.4.2: what was known of the path is where slow start ends.
        slowStartThreshold = Math.max(slowStartThreshold, window - window / 4);
        window = Math.min(window, CongestionControl.initialWindow(mss));
    }
}
