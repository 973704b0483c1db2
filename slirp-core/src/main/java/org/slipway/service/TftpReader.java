package org.slipway.service;

import io.netty.buffer.ByteBuf;
import io.netty.buffer.PooledByteBufAllocator;
import java.io.Closeable;
import java.io.IOException;
import java.util.concurrent.Executor;
import java.util.concurrent.RejectedExecutionException;
import org.jspecify.annotations.Nullable;

/**
 * Reads a file ahead of a transfer, elsewhere, a large piece at a time. On the network's loop but for what runs in the
 * executor.
 */
final class TftpReader {

    /** What becomes of a reading. On the loop. */
    interface Listener {

        /** There is more in the buffer, or the file has ended. */
        void read();

        /** The file cannot be read on, or has become shorter. */
        void failed();
    }

    private final TftpFiles.Content content;
    private final Executor elsewhere;
    private final Executor loop;
    private final Listener listener;
    private final int capacity;
    private final ByteBuf buffer;
    private long unread;
    private boolean reading;
    private boolean closed;

    /** Reads {@code content} from its beginning, no more than {@code capacity} bytes ahead. */
    TftpReader(TftpFiles.Content content, Executor elsewhere, Executor loop, int capacity, Listener listener) {
        this.content = content;
        this.elsewhere = elsewhere;
        this.loop = loop;
        this.listener = listener;
        this.capacity = capacity;
        buffer = PooledByteBufAllocator.DEFAULT.directBuffer((int) Math.min(capacity, content.size()));
        unread = content.size();
    }

    /** What has been read and was not dropped, from reader index on. Borrowed. */
    ByteBuf buffer() {
        return buffer;
    }

    /** Whether there is nothing more to come than what is in {@link #buffer}. */
    boolean isComplete() {
        return unread == 0;
    }

    /** Forgets the first {@code length} bytes, or what there is. */
    void drop(int length) {
        buffer.skipBytes(Math.min(length, buffer.readableBytes()));
    }

    /** Fills the buffer, unless that is being done. False if everything is busy. */
    boolean fill() {
        int length = (int) Math.min(capacity - buffer.readableBytes(), unread);
        if (closed || reading || length == 0) {
            return true;
        }
        reading = true;
        try {
            elsewhere.execute(() -> {
                byte[] bytes = readOrNull(length);
                back(loop, () -> filled(bytes, length), content);
            });
            return true;
        } catch (RejectedExecutionException e) {
            reading = false;
            return false;
        }
    }

    private byte @Nullable [] readOrNull(int length) {
        try {
            return content.read(length);
        } catch (IOException | RuntimeException e) {
            return null;
        }
    }

    /** Runs {@code task} on the loop; if that has ended, closes {@code content}, which nobody would close any more. */
    static void back(Executor loop, Runnable task, @Nullable Closeable content) {
        try {
            loop.execute(task);
        } catch (RejectedExecutionException e) {
            if (content != null) {
                closeQuietly(content);
            }
        }
    }

    private void filled(byte @Nullable [] bytes, int length) {
        reading = false;
        if (closed) {
            closeElsewhere();
        } else if (bytes == null || bytes.length < length) {
            listener.failed();
        } else {
            buffer.discardReadBytes().writeBytes(bytes);
            unread -= length;
            listener.read();
        }
    }

    /** Ends the reading and releases everything. Harmless when repeated. */
    void close() {
        if (closed) {
            return;
        }
        closed = true;
        buffer.release();
        if (!reading) {
            closeElsewhere();
        }
    }

    private void closeElsewhere() {
        closeElsewhere(content, elsewhere);
    }

    /** Closing may block too; if everything is busy, it is done here all the same. */
    static void closeElsewhere(Closeable content, Executor elsewhere) {
        try {
            elsewhere.execute(() -> closeQuietly(content));
        } catch (RejectedExecutionException e) {
            closeQuietly(content);
        }
    }

    static void closeQuietly(Closeable content) {
        try {
            content.close();
        } catch (IOException e) {
            return; // it was only read
        }
    }
}
