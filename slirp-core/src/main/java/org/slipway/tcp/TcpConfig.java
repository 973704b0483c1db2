package org.slipway.tcp;

import java.util.concurrent.TimeUnit;

/**
 * What a connection may use.
 *
 * @param mss largest payload that the peer may send in one packet, header options not counted (RFC 6691): MTU − 40 on IPv4
 * @param receiveBuffer the receive window at first, in bytes
 * @param maxReceiveBuffer most bytes that wait for our user: what the window grows to on a path that can use it
 * @param sendBuffer bytes of unacknowledged data above which {@link TcpConnection#sendSpace} is 0
 * @param largestSegment most bytes of payload in one emitted segment, before a device cuts it; bounds the MSS that is used, too
 * @param timeWaitNanos how long TIME-WAIT lasts
 * @param congestion how much is sent to the peer at once
 */
public record TcpConfig(
        int mss,
        int receiveBuffer,
        int maxReceiveBuffer,
        int sendBuffer,
        int largestSegment,
        long timeWaitNanos,
        CongestionAlgorithm congestion) {

    /** A megabyte keeps 800 Mbit/s going over 10 ms; memory is used only for what waits. */
    private static final int BUFFER = 1 << 20;

    /** What a path of 1 Gbit/s and 2 ms can use, and no more than needs be for those that cannot. */
    private static final int FIRST_WINDOW = 1 << 18;

    /** An IPv4 packet holds 65,535 bytes, headers of at most 120 included. */
    private static final int LARGEST_SEGMENT = 65_535 - 120;

    /** Twice the 30 s that Linux takes as the longest life of a segment. */
    private static final long TIME_WAIT = TimeUnit.SECONDS.toNanos(60);

    /** With CUBIC, and a receive window of one size. */
    public TcpConfig(int mss, int receiveBuffer, int sendBuffer, int largestSegment, long timeWaitNanos) {
        this(mss, receiveBuffer, receiveBuffer, sendBuffer, largestSegment, timeWaitNanos, CongestionAlgorithm.CUBIC);
    }

    /** The usual values, for a peer behind a link that carries segments of {@code mss} bytes. */
    public static TcpConfig ofMss(int mss) {
        return new TcpConfig(mss, FIRST_WINDOW, BUFFER, BUFFER, LARGEST_SEGMENT, TIME_WAIT, CongestionAlgorithm.CUBIC);
    }

    /** These values, with another congestion control. */
    public TcpConfig with(CongestionAlgorithm algorithm) {
        return new TcpConfig(
                mss, receiveBuffer, maxReceiveBuffer, sendBuffer, largestSegment, timeWaitNanos, algorithm);
    }

    /** These values, with a receive window that begins with {@code initial} bytes and grows to {@code largest}. */
    public TcpConfig withReceiveWindow(int initial, int largest) {
        return new TcpConfig(mss, initial, largest, sendBuffer, largestSegment, timeWaitNanos, congestion);
    }

    /** These values, with another bound of an emitted segment and another TIME-WAIT. */
    public TcpConfig with(int largest, long timeWait) {
        return new TcpConfig(mss, receiveBuffer, maxReceiveBuffer, sendBuffer, largest, timeWait, congestion);
    }
}
