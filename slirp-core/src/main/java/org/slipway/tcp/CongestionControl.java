package org.slipway.tcp;

/** How much may be in flight (RFC 5681), in bytes. */
interface CongestionControl {

    /** The congestion window. */
    int window();

    /** New data were acknowledged, outside of recovery, while the window was what limited the sender. */
    void acknowledged(int bytes);

    /** A loss was detected by duplicate acknowledgments with {@code flight} bytes outstanding. */
    void lost(int flight);

    /** The retransmission timer has expired with {@code flight} bytes outstanding, for the first time since progress. */
    void timedOut(int flight);

    /** The SYN was lost more than once (RFC 5681 3.1, RFC 6928 2). */
    void handshakeLost();

    /** Nothing was sent for longer than a retransmission time-out (RFC 5681 4.1). */
    void idle();
}
