package org.slipway.service;

import java.util.ArrayList;
import java.util.Collection;
import java.util.HashSet;
import java.util.List;
import java.util.Set;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;
import org.slipway.wire.DhcpOptions;
import org.slipway.wire.IpAddress;
import org.slipway.wire.IpPrefix;

/**
 * What a {@link DhcpServer} tells its clients.
 *
 * @param network the network of the clients
 * @param server the gateway's address: server identifier and siaddr
 * @param router the default route, or null for none
 * @param dns resolvers in order of preference; may be empty
 * @param poolFirst first address to lease
 * @param poolLast last address to lease; the pool has at most {@link #MAX_POOL} addresses
 * @param reserved addresses in the pool that are never leased, besides server, router and resolvers
 * @param mtu in bytes, told to clients that ask (option 26)
 * @param leaseSeconds how long a lease lasts, {@link #MIN_LEASE_SECONDS} or more; a client may ask for less
 * @param bootFile what the {@code file} field says, at most 127 characters of ISO 8859-1; empty for none
 * @param extra further options for every client, as they are (host name, domain, search list, boot server, …)
 */
public record DhcpConfig(
        IpPrefix network,
        IpAddress server,
        @Nullable IpAddress router,
        List<IpAddress> dns,
        IpAddress poolFirst,
        IpAddress poolLast,
        Set<IpAddress> reserved,
        int mtu,
        int leaseSeconds,
        String bootFile,
        DhcpOptions extra) {

    /** One day, as libslirp has it. */
    public static final int DEFAULT_LEASE_SECONDS = 86_400;

    /** Shorter leases would be renewed all the time. */
    public static final int MIN_LEASE_SECONDS = 60;

    /** A network of one switch has no more guests; bounds the search for a free address. */
    public static final int MAX_POOL = 1024;

    /** Checks that all of it fits together. */
    public DhcpConfig {
        long size = Integer.toUnsignedLong(poolLast.ipv4Bits()) - Integer.toUnsignedLong(poolFirst.ipv4Bits()) + 1;
        if (size < 1 || size > MAX_POOL) {
            throw new IllegalArgumentException(
                    "DHCP pool " + poolFirst + " to " + poolLast + " has not 1 to " + MAX_POOL + " addresses");
        }
        if (!network.contains(poolFirst) || !network.contains(poolLast)) {
            throw new IllegalArgumentException("DHCP pool " + poolFirst + " to " + poolLast + " is not in " + network);
        }
        if (leaseSeconds < MIN_LEASE_SECONDS) {
            throw new IllegalArgumentException(
                    "DHCP lease of " + leaseSeconds + " s is shorter than " + MIN_LEASE_SECONDS + " s");
        }
        if (bootFile.length() > 127) {
            throw new IllegalArgumentException("boot file '" + bootFile + "' is longer than 127 characters");
        }
        dns = List.copyOf(dns);
        Stream<IpAddress> services = Stream.concat(
                Stream.of(server, router == null ? server : router, network.address(), network.ipv4Broadcast()),
                dns.stream());
        reserved = Stream.concat(reserved.stream(), services).collect(Collectors.toUnmodifiableSet());
    }

    /** The gateway is router and server, leases last a day, nothing special. */
    public static DhcpConfig of(
            IpPrefix network, IpAddress server, IpAddress dns, IpAddress poolFirst, IpAddress poolLast, int mtu) {
        return new DhcpConfig(
                network,
                server,
                server,
                List.of(dns),
                poolFirst,
                poolLast,
                Set.of(),
                mtu,
                DEFAULT_LEASE_SECONDS,
                "",
                DhcpOptions.NONE);
    }

    /** The same with something to boot, and further options. */
    public DhcpConfig booting(String file, DhcpOptions options) {
        return new DhcpConfig(
                network, server, router, dns, poolFirst, poolLast, reserved, mtu, leaseSeconds, file, options);
    }

    /** The same, never leasing {@code addresses}. */
    public DhcpConfig reserving(Collection<IpAddress> addresses) {
        Set<IpAddress> all = new HashSet<>(reserved);
        all.addAll(addresses);
        return new DhcpConfig(
                network, server, router, dns, poolFirst, poolLast, all, mtu, leaseSeconds, bootFile, extra);
    }

    /** The same without resolvers. Their addresses stay reserved. */
    public DhcpConfig withoutResolver() {
        return new DhcpConfig(
                network, server, router, List.of(), poolFirst, poolLast, reserved, mtu, leaseSeconds, bootFile, extra);
    }

    /** The same on a link that leads nowhere: without router and resolvers. Their addresses stay reserved. */
    public DhcpConfig isolated() {
        return new DhcpConfig(
                network, server, null, List.of(), poolFirst, poolLast, reserved, mtu, leaseSeconds, bootFile, extra);
    }

    /** The addresses to lease, in order. */
    List<IpAddress> pool() {
        List<IpAddress> pool = new ArrayList<>();
        int first = poolFirst.ipv4Bits();
        for (int bits = first; bits - first <= poolLast.ipv4Bits() - first; bits++) {
            IpAddress address = IpAddress.ipv4(bits);
            if (!reserved.contains(address)) {
                pool.add(address);
            }
        }
        return pool;
    }
}
