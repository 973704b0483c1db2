package org.slipway.nat;

import org.jspecify.annotations.Nullable;
import org.slipway.wire.IpAddress;

/**
 * Where the sockets come from that send a guest's pings (ICMP echo requests, RFC 792, RFC 4443 4.1) from the host. The
 * Java platform has none, so this is given to the network from outside. Called on the network's loop only.
 */
public interface EchoSockets {

    /** For hosts that have no such sockets. */
    EchoSockets NONE = new EchoSockets() {
        @Override
        public @Nullable EchoSocket open(IpAddress destination, @Nullable IpAddress source, EchoListener listener) {
            return null;
        }

        @Override
        public String unavailableHint() {
            return "this system has no unprivileged ping sockets: pings to the outside are not answered";
        }
    };

    /**
     * A socket that exchanges echoes with one destination, or null if the host gives none ({@link #unavailableHint} says
     * why; asked again for the next flow, because an administrator may mend it). Does not block.
     *
     * <p>The host chooses the identifier on the wire. A caller maps identifiers by one socket for each (guest, guest's
     * identifier, destination); the host never mixes the replies of two sockets.
     *
     * @param destination of either family; not multicast or broadcast
     * @param source the host's address to send from, of the same family; null for what its routes say
     * @param listener hears of this socket until it is closed, on the network's loop, never from within {@code open}
     */
    @Nullable
    EchoSocket open(IpAddress destination, @Nullable IpAddress source, EchoListener listener);

    /** One line for the user without a full stop: why {@link #open} gave null last, and what to do about it. */
    String unavailableHint();
}
