package org.slipway.cli;

import java.net.InetSocketAddress;
import java.util.ArrayList;
import java.util.List;
import java.util.Set;
import org.slipway.gateway.AddressPlan;
import org.slipway.gateway.DhcpPlan;
import org.slipway.gateway.GatewayConfig;
import org.slipway.gateway.OwnServices;
import org.slipway.nat.ForwardRule;
import org.slipway.nat.GuestForward;
import org.slipway.wire.IpAddress;

/** Reads {@code user,…}: the gateway with DHCP, DNS, NAT and forwards. */
final class UserPort {

    private static final Set<String> KNOWN = Set.of(
            "net",
            "host",
            "dns",
            "dhcpstart",
            "hostfwd",
            "guestfwd",
            "mtu",
            "dns-host",
            "tftp",
            "bootfile",
            "tftp-server-name",
            "smb",
            "smbserver",
            "ip",
            "hostname",
            "domainname",
            "dnssearch",
            "ipv6-net",
            "ipv6-prefix",
            "ipv6-prefixlen",
            "ipv6-host",
            "ipv6-dns",
            "udp-filtering",
            "host-record",
            "dns-block",
            "outbound-addr",
            "outbound-addr6",
            "lease",
            "lease-time",
            "ntp",
            "route",
            "dhcp-option",
            "dhcpv6-option");

    private static final Set<String> SWITCHES =
            Set.of("ipv4", "ipv6", "restrict", "host-loopback", "multicast", "dhcp", "dns-proxy");

    private static final int DNS_PORT = 53;

    private UserPort() {}

    static GatewayConfig read(PortOptions options, HostNames names, List<String> notes) {
        options.allowOnly(KNOWN, SWITCHES, Set.of());
        int mtu = (int) options.number("mtu", GatewayConfig.MIN_MTU, GatewayConfig.MAX_MTU, GatewayConfig.DEFAULT_MTU);
        AddressPlan plan = PlanOptions.read(options, mtu, notes);
        List<ForwardRule> forwards = new ArrayList<>();
        for (String rule : options.values("hostfwd")) {
            forwards.addAll(HostForward.parse(rule, plan, options::error));
        }
        List<GuestForward> guestForwards = options.values("guestfwd").stream()
                .map(rule -> GuestForwardOption.parse(rule, plan, options, names))
                .toList();
        GuestForwardOption.requireDistinct(guestForwards, options);
        List<InetSocketAddress> resolvers = new ArrayList<>();
        for (String resolver : options.values("dns-host")) {
            resolvers.add(resolver(resolver, options));
        }
        GatewayConfig config = new GatewayConfig(plan, mtu, List.copyOf(forwards), List.copyOf(resolvers))
                .booting(BootOptions.read(options, notes))
                .allowing(AccessOptions.access(options))
                .filtering(AccessOptions.filtering(options))
                .naming(NameOptions.read(options))
                .knowing(OwnNameOptions.read(options))
                .leading(guestForwards)
                .speaking(OutboundOptions.read(options))
                .serving(new OwnServices(
                        !Boolean.FALSE.equals(options.flag("dhcp")),
                        !Boolean.FALSE.equals(options.flag("dns-proxy")),
                        SmbOption.read(options, plan, guestForwards, notes)));
        DhcpPlan dhcp = DhcpPlanOptions.read(options, plan);
        if (!config.services().dhcp() && !dhcp.equals(DhcpPlan.DEFAULT)) {
            notes.add("with dhcp=off nobody hears of leases, routes, time servers and options of DHCP");
        }
        try {
            return config.leasing(dhcp);
        } catch (IllegalArgumentException e) {
            throw options.error(String.valueOf(e.getMessage()));
        }
    }

    private static InetSocketAddress resolver(String value, PortOptions options) {
        String host = value;
        long port = DNS_PORT;
        int colon = value.lastIndexOf(':');
        if (value.startsWith("[") && value.contains("]")) {
            int end = value.indexOf(']');
            host = value.substring(1, end);
            port = end + 1 == value.length() ? DNS_PORT : portAfterColon(value.substring(end + 1));
        } else if (colon >= 0 && colon == value.indexOf(':')) {
            host = value.substring(0, colon);
            port = portAfterColon(value.substring(colon));
        }
        IpAddress address = Literals.ip(host);
        if (address == null || port < 1 || port > 65_535) {
            throw options.error(
                    "Parameter 'dns-host' expects ADDRESS[:PORT], the port 1 to 65535, not '" + value + "'");
        }
        return new InetSocketAddress(address.toInetAddress(), (int) port);
    }

    private static long portAfterColon(String text) {
        return text.startsWith(":") ? CNumber.parse(text.substring(1)) : CNumber.INVALID;
    }
}
