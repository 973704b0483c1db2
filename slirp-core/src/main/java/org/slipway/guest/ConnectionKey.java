package org.slipway.guest;

import org.slipway.wire.IpAddress;

/** What tells one TCP connection of a guest from the others. */
record ConnectionKey(IpAddress local, int localPort, IpAddress remote, int remotePort) {

    /** The other side: {@code "10.0.2.2:80"}. */
    String peer() {
        return remote + ":" + remotePort;
    }
}
