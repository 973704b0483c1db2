package org.slipway.nat;

import java.net.SocketAddress;
import org.slipway.wire.IpAddress;

/** A forward from the host to a guest that listens. */
public final class OpenForward {

    private final ForwardRule rule;
    private final IpAddress guest;
    private final SocketAddress local;
    private final Runnable closer;

    OpenForward(ForwardRule rule, IpAddress guest, SocketAddress local, Runnable closer) {
        this.rule = rule;
        this.guest = guest;
        this.local = local;
        this.closer = closer;
    }

    /** What was asked for. */
    public ForwardRule rule() {
        return rule;
    }

    /** Where it leads, also if the rule names no guest. */
    public IpAddress guest() {
        return guest;
    }

    /** Where the host listens in fact, with the port that the system picked. */
    public SocketAddress local() {
        return local;
    }

    Runnable closer() {
        return closer;
    }
}
