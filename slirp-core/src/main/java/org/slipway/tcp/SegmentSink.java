package org.slipway.tcp;

/** Where a connection's segments go: the IP layer, or a simulated wire. */
@FunctionalInterface
public interface SegmentSink {

    /**
     * Sends a segment, whose payload may be longer than one packet holds ({@link Segment#segmentBytes}). The segment and
     * its payload are borrowed: valid until this method returns; retain the buffer to keep bytes.
     */
    void send(Segment segment);
}
