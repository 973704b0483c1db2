package org.slipway.tcp;

import org.jspecify.annotations.Nullable;
import org.slipway.wire.DropReason;
import org.slipway.wire.TcpHeader;

/** RFC 9293 3.10.7.4, seventh and eighth: the peer's text, in order, for our user, and the FIN behind it. */
final class TextReceiver {

    private final Receiver receiver;
    private final Lifecycle lifecycle;
    private final StreamListener listener;
    private boolean finHeard;
    private int finSequence;

    TextReceiver(Receiver receiver, Lifecycle lifecycle, StreamListener listener) {
        this.receiver = receiver;
        this.lifecycle = lifecycle;
        this.listener = listener;
    }

    /**
     * Takes the text and the FIN of an acceptable segment.
     *
     * @param first sequence number of its first byte
     * @param echoedRtt the round trip by its time stamp in nanoseconds, or -1
     * @return why some of it was not taken, or null
     */
    @Nullable
    DropReason take(Segment segment, int first, long echoedRtt, long now) {
        if (!mayReceive() || segment.payloadLength == 0 && !segment.has(TcpHeader.FIN)) {
            return null;
        }
        receiver.sawSegment(segment.payloadLength);
        int next = receiver.next;
        int start = Seq.max(first, next);
        int end = first + segment.payloadLength;
        int edge = next + receiver.window();
        if (segment.has(TcpHeader.FIN) && !finHeard && Seq.atMost(end, edge)) {
            finHeard = true;
            finSequence = end;
        }
        int length = Seq.min(end, edge) - start;
        int at = segment.payload + (start - first);
        if (finHeard) {
            length = Math.min(length, finSequence - start);
        }
        if (first != start) {
            receiver.doubled(first, Seq.min(start, end));
        }
        receiver.size.arrived(Seq.max(next, end), echoedRtt, now);
        boolean inOrder = start == next && receiver.assembler.isEmpty();
        DropReason reason = null;
        if (length > 0) {
            if (start == next) {
                receiver.delivered(length);
                listener.received(segment.buf, at, length);
            } else {
                reason = hold(start, segment, at, length);
            }
        }
        // RFC 5681 4.2: out of order, or filling a hole: acknowledge at once. So does an old or a final segment.
        if (!inOrder || length <= 0 || first != start) {
            receiver.acknowledgeNow();
        }
        deliver(now);
        return reason;
    }

    /** Keeps what came before its turn. */
    private @Nullable DropReason hold(int start, Segment segment, int at, int length) {
        ReceiveAssembler assembler = receiver.assembler;
        if (!assembler.add(start, segment.buf, at, length)) {
            return DropReason.TCP_REASSEMBLY_FULL;
        }
        if (assembler.doubledFrom != assembler.doubledTo) {
            receiver.doubled(assembler.doubledFrom, assembler.doubledTo);
        }
        return null;
    }

    /** Hands over what has come into order, and the FIN behind it. */
    void deliver(long now) {
        if (!receiver.assembler.isEmpty() && mayReceive()) {
            int from = receiver.next;
            int behind = receiver.assembler.deliver(from, listener);
            receiver.delivered(behind - from);
        }
        if (finHeard && receiver.next == finSequence && mayReceive()) {
            receiver.next++;
            receiver.acknowledgeNow();
            lifecycle.finReceived(now);
            listener.receivedFin();
        }
    }

    /** Asked anew after each call of our user, who may end the connection. */
    private boolean mayReceive() {
        return lifecycle.state().canReceive();
    }
}
