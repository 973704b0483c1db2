package org.slipway.link;

import io.netty.buffer.ByteBuf;
import io.netty.channel.Channel;
import org.jspecify.annotations.Nullable;
import org.slipway.lan.Frame;
import org.slipway.loop.Loop;
import org.slipway.wire.EthernetFrame;

/**
 * Frames on their way to a guest: joined into large buffers with QEMU's length in front of each, padded to Ethernet's
 * least length, and flushed once a turn.
 *
 * <p>A buffer that is not full is held back while earlier ones wait for the socket, so that a guest that reads slowly
 * pins no more memory than is queued for it.
 */
final class FrameQueue {

    /** Beyond this many bytes producers that can wait shall wait: about a millisecond's worth at 10 Gbit/s. */
    static final int HIGH_WATER = 1 << 20;

    /** Below this many bytes they may go on: enough that the socket does not run dry until they do. */
    static final int LOW_WATER = 256 << 10;

    /** Beyond this many bytes frames are dropped: leaves room for bursts that began below {@link #HIGH_WATER}. */
    static final int LIMIT = 2 << 20;

    // As much as QEMU reads with one call.
    private static final int BUFFER_BYTES = 64 << 10;

    private final Channel channel;
    private final Loop loop;
    private final Runnable onWritable;
    private final Runnable endOfTurn = this::endOfTurn;
    private @Nullable ByteBuf open;
    private int writtenBytes;
    private int writes;
    private int flushedWrites;
    private boolean scheduled;
    private boolean lastInTurn;
    private boolean congested;
    private boolean closed;

    /** A queue in front of {@code channel}; runs {@code onWritable} when {@link #writable} is true again. */
    FrameQueue(Channel channel, Loop loop, Runnable onWritable) {
        this.channel = channel;
        this.loop = loop;
        this.onWritable = onWritable;
    }

    /** Whether a producer that can wait should send. */
    boolean writable() {
        return !congested;
    }

    /** Bytes that wait, length fields and padding included. */
    int bytes() {
        ByteBuf buf = open;
        return writtenBytes + (buf == null ? 0 : buf.readableBytes());
    }

    /** Copies {@code frame} to the end of the queue; false if the queue is full or closed. */
    boolean add(Frame frame) {
        int length = frame.length();
        int padded = Math.max(length, EthernetFrame.MIN_LENGTH);
        int needed = FrameSplitter.PREFIX_LENGTH + padded;
        if (closed || bytes() + needed > LIMIT) {
            return false;
        }
        ByteBuf out = withRoom(needed);
        int at = out.writerIndex();
        ByteBuf head = frame.head();
        ByteBuf body = frame.body();
        int headLength = head.readableBytes();
        out.setInt(at, padded);
        out.setBytes(at + FrameSplitter.PREFIX_LENGTH, head, head.readerIndex(), headLength);
        if (body != null) {
            out.setBytes(at + FrameSplitter.PREFIX_LENGTH + headLength, body, body.readerIndex(), length - headLength);
        }
        if (padded > length) {
            out.setZero(at + FrameSplitter.PREFIX_LENGTH + length, padded - length);
        }
        out.writerIndex(at + needed);
        congested |= bytes() > HIGH_WATER;
        schedule();
        return true;
    }

    /** Forgets all that waits; harmless when repeated. */
    void close() {
        closed = true;
        ByteBuf buf = open;
        open = null;
        if (buf != null) {
            buf.release();
        }
    }

    private ByteBuf withRoom(int needed) {
        ByteBuf buf = open;
        if (buf != null && buf.writableBytes() < needed) {
            write(buf);
            buf = null;
        }
        if (buf == null) {
            buf = channel.alloc().directBuffer(Math.max(BUFFER_BYTES, needed));
            open = buf;
        }
        return buf;
    }

    private void schedule() {
        if (!scheduled) {
            scheduled = true;
            loop.endOfTurn(endOfTurn);
        }
    }

    private void endOfTurn() {
        if (!lastInTurn) {
            // Once more to the back of the turn: others that were waiting for its end have frames to add (ACKs).
            lastInTurn = true;
            loop.endOfTurn(endOfTurn);
            return;
        }
        lastInTurn = false;
        scheduled = false;
        ByteBuf buf = open;
        if (buf != null && flushedWrites == 0) {
            write(buf);
        }
        flushedWrites = writes;
        channel.flush();
    }

    private void write(ByteBuf buf) {
        int length = buf.readableBytes();
        open = null;
        writes++;
        writtenBytes += length;
        channel.write(buf).addListener(future -> written(length, future.isSuccess()));
    }

    /** The socket took {@code length} bytes, or is about to be closed. */
    private void written(int length, boolean success) {
        writes--;
        // Writes end in the order in which they were made, so this was a flushed one, unless all fail.
        flushedWrites = Math.max(0, flushedWrites - 1);
        writtenBytes -= length;
        if (closed || !success) {
            return;
        }
        if (flushedWrites == 0 && open != null) {
            schedule();
        }
        if (congested && bytes() < LOW_WATER) {
            congested = false;
            onWritable.run();
        }
    }
}
