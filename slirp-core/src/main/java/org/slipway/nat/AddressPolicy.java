package org.slipway.nat;

import org.jspecify.annotations.Nullable;
import org.slipway.wire.IpAddress;
import org.slipway.wire.IpPrefix;

/**
 * Which destinations a guest may reach through the gateway: the one place that decides, for TCP, UDP and echo alike, in both
 * families. Only the gateway's addresses lead to the host's loopback; no other spelling of loopback or of "this host" does.
 */
public final class AddressPolicy {

    /**
     * The virtual network in one family.
     *
     * @param prefix its addresses
     * @param host the gateway, alias of the host's loopback of the same family
     */
    public record Network(IpPrefix prefix, IpAddress host) {}

    /** What becomes of a packet. */
    public enum Verdict {
        /** Goes to the host's loopback. */
        HOST_LOOPBACK,
        /** Goes to where it is addressed. */
        OUTSIDE,
        /** Goes to a multicast group outside, if it is a datagram; anything else is refused. */
        GROUP,
        /** Nobody there: inside the virtual network, but no station of it. */
        NOBODY,
        /** Refused, as nobody there is for guests. */
        DENIED,
        /** Refused, as guests of this network may not leave it. */
        PROHIBITED
    }

    private static final IpAddress IPV4_LOOPBACK = IpAddress.parse("127.0.0.1");
    private static final IpAddress IPV6_LOOPBACK = IpAddress.parse("::1");

    /** RFC 6890: this network, loopback, link-local (cloud metadata among them), multicast, reserved and broadcast. */
    private static final IpPrefix[] REFUSED_IPV4 = {
        prefix("0.0.0.0", 8), prefix("127.0.0.0", 8), prefix("169.254.0.0", 16), prefix("224.0.0.0", 3),
    };

    /**
     * RFC 6890: unspecified, loopback and the IPv4-compatible addresses; the discard prefix (RFC 6666); site-local (RFC 3879);
     * multicast. And where clouds keep their metadata: Amazon's and Google's.
     */
    private static final IpPrefix[] REFUSED_IPV6 = {
        prefix("::", 96),
        prefix("100::", 64),
        prefix("fec0::", 10),
        prefix("ff00::", 8),
        prefix("fd00:ec2::254", 128),
        prefix("fd20:ce::254", 128),
    };

    private static final IpPrefix LINK_LOCAL = prefix("fe80::", 10);

    /** RFC 5771 4: groups of the link, which no router forwards. */
    private static final IpPrefix IPV4_LINK_GROUPS = prefix("224.0.0.0", 24);

    /** RFC 4291 2.7: link-local, the widest scope that stays on the link. */
    private static final int LINK_LOCAL_SCOPE = 2;

    /** RFC 4291 2.7: the widest scope that is not reserved. */
    private static final int GLOBAL_SCOPE = 14;

    /** RFC 6052, RFC 8215: an IPv4 address in the low 32 bits. */
    private static final IpPrefix NAT64 = prefix("64:ff9b::", 96);

    private static final IpPrefix LOCAL_NAT64 = prefix("64:ff9b:1::", 48);

    /** RFC 2765 (SIIT): an IPv4 address in the low 32 bits. */
    private static final IpPrefix TRANSLATED = prefix("::ffff:0:0:0", 96);

    /** RFC 3056: an IPv4 address behind the first 16 bits. */
    private static final IpPrefix SIX_TO_FOUR = prefix("2002::", 16);

    /** RFC 4380 (Teredo): an IPv4 address in the low 32 bits, inverted. */
    private static final IpPrefix TEREDO = prefix("2001::", 32);

    private final @Nullable Network ipv4;
    private final @Nullable Network ipv6;
    private final @Nullable IpAddress linkLocalHost;
    private final GuestAccess access;

    /**
     * @param ipv4 null where guests have no IPv4
     * @param ipv6 null where guests have no IPv6
     * @param linkLocalHost the gateway's link-local IPv6 address, alias of the host's loopback, too; or null
     * @param access what guests may reach at all
     */
    public AddressPolicy(
            @Nullable Network ipv4, @Nullable Network ipv6, @Nullable IpAddress linkLocalHost, GuestAccess access) {
        this.ipv4 = ipv4;
        this.ipv6 = ipv6;
        this.linkLocalHost = linkLocalHost;
        this.access = access;
    }

    private static IpPrefix prefix(String address, int length) {
        return IpPrefix.of(IpAddress.parse(address), length);
    }

