package org.slipway.service;

import org.slipway.loop.Loop;
import org.slipway.loop.Timer;

/** One timer for the lease that ends first, so that the listener hears of it in time. */
final class LeaseExpiry {

    private final Loop loop;
    private final LeaseTable leases;
    private Timer timer = () -> {};

    LeaseExpiry(Loop loop, LeaseTable leases) {
        this.loop = loop;
        this.leases = leases;
    }

    /** To be called when a lease has changed. */
    void arm() {
        timer.cancel();
        long left = leases.untilNextExpiry(loop.nanoTime());
        if (left >= 0) {
            timer = loop.schedule(left, () -> {
                leases.expire(loop.nanoTime());
                arm();
            });
        }
    }

    /** Ends the watch. */
    void close() {
        timer.cancel();
    }
}
