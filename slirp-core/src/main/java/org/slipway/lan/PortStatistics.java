package org.slipway.lan;

/**
 * What passed between a port and its {@link Lan}. A frame that a device has to cut counts as the frames that it becomes,
 * so these are frames and bytes as on the wire, without padding. Written by the network's loop only; values may be stale
 * elsewhere.
 */
public final class PortStatistics {

    private long framesIn;
    private long bytesIn;
    private long dropsIn;
    private long framesOut;
    private long bytesOut;
    private long dropsOut;

    PortStatistics() {}

    /** Frames that came from the port's device, those dropped included. */
    public long framesIn() {
        return framesIn;
    }

    /** Bytes of {@link #framesIn}. */
    public long bytesIn() {
        return bytesIn;
    }

    /** Frames from the device that went nowhere: malformed, or refused by the port that they were for. */
    public long dropsIn() {
        return dropsIn;
    }

    /** Frames that the port took for its device. */
    public long framesOut() {
        return framesOut;
    }

    /** Bytes of {@link #framesOut}. */
    public long bytesOut() {
        return bytesOut;
    }

    /** Frames for the device that the port dropped, whole or in part; one that was to be cut counts once. */
    public long dropsOut() {
        return dropsOut;
    }

    void countIn(long frames, long bytes) {
        framesIn += frames;
        bytesIn += bytes;
    }

    void countDropIn() {
        dropsIn++;
    }

    void countOut(long frames, long bytes) {
        framesOut += frames;
        bytesOut += bytes;
    }

    void countDropOut() {
        dropsOut++;
    }

    @Override
    public String toString() {
        return framesIn + " frames (" + bytesIn + " bytes, " + dropsIn + " dropped) in, " + framesOut + " frames ("
                + bytesOut + " bytes, " + dropsOut + " dropped) out";
    }
}
