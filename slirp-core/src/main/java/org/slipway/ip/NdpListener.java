package org.slipway.ip;

import org.slipway.wire.IpAddress;
import org.slipway.wire.RouterAdvertisement;

/** Hears what neighbor discovery says of routers (RFC 4861 6) and of addresses that the host wants. On the network's loop. */
public interface NdpListener {

    /**
     * A host asks which routers there are.
     *
     * @param source the host, or unspecified if it has no address yet
     * @param mac its station, as {@link org.slipway.wire.MacAddress#value}
     */
    default void routerSolicited(IpAddress source, long mac) {}

    /**
     * A router tells of itself and of the link.
     *
     * @param router its link-local address
     * @return whether it is of use: a host that is a router itself is led by no other
     */
    default boolean routerAdvertised(IpAddress router, RouterAdvertisement advertisement) {
        return false;
    }

    /** Another station has {@code tentative}, an address that this host was about to take, or wants it, too (RFC 4862 5.4). */
    default void addressContested(IpAddress tentative) {}
}
