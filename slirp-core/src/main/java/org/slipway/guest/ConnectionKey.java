package org.slipway.guest;

import org.slipway.wire.IpAddress;

/** What tells one TCP connection of a guest from the others. */
record ConnectionKey(IpAddress local, int localPort, IpAddress remote, int remotePort) {

    /** The other side: {@code "10.0.2.2:80"}, {@code "[fd00::2]:80"}. */
    String peer() {
        return peer(remote, remotePort);
    }

    static String peer(IpAddress remote, int port) {
        return (remote.isIpv4() ? remote.toString() : "[" + remote + "]") + ":" + port;
    }
}
