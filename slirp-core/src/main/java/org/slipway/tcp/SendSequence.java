package org.slipway.tcp;

/** The send sequence variables (RFC 9293 3.3.1), the bytes of our user that they number, and the FIN behind these. */
final class SendSequence {

    final SendBuffer buffer;
    final int iss;

    /** SND.UNA, SND.NXT, and the highest SND.NXT there was: one more while a probe of a closed window is out. */
    int una;

    int next;
    int max;

    private boolean finQueued;
    private boolean finAcknowledged;

    SendSequence(SendBuffer buffer, int iss) {
        this.buffer = buffer;
        this.iss = iss;
        una = iss;
        next = iss;
        max = iss;
    }

    /** Whether our SYN is not acknowledged yet. */
    boolean isHandshake() {
        return una == iss;
    }

    /** A FIN is to follow all that is in the buffer. */
    void finish() {
        finQueued = true;
    }

    boolean isFinishing() {
        return finQueued;
    }

    /** Whether a FIN is to be sent, or to be sent again. */
    boolean isFinDue() {
        return finQueued && !finAcknowledged;
    }

    /** Whether our FIN has been sent. */
    boolean isFinSent() {
        return finQueued && Seq.lessThan(dataEnd(), max);
    }

    /** Whether our FIN has been acknowledged. */
    boolean isFinAcknowledged() {
        return finAcknowledged;
    }

    /** The sequence number of the first byte in the buffer. */
    int dataStart() {
        return una == iss ? iss + 1 : una;
    }

    /** The sequence number behind the last byte in the buffer: that of our FIN, if there is one. */
    int dataEnd() {
        return finAcknowledged ? una - 1 : dataStart() + buffer.length();
    }

    /** Bytes that were never sent. */
    int unsent() {
        return dataEnd() - next;
    }

    /** Everything before {@code ack}, which is new, is acknowledged. */
    void acknowledge(int ack) {
        int end = dataEnd();
        int from = dataStart();
        finAcknowledged = finQueued && Seq.lessThan(end, ack);
        int bytes = Seq.min(ack, end) - from;
        if (bytes > 0) {
            buffer.acknowledge(bytes);
        }
        una = ack;
        next = Seq.max(next, una);
    }

    /** Everything before {@code seq} has been sent at least once. */
    void sentTo(int seq) {
        max = Seq.max(max, seq);
    }
}
