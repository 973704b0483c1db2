package org.slipway.nat;

/** Connects a guest's flow to something of the host. */
@FunctionalInterface
interface HostConnector {

    /** Begins; the listener hears {@code connected} or {@code connectFailed}, never from within this call. */
    HostStream connect(HostSockets sockets, HostStreamListener listener);
}
