package org.slipway.tcp;

import java.util.concurrent.TimeUnit;

/**
 * The tail loss probe (RFC 8985 7): when acknowledgments stay away for two round trips, the last segment, or a new one, goes
 * out, so that its acknowledgment shows what is missing long before the retransmission timer expires.
 */
final class TailProbe {

    static final long NEVER = Long.MAX_VALUE;

    /** RFC 8985 7.2: a single segment's acknowledgment may be delayed. */
    private static final long MAX_ACK_DELAY = TimeUnit.MILLISECONDS.toNanos(200);

    /** For the peer's scheduler, where the round trip is microseconds. */
    private static final long ALLOWANCE = TimeUnit.MILLISECONDS.toNanos(10);

    private static final long WITHOUT_RTT = TimeUnit.SECONDS.toNanos(1);

    private long at = NEVER;

    /** TLP.end_seq and TLP.is_retrans, if a probe is under way. */
    private boolean underWay;

    private int end;
    private boolean repetition;

    /** Whether something has happened that a new probe is armed for. */
    private boolean wanted;

    /** When the probe is due, or {@link #NEVER}. */
    long deadline() {
        return at;
    }

    boolean isDue(long now) {
        return at != NEVER && now - at >= 0;
    }

    boolean isUnderWay() {
        return underWay;
    }

    /** RFC 8985 7.2: arms it, for not later than {@code retransmissionAt}. */
    void arm(long now, long smoothedRtt, boolean oneSegment, long retransmissionAt) {
        long wait = smoothedRtt < 0 ? WITHOUT_RTT : 2 * smoothedRtt + (oneSegment ? MAX_ACK_DELAY : ALLOWANCE);
        long wanted = now + wait;
        at = wanted - retransmissionAt < 0 ? wanted : retransmissionAt;
    }

    /** RFC 8985 7.2: new data were sent, or acknowledged. */
    void want() {
        wanted = true;
    }

    /** Whether something has happened since this was last asked that a probe is to be armed for. */
    boolean takeWanted() {
        boolean was = wanted;
        wanted = false;
        return was;
    }

    void disarm() {
        at = NEVER;
    }

    /** The probe was sent, and ends before {@code seq}. */
    void sent(int seq, boolean again) {
        at = NEVER;
        wanted = false;
        underWay = true;
        end = seq;
        repetition = again;
    }

    /**
     * RFC 8985 7.4.2; true if the probe has repaired a loss that nobody else has seen.
     *
     * @param una the cumulative acknowledgment
     * @param doubled whether the peer reports something that it got twice
     * @param bare whether it is a duplicate acknowledgment without any report
     */
    boolean acknowledged(int una, boolean doubled, boolean bare) {
        if (!underWay || Seq.lessThan(una, end)) {
            return false;
        }
        if (!repetition || doubled || bare) {
            underWay = false;
            return false;
        }
        boolean repaired = Seq.lessThan(end, una);
        underWay = !repaired;
        return repaired;
    }

    /** Recovery has begun: the probe is a segment as any other. */
    void forget() {
        underWay = false;
        at = NEVER;
    }
}
