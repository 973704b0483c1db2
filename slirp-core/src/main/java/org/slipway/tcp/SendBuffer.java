package org.slipway.tcp;

import io.netty.buffer.ByteBuf;
import io.netty.buffer.ByteBufAllocator;
import java.util.ArrayDeque;

/**
 * The bytes of our user that the peer has not acknowledged yet, as a queue of the very buffers they were read into.
 * Offsets count from the first byte that is not acknowledged.
 */
final class SendBuffer {

    /** Smaller pieces are gathered, so that a chatty user does not make a buffer, and a packet, of each. */
    private static final int GATHER_BELOW = 4096;

    private static final int GATHER_CAPACITY = 16_384;

    private final ByteBufAllocator allocator;
    private final ArrayDeque<ByteBuf> chunks = new ArrayDeque<>();
    private int length;
    private boolean tailIsOurs;

    SendBuffer(ByteBufAllocator allocator) {
        this.allocator = allocator;
    }

    /** Bytes held. */
    int length() {
        return length;
    }

    /** Adds the readable bytes of {@code data} and takes over its reference. */
    void append(ByteBuf data) {
        int added = data.readableBytes();
        length += added;
        if (added >= GATHER_BELOW) {
            chunks.add(data);
            tailIsOurs = false;
            return;
        }
        ByteBuf tail = chunks.peekLast();
        if (tail == null || !tailIsOurs || tail.writableBytes() < added) {
            tail = allocator.directBuffer(GATHER_CAPACITY, GATHER_CAPACITY);
            chunks.add(tail);
            tailIsOurs = true;
        }
        tail.writeBytes(data);
        data.release();
    }

    /** Drops the first {@code count} bytes: they are acknowledged. */
    void acknowledge(int count) {
        int left = count;
        length -= count;
        while (left > 0) {
            ByteBuf first = chunks.element();
            int readable = first.readableBytes();
            if (readable > left) {
                first.skipBytes(left);
                return;
            }
            left -= readable;
            chunks.remove();
            first.release();
        }
    }

    /** How many of {@code wanted} bytes from {@code offset} on stand in one buffer: at least one. */
    int contiguous(int offset, int wanted) {
        int skip = offset;
        for (ByteBuf chunk : chunks) {
            int readable = chunk.readableBytes();
            if (skip < readable) {
                return Math.min(wanted, readable - skip);
            }
            skip -= readable;
        }
        throw new IllegalArgumentException("offset " + offset + " of " + length);
    }

    /** Points {@code segment} to {@code count} bytes from {@code offset} on, which are {@link #contiguous}. */
    void read(int offset, int count, Segment segment) {
        int skip = offset;
        for (ByteBuf chunk : chunks) {
            int readable = chunk.readableBytes();
            if (skip < readable) {
                segment.payload(chunk, chunk.readerIndex() + skip, count);
                return;
            }
            skip -= readable;
        }
        throw new IllegalArgumentException("offset " + offset + " of " + length);
    }

    /** Releases everything. */
    void clear() {
        chunks.forEach(ByteBuf::release);
        chunks.clear();
        length = 0;
    }
}
