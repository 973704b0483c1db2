package org.slipway.gateway;

import org.jspecify.annotations.Nullable;
import org.slipway.wire.IpAddress;
import org.slipway.wire.IpPrefix;

/**
 * Who has which IPv6 address in the virtual network: gateway ::2 and fe80::2, DNS ::3, as QEMU has it, and guests where they
 * please.
 *
 * @param prefix of the network; guests make addresses of their own in it if it is 64 bits long (RFC 4862)
 * @param host the gateway; stands for the host's loopback
 * @param dns the virtual resolver; may be outside, and is then behind the gateway
 */
public record Ipv6Plan(IpPrefix prefix, IpAddress host, IpAddress dns) {

    /** The gateway on the link, whatever the prefix. */
    public static final IpAddress LINK_LOCAL_HOST = IpAddress.parse("fe80::2");

    /** All link-local addresses of one link. */
    public static final IpPrefix LINK_LOCAL = IpPrefix.of(LINK_LOCAL_HOST, 64);

    /** Unique-local (RFC 4193), as slirp4netns has it: fd00::/64. QEMU's fec0::/64 is deprecated (RFC 3879). */
    public static final Ipv6Plan DEFAULT = of(IpPrefix.of(IpAddress.parse("fd00::"), 64), null, null);

    /** As QEMU bounds the prefix length. */
    public static final int MAX_PREFIX_LENGTH = 126;

    /** What guests need to make addresses of their own. */
    public static final int AUTONOMOUS_PREFIX_LENGTH = 64;

    private static final int HOST = 2;
    private static final int DNS = 3;

    /**
     * Fills in what is not given and checks that all of it fits together.
     *
     * @throws IllegalArgumentException with QEMU's text and the value, if it does not
     */
    public static Ipv6Plan of(IpPrefix prefix, @Nullable IpAddress host, @Nullable IpAddress dns) {
        if (prefix.address().isIpv4() || prefix.length() > MAX_PREFIX_LENGTH) {
            throw new IllegalArgumentException("Invalid IPv6 prefix provided"
                    + " (IPv6 prefix length must be between 0 and 126): ipv6-net=" + prefix);
        }
        IpAddress gateway = host != null ? host : at(prefix, HOST);
        IpAddress resolver = dns != null ? dns : at(prefix, DNS);
        if (!prefix.contains(gateway)) {
            throw new IllegalArgumentException(
                    "IPv6 Host doesn't belong to network: ipv6-host=" + gateway + " in " + prefix);
        }
        requireUnicast(prefix, gateway, "ipv6-host");
        requireUnicast(prefix, resolver, "ipv6-dns");
        if (gateway.equals(resolver)) {
            throw new IllegalArgumentException("IPv6 DNS must be different from host: ipv6-dns=" + resolver);
        }
        return new Ipv6Plan(prefix, gateway, resolver);
    }

    /** Whether guests can make addresses of their own. */
    public boolean isAutonomous() {
        return prefix.length() == AUTONOMOUS_PREFIX_LENGTH;
    }

    private static IpAddress at(IpPrefix prefix, int lastByte) {
        return new IpAddress(prefix.address().high(), prefix.address().low() | lastByte);
    }

    /** The prefix itself is the address of all its routers (RFC 4291 2.6.1). */
    private static void requireUnicast(IpPrefix prefix, IpAddress address, String option) {
        boolean usable = !address.isMulticast()
                && !address.isLoopback()
                && !address.isUnspecified()
                && !address.isLinkLocal()
                && !address.equals(prefix.address());
        if (!usable) {
            throw new IllegalArgumentException("Parameter '" + option
                    + "' expects a unicast IPv6 address that leaves the link, not '" + address + "'");
        }
    }
}
