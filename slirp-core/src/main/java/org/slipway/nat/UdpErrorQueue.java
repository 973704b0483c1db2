package org.slipway.nat;

import java.util.List;

/**
 * What a host tells of datagrams that did not arrive, socket by socket. The Java platform does not, so this is given to the
 * network from outside. Called on the network's loop only; does not block.
 */
public interface UdpErrorQueue {

    /** For hosts that do not tell. */
    UdpErrorQueue NONE = new UdpErrorQueue() {
        @Override
        public boolean enable(int fd, boolean ipv4) {
            return false;
        }

        @Override
        public List<UdpFailure> take(int fd, boolean ipv4) {
            return List.of();
        }
    };

    /**
     * Has the host keep the errors of a UDP socket.
     *
     * @param fd the socket's descriptor
     * @param ipv4 its family
     * @return whether it does; if not, a later attempt may succeed, and is cheap
     */
    boolean enable(int fd, boolean ipv4);

    /**
     * Takes errors out of the queue of an enabled socket, oldest first; those that do not fit in one turn stay. Among them
     * are those of datagrams that were too big for the host itself, whose sending has failed.
     */
    List<UdpFailure> take(int fd, boolean ipv4);
}
