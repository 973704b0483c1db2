package org.slipway.nat;

/** Connects a guest's flow to something of the host. */
@FunctionalInterface
interface HostConnector {

    /** Begins; the listener hears {@code connected} or {@code connectFailed}, never from within this call. */
    HostStream connect(HostSockets sockets, HostStreamListener listener);

    /** Whether each flow has a process of its own. */
    default boolean isProcess() {
        return false;
    }

    /** Leads to {@code target}, each flow to one of its own. */
    static HostConnector to(GuestForward.Target target) {
        if (target instanceof GuestForward.Command command) {
            return new ToProcess((sockets, listener) -> sockets.run(command.words(), listener));
        }
        if (target instanceof GuestForward.Daemon daemon) {
            return new ToProcess((sockets, listener) -> sockets.run(daemon, listener));
        }
        GuestForward.Socket socket = (GuestForward.Socket) target;
        return (sockets, listener) -> sockets.connect(socket.address(), listener);
    }

    /** Starts a process. */
    record ToProcess(HostConnector starter) implements HostConnector {

        @Override
        public HostStream connect(HostSockets sockets, HostStreamListener listener) {
            return starter.connect(sockets, listener);
        }

        @Override
        public boolean isProcess() {
            return true;
        }
    }
}
