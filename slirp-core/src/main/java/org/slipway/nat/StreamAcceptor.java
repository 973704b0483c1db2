package org.slipway.nat;

import org.jspecify.annotations.Nullable;
import org.slipway.tcp.StreamListener;

/** Takes guests' connections to a service of the gateway's own; see {@link TcpNat#listen}. */
@FunctionalInterface
public interface StreamAcceptor {

    /** A guest's SYN came: who listens to the stream, or null to refuse it with a reset. */
    @Nullable
    StreamListener accept(TcpFlow flow);
}
