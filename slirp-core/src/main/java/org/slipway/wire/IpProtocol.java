package org.slipway.wire;

/** The IP protocol numbers that something here knows (IANA protocol-numbers); of IPv6 the next headers, too. */
public final class IpProtocol {

    public static final int ICMP = 1;
    public static final int TCP = 6;
    public static final int UDP = 17;
    public static final int ICMPV6 = 58;

    /** IPv6 extension headers (RFC 8200 4.1). */
    public static final int HOP_BY_HOP = 0;

    public static final int ROUTING = 43;
    public static final int FRAGMENT = 44;
    public static final int DESTINATION_OPTIONS = 60;

    /** Nothing follows (RFC 8200 4.7). */
    public static final int NO_NEXT_HEADER = 59;

    private IpProtocol() {}
}
