package org.slipway.network;

import java.util.Map;
import org.slipway.network.Control.GuestFlow;
import org.slipway.service.Lease;
import org.slipway.wire.DropReason;

/** Told what happens in a network, for programs. Called on the network's loop: be quick, never block, change nothing. */
public interface NetworkEvents {

    /** A guest has plugged in. */
    default void portUp(PortSnapshot port) {}

    /** A guest has left; {@code port} is what passed in the end. */
    default void portDown(PortSnapshot port) {}

    /** A guest has leased an address. */
    default void leaseBound(Lease lease) {}

    /** A guest's lease is over: given back, or expired. */
    default void leaseReleased(Lease lease) {}

    /** A connection, UDP flow or ping has begun. */
    default void flowBegan(GuestFlow flow) {}

    /** It is over; {@code flow} is what it was in the end. */
    default void flowEnded(GuestFlow flow) {}

    /** What was dropped since the last of these, which come at most every ten seconds; not called if nothing was. */
    default void dropped(Map<DropReason, Long> counts) {}
}
