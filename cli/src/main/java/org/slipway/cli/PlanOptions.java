package org.slipway.cli;

import java.util.List;
import org.jspecify.annotations.Nullable;
import org.slipway.gateway.AddressPlan;
import org.slipway.gateway.GatewayConfig;
import org.slipway.gateway.Ipv4Plan;
import org.slipway.gateway.Ipv6Plan;
import org.slipway.wire.IpAddress;
import org.slipway.wire.IpPrefix;

/** Reads the options of {@code user,…} that say which families there are, and who has which address. */
final class PlanOptions {

    private static final List<String> IPV4 = List.of("net", "ip", "host", "dns");
    private static final List<String> IPV6 = List.of("ipv6-net", "ipv6-prefix", "ipv6-host", "ipv6-dns");

    /** QEMU's default network, which its users' addresses of the gateway and the resolver are in. */
    private static final IpPrefix QEMU_PREFIX = IpPrefix.of(IpAddress.parse("fec0::"), 64);

    private final PortOptions options;
    private final List<String> notes;

    private PlanOptions(PortOptions options, List<String> notes) {
        this.options = options;
        this.notes = notes;
    }

    /** The plan for a link that carries {@code mtu} bytes; {@code notes} get a line for what was guessed. */
    static AddressPlan read(PortOptions options, int mtu, List<String> notes) {
        return new PlanOptions(options, notes).read(mtu);
    }

    private AddressPlan read(int mtu) {
        Boolean ipv4 = options.flag("ipv4");
        Boolean ipv6 = options.flag("ipv6");
        // QEMU: one that is on by name, alone, is alone.
        boolean hasIpv4 = ipv4 != null ? ipv4 : !Boolean.TRUE.equals(ipv6);
        boolean hasIpv6 = ipv6 != null ? ipv6 : !Boolean.TRUE.equals(ipv4);
        if (!hasIpv4 && !hasIpv6) {
            throw options.error("IPv4 and IPv6 disabled");
        }
        refuse(hasIpv4, IPV4, "IPv4 disabled but netmask/host/dns provided");
        refuse(hasIpv6, IPV6, "IPv6 disabled but prefix/host6/dns6 provided");
        // As QEMU: these do not contradict.
        noteUnused(hasIpv4, "dhcpstart", "IPv4");
        noteUnused(hasIpv6, "ipv6-prefixlen", "IPv6");
        if (hasIpv6 && mtu < GatewayConfig.MIN_IPV6_MTU) {
            if (Boolean.TRUE.equals(ipv6) || IPV6.stream().anyMatch(key -> options.value(key) != null)) {
                throw options.error("mtu=" + mtu + " is too small for IPv6, which needs " + GatewayConfig.MIN_IPV6_MTU
                        + " (RFC 8200); leave IPv6 off with ipv6=off");
            }
            notes.add("mtu=" + mtu + " is too small for IPv6: it is off");
            hasIpv6 = false;
        }
        try {
            return new AddressPlan(hasIpv4 ? ipv4() : null, hasIpv6 ? ipv6() : null);
        } catch (IllegalArgumentException e) {
            throw options.error(String.valueOf(e.getMessage()));
        }
    }

    private void refuse(boolean enabled, List<String> keys, String error) {
        for (String key : keys) {
            String value = options.value(key);
            if (!enabled && value != null) {
                throw options.error(error + ": " + key + "=" + value);
            }
        }
    }

    private void noteUnused(boolean enabled, String key, String family) {
        String value = options.value(key);
        if (!enabled && value != null) {
            notes.add(key + "=" + value + " has no effect: " + family + " is off");
        }
    }

    private Ipv4Plan ipv4() {
        Ipv4Plan plan = Ipv4Plan.of(
                network(),
                ipv4Address("host", "Failed to parse host"),
                ipv4Address("dns", "Failed to parse DNS"),
                ipv4Address("dhcpstart", "Failed to parse DHCP start address"));
        requireReachable(plan.network(), plan.dns(), "DNS doesn't belong to network: dns=");
        return plan;
    }

    private Ipv6Plan ipv6() {
        IpAddress host = ipv6Address("ipv6-host", "Failed to parse IPv6 host");
        IpAddress dns = ipv6Address("ipv6-dns", "Failed to parse IPv6 DNS");
        Ipv6Plan plan = Ipv6Plan.of(prefix(host, dns), host, dns);
        requireReachable(plan.prefix(), plan.dns(), "IPv6 DNS doesn't belong to network: ipv6-dns=");
        return plan;
    }

