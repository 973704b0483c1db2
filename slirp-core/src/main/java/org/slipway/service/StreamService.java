package org.slipway.service;

import io.netty.buffer.ByteBuf;
import org.jspecify.annotations.Nullable;

/**
 * What the gateway answers itself over TCP, registered by (address, port): the guest's connection ends in the gateway.
 * Everything happens on the network's loop.
 */
@FunctionalInterface
public interface StreamService {

    /**
     * A guest has connected.
     *
     * @param station its Ethernet address, as {@link org.slipway.wire.MacAddress#value}: to whose share the session counts
     * @param out what leads back to it; not to be used before this call has returned
     * @return what takes the guest's bytes, or null to refuse the connection (a reset)
     */
    @Nullable
    Session accept(long station, Output out);

    /** The service's end of one connection: what the TCP side calls. */
    interface Session {

        /** The guest sent the readable bytes of {@code data}. Borrowed; all of them count as read, the window opens again. */
        void received(ByteBuf data);

        /** The guest sent a FIN: no more {@link #received}; answers may still be on their way. */
        void inputClosed();

        /** The connection is gone, whoever ended it; the last call. {@link Output} must not be used from now on. */
        void closed();
    }

    /** The way back to the guest: what the session calls. */
    interface Output {

        /** Sends the readable bytes of {@code data}. Ownership passes. Dropped without harm if the connection is closing. */
        void send(ByteBuf data);

        /** Bytes given to {@link #send} that the guest has not acknowledged yet; what a session bounds itself by. */
        int unsentBytes();

        /** Sends a FIN behind the bytes given to {@link #send}. {@link Session#closed} follows some time later. */
        void close();

        /** Resets the connection and forgets unsent bytes. {@link Session#closed} follows, perhaps within this call. */
        void abort();
    }
}
