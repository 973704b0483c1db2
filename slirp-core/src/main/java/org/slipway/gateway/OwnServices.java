package org.slipway.gateway;

import org.jspecify.annotations.Nullable;

/**
 * Which services the gateway has of its own, besides router advertisements, TFTP and the answers to pings.
 *
 * @param dhcp leases addresses in both families; without it guests of IPv4 configure themselves by hand
 * @param dns the resolver; without it its port is closed, and guests are told of none
 * @param smb the directory that Samba serves; null: none
 */
public record OwnServices(
        boolean dhcp, boolean dns, @Nullable SmbShare smb) {

    /** All that share nothing of the host's. */
    public static final OwnServices DEFAULT = new OwnServices(true, true);

    /** Without a directory for SMB. */
    public OwnServices(boolean dhcp, boolean dns) {
        this(dhcp, dns, null);
    }

    /** The same with a directory for SMB. */
    public OwnServices sharing(@Nullable SmbShare what) {
        return new OwnServices(dhcp, dns, what);
    }
}
