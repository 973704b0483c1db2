package org.slipway.ip;

import java.util.ArrayList;
import java.util.List;
import org.slipway.wire.IpAddress;
import org.slipway.wire.IpPrefix;

/** The addresses of one host, each on a network: few, so that looking through all of them is quick. */
final class LocalAddresses {

    private static final int IPV4_BROADCAST = 0xffff_ffff;

    /** What of a source address counts more than all bits that it can have in common with the peer. */
    private static final int NOT_DEPRECATED = 256;

    private static final int FITTING_SCOPE = 2 * NOT_DEPRECATED;

    private record Local(IpAddress address, IpPrefix prefix, boolean deprecated) {}

    private static final IpAddress UNSPECIFIED_IPV4 = IpAddress.ipv4(0);
    private static final IpAddress UNSPECIFIED_IPV6 = new IpAddress(0, 0);

    private final List<Local> locals = new ArrayList<>();
    private final List<IpAddress> tentative = new ArrayList<>();

    void add(IpAddress address, IpPrefix prefix) {
        if (!prefix.contains(address)) {
            throw new IllegalArgumentException("address " + address + " is not in " + prefix);
        }
        remove(address);
        locals.add(new Local(address, prefix, false));
    }

    /** Notes that a local address is to be a source only where there is no other (RFC 4862 5.5.4). */
    void deprecate(IpAddress address) {
        locals.replaceAll(local -> local.address.equals(address) ? new Local(address, local.prefix, true) : local);
    }

    /** Notes that {@code address} may become ours: until it is added, or removed, it is not. */
    void addTentative(IpAddress address) {
        remove(address);
        tentative.add(address);
    }

    void remove(IpAddress address) {
        locals.removeIf(local -> local.address.equals(address));
        tentative.remove(address);
    }

    boolean isTentative(IpAddress address) {
        return tentative.contains(address);
    }

    boolean contains(IpAddress address) {
        for (int i = 0; i < locals.size(); i++) {
            if (locals.get(i).address.equals(address)) {
                return true;
            }
        }
        return false;
    }

    /** Whether a neighbour can have {@code address}: it is on a network of ours. */
    boolean isOnLink(IpAddress address) {
        for (int i = 0; i < locals.size(); i++) {
            if (locals.get(i).prefix.contains(address)) {
                return true;
            }
        }
        return false;
    }

    /** Whether {@code address} is 255.255.255.255 or the directed broadcast address of a network of ours. */
    boolean isBroadcast(IpAddress address) {
        if (!address.isIpv4()) {
            return false;
        }
        if (address.ipv4Bits() == IPV4_BROADCAST) {
            return true;
        }
        for (int i = 0; i < locals.size(); i++) {
            IpPrefix prefix = locals.get(i).prefix;
            if (hasBroadcast(prefix)
                    && prefix.contains(address)
                    && (address.ipv4Bits() | prefix.ipv4Mask()) == IPV4_BROADCAST) {
                return true;
            }
        }
        return false;
    }

    /** Whether {@code address} names a network of ours: all host bits zero, once a broadcast address, too. */
    boolean isNetwork(IpAddress address) {
        for (int i = 0; i < locals.size(); i++) {
            IpPrefix prefix = locals.get(i).prefix;
            if (hasBroadcast(prefix) && prefix.address().equals(address)) {
                return true;
            }
        }
        return false;
    }

    /** RFC 3021: a network of two addresses has no broadcast; nor has a single address. */
    private static boolean hasBroadcast(IpPrefix prefix) {
        return prefix.address().isIpv4() && prefix.length() < 31;
    }

    /**
     * Whether {@code address} can belong to another station: no group, broadcast, loopback or unspecified address and
     * none of ours. Class E (240.0.0.0/4) cannot, nor can 0.0.0.0/8 (RFC 1122 3.2.1.3, RFC 1812 5.3.7).
     */
    boolean isForeignUnicast(IpAddress address) {
        if (address.isMulticast() || address.isLoopback() || address.isUnspecified()) {
            return false;
        }
        if (address.isIpv4() && (address.ipv4Bits() >>> 28 == 0xf || address.ipv4Bits() >>> 24 == 0)) {
            return false;
        }
        return !contains(address) && !isBroadcast(address) && !isNetwork(address);
    }

    /** Whether one of our addresses, or a tentative one, has {@code group} for its solicited-node group (RFC 4291 2.8). */
    boolean isSolicitedNode(IpAddress group) {
        for (int i = 0; i < locals.size(); i++) {
            IpAddress address = locals.get(i).address;
            if (!address.isIpv4() && address.solicitedNode().equals(group)) {
                return true;
            }
        }
        for (int i = 0; i < tentative.size(); i++) {
            if (tentative.get(i).solicitedNode().equals(group)) {
                return true;
            }
        }
        return false;
    }

    /**
     * The address from which to talk to {@code peer}, unspecified without any: that itself, if it is ours; one that is of
     * the link only if the peer is, and no other; one on its network; or the one that has the most in common with it (RFC
     * 6724 5, rules 1, 2, 3 and 8).
     */
    IpAddress sourceFor(IpAddress peer) {
        if (contains(peer)) {
            return peer;
        }
        IpAddress best = peer.isIpv4() ? UNSPECIFIED_IPV4 : UNSPECIFIED_IPV6;
        int bestRank = -1;
        for (int i = 0; i < locals.size(); i++) {
            Local local = locals.get(i);
            int rank = local.address.isIpv4() == peer.isIpv4() ? rank(local, peer) : -1;
            if (rank > bestRank) {
                best = local.address;
                bestRank = rank;
            }
        }
        return best;
    }

    /** How good an address is as a source towards {@code peer}. */
    private static int rank(Local local, IpAddress peer) {
        boolean peerIsOfLink = peer.isLinkLocal() || peer.isLinkLocalGroup();
        return (local.address.isLinkLocal() == peerIsOfLink ? FITTING_SCOPE : 0)
                + (local.deprecated ? 0 : NOT_DEPRECATED)
                + (local.prefix.contains(peer) ? 128 : commonBits(local.address, peer));
    }

    private static int commonBits(IpAddress one, IpAddress other) {
        return one.high() == other.high()
                ? 64 + Long.numberOfLeadingZeros(one.low() ^ other.low())
                : Long.numberOfLeadingZeros(one.high() ^ other.high());
    }
}
