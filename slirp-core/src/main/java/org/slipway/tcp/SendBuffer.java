package org.slipway.tcp;

import io.netty.buffer.ByteBuf;
import io.netty.buffer.ByteBufAllocator;
import io.netty.buffer.Unpooled;

/**
 * The bytes of our user that the peer has not acknowledged yet, as a queue of the very buffers they were read into.
 * Offsets count from the first byte that is not acknowledged.
 */
final class SendBuffer {

    /** Smaller pieces are gathered, so that a chatty user does not make a buffer, and a packet, of each. */
    private static final int GATHER_BELOW = 4096;

    /** So are those that fill less of their buffer than one part in so many: it would be held for their sake. */
    private static final int LEAST_FILLING = 4;

    private static final int GATHER_CAPACITY = 16_384;

    private static final int FIRST_CAPACITY = 4;

    private final ByteBufAllocator allocator;

    /** A ring of a power of two, whose first chunk is at {@link #first}. */
    private ByteBuf[] chunks = new ByteBuf[FIRST_CAPACITY];

    private int first;
    private int count;
    private int length;
    private int memory;
    private boolean tailIsOurs;

    /** The chunk that was read last, and the offset of its first byte: the next to be read is rarely far. */
    private int cursor;

    private int cursorStart;

    SendBuffer(ByteBufAllocator allocator) {
        this.allocator = allocator;
    }

    /** Bytes held. */
    int length() {
        return length;
    }

    /** Bytes of the buffers that are held: at most four times {@link #length}, and a buffer for gathering. */
    int memory() {
        return memory;
    }

    /** Adds the readable bytes of {@code data} and takes over its reference. */
    void append(ByteBuf data) {
        int added = data.readableBytes();
        length += added;
        if (added >= GATHER_BELOW && added >= data.capacity() / LEAST_FILLING) {
            add(data);
            tailIsOurs = false;
            return;
        }
        if (count == 0 || !tailIsOurs || chunk(count - 1).writableBytes() < added) {
            int capacity = Math.max(added, GATHER_CAPACITY);
            add(allocator.directBuffer(capacity, capacity));
            tailIsOurs = true;
        }
        chunk(count - 1).writeBytes(data);
        data.release();
    }

    private ByteBuf chunk(int i) {
        return chunks[first + i & chunks.length - 1];
    }

    private void add(ByteBuf chunk) {
        if (count == chunks.length) {
            ByteBuf[] larger = new ByteBuf[2 * count];
            for (int i = 0; i < count; i++) {
                larger[i] = chunk(i);
            }
            chunks = larger;
            first = 0;
        }
        chunks[first + count & chunks.length - 1] = chunk;
        count++;
        memory += chunk.capacity();
    }

    private void removeFirst() {
        memory -= chunk(0).capacity();
        chunk(0).release();
        chunks[first] = Unpooled.EMPTY_BUFFER;
        first = first + 1 & chunks.length - 1;
        count--;
    }

    /** Drops the first {@code bytes}: they are acknowledged. */
    void acknowledge(int bytes) {
        int left = bytes;
        length -= bytes;
        cursorStart -= bytes;
        while (left > 0) {
            int readable = chunk(0).readableBytes();
            if (readable > left) {
                chunk(0).skipBytes(left);
                break;
            }
            left -= readable;
            removeFirst();
            cursor--;
        }
        if (cursor <= 0) {
            cursor = 0;
            cursorStart = 0;
        }
    }

    /** How many of {@code wanted} bytes from {@code offset} on stand in one buffer: at least one. */
    int contiguous(int offset, int wanted) {
        ByteBuf chunk = chunkAt(offset);
        return Math.min(wanted, chunk.readableBytes() - (offset - cursorStart));
    }

    /** Points {@code segment} to {@code bytes} from {@code offset} on, which are {@link #contiguous}. */
    void read(int offset, int bytes, Segment segment) {
        ByteBuf chunk = chunkAt(offset);
        segment.payload(chunk, chunk.readerIndex() + offset - cursorStart, bytes);
    }

    /** Moves the cursor to the chunk that has the byte at {@code offset}. */
    private ByteBuf chunkAt(int offset) {
        if (offset < 0 || offset >= length) {
            throw new IllegalArgumentException("offset " + offset + " of " + length);
        }
        if (offset < cursorStart) {
            cursor = 0;
            cursorStart = 0;
        }
        ByteBuf chunk = chunk(cursor);
        while (offset - cursorStart >= chunk.readableBytes()) {
            cursorStart += chunk.readableBytes();
            cursor++;
            chunk = chunk(cursor);
        }
        return chunk;
    }

    /** Releases everything. */
    void clear() {
        while (count > 0) {
            removeFirst();
        }
        length = 0;
        cursor = 0;
        cursorStart = 0;
    }
}
