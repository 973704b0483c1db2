package org.slipway.cli;

import io.netty.channel.unix.DomainSocketAddress;
import java.net.InetSocketAddress;
import java.net.SocketAddress;
import java.nio.charset.Charset;
import java.nio.file.Files;
import java.nio.file.LinkOption;
import java.nio.file.Path;
import java.util.List;
import java.util.function.Function;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.IntStream;
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

    private static final String KIND = "host";

    /** Each port is a socket of the host. */
    private static final int MAX_RANGE = 1024;

    /** {@code …:first-last-…:first-last}; no address has a place for two dashes between digits. */
    private static final Pattern RANGES = Pattern.compile(
            "(?<host>.*:)(?<first>\\w+)-(?<last>\\w+)-(?<guest>[^-]*:)(?<guestFirst>\\w+)-(?<guestLast>\\w+)");

    private final RuleReader rule;
    private final AddressPlan plan;

    private HostForward(RuleReader rule, AddressPlan plan) {
        this.rule = rule;
        this.plan = plan;
    }

    /** Reads {@code rule} for the network of {@code plan}; {@code error} makes the error that says what is wrong. */
    static List<ForwardRule> parse(String rule, AddressPlan plan, Function<String, UsageException> error) {
        Matcher range = RANGES.matcher(rule);
        List<String> singles = range.matches() && !rule.startsWith("unix:")
                ? singles(range, new RuleReader(KIND, rule, error))
                : List.of(rule);
        return singles.stream()
                .map(single -> new HostForward(new RuleReader(KIND, single, error), plan).parse())
                .toList();
    }

    /** One rule for each port of a range. */
    private static List<String> singles(Matcher range, RuleReader rule) {
        int first = rule.port(range.group("first"), 1, "Bad host port");
        int guestFirst = rule.port(range.group("guestFirst"), 1, "Bad guest port");
        int count = rule.port(range.group("last"), 1, "Bad host port") - first + 1;
        int guestCount = rule.port(range.group("guestLast"), 1, "Bad guest port") - guestFirst + 1;
        if (count < 1 || guestCount < 1) {
            throw rule.invalid("a range of ports goes from the lower to the higher one");
        }
        if (count != guestCount) {
            throw rule.invalid(count + " ports of the host and " + guestCount + " of the guest");
        }
        if (count > MAX_RANGE) {
            throw rule.invalid(count + " ports are more than " + MAX_RANGE);
        }
        return IntStream.range(0, count)
                .mapToObj(i -> range.group("host") + (first + i) + "-" + range.group("guest") + (guestFirst + i))
                .toList();
    }

    private ForwardRule parse() {
        Protocol protocol = switch (rule.until(":", "No : separators")) {
            case "", "tcp" -> Protocol.TCP;
            case "udp" -> Protocol.UDP;
            case "unix" -> Protocol.UNIX;
            default -> throw rule.invalid("Bad protocol name");
        };
        SocketAddress local = protocol == Protocol.UNIX ? unixAddress() : inetAddress();
        IpAddress guest = guestAddress();
        int guestPort = rule.port(rule.rest(), 1, "Bad guest port");
        return new ForwardRule(rule.rule(), protocol, local, guest, guestPort);
    }

    private InetSocketAddress inetAddress() {
        IpAddress host = hostAddress();
        String portText = rule.until("-", "Bad host port separator");
        int hostPort = portText.isEmpty() ? 0 : rule.port(portText, 0, "Bad host port");
        return new InetSocketAddress(host.toInetAddress(), hostPort);
    }

    private IpAddress hostAddress() {
        if (rule.skip("[")) {
            return require(Literals.ip(rule.until("]:", "Missing : separator")), "Bad host address");
        }
        String text = rule.until(":", "Missing : separator");
        return switch (text) {
            case "" -> LOOPBACK;
            case "*" -> ANY;
            default -> require(Literals.ipv4(text), "Bad host address");
        };
    }

    private SocketAddress unixAddress() {
        // The last one: QEMU takes the first and so cannot have a '-' in the path.
        String path = rule.untilLast("-", "Missing - separator");
        if (path.isEmpty()) {
            throw rule.invalid("Missing unix socket path");
        }
        if (!path.startsWith("/")) {
            throw rule.invalid("unix socket path must be absolute");
        }
        if (path.getBytes(Charset.defaultCharset()).length > StreamPort.MAX_PATH_BYTES) {
            throw rule.invalid("Unix socket path is too long");
        }
        Path file = Path.of(path);
        if (Files.isRegularFile(file, LinkOption.NOFOLLOW_LINKS) || Files.isDirectory(file)) {
            throw rule.invalid("file exists and it's not unix socket");
        }
        return new DomainSocketAddress(path);
    }

    private @Nullable IpAddress guestAddress() {
        if (rule.skip("[")) {
            IpAddress guest = require(Literals.ip(rule.until("]:", "Missing guest address")), "Bad guest address");
            return guest.isIpv4() ? ipv4Guest(guest) : ipv6Guest(guest);
        }
        String text = rule.until(":", "Missing guest address");
        if (!text.isEmpty()) {
            return ipv4Guest(require(Literals.ipv4(text), "Bad guest address"));
        }
        if (plan.ipv4() == null) {
            throw rule.invalid("Missing guest address: without IPv4 it has to be named, [address]:port");
        }
        return null;
    }

    private IpAddress ipv4Guest(IpAddress guest) {
        Ipv4Plan ipv4 = plan.ipv4();
        if (ipv4 == null) {
            throw rule.invalid("Bad guest address: " + guest + " is IPv4, which is off");
        }
        requireGuest(guest, ipv4.network(), ipv4.host(), ipv4.dns());
        if (guest.equals(ipv4.network().ipv4Broadcast())) {
            throw rule.invalid("Bad guest address: " + guest + " is no address of a guest in " + ipv4.network());
        }
        return guest;
    }

    private IpAddress ipv6Guest(IpAddress guest) {
        Ipv6Plan ipv6 = plan.ipv6();
        if (ipv6 == null) {
            throw rule.invalid("Bad guest address: " + guest + " is IPv6, which is off");
        }
        requireGuest(guest, ipv6.prefix(), ipv6.host(), ipv6.dns());
        return guest;
    }

    private void requireGuest(IpAddress guest, IpPrefix network, IpAddress gateway, IpAddress resolver) {
        if (!network.contains(guest)) {
            throw rule.invalid("Bad guest address: " + guest + " is not in " + network);
        }
        if (guest.equals(gateway) || guest.equals(resolver)) {
            throw rule.invalid("Bad guest address: " + guest + " is the gateway's or the resolver's");
        }
        if (guest.equals(network.address())) {
            throw rule.invalid("Bad guest address: " + guest + " is no address of a guest in " + network);
        }
    }

    private IpAddress require(@Nullable IpAddress address, String error) {
        if (address == null) {
            throw rule.invalid(error);
        }
        return address;
    }
}