    /** A resolver outside the network is behind the router, and with {@code restrict=on} there is none. */
    private void requireReachable(IpPrefix network, IpAddress dns, String error) {
        if (Boolean.TRUE.equals(options.flag("restrict")) && !network.contains(dns)) {
            throw new IllegalArgumentException(error + dns + " in " + network + ", with restrict=on");
        }
    }

    /** {@code net=address[/mask]}, or QEMU's older {@code ip=address} for a /24. */
    private IpPrefix network() {
        String net = options.value("net");
        IpAddress ip = ipv4Address("ip", "Failed to parse netmask");
        if (net != null && ip != null) {
            throw new IllegalArgumentException("ip=" + ip + " says what net=" + net + " says: give one");
        }
        if (ip != null) {
            return NetOption.parse(ip + "/24", notes);
        }
        return net == null ? Ipv4Plan.DEFAULT.network() : NetOption.parse(net, notes);
    }

    /** {@code ipv6-net=prefix[/length]}, or QAPI's two options for the same. */
    private IpPrefix prefix(@Nullable IpAddress host, @Nullable IpAddress dns) {
        String net = options.value("ipv6-net");
        String prefix = options.value("ipv6-prefix");
        if (net == null) {
            return prefixOf(prefix == null ? defaultPrefix(host, dns) : address(prefix), prefixLength());
        }
        if (prefix != null || options.value("ipv6-prefixlen") != null) {
            throw new IllegalArgumentException("ipv6-net says what ipv6-prefix and ipv6-prefixlen say: give one");
        }
        int slash = net.indexOf('/');
        if (net.isEmpty() || slash == 0) {
            throw new IllegalArgumentException("Parameter 'ipv6-net' expects a valid IPv6 prefix, not '" + net + "'");
        }
        if (slash < 0) {
            return prefixOf(address(net), 0);
        }
        long length = CNumber.parse(net.substring(slash + 1));
        if (length == CNumber.INVALID) {
            throw new IllegalArgumentException("parameter 'ipv6-net' expects a number after '/': ipv6-net=" + net);
        }
        requireLength(length, "ipv6-net=" + net);
        return prefixOf(address(net.substring(0, slash)), (int) length);
    }

    private int prefixLength() {
        long length = options.number("ipv6-prefixlen", 0, Long.MAX_VALUE, 0);
        requireLength(length, "ipv6-prefixlen=" + length);
        return (int) length;
    }

    private static void requireLength(long length, String what) {
        if (length > Ipv6Plan.MAX_PREFIX_LENGTH) {
            throw new IllegalArgumentException(
                    "Invalid IPv6 prefix provided (IPv6 prefix length must be between 0 and 126): " + what);
        }
    }

    /** Ours, or QEMU's if a string that was written for QEMU has the gateway or the resolver there. */
    private IpAddress defaultPrefix(@Nullable IpAddress host, @Nullable IpAddress dns) {
        IpAddress named = host != null ? host : dns;
        if (named == null || !QEMU_PREFIX.contains(named)) {
            return Ipv6Plan.DEFAULT.prefix().address();
        }
        notes.add((host != null ? "ipv6-host=" : "ipv6-dns=") + named
                + " is in QEMU's default network: taken as ipv6-net=" + QEMU_PREFIX);
        return QEMU_PREFIX.address();
    }

    /** QEMU: a length of 0 means 64. */
    private static IpPrefix prefixOf(IpAddress address, int length) {
        if (address.isMulticast() || address.isLinkLocal() || address.isUnspecified() || address.isLoopback()) {
            throw new IllegalArgumentException(
                    "Invalid IPv6 prefix provided: " + address + " cannot be a network of guests");
        }
        return IpPrefix.of(address, length == 0 ? Ipv6Plan.AUTONOMOUS_PREFIX_LENGTH : length);
    }

    private static IpAddress address(String text) {
        IpAddress address = Literals.ipv6(text);
        if (address == null) {
            throw new IllegalArgumentException("Failed to parse IPv6 prefix: '" + text + "'");
        }
        return address;
    }

    private @Nullable IpAddress ipv4Address(String key, String error) {
        String value = options.value(key);
        return value == null ? null : parsed(Literals.ipv4(value), error, key, value, "IPv4");
    }

    private @Nullable IpAddress ipv6Address(String key, String error) {
        String value = options.value(key);
        return value == null ? null : parsed(Literals.ipv6(value), error, key, value, "IPv6");
    }

    private static IpAddress parsed(
            @Nullable IpAddress address, String error, String key, String value, String family) {
        if (address == null) {
            throw new IllegalArgumentException(error + ": " + key + "=" + value + " is not an " + family + " address");
        }
        return address;
    }
}
