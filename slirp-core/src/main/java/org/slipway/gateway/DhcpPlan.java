package org.slipway.gateway;

import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import org.slipway.service.DhcpConfig;
import org.slipway.service.StaticLease;
import org.slipway.wire.ClasslessRoute;
import org.slipway.wire.DhcpOptions;
import org.slipway.wire.Dhcpv6Options;
import org.slipway.wire.IpAddress;
import org.slipway.wire.MacAddress;

/**
 * What DHCP does beyond leasing addresses of a pool and telling of the gateway and the resolver.
 *
 * @param leaseSeconds how long leases last, {@link DhcpConfig#MIN_LEASE_SECONDS} to {@link #MAX_LEASE_SECONDS}
 * @param leases addresses that are kept for one guest each, at most {@link StaticLease#MAX}; a guest has one of a family
 * @param timeServers NTP servers of both families, at most {@link #MAX_LIST}
 * @param routes of IPv4, besides the default route, at most {@link #MAX_LIST}
 * @param options of DHCPv4 as the user gives them; they go before what else would be said with the same code
 * @param optionsv6 of DHCPv6, as before
 */
public record DhcpPlan(
        int leaseSeconds,
        List<StaticLease> leases,
        List<IpAddress> timeServers,
        List<ClasslessRoute> routes,
        DhcpOptions options,
        Dhcpv6Options optionsv6) {

    /** Leases of a day and nothing else. */
    public static final DhcpPlan DEFAULT = new DhcpPlan(
            DhcpConfig.DEFAULT_LEASE_SECONDS, List.of(), List.of(), List.of(), DhcpOptions.NONE, Dhcpv6Options.NONE);

    /** Larger numbers mean eternity to some clients, and less than nothing to others. */
    public static final int MAX_LEASE_SECONDS = Integer.MAX_VALUE;

    /** Of time servers and routes. */
    public static final int MAX_LIST = 16;

    /** Bytes of the user's own options of one family: clients say that they take as much in one answer, seldom more. */
    public static final int MAX_OPTION_BYTES = 1024;

    /** What the protocol itself says with each message, and what follows from the network: RFC 2132, 3046, 3118, 6842. */
    private static final Set<Integer> OURS = Set.of(0, 1, 50, 51, 52, 53, 54, 55, 56, 57, 58, 59, 61, 82, 90, 255);

    /** Of RFC 8415 21, without what a client may be told besides. */
    private static final Set<Integer> OURS_V6 =
            Set.of(0, 1, 2, 3, 4, 5, 6, 7, 8, 9, 11, 12, 13, 14, 18, 19, 20, 25, 26, 32);

    public DhcpPlan {
        if (leaseSeconds < DhcpConfig.MIN_LEASE_SECONDS) {
            throw new IllegalArgumentException(
                    "leases of " + leaseSeconds + " s are shorter than " + DhcpConfig.MIN_LEASE_SECONDS + " s");
        }
        leases = List.copyOf(leases);
        timeServers = List.copyOf(timeServers);
        routes = List.copyOf(routes);
        if (leases.size() > StaticLease.MAX) {
            throw new IllegalArgumentException(leases.size() + " static leases are more than " + StaticLease.MAX);
        }
        if (timeServers.size() > MAX_LIST || routes.size() > MAX_LIST) {
            throw new IllegalArgumentException(timeServers.size() + " time servers and " + routes.size()
                    + " routes are more than " + MAX_LIST + " of each");
        }
        requireDistinct(leases);
        for (int code : options.codes()) {
            requireFree(OURS, code, "DHCP");
        }
        for (int i = 0; i < optionsv6.size(); i++) {
            requireFree(OURS_V6, optionsv6.code(i), "DHCPv6");
        }
        int bytes = Math.max(options.emittedLength(), optionsv6.emittedLength());
        if (bytes > MAX_OPTION_BYTES) {
            throw new IllegalArgumentException("options of " + bytes + " bytes are more than " + MAX_OPTION_BYTES
                    + ", which is what clients take");
        }
    }

    private static void requireFree(Set<Integer> ours, int code, String protocol) {
        if (ours.contains(code)) {
            throw new IllegalArgumentException("option " + code + " is what " + protocol + " itself needs");
        }
    }

    private static void requireDistinct(List<StaticLease> leases) {
        Set<IpAddress> addresses = new HashSet<>();
        Map<Boolean, Set<MacAddress>> macs = Map.of(true, new HashSet<>(), false, new HashSet<>());
        Map<String, MacAddress> names = new HashMap<>();
        for (StaticLease lease : leases) {
            boolean isIpv4 = lease.address().isIpv4();
            if (!addresses.add(lease.address())) {
                throw new IllegalArgumentException(lease.address() + " is the static lease of two guests");
            }
            if (!macs.getOrDefault(isIpv4, Set.of()).add(lease.mac())) {
                throw new IllegalArgumentException(
                        "guest " + lease.mac() + " has two static leases of " + (isIpv4 ? "IPv4" : "IPv6"));
            }
            MacAddress other = lease.name().isEmpty() ? null : names.put(lease.name(), lease.mac());
            if (other != null && !other.equals(lease.mac())) {
                throw new IllegalArgumentException(
                        "two guests are called '" + lease.name() + "': " + other + " and " + lease.mac());
            }
        }
    }

    /**
     * Checks that it is of the network.
     *
     * @param taken addresses of the gateway's own there
     */
    void check(AddressPlan plan, Set<IpAddress> taken) {
        for (StaticLease lease : leases) {
            IpAddress address = lease.address();
            if (!plan.isStation(address)) {
                throw new IllegalArgumentException("the static lease of " + lease.mac() + ", " + address
                        + ", is no address of a guest in " + plan.network(address.isIpv4()));
            }
            if (taken.contains(address)) {
                throw new IllegalArgumentException(
                        "the static lease of " + lease.mac() + ", " + address + ", is an address of the gateway's own");
            }
            if (plan.names().containsKey(lease.name())) {
                throw new IllegalArgumentException(
                        "a guest cannot be called '" + lease.name() + "', which is a name of the gateway's own");
            }
        }
        for (ClasslessRoute route : routes) {
            if (!plan.isStation(route.router())) {
                throw new IllegalArgumentException("the router " + route.router() + " to " + route.destination()
                        + " is not in " + plan.network(true));
            }
        }
    }

    /** The static leases of one family. */
    List<StaticLease> leases(boolean ipv4) {
        return leases.stream().filter(lease -> lease.address().isIpv4() == ipv4).toList();
    }

    /** The time servers of one family. */
    List<IpAddress> timeServers(boolean ipv4) {
        return timeServers.stream().filter(server -> server.isIpv4() == ipv4).toList();
    }
}
