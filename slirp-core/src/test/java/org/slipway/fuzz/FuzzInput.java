package org.slipway.fuzz;

import io.netty.buffer.ByteBuf;
import io.netty.buffer.PooledByteBufAllocator;
import java.util.Arrays;

/**
 * The bytes of a fuzzer, read as a script: what a test needs next comes from the front, and behind the end there are zeros.
 * Plain and stable, so that an input means the same tomorrow, and that bytes which the fuzzer moves keep their meaning.
 */
public final class FuzzInput {

    private final byte[] bytes;
    private int at;

    public FuzzInput(byte[] bytes) {
        this.bytes = bytes;
    }

    /** Whether there are bytes left. */
    public boolean hasMore() {
        return at < bytes.length;
    }

    /** 0 to 255. */
    public int u8() {
        return at < bytes.length ? bytes[at++] & 0xff : 0;
    }

    /** 0 to 65,535. */
    public int u16() {
        return u8() << 8 | u8();
    }

    /** Any int. */
    public int i32() {
        return u16() << 16 | u16();
    }

    /** 0 to {@code bound - 1}; {@code bound} is 256 at most. */
    public int below(int bound) {
        return u8() % bound;
    }

    /** One of {@code choices}. */
    public int oneOf(int... choices) {
        return choices[below(choices.length)];
    }

    /** True as often as not. */
    public boolean flag() {
        return (u8() & 1) != 0;
    }

    /** The next {@code length} bytes, fewer at the end. */
    public byte[] bytes(int length) {
        int end = Math.min(bytes.length, at + length);
        byte[] taken = Arrays.copyOfRange(bytes, at, end);
        at = end;
        return taken;
    }

    /** Bytes behind a length of one byte. */
    public byte[] shortBytes() {
        return bytes(u8());
    }

    /** At most {@code limit} bytes behind a length of two bytes. */
    public byte[] longBytes(int limit) {
        return bytes(Math.min(u16(), limit));
    }

    /** All that is left. */
    public byte[] rest() {
        return bytes(bytes.length - at);
    }

    /**
     * {@code bytes} in the midst of a direct buffer, as a link has them, so that code that forgets the reader index or reads
     * beyond the writer index is caught by what it finds there. The caller releases it.
     */
    public static ByteBuf inTheMiddle(byte[] bytes) {
        ByteBuf buf = PooledByteBufAllocator.DEFAULT.directBuffer(AROUND + bytes.length + AROUND);
        for (int i = 0; i < AROUND; i++) {
            buf.writeByte(0xa5);
        }
        buf.writeBytes(bytes);
        for (int i = 0; i < AROUND; i++) {
            buf.writeByte(0xa5);
        }
        return buf.setIndex(AROUND, AROUND + bytes.length);
    }

    private static final int AROUND = 16;
}
