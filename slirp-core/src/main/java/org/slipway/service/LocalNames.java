package org.slipway.service;

import java.util.ArrayList;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.function.Predicate;
import org.jspecify.annotations.Nullable;
import org.slipway.wire.DnsAnswers;
import org.slipway.wire.DnsAnswers.Nothing;
import org.slipway.wire.IpAddress;

/**
 * What the resolver knows by itself, and so asks nobody: the gateway's names, those of the guests, records of the user, what is
 * blocked, and the names of addresses of the guests' own network (RFC 6303). Looked up in the order of the methods below.
 * On the network's loop only.
 */
public final class LocalNames implements LeaseListener {

    /** The domain of the network: what is not known of it does not exist, and is not asked for outside. */
    public static final String DOMAIN = "slipway";

    /** What the gateway is called, and the resolver in SOA records. */
    public static final String GATEWAY = "gateway." + DOMAIN;

    private static final String LOCALHOST = "localhost";
    private static final IpAddress IPV4_LOOPBACK = IpAddress.ipv4(0x7f00_0001);
    private static final IpAddress IPV6_LOOPBACK = IpAddress.parse("::1");

    /** An answer: addresses, a name, or nothing. */
    sealed interface Answer permits Addresses, Pointer, None {}

    record Addresses(List<IpAddress> addresses) implements Answer {}

    record Pointer(String name) implements Answer {}

    record None(Nothing nothing) implements Answer {}

    private final Map<String, List<IpAddress>> own;
    private final Set<String> domains = new HashSet<>(Set.of(DOMAIN));
    private final Predicate<IpAddress> ours;
    private final HostRecords records;
    private final Set<String> blocked;
    private final LeaseNames leases;

    /**
     * @param own names below {@link #DOMAIN}, without it, and their addresses
     * @param guestDomain the domain that guests are told, in lower case, or empty; they are found there, too
     * @param fixed static leases, whose names are known though their guests are not there
     * @param ours whether an address is of the guests' network
     * @param blocked names that do not exist, nor any below them; in lower case
     */
    public LocalNames(
            Map<String, List<IpAddress>> own,
            String guestDomain,
            List<StaticLease> fixed,
            Predicate<IpAddress> ours,
            HostRecords records,
            Set<String> blocked) {
        this.own = new HashMap<>(own);
        if (!guestDomain.isEmpty()) {
            domains.add(guestDomain);
        }
        leases = new LeaseNames(fixed);
        this.ours = ours;
        this.records = records;
        this.blocked = Set.copyOf(blocked);
    }

    /** Knows nothing. */
    public static LocalNames none() {
        return new LocalNames(Map.of(), "", List.of(), address -> false, new HostRecords(), Set.of());
    }

    @Override
    public void bound(Lease lease) {
        leases.bound(lease);
    }

    @Override
    public void released(Lease lease) {
        leases.released(lease.address());
    }

    /** What is known of {@code name}, in lower case without a dot at its end; null if others have to be asked. */
    @Nullable
    Answer find(String name, int type) {
        List<IpAddress> addresses = addresses(name);
        if (!addresses.isEmpty()) {
            return ofType(addresses, type);
        }
        if (isBlocked(name) || isBelow(name, DOMAIN) && !name.equals(DOMAIN)) {
            return new None(Nothing.NAME_ERROR);
        }
        if (name.equals(DOMAIN)) {
            return new None(Nothing.NO_DATA);
        }
        return reverse(name, type);
    }

    private List<IpAddress> addresses(String name) {
        List<IpAddress> recorded = records.addresses(name);
        if (!recorded.isEmpty()) {
            return recorded;
        }
        // RFC 6761 6.3.
        if (isBelow(name, LOCALHOST)) {
            return List.of(IPV4_LOOPBACK, IPV6_LOOPBACK);
        }
        String label = label(name);
        if (label == null) {
            return List.of();
        }
        List<IpAddress> gateways = own.get(label);
        if (gateways != null) {
            // Outside of our own domain others may have a gateway, too.
            return isBelow(name, DOMAIN) ? gateways : List.of();
        }
        return leases.addresses(label);
    }

    /** What stands in front of one of our domains, or all of a name without a dot; null if it is of another domain. */
    private @Nullable String label(String name) {
        int dot = name.indexOf('.');
        if (dot < 0) {
            return name;
        }
        return domains.contains(name.substring(dot + 1)) ? name.substring(0, dot) : null;
    }

    private static Answer ofType(List<IpAddress> addresses, int type) {
        List<IpAddress> asked = new ArrayList<>();
        for (IpAddress address : addresses) {
            if (type == DnsAnswers.TYPE_ANY || type == (address.isIpv4() ? DnsAnswers.TYPE_A : DnsAnswers.TYPE_AAAA)) {
                asked.add(address);
            }
        }
        return asked.isEmpty() ? new None(Nothing.NO_DATA) : new Addresses(asked);
    }

    private boolean isBlocked(String name) {
        if (blocked.isEmpty()) {
            return false;
        }
        for (String above = name; ; above = above.substring(above.indexOf('.') + 1)) {
            if (blocked.contains(above)) {
                return true;
            }
            if (above.indexOf('.') < 0) {
                return false;
            }
        }
    }

    private static boolean isBelow(String name, String domain) {
        return name.endsWith(domain)
                && (name.length() == domain.length() || name.charAt(name.length() - domain.length() - 1) == '.');
    }

    private @Nullable Answer reverse(String name, int type) {
        IpAddress address = ReverseName.address(name);
        String found = address == null ? null : nameOf(address);
        if (found != null) {
            return type == DnsAnswers.TYPE_PTR || type == DnsAnswers.TYPE_ANY
                    ? new Pointer(found)
                    : new None(Nothing.NO_DATA);
        }
        return address != null && ours.test(address) ? new None(Nothing.NAME_ERROR) : null;
    }

    private @Nullable String nameOf(IpAddress address) {
        if (address.isLoopback()) {
            return LOCALHOST;
        }
        for (Map.Entry<String, List<IpAddress>> mine : own.entrySet()) {
            if (mine.getValue().contains(address)) {
                return mine.getKey() + "." + DOMAIN;
            }
        }
        String guest = leases.name(address);
        if (guest != null) {
            return guest + "." + DOMAIN;
        }
        for (Map.Entry<String, List<IpAddress>> recorded : records.all().entrySet()) {
            if (recorded.getValue().contains(address)) {
                return recorded.getKey();
            }
        }
        return null;
    }
}
