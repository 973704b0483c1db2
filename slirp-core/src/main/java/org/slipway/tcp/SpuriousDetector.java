package org.slipway.tcp;

import java.util.concurrent.TimeUnit;

/**
 * Whether what was sent again had not been lost: its acknowledgment echoes the time stamp of the first transmission (RFC 3522,
 * Eifel), or the peer reports that it got all of it twice (RFC 3708). Then the congestion window is given back (RFC 4015).
 */
final class SpuriousDetector {

    private boolean watching;
    private boolean echoAwaited;
    private long repeatedAt;
    private long repeatedBytes;
    private long doubleBytes;

    /** A recovery begins. */
    void begin() {
        watching = true;
        echoAwaited = false;
        repeatedBytes = 0;
        doubleBytes = 0;
    }

    /** Something was sent again. */
    void repeated(int bytes, long now) {
        if (watching && repeatedBytes == 0) {
            repeatedAt = now;
            echoAwaited = true;
        }
        repeatedBytes += bytes;
    }

    /**
     * The first cumulative acknowledgment since something was sent again tells; later ones do not.
     *
     * @param echoedRtt the age of the time stamp echoed, in whole milliseconds as nanoseconds, or -1
     */
    boolean isProvenByEcho(long echoedRtt, long now) {
        boolean proven = watching
                && echoAwaited
                && echoedRtt >= 0
                && millis(now) - TimeUnit.NANOSECONDS.toMillis(echoedRtt) < millis(repeatedAt);
        echoAwaited = false;
        return proven;
    }

    private static long millis(long nanos) {
        return TimeUnit.NANOSECONDS.toMillis(nanos);
    }

    /** The peer has got {@code bytes} twice; true if that is all that was sent again. */
    boolean isProvenByDuplicate(int bytes) {
        doubleBytes += bytes;
        return watching && repeatedBytes > 0 && doubleBytes >= repeatedBytes;
    }

    /** It was proven, or can no more be. */
    void end() {
        watching = false;
        echoAwaited = false;
    }
}
