package org.slipway.guest;

import java.util.List;
import org.jspecify.annotations.Nullable;
import org.slipway.wire.IpAddress;
import org.slipway.wire.IpPrefix;

/**
 * A guest's place in its IPv4 network.
 *
 * @param address its IPv4 address
 * @param prefix the network that {@code address} is in
 * @param router where packets for other networks go, or null if there is no way out
 * @param dns resolvers in order of preference; may be empty
 * @param mtu largest IP packet sent, in bytes, 68 to 65535
 */
public record GuestAddress(
        IpAddress address, IpPrefix prefix, @Nullable IpAddress router, List<IpAddress> dns, int mtu) {

    /** Ethernet's (RFC 894). */
    public static final int DEFAULT_MTU = 1500;

    /** RFC 791 3.2. */
    static final int MIN_MTU = 68;

    static final int MAX_MTU = 65_535;

    /** Checks that all of it fits together. */
    public GuestAddress {
        if (!address.isIpv4() || !prefix.contains(address)) {
            throw new IllegalArgumentException("address " + address + " is no IPv4 address in " + prefix);
        }
        if (mtu < MIN_MTU || mtu > MAX_MTU) {
            throw new IllegalArgumentException("MTU " + mtu + " is not " + MIN_MTU + " to " + MAX_MTU);
        }
        dns = List.copyOf(dns);
    }

    /** An address without router and resolvers: {@code of(IpAddress.parse("192.168.1.7"), 24)}. */
    public static GuestAddress of(IpAddress address, int prefixLength) {
        return new GuestAddress(address, IpPrefix.of(address, prefixLength), null, List.of(), DEFAULT_MTU);
    }

    /** This address with another MTU, in bytes. */
    public GuestAddress withMtu(int mtu) {
        return new GuestAddress(address, prefix, router, dns, mtu);
    }
}
