package org.slipway.ip;

import org.slipway.wire.IpAddress;

/** Says who may use which source address: asked for the sender of each IP packet and each ARP packet. */
@FunctionalInterface
public interface SourceGuard {

    /** Takes every sender at its word. */
    SourceGuard NONE = (source, mac) -> true;

    /** Whether the station {@code mac} may send from {@code source}; its packets are dropped if not. */
    boolean allows(IpAddress source, long mac);
}
