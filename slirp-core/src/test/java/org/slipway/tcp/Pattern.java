package org.slipway.tcp;

import io.netty.buffer.ByteBuf;
import io.netty.buffer.PooledByteBufAllocator;

/** The bytes of test streams: each position has its own, so that bytes lost, doubled or swapped are seen. */
final class Pattern {

    private Pattern() {}

    /** The byte at {@code position} of a stream. */
    static byte at(long position) {
        long mixed = (position + 1) * 0x9E37_79B9_7F4A_7C15L;
        return (byte) (mixed >>> 40);
    }

    /** A new buffer with the bytes from {@code position} on; the caller owns it. */
    static ByteBuf bytes(long position, int length) {
        byte[] bytes = new byte[length];
        for (int i = 0; i < length; i++) {
            bytes[i] = at(position + i);
        }
        return PooledByteBufAllocator.DEFAULT.directBuffer(Math.max(1, length)).writeBytes(bytes);
    }

    /** Fails unless the {@code length} bytes of {@code buf} at {@code at} are those from {@code position} on. */
    static void check(long position, ByteBuf buf, int at, int length) {
        byte[] bytes = new byte[length];
        buf.getBytes(at, bytes);
        for (int i = 0; i < length; i++) {
            if (bytes[i] != at(position + i)) {
                throw new AssertionError("wrong byte at position " + (position + i) + " of the stream, " + i + " of "
                        + length + " bytes into the piece at " + position);
            }
        }
    }
}
