package org.slipway.nat;

/** Connects a guest's flow to something of the host. */
@FunctionalInterface
interface HostConnector {

    /** Begins; the listener hears {@code connected} or {@code connectFailed}, never from within this call. */
    HostStream connect(HostSockets sockets, HostStreamListener listener);

    /** Leads to {@code target}, each flow to one of its own. */
    static HostConnector to(GuestForward.Target target) {
        if (target instanceof GuestForward.Command command) {
            return (sockets, listener) -> sockets.run(command.words(), listener);
        }
        GuestForward.Socket socket = (GuestForward.Socket) target;
        return (sockets, listener) -> sockets.connect(socket.address(), listener);
    }
}
