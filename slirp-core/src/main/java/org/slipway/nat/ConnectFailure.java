package org.slipway.nat;

/** Why the host could not connect, which the guest is told in its own protocol's words. */
public enum ConnectFailure {
    /** Nobody listens there: a reset. */
    REFUSED,
    /** The host has no route to the network. */
    NET_UNREACHABLE,
    /** A router or the last hop says that the station is not there, or it never answered. */
    HOST_UNREACHABLE,
    /** The host's own rules forbid it. */
    PROHIBITED
}
