package org.slipway.tcp;

import java.util.concurrent.TimeUnit;

/** When a silent peer is to be asked whether it is still there (RFC 9293 3.8.4), in nanoseconds. */
final class KeepAlive {

    /** RFC 1122 4.2.3.6: two hours of silence. */
    private static final long IDLE = TimeUnit.HOURS.toNanos(2);

    /** Where only the peer's FIN is awaited, silence is suspect earlier. */
    private static final long FIN_WAIT_IDLE = TimeUnit.SECONDS.toNanos(60);

    private static final long INTERVAL = TimeUnit.SECONDS.toNanos(75);
    private static final int MAX_PROBES = 9;

    private long heardAt;
    private int probes;

    KeepAlive(long now) {
        heardAt = now;
    }

    /** The peer has sent something acceptable. */
    void heard(long now) {
        heardAt = now;
        probes = 0;
    }

    /** When the next probe, or giving up, is due. */
    long deadline(TcpState state) {
        return heardAt + (state == TcpState.FIN_WAIT_2 ? FIN_WAIT_IDLE : IDLE) + probes * INTERVAL;
    }

    /** A probe is due; false if enough of them were not answered. */
    boolean probe() {
        return probes++ < MAX_PROBES;
    }
}
