package org.slipway.nat;

import org.slipway.wire.IpAddress;

/**
 * Who talks to whom: a guest's address and port, a remote address and port (as the guest sees them). Mutable only so that one
 * object can be set again to look flows up without allocating; a key in a table is never changed.
 */
final class FlowKey {

    private IpAddress guest;
    private IpAddress remote;
    private int guestPort;
    private int remotePort;

    FlowKey(IpAddress guest, int guestPort, IpAddress remote, int remotePort) {
        this.guest = guest;
        this.guestPort = guestPort;
        this.remote = remote;
        this.remotePort = remotePort;
    }

    /** Makes this another key. Returns itself. */
    FlowKey set(IpAddress guest, int guestPort, IpAddress remote, int remotePort) {
        this.guest = guest;
        this.guestPort = guestPort;
        this.remote = remote;
        this.remotePort = remotePort;
        return this;
    }

    FlowKey copy() {
        return new FlowKey(guest, guestPort, remote, remotePort);
    }

    IpAddress guest() {
        return guest;
    }

    int guestPort() {
        return guestPort;
    }

    IpAddress remote() {
        return remote;
    }

    int remotePort() {
        return remotePort;
    }

    @Override
    public boolean equals(Object other) {
        return other instanceof FlowKey key
                && guestPort == key.guestPort
                && remotePort == key.remotePort
                && guest.equals(key.guest)
                && remote.equals(key.remote);
    }

    @Override
    public int hashCode() {
        int hash = guest.hashCode() * 31 + remote.hashCode();
        hash = hash * 31 + (guestPort << 16 | remotePort);
        // Guests choose these bits: spread them, as HashMap takes the low ones.
        hash *= 0x9e3779b9;
        return hash ^ hash >>> 15;
    }

    @Override
    public String toString() {
        return guest + ":" + guestPort + " - " + remote + ":" + remotePort;
    }
}
