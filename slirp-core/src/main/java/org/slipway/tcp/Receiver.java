package org.slipway.tcp;

import io.netty.buffer.ByteBufAllocator;
import java.util.concurrent.TimeUnit;
import org.slipway.wire.TcpOptions;

/** The receiving half of a connection (RFC 9293 3.3.1, receive sequence variables): order, window, acknowledgments. */
final class Receiver {

    /** RFC 9293 3.8.6.3 allows 500 ms; Linux takes 40. */
    static final long DELAYED_ACK_NANOS = TimeUnit.MILLISECONDS.toNanos(40);

    /** RFC 7323 5.5: after 24 days without a segment a time stamp says nothing. */
    private static final long TIMESTAMP_LIFETIME = TimeUnit.DAYS.toNanos(24);

    /** RFC 9293 3.7.1: every link carries segments of this size. */
    private static final int SMALLEST_FULL_SEGMENT = 536;

    static final long NEVER = Long.MAX_VALUE;

    final ReceiveAssembler assembler;
    final ReceiveWindow size;
    private final int mss;

    /** RCV.NXT. */
    int next;

    /** Our window scale, or 0 if the peer does not scale. */
    int windowScale;

    boolean sack;
    boolean timestamps;

    /** TS.Recent (RFC 7323 4.3). */
    int timestampRecent;

    private long timestampRecentAt;
    private int rightEdge;
    private int unconsumed;
    private int lastAckSent;
    private boolean ackNow;
    private int unacknowledgedBytes;

    /** What came twice, to be reported once (RFC 2883); empty if nothing did. */
    private int doubledFrom;

    private int doubledTo;

    /** The largest segment of the peer so far, {@link #mss} at most: its MSS is often less than what we allow. */
    private int fullSegment;

    private long ackAt = NEVER;

    Receiver(TcpConfig config, ByteBufAllocator allocator) {
        assembler = new ReceiveAssembler(allocator);
        mss = config.mss();
        size = new ReceiveWindow(config.receiveBuffer(), config.maxReceiveBuffer(), mss);
        fullSegment = Math.min(mss, SMALLEST_FULL_SEGMENT);
    }

    /** The least scale with which our largest window can be told (RFC 7323 2.3). */
    static int scaleFor(int capacity) {
        int scale = 0;
        while (scale < TcpOptions.MAX_WINDOW_SCALE && capacity >> scale > 0xffff) {
            scale++;
        }
        return scale;
    }

    /** Bytes that our user has not got rid of. */
    int unconsumed() {
        return unconsumed;
    }

    /** Bytes that our user has not got rid of, and those that came before their turn. */
    int held() {
        return unconsumed + assembler.bytes();
    }

    /** The peer's SYN had sequence number {@code irs}. */
    void start(int irs) {
        next = irs + 1;
        lastAckSent = next;
        rightEdge = next;
    }

    /** Our SYN has told a window of {@code bytes}. */
    void offered(int bytes) {
        rightEdge = next + bytes;
    }

    /** Bytes that the peer may still send, from {@link #next} on. */
    int window() {
        // A FIN is taken at the very edge, and then stands beyond it.
        return Math.max(0, rightEdge - next);
    }

    /** RFC 9293 3.10.7.4: whether a segment stands, at least in part, in the window. */
    boolean acceptable(int seq, int length) {
        int window = window();
        if (length == 0) {
            // At the edge, too: there stand the acknowledgments of a peer that has filled the window.
            return Seq.inWindow(seq, next, window + 1);
        }
        return window > 0 && (Seq.inWindow(seq, next, window) || Seq.inWindow(seq + length - 1, next, window));
    }

    /** RFC 7323 5.3, R1: whether the segment's time stamp is older than what has been seen. */
    boolean isOld(TcpOptions options, long now) {
        return timestamps
                && options.timestamps
                && Seq.lessThan(options.timestampValue, timestampRecent)
                && now - timestampRecentAt < TIMESTAMP_LIFETIME;
    }

    /** RFC 7323 4.3 (2): remembers the time stamp to echo. */
    void rememberTimestamp(int seq, TcpOptions options, long now) {
        if (timestamps
                && options.timestamps
                && Seq.atMost(timestampRecent, options.timestampValue)
                && Seq.atMost(seq, lastAckSent)) {
            timestampRecent = options.timestampValue;
            timestampRecentAt = now;
        }
    }

    /** The SYN's time stamp. */
    void startTimestamps(int value, long now) {
        timestamps = true;
        timestampRecent = value;
        timestampRecentAt = now;
    }

    /** A segment with {@code payloadLength} bytes has come. */
    void sawSegment(int payloadLength) {
        fullSegment = Math.max(fullSegment, Math.min(payloadLength, mss));
    }

    /** Bytes have gone to the user, which holds them. */
    void delivered(int bytes) {
        next += bytes;
        unconsumed += bytes;
        unacknowledgedBytes += bytes;
    }

    /** The user has got rid of {@code bytes}; true if the peer should hear of the larger window. */
    boolean consumed(int bytes) {
        unconsumed -= bytes;
        size.consumed(bytes);
        // A segment's worth if the peer stands still without (RFC 9293 3.8.6.2.2); else its worth of an acknowledgment.
        return growth() >= Math.min(limit() / 2, window() < mss ? mss : 2 * mss);
    }

    /** The largest window that can be told: what the peer cannot know of is not open to anybody who guesses. */
    private int limit() {
        return (int) Math.min(size.size(), 0xffffL << windowScale);
    }

    private int growth() {
        return next + limit() - unconsumed - rightEdge;
    }

    /** The peer has sent again what stands from {@code from} up to {@code to}. */
    void doubled(int from, int to) {
        doubledFrom = from;
        doubledTo = to;
    }

    /** Adds what the peer should hear of disorder: what came twice (RFC 2883), and what is held (RFC 2018). */
    void reportTo(TcpOptions options) {
        if (!sack) {
            return;
        }
        if (doubledFrom != doubledTo) {
            options.addSack(doubledFrom, doubledTo);
            doubledTo = doubledFrom;
        }
        if (!assembler.isEmpty()) {
            assembler.reportTo(options);
        }
    }

    /** An acknowledgment is due at once. */
    void acknowledgeNow() {
        ackNow = true;
    }

    /** Whether a segment must go out now for the sake of its acknowledgment; else arms the delayed one. */
    boolean ackDue(long now) {
        if (ackNow || unacknowledgedBytes >= 2 * fullSegment || now - ackAt >= 0 && ackAt != NEVER) {
            return true;
        }
        if (unacknowledgedBytes > 0 && ackAt == NEVER) {
            ackAt = now + DELAYED_ACK_NANOS;
        }
        return false;
    }

    /** When a delayed acknowledgment is due, or {@link #NEVER}. */
    long deadline() {
        return ackAt;
    }

    /**
     * The window to tell in the segment that goes out now, in bytes. It never takes back what was told (RFC 9293 3.8.6), and
     * opens in steps that are worth a segment (3.8.6.2.2).
     */
    int advertise() {
        if (growth() >= Math.min(limit() / 2, mss)) {
            rightEdge = next + limit() - unconsumed;
        }
        lastAckSent = next;
        ackNow = false;
        unacknowledgedBytes = 0;
        ackAt = NEVER;
        return window();
    }
}
