package org.slipway.cli;

import io.netty.channel.unix.DomainSocketAddress;
import java.net.InetSocketAddress;
import java.net.SocketAddress;
import java.nio.charset.Charset;
import java.nio.file.Files;
import java.nio.file.LinkOption;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;
import org.slipway.gateway.AddressPlan;
import org.slipway.gateway.Ipv4Plan;
import org.slipway.gateway.Ipv6Plan;
import org.slipway.nat.ForwardRule;
import org.slipway.nat.ForwardRule.Protocol;
import org.slipway.wire.IpAddress;
import org.slipway.wire.IpPrefix;

/**
 * Reads {@code hostfwd=[tcp|udp]:[hostaddr]:hostport-[guestaddr]:guestport} and
 * {@code hostfwd=unix:/path-[guestaddr]:guestport}, with QEMU's error texts. Without {@code hostaddr} the forward listens
 * on 127.0.0.1 (QEMU: on all addresses). IPv6 addresses stand in brackets; the families of both sides may differ. Both ports
 * may be ranges {@code first-last} of the same length, which make a forward for each port.
 */
final class HostForward {

    private static final IpAddress LOOPBACK = IpAddress.ipv4(0x7f00_0001);
    private static final IpAddress ANY = IpAddress.ipv4(0);

    /** Each port is a socket of the host. */
    private static final int MAX_RANGE = 1024;

    /** {@code …:first-last-…:first-last}; no address has a place for two dashes between digits. */
    private static final Pattern RANGES = Pattern.compile(
            "(?<host>.*:)(?<first>\\w+)-(?<last>\\w+)-(?<guest>[^-]*:)(?<guestFirst>\\w+)-(?<guestLast>\\w+)");

    private final String rule;
    private final AddressPlan plan;
    private final PortOptions port;
    private String rest;

    private HostForward(String rule, AddressPlan plan, PortOptions port) {
        this.rule = rule;
        this.plan = plan;
        this.port = port;
        this.rest = rule;
    }

    /** Reads {@code rule}, a part of {@code port}, for the network of {@code plan}. */
    static List<ForwardRule> parse(String rule, AddressPlan plan, PortOptions port) {
        Matcher range = RANGES.matcher(rule);
        if (!range.matches() || rule.startsWith("unix:")) {
            return List.of(new HostForward(rule, plan, port).parse());
        }
        List<ForwardRule> rules = new ArrayList<>();
        for (String single : new HostForward(rule, plan, port).singles(range)) {
            rules.add(new HostForward(single, plan, port).parse());
        }
        return rules;
    }

    /** One rule for each port of a range. */
    private List<String> singles(Matcher range) {
        long first = CNumber.parse(range.group("first"));
        long last = CNumber.parse(range.group("last"));
        long guestFirst = CNumber.parse(range.group("guestFirst"));
        long guestLast = CNumber.parse(range.group("guestLast"));
        if (first < 1 || last < first || last > 65_535) {
            throw invalid("Bad host port");
        }
        if (guestFirst < 1 || guestLast < guestFirst || guestLast > 65_535) {
            throw invalid("Bad guest port");
        }
        if (last - first != guestLast - guestFirst) {
            throw invalid(
                    (last - first + 1) + " ports of the host and " + (guestLast - guestFirst + 1) + " of the guest");
        }
        if (last - first >= MAX_RANGE) {
            throw invalid((last - first + 1) + " ports are more than " + MAX_RANGE);
        }
        List<String> rules = new ArrayList<>();
        for (long i = 0; i <= last - first; i++) {
            rules.add(range.group("host") + (first + i) + "-" + range.group("guest") + (guestFirst + i));
        }
        return rules;
    }

    private ForwardRule parse() {
        Protocol protocol = switch (until(":", "No : separators")) {
            case "", "tcp" -> Protocol.TCP;
            case "udp" -> Protocol.UDP;
            case "unix" -> Protocol.UNIX;
            default -> throw invalid("Bad protocol name");
        };
        SocketAddress local = protocol == Protocol.UNIX ? unixAddress() : inetAddress();
        IpAddress guest = guestAddress();
        long guestPort = CNumber.parse(rest);
        if (guestPort < 1 || guestPort > 65_535) {
            throw invalid("Bad guest port");
        }
        return new ForwardRule(rule, protocol, local, guest, (int) guestPort);
    }

