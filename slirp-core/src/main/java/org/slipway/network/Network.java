package org.slipway.network;

import java.net.SocketAddress;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import org.slipway.link.LinkConfig;

/** A running network. Its methods may be called from any thread but the network's own. */
public interface Network extends AutoCloseable {

    /**
     * A listening link as it was bound.
     *
     * @param config what was asked for
     * @param local the address in fact, with the port that the system picked
     */
    record BoundLink(LinkConfig.Listen config, SocketAddress local) {}

    /** The links that wait for guests, in the order of {@link NetworkBuilder#link}. */
    List<BoundLink> listeningLinks();

    /**
     * The guest of {@link NetworkBuilder#guest}.
     *
     * @throws IllegalArgumentException if there is none of that name
     */
    default InMemoryGuest guest(String name) {
        throw new IllegalArgumentException("no guest '" + name + "' in memory");
    }

    /** What can be asked and changed while it runs. */
    Control control();

    /** What the network did so far. */
    NetworkSummary summary();

    /** Completes when the network has stopped, by {@link #close} or because its last link cannot go on. */
    CompletableFuture<Void> stopped();

    /** Stops everything and waits until it is done: sockets closed, recording written out. Harmless when repeated. */
    @Override
    void close();
}
