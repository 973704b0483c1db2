package org.slipway.tcp;

/** How a connection ended. */
public enum CloseCause {
    /** Both sides have sent a FIN, and both were acknowledged. */
    FINISHED,
    /** The peer has reset it, or refused it. */
    RESET,
    /** Our user has aborted it. */
    ABORTED,
    /** It was not established, and ICMP says that the peer cannot be reached (RFC 1122 4.2.3.9). */
    UNREACHABLE,
    /** The peer does not answer (RFC 9293 3.8.3: R2 reached). */
    TIMED_OUT
}
