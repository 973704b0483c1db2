package org.slipway.cli.control;

import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.channels.ReadableByteChannel;
import java.nio.charset.StandardCharsets;
import org.jspecify.annotations.Nullable;

/** Reads lines of UTF-8 from a channel, each up to a limit. One thread. */
final class Lines {

    /** A line is longer than the limit. */
    static final class TooLongException extends IOException {
        private static final long serialVersionUID = 1;

        TooLongException(int limit) {
            super("the line is longer than " + limit + " bytes");
        }
    }

    private static final int INITIAL_BYTES = 4096;

    private final ReadableByteChannel channel;
    private final int limit;
    private ByteBuffer buffer;

    /** {@code limit} in bytes, the line break included. */
    Lines(ReadableByteChannel channel, int limit) {
        this.channel = channel;
        this.limit = limit;
        buffer = ByteBuffer.allocate(Math.min(limit, INITIAL_BYTES));
    }

    /** The next line without its break, which may be {@code \r\n}; what stands behind the last break is no line. Null at the end. */
    @Nullable
    String next() throws IOException {
        int searched = 0;
        while (true) {
            for (; searched < buffer.position(); searched++) {
                if (buffer.get(searched) == '\n') {
                    return take(searched);
                }
            }
            if (!buffer.hasRemaining()) {
                grow();
            }
            if (channel.read(buffer) < 0) {
                return null;
            }
        }
    }

    private void grow() throws TooLongException {
        if (buffer.capacity() == limit) {
            throw new TooLongException(limit);
        }
        buffer = ByteBuffer.allocate((int) Math.min(limit, 2L * buffer.capacity()))
                .put(buffer.flip());
    }

    private String take(int length) {
        String line = new String(buffer.array(), 0, length, StandardCharsets.UTF_8);
        buffer.flip().position(length + 1);
        buffer.compact();
        return line.endsWith("\r") ? line.substring(0, line.length() - 1) : line;
    }
}
