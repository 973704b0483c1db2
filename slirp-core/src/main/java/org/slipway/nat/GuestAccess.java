package org.slipway.nat;

/**
 * What guests may reach beyond each other and the network's own services (DHCP, TFTP, pings to the gateway). What comes to
 * them by a forward they may answer in any case.
 *
 * @param outside anything beyond the virtual network at all, the host's loopback included; QEMU's {@code restrict=off}
 * @param hostLoopback the host's loopback, by the gateway's addresses; without it these lead nowhere
 * @param multicast groups beyond the link (RFC 4291 2.7: of a scope wider than link-local; in IPv4 all but 224.0.0.0/24), by UDP
 *     alone, and one way: guests hear who answers them, not the group
 */
public record GuestAccess(boolean outside, boolean hostLoopback, boolean multicast) {

    /** As QEMU has it: all but multicast. */
    public static final GuestAccess DEFAULT = new GuestAccess(true, true, false);
}
