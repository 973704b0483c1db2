package org.slipway.fuzz;

import io.netty.buffer.PooledByteBufAllocator;

/** Counts the pooled memory that a fuzz test holds, so that a leak shows with the input that makes it. */
public final class FuzzBuffers {

    private final long before = pinned();

    private static long pinned() {
        return PooledByteBufAllocator.DEFAULT.pinnedDirectMemory();
    }

    /** Bytes that are held now and were not when this was made. */
    public long bytes() {
        return pinned() - before;
    }

    /** Fails if anything is held. */
    public void assertNothingHeld() {
        long held = bytes();
        if (held != 0) {
            throw new AssertionError("leaked " + held + " bytes of pooled buffers");
        }
    }
}
