package org.slipway.tcp;

/** How much may be in flight (RFC 5681), in bytes; times in nanoseconds. */
interface CongestionControl {

    /** No window needs more: the largest that window scaling can express (RFC 7323 2.3). */
    int MAX_WINDOW = 1 << 30;

    /** RFC 6928: ten segments. */
    int INITIAL_SEGMENTS = 10;

    /** RFC 5682 2.1, step 3a: the window that a time-out leaves after two round trips. */
    int SEGMENTS_AFTER_TWO_ROUNDS = 3;

    /** RFC 6928 2, for packets of {@code mss} bytes. */
    static int initialWindow(int mss) {
        return Math.min(INITIAL_SEGMENTS * mss, Math.max(2 * mss, 14_600));
    }

    /** The congestion window. */
    int window();

    /** Packets hold no more than {@code mss} bytes from now on, which is less than before; the window stays as it is. */
    void shrink(int mss);

    /** New data were acknowledged, outside of recovery, while the window was what limited the sender (RFC 7661). */
    void acknowledged(int bytes, long now, long smoothedRtt);

    /** New data were acknowledged while something else was the limit: the window has not been tried. */
    void unused(long now);

    /**
     * A round-trip time was measured (RFC 9406).
     *
     * @param una what is acknowledged now
     * @param next what will be sent next
     */
    void sampled(long rtt, int una, int next);

    /** A loss was detected from acknowledgments with {@code flight} bytes outstanding. */
    void lost(int flight);

    /** The retransmission timer has expired with {@code flight} bytes outstanding, for the first time since progress. */
    void timedOut(int flight);

    /**
     * Two round trips after a time-out it is clear that something was lost, and new data had gone first: slow start goes on as
     * if it had repeated instead (RFC 5682 2.1, step 3a).
     */
    void timeOutConfirmed();

    /** The last loss or time-out was none: all is as it was before it (RFC 4015). */
    void undo();

    /** The SYN was lost more than once (RFC 5681 3.1, RFC 6928 2). */
    void handshakeLost();

    /** Nothing was sent for longer than a retransmission time-out (RFC 5681 4.1). */
    void idle();
}
