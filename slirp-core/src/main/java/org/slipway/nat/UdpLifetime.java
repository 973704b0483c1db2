package org.slipway.nat;

import java.util.concurrent.TimeUnit;

/**
 * How long a mapping lives that nobody uses, by what it was used for (RFC 4787 4.3). Datagrams of both directions keep it alive
 * (REQ-6).
 */
final class UdpLifetime {

    /** REQ-5: not less than two minutes, while there is no answer. */
    static final long UNANSWERED_NANOS = TimeUnit.MINUTES.toNanos(2);

    /** REQ-5 c: five minutes or more are recommended; for what goes both ways. */
    static final long STREAM_NANOS = TimeUnit.MINUTES.toNanos(5);

    /** REQ-5 a: less is allowed for well-known ports. A resolver's answer is the end of it, but for the other one's. */
    static final long DNS_NANOS = TimeUnit.SECONDS.toNanos(10);

    private static final int DNS_PORT = 53;

    private boolean onlyDns = true;
    private boolean answered;

    /** The guest has sent to a port. */
    void sent(int port) {
        onlyDns &= port == DNS_PORT;
    }

    /** The guest was sent something. */
    void received() {
        answered = true;
    }

    /** Nanoseconds without use after which the mapping ends. */
    long idleNanos() {
        if (!answered) {
            return UNANSWERED_NANOS;
        }
        return onlyDns ? DNS_NANOS : STREAM_NANOS;
    }
}
