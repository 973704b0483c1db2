package org.slipway.wire;

/** The IP protocol numbers that something here knows (IANA protocol-numbers). */
public final class IpProtocol {

    public static final int ICMP = 1;
    public static final int TCP = 6;
    public static final int UDP = 17;
    public static final int ICMPV6 = 58;

    private IpProtocol() {}
}
