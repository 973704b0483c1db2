package org.slipway.tcp;

/**
 * The window during fast recovery (RFC 6937, Proportional Rate Reduction): what leaves the network lets out less than itself,
 * until only the new slow-start threshold is in flight, and as much or a segment more below that.
 */
final class RateReduction {

    private int mss;
    private int flightAtStart;
    private int threshold;
    private int delivered;
    private int sent;
    private int window;

    /** Recovery begins with {@code flight} bytes outstanding, and is to end with {@code threshold}. */
    void start(int flight, int threshold, int mss) {
        this.mss = mss;
        this.threshold = threshold;
        flightAtStart = Math.max(1, flight);
        delivered = 0;
        sent = 0;
    }

    /**
     * An acknowledgment has delivered {@code bytes}, after which {@code pipe} are in the network.
     *
     * @param repairing it was cumulative and told of no further loss (RFC 6937 3, and its errata: else be conservative)
     */
    void acknowledged(int bytes, int pipe, boolean repairing) {
        delivered += bytes;
        int allowed;
        if (pipe > threshold) {
            allowed = (int) (((long) delivered * threshold + flightAtStart - 1) / flightAtStart) - sent;
        } else {
            allowed = Math.max(delivered - sent, bytes) + (repairing ? mss : 0);
            allowed = Math.min(threshold - pipe, allowed);
        }
        // The first repetition goes at once.
        window = pipe + Math.max(sent == 0 ? mss : 0, allowed);
    }

    /** RFC 6582 3.2, step 3: a partial acknowledgment lets the next hole out, whatever the rate. */
    void allowOne(int pipe) {
        window = Math.max(window, pipe + mss);
    }

    /** {@code bytes} were sent. */
    void sent(int bytes) {
        sent += bytes;
    }

    /** The congestion window for now. */
    int window() {
        return window;
    }
}
