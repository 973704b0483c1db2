package org.slipway.nat;

/** What passed in one flow. On the network's loop only. */
final class FlowTraffic {

    /** When the flow began, in nanoseconds of the loop's clock. */
    final long beganAt;

    /** When something last passed, in nanoseconds of the loop's clock. */
    long usedAt;

    long packetsFromGuest;
    long bytesFromGuest;
    long packetsToGuest;
    long bytesToGuest;

    FlowTraffic(long nowNanos) {
        beganAt = nowNanos;
        usedAt = nowNanos;
    }

    /** The guest sent a packet with so many {@code bytes} of data. */
    void fromGuest(int bytes, long nowNanos) {
        packetsFromGuest++;
        bytesFromGuest += bytes;
        usedAt = nowNanos;
    }

    /** The guest was sent a packet with so many {@code bytes} of data. */
    void toGuest(int bytes, long nowNanos) {
        packetsToGuest++;
        bytesToGuest += bytes;
        usedAt = nowNanos;
    }
}
