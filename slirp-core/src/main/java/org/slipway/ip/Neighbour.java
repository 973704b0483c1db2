package org.slipway.ip;

import org.jspecify.annotations.Nullable;
import org.slipway.loop.Timer;

/** What is known of a station that has, or had, some address. */
final class Neighbour {

    /** To whose share it counts; that is who told of it. */
    final long share;

    long mac;
    long heardNanos;

    /** Requests since it was last heard of. */
    int probes;

    /** Set while it is being asked whether it is still there. */
    @Nullable
    Timer probeTimer;

    Neighbour(long share) {
        this.share = share;
    }

    void stopProbing() {
        Timer timer = probeTimer;
        if (timer != null) {
            timer.cancel();
            probeTimer = null;
        }
    }
}
