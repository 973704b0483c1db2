package org.slipway.tcp;

import java.util.concurrent.TimeUnit;

/** How many acknowledgments may answer segments that are perhaps forged (RFC 5961 7). */
final class ChallengeLimit {

    private static final int CHALLENGES_A_SECOND = 10;

    private long second;
    private int challenges;

    /** Whether one more may be sent now. */
    boolean allows(long now) {
        long current = TimeUnit.NANOSECONDS.toSeconds(now);
        if (current != second) {
            second = current;
            challenges = 0;
        }
        return challenges++ < CHALLENGES_A_SECOND;
    }
}
