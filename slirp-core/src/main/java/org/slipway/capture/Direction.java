package org.slipway.capture;

/**
 * Which way a frame passes a port, seen from the port and not from the station behind it: as on a host's interface,
 * what a guest sends comes <em>in</em>.
 */
public enum Direction {
    /** The device sent it: from a guest into the network. */
    INBOUND,
    /** The network sends it to the device: to a guest. */
    OUTBOUND
}
