package org.slipway.cli;

import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import org.jspecify.annotations.Nullable;
import org.slipway.gateway.AddressPlan;
import org.slipway.gateway.DhcpPlan;
import org.slipway.gateway.Ipv4Plan;
import org.slipway.service.DhcpConfig;
import org.slipway.service.StaticLease;
import org.slipway.wire.ClasslessRoute;
import org.slipway.wire.IpAddress;
import org.slipway.wire.IpPrefix;
import org.slipway.wire.MacAddress;

/**
 * Reads {@code lease=MAC=ADDRESS[=NAME]}, {@code lease-time=SECONDS}, {@code ntp=ADDRESS}, {@code route=PREFIX[=ROUTER]},
 * {@code dhcp-option=CODE=VALUE} and {@code dhcpv6-option=CODE=VALUE}: what DHCP does beyond the common.
 */
final class DhcpPlanOptions {

    private static final String LEASE = "lease";
    private static final String TIME_SERVER = "ntp";
    private static final String ROUTE = "route";

    private final PortOptions options;

    private DhcpPlanOptions(PortOptions options) {
        this.options = options;
    }

    static DhcpPlan read(PortOptions options, AddressPlan plan) {
        DhcpPlanOptions reader = new DhcpPlanOptions(options);
        try {
            return new DhcpPlan(
                    (int) options.number(
                            "lease-time",
                            DhcpConfig.MIN_LEASE_SECONDS,
                            DhcpPlan.MAX_LEASE_SECONDS,
                            DhcpConfig.DEFAULT_LEASE_SECONDS),
                    options.values(LEASE).stream().map(reader::lease).toList(),
                    options.values(TIME_SERVER).stream().map(reader::timeServer).toList(),
                    options.values(ROUTE).stream()
                            .map(route -> reader.route(route, plan.ipv4()))
                            .toList(),
                    DhcpOptionValues.dhcpv4(options, "dhcp-option"),
                    DhcpOptionValues.dhcpv6(options, "dhcpv6-option"));
        } catch (IllegalArgumentException e) {
            throw options.error(String.valueOf(e.getMessage()));
        }
    }

    private StaticLease lease(String text) {
        List<String> words = new ArrayList<>(List.of(text.split("=", -1)));
        MacAddress mac = mac(words.get(0));
        IpAddress address = words.size() < 2 ? null : Literals.ip(words.get(1));
        if (mac == null || address == null || words.size() > 3) {
            throw options.error("Parameter 'lease' expects MAC=ADDRESS or MAC=ADDRESS=NAME, not '" + text + "'");
        }
        return new StaticLease(
                mac, address, words.size() < 3 ? "" : words.get(2).toLowerCase(Locale.ROOT));
    }

    private static @Nullable MacAddress mac(String text) {
        try {
            return MacAddress.parse(text);
        } catch (IllegalArgumentException e) {
            return null;
        }
    }

    private IpAddress timeServer(String text) {
        IpAddress address = Literals.ip(text);
        if (address == null || address.isMulticast() || address.isUnspecified()) {
            throw options.error("Parameter 'ntp' expects the address of a time server, not '" + text + "'");
        }
        return address;
    }

    private ClasslessRoute route(String text, @Nullable Ipv4Plan plan) {
        int equals = text.indexOf('=');
        IpPrefix destination = prefix(equals < 0 ? text : text.substring(0, equals));
        IpAddress router = equals >= 0 ? Literals.ipv4(text.substring(equals + 1)) : plan == null ? null : plan.host();
        if (destination != null && plan == null) {
            throw options.error("Parameter 'route' is of IPv4, which is off: '" + text + "'");
        }
        if (destination == null || router == null) {
            throw options.error(
                    "Parameter 'route' expects NETWORK/LENGTH or NETWORK/LENGTH=ROUTER of IPv4 (IPv6 guests take"
                            + " routes from routers only), not '" + text + "'");
        }
        return new ClasslessRoute(destination, router);
    }

    /** A prefix of IPv4 without host bits, or null. */
    private static @Nullable IpPrefix prefix(String text) {
        int slash = text.indexOf('/');
        IpAddress address = slash < 0 ? null : Literals.ipv4(text.substring(0, slash));
        long length = slash < 0 ? CNumber.INVALID : CNumber.parse(text.substring(slash + 1));
        if (address == null || length < 0 || length > 32) {
            return null;
        }
        IpPrefix prefix = IpPrefix.of(address, (int) length);
        return prefix.address().equals(address) ? prefix : null;
    }
}
