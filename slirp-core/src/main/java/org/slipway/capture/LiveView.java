package org.slipway.capture;

import java.io.PrintStream;
import java.time.Duration;
import java.util.concurrent.TimeUnit;
import org.slipway.lan.Frame;
import org.slipway.loop.Loop;
import org.slipway.wire.DropReason;

/**
 * Prints one line a packet, as {@code tshark} does, from a thread of its own: number, seconds since the first packet,
 * source, destination, protocol, length, what it says, and why it was dropped. A terminal that does not take the lines
 * costs lines, which are counted, and never time of the network.
 *
 * <p>Give it to the {@link RecordingPort} of <em>every</em> port of a Lan, the gateway's included. It shows frames where
 * they come in and ignores them where they go out: each frame enters the Lan once, so it is shown once, wherever it is
 * forwarded or flooded to. (What the gateway emits is shown as emitted: large segments are not yet cut.)
 */
public final class LiveView implements PacketSink, AutoCloseable {

    /** More than any frame of an Ethernet with the usual MTU; of larger ones the headers suffice. */
    private static final int SNAP_LENGTH = 1_600;

    private static final int CHUNK_BYTES = 64 * 1_024;

    /** Together 2 MiB: no person reads faster than this fills. */
    private static final int MAX_CHUNKS = 32;

    private static final Duration CLOSE_PATIENCE = Duration.ofSeconds(2);

    private final PacketQueue queue;
    private final LoopCounter shown = new LoopCounter();
    private boolean closed;

    /** A view that prints to {@code out}, which it does not close; its thread runs until {@link #close}. */
    public LiveView(PrintStream out, Loop loop) {
        queue = new PacketQueue(
                loop, "slipway-live-view", CHUNK_BYTES, MAX_CHUNKS, SNAP_LENGTH, new Printer(out), () -> {});
        queue.start();
    }

    /** Packets that came in on any port. Any thread. */
    public long captured() {
        return queue.captured();
    }

    /** Packets whose lines were printed. Any thread. */
    public long shown() {
        return shown.value();
    }

    @Override
    public long packet(Frame frame, Direction direction, long epochNanos) {
        return direction == Direction.OUTBOUND ? NO_MARK : queue.add(frame, 0, direction, epochNanos);
    }

    @Override
    public void dropped(long mark, DropReason reason) {
        queue.dropped(mark, reason);
    }

    /**
     * Prints what is left and how many packets there were; gives up after two seconds. Called once no frame passes any
     * more, on the loop or when the loop has ended. Harmless when repeated.
     */
    @Override
    public void close() {
        if (!closed) {
            closed = true;
            queue.finish();
            queue.await(CLOSE_PATIENCE);
        }
    }

    /** The thread's part. */
    private final class Printer implements PacketQueue.Consumer {

        private static final long NANOS = TimeUnit.SECONDS.toNanos(1);

        private final PrintStream out;
        private final PacketSummary summary = new PacketSummary();
        private final StringBuilder text = new StringBuilder();
        private boolean started;
        private long firstNanos;

        Printer(PrintStream out) {
            this.out = out;
        }

        @Override
        public boolean wantsMore() {
            return true;
        }

        @Override
        public void start() {}

        @Override
        public void accept(Chunk chunk) {
            text.setLength(0);
            for (int at = 0; at < chunk.used(); at = chunk.next(at)) {
                line(chunk, at);
            }
            out.print(text);
            if (!out.checkError()) {
                shown.add(chunk.packets());
            }
        }

        private void line(Chunk chunk, int at) {
            firstNanos = started ? firstNanos : chunk.epochNanos(at);
            started = true;
            long nanos = chunk.epochNanos(at) - firstNanos;
            int number = chunk.number(at);
            padded(Integer.toUnsignedString(number), 5, ' ').append(' ');
            text.append(nanos / NANOS).append('.');
            padded(Long.toString(nanos % NANOS), 9, '0').append(' ');
            text.append(summary.describe(
                    chunk.memory(), chunk.dataAt(at), chunk.capturedLength(at), chunk.originalLength(at), number));
            DropReason reason = chunk.dropReason(at);
            if (reason != null) {
                text.append(" [dropped: ").append(reason.label()).append(']');
            }
            text.append('\n');
        }

        private StringBuilder padded(String number, int width, char padding) {
            for (int i = number.length(); i < width; i++) {
                text.append(padding);
            }
            return text.append(number);
        }

        @Override
        public void end() {
            long captured = queue.captured();
            long missing = captured - shown.value();
            out.print(packets(captured) + " captured\n" + (missing == 0 ? "" : packets(missing) + " not shown\n"));
            out.flush();
        }

        private static String packets(long count) {
            return count + (count == 1 ? " packet" : " packets");
        }
    }
}
