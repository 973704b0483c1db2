package org.slipway.service;

import org.jspecify.annotations.Nullable;
import org.slipway.wire.DropReason;

/**
 * What the gateway answers itself over UDP, registered by (address, port) and asked before NAT. Answers go to the
 * {@link DatagramSender} that the service was made with, at once or later.
 */
@FunctionalInterface
public interface DatagramService {

    /**
     * Handles one datagram. Never throws on what a guest may send.
     *
     * @return why the datagram went no further, which the caller counts and notes on the frame (a refusal may have been
     *     sent all the same); or null if it was served
     */
    @Nullable
    DropReason receive(Datagram datagram);
}
