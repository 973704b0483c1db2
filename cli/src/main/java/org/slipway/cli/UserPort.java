package org.slipway.cli;

import java.net.InetSocketAddress;
import java.util.ArrayList;
import java.util.List;
import java.util.Set;
import org.jspecify.annotations.Nullable;
import org.slipway.gateway.AddressPlan;
import org.slipway.gateway.GatewayConfig;
import org.slipway.nat.ForwardRule;
import org.slipway.wire.IpAddress;

/** Reads {@code user,…}: the gateway with DHCP, DNS, NAT and forwards. */
final class UserPort {

    private static final Set<String> KNOWN = Set.of("net", "host", "dns", "dhcpstart", "hostfwd", "mtu", "dns-host");

    /** What there is so far is IPv4 and not restricted: saying so does no harm. */
    private static final Set<String> SWITCHES = Set.of("ipv4", "ipv6", "restrict");

    private static final Set<String> PLANNED = Set.of(
            "ip",
            "hostname",
            "dnssearch",
            "domainname",
            "tftp",
            "tftp-server-name",
            "bootfile",
            "smb",
            "smbserver",
            "guestfwd",
            "ipv6-net",
            "ipv6-prefix",
            "ipv6-prefixlen",
            "ipv6-host",
            "ipv6-dns");

    private static final int DNS_PORT = 53;

    private UserPort() {}

    static GatewayConfig read(PortOptions options, List<String> notes) {
        options.allowOnly(KNOWN, SWITCHES, PLANNED);
        refuseSwitch(options, "restrict", true);
        refuseSwitch(options, "ipv4", false);
        refuseSwitch(options, "ipv6", true);
        AddressPlan plan = plan(options, notes);
        int mtu = (int) options.number("mtu", GatewayConfig.MIN_MTU, GatewayConfig.MAX_MTU, GatewayConfig.DEFAULT_MTU);
        List<ForwardRule> forwards = new ArrayList<>();
        for (String rule : options.values("hostfwd")) {
            forwards.add(HostForward.parse(rule, plan, options));
        }
        List<InetSocketAddress> resolvers = new ArrayList<>();
        for (String resolver : options.values("dns-host")) {
            resolvers.add(resolver(resolver, options));
        }
        return new GatewayConfig(plan, mtu, List.copyOf(forwards), List.copyOf(resolvers));
    }

    private static void refuseSwitch(PortOptions options, String key, boolean refused) {
        Boolean value = options.flag(key);
        if (value != null && value == refused) {
            throw options.error("Parameter '" + key + "=" + (refused ? "on" : "off") + "' is not supported yet");
        }
    }

    private static AddressPlan plan(PortOptions options, List<String> notes) {
        String net = options.value("net");
        try {
            return AddressPlan.of(
                    net == null ? AddressPlan.DEFAULT.network() : NetOption.parse(net, notes),
                    address(options, "host", "Failed to parse host"),
                    address(options, "dns", "Failed to parse DNS"),
                    address(options, "dhcpstart", "Failed to parse DHCP start address"));
        } catch (IllegalArgumentException e) {
            throw options.error(String.valueOf(e.getMessage()));
        }
    }

    private static @Nullable IpAddress address(PortOptions options, String key, String error) {
        String value = options.value(key);
        if (value == null) {
            return null;
        }
        IpAddress address = Literals.ipv4(value);
        if (address == null) {
            throw options.error(error + ": " + key + "=" + value + " is not an IPv4 address");
        }
        return address;
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
            throw options.error("Parameter 'dns-host' expects ADDRESS[:PORT], not '" + value + "'");
        }
        return new InetSocketAddress(address.toInetAddress(), (int) port);
    }

    private static long portAfterColon(String text) {
        return text.startsWith(":") ? CNumber.parse(text.substring(1)) : CNumber.INVALID;
    }
}
