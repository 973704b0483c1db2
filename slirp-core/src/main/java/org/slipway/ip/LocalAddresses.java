package org.slipway.ip;

import java.util.ArrayList;
import java.util.List;
import org.slipway.wire.IpAddress;
import org.slipway.wire.IpPrefix;

/** The addresses of one host, each on a network: few, so that looking through all of them is quick. */
final class LocalAddresses {

    private static final int IPV4_BROADCAST = 0xffff_ffff;

    private record Local(IpAddress address, IpPrefix prefix) {}

    private static final IpAddress UNSPECIFIED_IPV4 = IpAddress.ipv4(0);
    private static final IpAddress UNSPECIFIED_IPV6 = new IpAddress(0, 0);

    private final List<Local> locals = new ArrayList<>();

    void add(IpAddress address, IpPrefix prefix) {
        if (!prefix.contains(address)) {
            throw new IllegalArgumentException("address " + address + " is not in " + prefix);
        }
        remove(address);
        locals.add(new Local(address, prefix));
    }

    void remove(IpAddress address) {
        locals.removeIf(local -> local.address.equals(address));
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

    /** Whether one of our addresses has {@code group} for its solicited-node group (RFC 4291 2.8). */
    boolean isSolicitedNode(IpAddress group) {
        for (int i = 0; i < locals.size(); i++) {
            IpAddress address = locals.get(i).address;
            if (!address.isIpv4() && address.solicitedNode().equals(group)) {
                return true;
            }
        }
        return false;
    }

    /**
     * The address from which to talk to {@code peer}: that itself, if it is ours; one on its network; or the first of its
     * family that is not of the link only; unspecified without any.
     */
    IpAddress sourceFor(IpAddress peer) {
        IpAddress first = null;
        for (int i = 0; i < locals.size(); i++) {
            Local local = locals.get(i);
            if (local.address.equals(peer) || local.prefix.contains(peer) && !contains(peer)) {
                return local.address;
            }
            if (local.address.isIpv4() == peer.isIpv4()
                    && (first == null || first.isLinkLocal() && !local.address.isLinkLocal())) {
                first = local.address;
            }
        }
        if (first != null) {
            return first;
        }
        return peer.isIpv4() ? UNSPECIFIED_IPV4 : UNSPECIFIED_IPV6;
    }
}
