package org.slipway.capture;

import org.slipway.lan.Frame;
import org.slipway.wire.DropReason;

/**
 * Takes copies of the frames that pass one port: a recording's interface, the live view. On the network's loop only;
 * implementations never block.
 */
public interface PacketSink {

    /** The mark of a packet that is not kept. */
    long NO_MARK = -1;

    /**
     * A frame passes. It is borrowed: the sink copies what it wants before it returns.
     *
     * @param epochNanos when it passes, in nanoseconds since 1970
     * @return a mark for {@link #dropped}, valid until this turn of the loop ends, or {@link #NO_MARK}
     */
    long packet(Frame frame, Direction direction, long epochNanos);

    /** The packet that got {@code mark} went no further; what followed from it may have been taken in between. */
    void dropped(long mark, DropReason reason);
}
