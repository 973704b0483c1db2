package org.slipway.service;

import java.util.ArrayList;
import java.util.List;
import java.util.Set;
import java.util.stream.Collectors;
import org.slipway.wire.Dhcpv6Options;
import org.slipway.wire.DnsAddresses;
import org.slipway.wire.Duid;
import org.slipway.wire.IpAddress;
import org.slipway.wire.IpPrefix;
import org.slipway.wire.MacAddress;

/**
 * What a {@link Dhcpv6Server} tells its clients.
 *
 * @param prefix the network of the clients
 * @param server the gateway's link-local address, from which multicast is answered
 * @param serverMac the gateway's Ethernet address, of which the server's identifier is made
 * @param dns resolvers in order of preference; may be empty
 * @param domains names to search in; may be empty
 * @param bootFileUrl what to boot (RFC 5970); empty for none
 * @param pool addresses to lease to whoever comes, in order, at most {@link #MAX_POOL}; may be empty
 * @param fixed addresses that are kept for one client each, of the prefix, and not in the pool
 * @param leaseSeconds how long a lease is valid
 * @param extra further options for clients that ask for them; instead of what else would be said with the same code
 */
public record Dhcpv6Config(
        IpPrefix prefix,
        IpAddress server,
        MacAddress serverMac,
        List<IpAddress> dns,
        List<String> domains,
        String bootFileUrl,
        List<IpAddress> pool,
        List<StaticLease> fixed,
        int leaseSeconds,
        Dhcpv6Options extra) {

    /** Bounds the search for a free address. */
    public static final int MAX_POOL = 1024;

    /** No client takes more. */
    static final int MAX_LIST = 16;

    /** Firmware has no room for more. */
    static final int MAX_URL_LENGTH = 1024;

    /** Sixteen times what DHCPv4 has in libslirp: an address is cheap, and a guest may have several. */
    private static final int POOL = 256;

    /** Checks that all of it fits together. */
    public Dhcpv6Config {
        if (pool.size() > MAX_POOL || leaseSeconds < DhcpConfig.MIN_LEASE_SECONDS) {
            throw new IllegalArgumentException("DHCPv6 pool of " + pool.size() + " or lease of " + leaseSeconds
                    + " s is not at most " + MAX_POOL + " or at least " + DhcpConfig.MIN_LEASE_SECONDS + " s");
        }
        for (IpAddress address : pool) {
            if (!prefix.contains(address)) {
                throw new IllegalArgumentException("DHCPv6 pool address " + address + " is not in " + prefix);
            }
        }
        for (StaticLease lease : fixed) {
            if (!prefix.contains(lease.address()) || pool.contains(lease.address())) {
                throw new IllegalArgumentException("static lease of " + lease.address() + ", which is not in " + prefix
                        + ", or not for one alone");
            }
        }
        for (String domain : domains) {
            if (!DnsAddresses.isName(domain)) {
                throw new IllegalArgumentException("not a domain name: '" + domain + "'");
            }
        }
        if (dns.size() > MAX_LIST || domains.size() > MAX_LIST || bootFileUrl.length() > MAX_URL_LENGTH) {
            throw new IllegalArgumentException("more than " + MAX_LIST
                    + " resolvers or domains, or a boot file URL of more" + " than " + MAX_URL_LENGTH + " characters");
        }
        dns = List.copyOf(dns);
        domains = List.copyOf(domains);
        pool = List.copyOf(pool);
        fixed = List.copyOf(fixed);
    }

    /**
     * Leases of a day from {@code prefix::1000} on: far from the gateway's and the resolver's address, and from those that
     * guests make of their Ethernet addresses; in a small prefix, from {@code ::10} or {@code ::4} on.
     *
     * @param reserved addresses that are never leased
     */
    public static Dhcpv6Config of(
            IpPrefix prefix,
            IpAddress server,
            MacAddress serverMac,
            List<IpAddress> dns,
            List<String> domains,
            String bootFileUrl,
            List<IpAddress> reserved) {
        return new Dhcpv6Config(
                prefix,
                server,
                serverMac,
                dns,
                domains,
                bootFileUrl,
                pool(prefix, reserved),
                List.of(),
                DhcpConfig.DEFAULT_LEASE_SECONDS,
                Dhcpv6Options.NONE);
    }

    /** The same with leases that last {@code seconds}, some of them fixed, and further options. */
    public Dhcpv6Config leasing(int seconds, List<StaticLease> leases, Dhcpv6Options options) {
        Set<IpAddress> kept = leases.stream().map(StaticLease::address).collect(Collectors.toSet());
        return new Dhcpv6Config(
                prefix,
                server,
                serverMac,
                dns,
                domains,
                bootFileUrl,
                pool.stream().filter(address -> !kept.contains(address)).toList(),
                leases,
                seconds,
                options);
    }

    private static List<IpAddress> pool(IpPrefix prefix, List<IpAddress> reserved) {
        int hostBits = 128 - prefix.length();
        long size = 1L << Math.min(hostBits, 16);
        long first = size > 0x1000 ? 0x1000 : size > 0x10 ? 0x10 : 4;
        List<IpAddress> pool = new ArrayList<>();
        for (long i = first; i < Math.min(size, first + POOL); i++) {
            IpAddress address =
                    new IpAddress(prefix.address().high(), prefix.address().low() | i);
            if (!reserved.contains(address)) {
                pool.add(address);
            }
        }
        return pool;
    }

    /** How many addresses there are to lease. */
    int addresses() {
        return pool.size() + fixed.size();
    }

    /** The server's identifier: DUID-LL, the same after each start. */
    Duid serverId() {
        return Duid.ofEthernet(serverMac);
    }

    /** How long an address is preferred, of the time that it is valid: as Kea has it. */
    int preferredSeconds() {
        return (int) (leaseSeconds * 5L / 8);
    }

    /** RFC 8415 21.4 recommends 0.5 of the preferred time for T1. */
    int renewSeconds() {
        return preferredSeconds() / 2;
    }

    /** RFC 8415 21.4 recommends 0.8 of the preferred time for T2. */
    int rebindSeconds() {
        return (int) (preferredSeconds() * 4L / 5);
    }
}