    private InetSocketAddress inetAddress() {
        IpAddress host = hostAddress();
        String portText = until("-", "Bad host port separator");
        long hostPort = portText.isEmpty() ? 0 : CNumber.parse(portText);
        if (hostPort < 0 || hostPort > 65_535) {
            throw invalid("Bad host port");
        }
        return new InetSocketAddress(host.toInetAddress(), (int) hostPort);
    }

    private IpAddress hostAddress() {
        if (rest.startsWith("[")) {
            rest = rest.substring(1);
            return require(Literals.ip(until("]:", "Missing : separator")), "Bad host address");
        }
        String text = until(":", "Missing : separator");
        return switch (text) {
            case "" -> LOOPBACK;
            case "*" -> ANY;
            default -> require(Literals.ipv4(text), "Bad host address");
        };
    }

    private SocketAddress unixAddress() {
        // The last one: QEMU takes the first and so cannot have a '-' in the path.
        int dash = rest.lastIndexOf('-');
        if (dash < 0) {
            throw invalid("Missing - separator");
        }
        String path = rest.substring(0, dash);
        rest = rest.substring(dash + 1);
        if (path.isEmpty()) {
            throw invalid("Missing unix socket path");
        }
        if (!path.startsWith("/")) {
            throw invalid("unix socket path must be absolute");
        }
        if (path.getBytes(Charset.defaultCharset()).length > StreamPort.MAX_PATH_BYTES) {
            throw invalid("Unix socket path is too long");
        }
        Path file = Path.of(path);
        if (Files.isRegularFile(file, LinkOption.NOFOLLOW_LINKS) || Files.isDirectory(file)) {
            throw invalid("file exists and it's not unix socket");
        }
        return new DomainSocketAddress(path);
    }

    private @Nullable IpAddress guestAddress() {
        if (rest.startsWith("[")) {
            rest = rest.substring(1);
            IpAddress guest = require(Literals.ip(until("]:", "Missing guest address")), "Bad guest address");
            return guest.isIpv4() ? ipv4Guest(guest) : ipv6Guest(guest);
        }
        String text = until(":", "Missing guest address");
        if (!text.isEmpty()) {
            return ipv4Guest(require(Literals.ipv4(text), "Bad guest address"));
        }
        if (plan.ipv4() == null) {
            throw invalid("Missing guest address: without IPv4 it has to be named, [address]:port");
        }
        return null;
    }

    private IpAddress ipv4Guest(IpAddress guest) {
        Ipv4Plan ipv4 = plan.ipv4();
        if (ipv4 == null) {
            throw invalid("Bad guest address: " + guest + " is IPv4, which is off");
        }
        requireGuest(guest, ipv4.network(), ipv4.host(), ipv4.dns());
        if (guest.equals(ipv4.network().ipv4Broadcast())) {
            throw invalid("Bad guest address: " + guest + " is no address of a guest in " + ipv4.network());
        }
        return guest;
    }

    private IpAddress ipv6Guest(IpAddress guest) {
        Ipv6Plan ipv6 = plan.ipv6();
        if (ipv6 == null) {
            throw invalid("Bad guest address: " + guest + " is IPv6, which is off");
        }
        requireGuest(guest, ipv6.prefix(), ipv6.host(), ipv6.dns());
        return guest;
    }

    private void requireGuest(IpAddress guest, IpPrefix network, IpAddress gateway, IpAddress resolver) {
        if (!network.contains(guest)) {
            throw invalid("Bad guest address: " + guest + " is not in " + network);
        }
        if (guest.equals(gateway) || guest.equals(resolver)) {
            throw invalid("Bad guest address: " + guest + " is the gateway's or the resolver's");
        }
        if (guest.equals(network.address())) {
            throw invalid("Bad guest address: " + guest + " is no address of a guest in " + network);
        }
    }

    private String until(String separator, String error) {
        int at = rest.indexOf(separator);
        if (at < 0) {
            throw invalid(error);
        }
        String text = rest.substring(0, at);
        rest = rest.substring(at + separator.length());
        return text;
    }

    private IpAddress require(@Nullable IpAddress address, String error) {
        if (address == null) {
            throw invalid(error);
        }
        return address;
    }

    private UsageException invalid(String reason) {
        return port.error("Invalid host forwarding rule '" + rule + "' (" + reason + ")");
    }
}
