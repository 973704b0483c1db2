package org.slipway.capture;

import java.io.PrintStream;
import org.slipway.lan.Frame;
import org.slipway.loop.Loop;
import org.slipway.wire.DropReason;

/** Skeleton. */
public final class LiveView implements PacketSink, AutoCloseable {

    /** A view that prints to {@code out}. */
    public LiveView(PrintStream out, Loop loop) {}

    @Override
    public long packet(Frame frame, Direction direction, long epochNanos) {
        return NO_MARK;
    }

    @Override
    public void dropped(long mark, DropReason reason) {}

    /** Lines that were printed. Any thread. */
    public long shown() {
        return 0;
    }

    @Override
    public void close() {}
}