    private @Nullable Network network(boolean isIpv4) {
        return isIpv4 ? ipv4 : ipv6;
    }

    /** The gateway as {@code guest} calls it: of its family and scope. */
    public IpAddress host(IpAddress guest) {
        if (linkLocalHost != null && !guest.isIpv4() && guest.isLinkLocal()) {
            return linkLocalHost;
        }
        Network network = network(guest.isIpv4());
        if (network == null) {
            throw new IllegalArgumentException("no guest has an address such as " + guest);
        }
        return network.host;
    }

    /** Whether {@code address} is the gateway's, and so stands for the host's loopback. */
    private boolean isHost(IpAddress address) {
        Network network = network(address.isIpv4());
        return network != null && network.host.equals(address) || address.equals(linkLocalHost);
    }

    /** Whether there can be a guest with such an address: its family is there. */
    public boolean serves(IpAddress guest) {
        return network(guest.isIpv4()) != null;
    }

    /** Decides on a destination. */
    public Verdict decide(IpAddress destination) {
        if (isHost(destination)) {
            return hostLoopback();
        }
        Network network = network(destination.isIpv4());
        if (network == null) {
            return Verdict.DENIED;
        }
        if (network.prefix.contains(destination) || LINK_LOCAL.contains(destination)) {
            return Verdict.NOBODY;
        }
        if (access.multicast() && isWideGroup(destination)) {
            return outside(Verdict.GROUP);
        }
        return isRefused(destination) ? Verdict.DENIED : outside(Verdict.OUTSIDE);
    }

    private Verdict hostLoopback() {
        return outside(access.hostLoopback() ? Verdict.HOST_LOOPBACK : Verdict.DENIED);
    }

    private Verdict outside(Verdict verdict) {
        return access.outside() ? verdict : Verdict.PROHIBITED;
    }

    /** Whether it is a group that a router may forward to. */
    private static boolean isWideGroup(IpAddress destination) {
        if (!destination.isMulticast()) {
            return false;
        }
        if (destination.isIpv4()) {
            return !IPV4_LINK_GROUPS.contains(destination);
        }
        int scope = (int) (destination.high() >>> 48) & 0xf;
        return scope > LINK_LOCAL_SCOPE && scope <= GLOBAL_SCOPE;
    }

    private static boolean isRefused(IpAddress destination) {
        if (destination.isIpv4()) {
            return isIn(REFUSED_IPV4, destination);
        }
        IpAddress within = embedded(destination);
        return isIn(REFUSED_IPV6, destination) || within != null && isIn(REFUSED_IPV4, within);
    }

    private static boolean isIn(IpPrefix[] prefixes, IpAddress address) {
        for (IpPrefix prefix : prefixes) {
            if (prefix.contains(address)) {
                return true;
            }
        }
        return false;
    }

    /** The IPv4 address to which a translator or tunnel of the host would send, or null. */
    private static @Nullable IpAddress embedded(IpAddress destination) {
        int last = (int) destination.low();
        if (NAT64.contains(destination) || LOCAL_NAT64.contains(destination) || TRANSLATED.contains(destination)) {
            return IpAddress.ipv4(last);
        }
        if (TEREDO.contains(destination)) {
            return IpAddress.ipv4(~last);
        }
        if (SIX_TO_FOUR.contains(destination)) {
            return IpAddress.ipv4((int) (destination.high() >>> 16));
        }
        // RFC 5214 (ISATAP): whatever the prefix is.
        return (destination.low() >>> 32 & ~0x0200_0000L) == 0x5efe ? IpAddress.ipv4(last) : null;
    }

    /** Where on the host a destination leads that {@link #decide} lets pass. */
    public IpAddress toHost(IpAddress destination) {
        if (!isHost(destination)) {
            return destination;
        }
        return destination.isIpv4() ? IPV4_LOOPBACK : IPV6_LOOPBACK;
    }

    /**
     * How a host-side address looks to {@code guest}: as it is, if that can answer it and nobody of the guests has it; else
     * as the gateway. So do loopback, the other family, and a host network that happens to use the addresses of the virtual
     * one.
     */
    public IpAddress toGuest(IpAddress address, IpAddress guest) {
        Network network = network(guest.isIpv4());
        boolean answerable = address.isIpv4() == guest.isIpv4()
                && !address.isLoopback()
                && !address.isUnspecified()
                && !address.isMulticast()
                && !LINK_LOCAL.contains(address)
                && (network == null || !network.prefix.contains(address));
        return answerable ? address : host(guest);
    }
}
