package org.slipway.tcp;

/** The states of a connection (RFC 9293 3.3.2). There is no LISTEN: a connection begins with its SYN. */
public enum TcpState {
    /** Waits for the peer's SYN after having sent one. */
    SYN_SENT,
    /** Waits for the acknowledgment of our SYN after having received one. */
    SYN_RECEIVED,
    /** Data pass both ways. */
    ESTABLISHED,
    /** Waits for the acknowledgment of our FIN, or for the peer's FIN. */
    FIN_WAIT_1,
    /** Our FIN is acknowledged; waits for the peer's FIN while its data still arrive. */
    FIN_WAIT_2,
    /** The peer has sent its FIN; waits for our user to close. */
    CLOSE_WAIT,
    /** Both FINs were sent at once; waits for the acknowledgment of ours. */
    CLOSING,
    /** Waits for the acknowledgment of our FIN, the peer's having come before. */
    LAST_ACK,
    /** Waits until no segment of this connection can be in the network any more. */
    TIME_WAIT,
    /** It is over. */
    CLOSED;

    /** Whether both SYNs are acknowledged (RFC 9293: "synchronized state"). */
    public boolean isSynchronized() {
        return this != SYN_SENT && this != SYN_RECEIVED && this != CLOSED;
    }

    /** Whether data of ours, new or again, and our FIN may be sent. */
    boolean canSend() {
        return switch (this) {
            case ESTABLISHED, CLOSE_WAIT, FIN_WAIT_1, CLOSING, LAST_ACK -> true;
            default -> false;
        };
    }

    /** Whether data of the peer are taken. */
    boolean canReceive() {
        return this == ESTABLISHED || this == FIN_WAIT_1 || this == FIN_WAIT_2;
    }

    /** Whether this state may follow on {@code before} (the arrows of RFC 9293 figure 5; anything may end). */
    boolean mayFollow(TcpState before) {
        return switch (this) {
            case SYN_SENT -> false;
            case SYN_RECEIVED -> before == SYN_SENT;
            case ESTABLISHED -> before == SYN_SENT || before == SYN_RECEIVED;
            case FIN_WAIT_1, CLOSE_WAIT -> before == ESTABLISHED;
            case FIN_WAIT_2, CLOSING -> before == FIN_WAIT_1;
            case LAST_ACK -> before == CLOSE_WAIT;
            case TIME_WAIT -> before == FIN_WAIT_1 || before == FIN_WAIT_2 || before == CLOSING;
            case CLOSED -> before != CLOSED;
        };
    }

    /** As the RFC writes it: {@code "FIN-WAIT-1"}. */
    @Override
    public String toString() {
        return name().replace('_', '-');
    }
}
