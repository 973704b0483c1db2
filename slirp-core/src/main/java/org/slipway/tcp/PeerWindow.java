package org.slipway.tcp;

/** SND.WND, and the segment that it came with (RFC 9293 3.3.1: SND.WL1, SND.WL2), in bytes, already scaled. */
final class PeerWindow {

    /** Before the handshake is done there is room for the SYN. */
    private int size = 1;

    private int sequence;
    private int acknowledgment;
    private int largest;

    int size() {
        return size;
    }

    /** The largest that there ever was. */
    int largest() {
        return largest;
    }

    /** The window of the segment that ended the handshake. */
    void start(int seq, int ack, int bytes) {
        size = bytes;
        sequence = seq;
        acknowledgment = ack;
        largest = Math.max(largest, bytes);
    }

    /** RFC 9293 3.10.7.4, fifth: takes the window of a segment unless a later one was heard before. */
    void update(int seq, int ack, int bytes) {
        if (Seq.lessThan(sequence, seq) || sequence == seq && Seq.atMost(acknowledgment, ack)) {
            start(seq, ack, bytes);
        }
    }
}
