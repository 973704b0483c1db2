package org.slipway.gateway;

/**
 * Which services the gateway has of its own, besides router advertisements, TFTP and the answers to pings.
 *
 * @param dhcp leases addresses in both families; without it guests of IPv4 configure themselves by hand
 * @param dns the resolver; without it its port is closed, and guests are told of none
 */
public record OwnServices(boolean dhcp, boolean dns) {

    /** All of them. */
    public static final OwnServices DEFAULT = new OwnServices(true, true);
}
