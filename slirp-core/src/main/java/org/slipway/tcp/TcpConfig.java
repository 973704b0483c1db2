package org.slipway.tcp;

import java.util.concurrent.TimeUnit;

/**
 * What a connection may use.
 *
 * @param mss largest payload that the peer may send in one packet, header options not counted (RFC 6691): MTU − 40 on IPv4
 * @param receiveBuffer most bytes that wait for our user: the largest receive window, in bytes
 * @param sendBuffer bytes of unacknowledged data above which {@link TcpConnection#sendSpace} is 0
 * @param largestSegment most bytes of payload in one emitted segment, before a device cuts it; bounds the MSS that is used, too
 * @param timeWaitNanos how long TIME-WAIT lasts
 * @param congestion how much is sent to the peer at once
 */
public record TcpConfig(
        int mss,
        int receiveBuffer,
        int sendBuffer,
        int largestSegment,
        long timeWaitNanos,
        CongestionAlgorithm congestion) {

    /** A megabyte keeps 800 Mbit/s going over 10 ms; memory is used only for what waits. */
    private static final int BUFFER = 1 << 20;

    /** An IPv4 packet holds 65,535 bytes, headers of at most 120 included. */
    private static final int LARGEST_SEGMENT = 65_535 - 120;

    /** Twice the 30 s that Linux takes as the longest life of a segment. */
    private static final long TIME_WAIT = TimeUnit.SECONDS.toNanos(60);

    /** With CUBIC. */
    public TcpConfig(int mss, int receiveBuffer, int sendBuffer, int largestSegment, long timeWaitNanos) {
        this(mss, receiveBuffer, sendBuffer, largestSegment, timeWaitNanos, CongestionAlgorithm.CUBIC);
    }

    /** The usual values, for a peer behind a link that carries segments of {@code mss} bytes. */
    public static TcpConfig ofMss(int mss) {
        return new TcpConfig(mss, BUFFER, BUFFER, LARGEST_SEGMENT, TIME_WAIT);
    }

    /** These values, with another congestion control. */
    public TcpConfig with(CongestionAlgorithm algorithm) {
        return new TcpConfig(mss, receiveBuffer, sendBuffer, largestSegment, timeWaitNanos, algorithm);
    }
}
