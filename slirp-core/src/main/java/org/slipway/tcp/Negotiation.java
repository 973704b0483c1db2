package org.slipway.tcp;

import org.slipway.wire.TcpOptions;

/** What the two SYNs agree on: options hold only if both have them (RFC 9293 3.2, RFC 7323 1.3, RFC 2018 2). */
final class Negotiation {

    /** RFC 9293 3.7.1: without an MSS option. */
    private static final int DEFAULT_MSS = 536;

    /** A peer that asks for less gets this: the least that Linux sends, too. */
    private static final int MIN_MSS = 88;

    /** RFC 7323 3.2, appendix A: time stamps with their padding. */
    private static final int TIMESTAMPS_LENGTH = 12;

    private final TcpConfig config;
    private boolean scales = true;
    private boolean sack = true;
    private boolean timestamps = true;
    private int peerWindowScale;
    private int mss;

    /** Before the peer was heard everything is offered. */
    Negotiation(TcpConfig config) {
        this.config = config;
        mss = config.mss();
    }

    /** Takes the options of the peer's SYN. */
    void heard(TcpOptions options) {
        scales = options.windowScale >= 0;
        sack = options.sackPermitted;
        timestamps = options.timestamps;
        peerWindowScale = scales ? options.windowScale : 0;
        int offered = options.mss < 0 ? DEFAULT_MSS : Math.max(options.mss, MIN_MSS);
        mss = Math.min(offered, Math.min(config.mss(), config.largestSegment()));
    }

    /** The way to the peer carries packets with no more than {@code bytes} of options and payload; false if that is no news. */
    boolean limit(int bytes) {
        int least = Math.max(bytes, MIN_MSS);
        if (least >= mss) {
            return false;
        }
        mss = least;
        return true;
    }

    boolean scales() {
        return scales;
    }

    boolean sack() {
        return sack;
    }

    boolean timestamps() {
        return timestamps;
    }

    /** By how much the windows that the peer tells are shifted, its SYN's excepted. */
    int peerWindowScale() {
        return peerWindowScale;
    }

    /** Bytes of options and payload that a packet to the peer may have (RFC 6691). */
    int mss() {
        return mss;
    }

    /** Bytes of payload of a full packet to the peer. */
    int payloadBytes() {
        return timestamps ? mss - TIMESTAMPS_LENGTH : mss;
    }
}
