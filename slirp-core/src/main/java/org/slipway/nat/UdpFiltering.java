package org.slipway.nat;

/**
 * Who may send to a port of a guest through the mapping that the guest has made by sending (RFC 4787 5). The mapping itself is
 * endpoint-independent in any case (REQ-1). Addresses and ports are those that the host sees.
 */
public enum UdpFiltering {
    /** Everybody: what works best with games, calls and the like (REQ-8). */
    ENDPOINT_INDEPENDENT,
    /** Whom the guest has sent to, from any port. */
    ADDRESS_DEPENDENT,
    /** Whom the guest has sent to, from that very port. */
    ADDRESS_AND_PORT_DEPENDENT
}
