package org.slipway.nat;

import java.util.List;

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
            return new ToProcess(command.words());
        }
        GuestForward.Socket socket = (GuestForward.Socket) target;
        return (sockets, listener) -> sockets.connect(socket.address(), listener);
    }

    /** Starts a process. */
    record ToProcess(List<String> words) implements HostConnector {

        @Override
        public HostStream connect(HostSockets sockets, HostStreamListener listener) {
            return sockets.run(words, listener);
        }

        @Override
        public boolean isProcess() {
            return true;
        }
    }
}
