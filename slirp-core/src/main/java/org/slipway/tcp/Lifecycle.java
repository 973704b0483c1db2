package org.slipway.tcp;

/** The state of a connection and its arrows (RFC 9293 3.3.2, figure 5), and what our user hears of its beginning and end. */
final class Lifecycle {

    static final long NEVER = Long.MAX_VALUE;

    private final Sender sender;
    private final Receiver receiver;
    private final StreamListener listener;
    private final long timeWaitNanos;

    private TcpState state;
    private boolean established;
    private boolean closedTold;
    private long timeWaitUntil = NEVER;

    Lifecycle(TcpState state, long timeWaitNanos, Sender sender, Receiver receiver, StreamListener listener) {
        this.state = state;
        this.timeWaitNanos = timeWaitNanos;
        this.sender = sender;
        this.receiver = receiver;
        this.listener = listener;
    }

    TcpState state() {
        return state;
    }

    boolean isClosed() {
        return state == TcpState.CLOSED;
    }

    boolean isTimeWait() {
        return state == TcpState.TIME_WAIT;
    }

    /** Whether the handshake was ever done. */
    boolean wasEstablished() {
        return established;
    }

    private void transition(TcpState to) {
        if (!to.mayFollow(state)) {
            throw new IllegalStateException(state + " to " + to);
        }
        state = to;
    }

    /** RFC 9293 3.5: the peer's SYN has crossed ours. */
    void synCrossed() {
        transition(TcpState.SYN_RECEIVED);
    }

    /** Our SYN is acknowledged, and the peer's has come. */
    void establish() {
        transition(TcpState.ESTABLISHED);
        established = true;
        listener.established();
    }

    /** Our FIN was sent, perhaps not for the first time. */
    void finSent() {
        switch (state) {
            case ESTABLISHED -> transition(TcpState.FIN_WAIT_1);
            case CLOSE_WAIT -> transition(TcpState.LAST_ACK);
            default -> {}
        }
    }

    /** Our FIN is acknowledged. */
    void finAcknowledged(long now) {
        switch (state) {
            case FIN_WAIT_1 -> transition(TcpState.FIN_WAIT_2);
            case CLOSING -> waitFrom(now);
            case LAST_ACK -> end(CloseCause.FINISHED);
            default -> {}
        }
    }

    /** The peer's FIN has come in order. */
    void finReceived(long now) {
        switch (state) {
            case ESTABLISHED -> transition(TcpState.CLOSE_WAIT);
            case FIN_WAIT_1 -> transition(TcpState.CLOSING);
            default -> waitFrom(now);
        }
    }

    private void waitFrom(long now) {
        transition(TcpState.TIME_WAIT);
        restartTimeWait(now);
    }

    /** RFC 9293 3.10.7.4, eighth: in TIME-WAIT a retransmitted FIN restarts the time-out. */
    void restartTimeWait(long now) {
        timeWaitUntil = now + timeWaitNanos;
    }

    /** When TIME-WAIT ends, or {@link #NEVER}. */
    long timeWaitUntil() {
        return timeWaitUntil;
    }

    /** It is over, wherever it stood: everything is released, and our user is told. */
    void end(CloseCause cause) {
        state = TcpState.CLOSED;
        sender.clear();
        receiver.assembler.clear();
        if (!closedTold) {
            closedTold = true;
            listener.closed(cause);
        }
    }

    @Override
    public String toString() {
        return state.toString();
    }
}
