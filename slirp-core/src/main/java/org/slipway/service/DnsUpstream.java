package org.slipway.service;

import io.netty.buffer.ByteBuf;
import java.net.InetSocketAddress;

/**
 * The host's side of DNS: carries one query to one resolver and brings back what comes. Knows nothing about the contents.
 * Used on the network's loop only.
 */
public interface DnsUpstream {

    /** How a query travels. */
    enum Transport {
        UDP,
        TCP
    }

    /** One query on its way. */
    interface Exchange {

        /** Ends the exchange and closes its socket; the listener hears no more. Harmless when repeated. */
        void cancel();
    }

    /** Hears how an exchange goes. Never called from within {@link #send}. */
    interface Listener {

        /**
         * A message came from the resolver's address: its readable bytes. Borrowed. There may be more to come, until
         * {@link Exchange#cancel}: whether this is the answer, the listener decides.
         */
        void received(ByteBuf message);

        /** There will be no answer: refused, unreachable, closed, or no socket to be had. The last call. */
        void failed();
    }

    /**
     * Sends a query from a socket of its own that is connected to {@code resolver}, so that its port is hard to guess and
     * nobody else is heard (RFC 5452 9.2).
     *
     * @param query its readable bytes are the message, without a length in front. Borrowed
     */
    Exchange send(Transport transport, InetSocketAddress resolver, ByteBuf query, Listener listener);
}
