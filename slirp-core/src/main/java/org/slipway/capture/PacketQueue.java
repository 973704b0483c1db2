package org.slipway.capture;

import java.time.Duration;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.List;
import java.util.Queue;
import java.util.concurrent.ArrayBlockingQueue;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.TimeUnit;
import org.jspecify.annotations.Nullable;
import org.slipway.lan.Frame;
import org.slipway.loop.Loop;
import org.slipway.loop.Timer;
import org.slipway.wire.DropReason;

/**
 * A bounded way for copies of packets from the loop to a thread that may block. The loop copies into chunks; full chunks
 * change hands at the end of a turn, a begun one after {@link #HAND_OVER_NANOS}, unless the thread is behind. When all
 * chunks are full the packet is lost, and counted: the loop never waits.
 */
final class PacketQueue {

    /** How long a packet waits in a begun chunk: short for a person who looks on, rare enough to cost nothing. */
    static final long HAND_OVER_NANOS = TimeUnit.MILLISECONDS.toNanos(100);

    /** What the queue's own thread does. */
    interface Consumer {

        /** Whether packets are still of use; if not, they are lost without being copied. Any thread. */
        boolean wantsMore();

        /** The thread has started. */
        void start();

        /** Works through a chunk, which is the consumer's until this returns. */
        void accept(Chunk chunk);

        /** All chunks were accepted; the thread ends. */
        void end();
    }

    /** Stands behind the last chunk. */
    private static final Chunk END = new Chunk(-1, 0);

    private final Loop loop;
    private final int chunkBytes;
    private final int maxChunks;
    private final int snapLength;
    private final Consumer consumer;
    private final Runnable onTick;
    private final Thread thread;

    private final List<Chunk> chunks = new ArrayList<>();
    private final Queue<Chunk> full = new ArrayDeque<>();
    private final BlockingQueue<Chunk> filled;
    private final BlockingQueue<Chunk> free;
    private @Nullable Chunk filling;
    private @Nullable Timer timer;
    private boolean handOverAsked;
    private boolean closed;

    private final LoopCounter captured = new LoopCounter();
    private final LoopCounter lost = new LoopCounter();

    /**
     * A queue whose thread is not started yet.
     *
     * @param chunkBytes size of a chunk, more than {@code snapLength}
     * @param maxChunks how many chunks there are at most; they are made when needed
     * @param snapLength how many bytes of a packet are copied at most
     * @param onTick run on the loop soon after the thread may have done something
     */
    PacketQueue(
            Loop loop,
            String threadName,
            int chunkBytes,
            int maxChunks,
            int snapLength,
            Consumer consumer,
            Runnable onTick) {
        this.loop = loop;
        this.chunkBytes = chunkBytes;
        this.maxChunks = maxChunks;
        this.snapLength = snapLength;
        this.consumer = consumer;
        this.onTick = onTick;
        filled = new ArrayBlockingQueue<>(maxChunks + 1);
        free = new ArrayBlockingQueue<>(maxChunks);
        thread = new Thread(this::consume, threadName);
        // A thread that hangs in a write for ever must not keep the process.
        thread.setDaemon(true);
    }

    /** Starts the thread. */
    void start() {
        thread.start();
    }

    /** Packets that were added, lost ones included. Any thread. */
    long captured() {
        return captured.value();
    }

    /** Packets that found no room. Any thread. */
    long lost() {
        return lost.value();
    }

    /** Copies a frame. Returns a mark for {@link #dropped}, or {@link PacketSink#NO_MARK} if it is lost. */
    long add(Frame frame, int interfaceId, Direction direction, long epochNanos) {
        captured.add(1);
        int length = Math.min(frame.length(), snapLength);
        Chunk chunk = closed || !consumer.wantsMore() ? null : chunkFor(length);
        if (chunk == null) {
            lost.add(1);
            return PacketSink.NO_MARK;
        }
        int at = chunk.add(frame, length, interfaceId, direction, epochNanos, (int) captured.value());
        armTimer();
        return (long) chunk.id() << 32 | at;
    }

    /** Notes why the packet with {@code mark} went no further, if it is still here. */
    void dropped(long mark, DropReason reason) {
        Chunk chunk = chunks.get((int) (mark >>> 32));
        if (chunk.isFilling()) {
            chunk.dropped((int) mark, reason);
        }
    }

    private @Nullable Chunk chunkFor(int length) {
        Chunk current = filling;
        if (current != null && current.fits(length)) {
            return current;
        }
        if (current != null) {
            full.add(current);
            filling = null;
            askHandOver();
        }
        Chunk empty = free.poll();
        if (empty == null && chunks.size() < maxChunks) {
            empty = new Chunk(chunks.size(), chunkBytes);
            chunks.add(empty);
        }
        if (empty != null) {
            empty.startFilling();
        }
        filling = empty;
        return empty;
    }

    /** Not before the turn ends: until then drop reasons may come for packets in full chunks. */
    private void askHandOver() {
        if (!handOverAsked) {
            handOverAsked = true;
            loop.endOfTurn(this::handOverFull);
        }
    }

    private void handOverFull() {
        handOverAsked = false;
        for (Chunk chunk = full.poll(); chunk != null; chunk = full.poll()) {
            handOver(chunk);
        }
    }

    private void handOver(Chunk chunk) {
        chunk.stopFilling();
        filled.add(chunk);
    }

    /** Makes sure that {@code onTick} runs soon. */
    void armTimer() {
        if (timer == null && !closed) {
            timer = loop.schedule(HAND_OVER_NANOS, this::tick);
        }
    }

    private void tick() {
        timer = null;
        if (closed) {
            return;
        }
        handOverFull();
        Chunk begun = filling;
        // A thread that is behind gets whole chunks only, or a slow trickle would use up all of them.
        if (begun != null && filled.isEmpty()) {
            filling = null;
            handOver(begun);
        }
        onTick.run();
        if (filling != null || free.size() < chunks.size()) {
            armTimer();
        }
    }

    /**
     * Hands over what is left; the thread ends when it has worked through it. Called once no frame passes any more, on the
     * loop or when the loop has ended. Harmless when repeated.
     */
    void finish() {
        if (!closed) {
            closed = true;
            Timer armed = timer;
            if (armed != null) {
                armed.cancel();
            }
            handOverFull();
            Chunk begun = filling;
            if (begun != null) {
                filling = null;
                handOver(begun);
            }
            filled.add(END);
        }
    }

    /**
     * Waits after {@link #finish} until the thread is done, or {@code patience} is over. Any thread. Whether the thread is
     * done.
     */
    boolean await(Duration patience) {
        try {
            thread.join(Math.max(1, patience.toMillis()));
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
        return !thread.isAlive();
    }

    private void consume() {
        consumer.start();
        try {
            for (Chunk chunk = filled.take(); chunk != END; chunk = filled.take()) {
                consumer.accept(chunk);
                free.add(chunk);
            }
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
        consumer.end();
    }
}
