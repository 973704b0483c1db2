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
 * @param extra further options for every client, as they are (host name, domain, search list, boot server, …); instead of what
 *     else would be said with the same code, but for the mask and what DHCP itself needs
 * @param fixed addresses that are kept for one client each, of the network, of the pool or not; none is reserved
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
        DhcpOptions extra,
        List<StaticLease> fixed) {

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
        fixed = List.copyOf(fixed);
        for (StaticLease lease : fixed) {
            if (!network.contains(lease.address()) || reserved.contains(lease.address())) {
                throw new IllegalArgumentException(
                        "static lease of " + lease.address() + ", which is no guest's address in " + network);
            }
        }
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
                DhcpOptions.NONE,
                List.of());
    }

    /** The same with something to boot, and further options. */
    public DhcpConfig booting(String file, DhcpOptions options) {
        return with(router, dns, reserved, leaseSeconds, file, options, fixed);
    }

    /** The same, never leasing {@code addresses}. */
    public DhcpConfig reserving(Collection<IpAddress> addresses) {
        Set<IpAddress> all = new HashSet<>(reserved);
        all.addAll(addresses);
        return with(router, dns, all, leaseSeconds, bootFile, extra, fixed);
    }

    /** The same with leases that last {@code seconds}, some of them fixed. */
    public DhcpConfig leasing(int seconds, List<StaticLease> leases) {
        return with(router, dns, reserved, seconds, bootFile, extra, leases);
    }

    /** The same without resolvers. Their addresses stay reserved. */
    public DhcpConfig withoutResolver() {
        return with(router, List.of(), reserved, leaseSeconds, bootFile, extra, fixed);
    }

    /** The same on a link that leads nowhere: without router and resolvers. Their addresses stay reserved. */
    public DhcpConfig isolated() {
        return with(null, List.of(), reserved, leaseSeconds, bootFile, extra, fixed);
    }

    private DhcpConfig with(
            @Nullable IpAddress by,
            List<IpAddress> resolvers,
            Set<IpAddress> kept,
            int seconds,
            String file,
            DhcpOptions options,
            List<StaticLease> leases) {
        return new DhcpConfig(
                network, server, by, resolvers, poolFirst, poolLast, kept, mtu, seconds, file, options, leases);
    }

    /** What the guest that has a fixed {@code address} is to call itself; empty if that is not said. */
    String nameOf(IpAddress address) {
        for (StaticLease lease : fixed) {
            if (lease.address().equals(address)) {
                return lease.name();
            }
        }
        return "";
    }

    /** The addresses to lease to whoever comes, in order. */
    List<IpAddress> pool() {
        Set<IpAddress> kept = fixed.stream().map(StaticLease::address).collect(Collectors.toSet());
        List<IpAddress> pool = new ArrayList<>();
        int first = poolFirst.ipv4Bits();
        for (int bits = first; bits - first <= poolLast.ipv4Bits() - first; bits++) {
            IpAddress address = IpAddress.ipv4(bits);
            if (!reserved.contains(address) && !kept.contains(address)) {
                pool.add(address);
            }
        }
        return pool;
    }
}
