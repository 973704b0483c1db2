package org.slipway.tcp;

/** Slow start, congestion avoidance and halving (RFC 5681 3.1, with byte counting of RFC 3465). */
final class Reno implements CongestionControl {

    /** RFC 6928: ten segments. */
    private static final int INITIAL_SEGMENTS = 10;

    /** No window needs more: the largest that window scaling can express (RFC 7323 2.3). */
    private static final int MAX_WINDOW = 1 << 30;

    private final int mss;
    private int window;
    private int slowStartThreshold = MAX_WINDOW;
    private int ackedInAvoidance;

    /** {@code mss}: payload bytes of a full packet. */
    Reno(int mss) {
        this.mss = mss;
        window = initialWindow();
    }

    private int initialWindow() {
        return Math.min(INITIAL_SEGMENTS * mss, Math.max(2 * mss, 14_600));
    }

    @Override
    public int window() {
        return window;
    }

    @Override
    public void acknowledged(int bytes) {
        // One acknowledgment covers a whole batch here, so the limit of RFC 3465 is the bytes themselves.
        int slow = Math.min(bytes, Math.max(0, slowStartThreshold - window));
        window += slow;
        ackedInAvoidance += bytes - slow;
        if (ackedInAvoidance >= window) {
            ackedInAvoidance -= window;
            window = Math.min(window + mss, MAX_WINDOW);
        }
    }

    @Override
    public void lost(int flight) {
        slowStartThreshold = Math.max(flight / 2, 2 * mss);
        window = slowStartThreshold;
        ackedInAvoidance = 0;
    }

    @Override
    public void timedOut(int flight) {
        slowStartThreshold = Math.max(flight / 2, 2 * mss);
        window = mss;
        ackedInAvoidance = 0;
    }

    @Override
    public void handshakeLost() {
        window = mss;
    }

    @Override
    public void idle() {
        window = Math.min(window, initialWindow());
    }
}
