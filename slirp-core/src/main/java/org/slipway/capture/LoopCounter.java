package org.slipway.capture;

import java.util.concurrent.atomic.AtomicLong;

/** A count that one thread moves and any thread reads, without the cost of an atomic addition. */
final class LoopCounter {

    private final AtomicLong value = new AtomicLong();

    /** Adds {@code amount}; always called by the same thread. */
    void add(long amount) {
        value.setRelease(value.getPlain() + amount);
    }

    /** The count, as any thread sees it. */
    long value() {
        return value.getAcquire();
    }
}
