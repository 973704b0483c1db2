package org.slipway.cli;

import io.netty.channel.unix.DomainSocketAddress;
import java.net.InetSocketAddress;
import java.nio.charset.Charset;
import java.util.List;
import org.jspecify.annotations.Nullable;
import org.slipway.gateway.AddressPlan;
import org.slipway.gateway.Ipv4Plan;
import org.slipway.gateway.Ipv6Plan;
import org.slipway.nat.GuestForward;
import org.slipway.wire.IpAddress;

/**
 * Reads {@code guestfwd=[tcp]:[server]:port-target}, with QEMU's error texts. {@code target} is {@code cmd:COMMAND},
 * {@code tcp:HOST:PORT} or {@code unix:PATH}; IPv6 addresses stand in brackets. Without {@code server} it is the network's
 * fourth address.
 */
final class GuestForwardOption {

    /** QEMU's: x.x.x.4, and the same of the IPv6 network. */
    private static final int DEFAULT_SERVER = 4;

    private final RuleReader rule;
    private final AddressPlan plan;
    private final PortOptions port;
    private final HostNames names;

    private GuestForwardOption(RuleReader rule, AddressPlan plan, PortOptions port, HostNames names) {
        this.rule = rule;
        this.plan = plan;
        this.port = port;
        this.names = names;
    }

    /** Reads {@code rule}, a part of {@code port}, for the network of {@code plan}. */
    static GuestForward parse(String rule, AddressPlan plan, PortOptions port, HostNames names) {
        return new GuestForwardOption(new RuleReader("guest", rule, port::error), plan, port, names).parse();
    }

    /** Checks that no two forwards begin at the same place. */
    static void requireDistinct(List<GuestForward> forwards, PortOptions port) {
        for (int i = 0; i < forwards.size(); i++) {
            for (GuestForward earlier : forwards.subList(0, i)) {
                GuestForward forward = forwards.get(i);
                if (forward.port() == earlier.port() && forward.server().equals(earlier.server())) {
                    throw port.error("Conflicting/invalid host:port in guest forwarding rule '" + forward.description()
                            + "': '" + earlier.description() + "' has it");
                }
            }
        }
    }

    private GuestForward parse() {
        String protocol = rule.until(":", "no ':'");
        if (!protocol.isEmpty() && !protocol.equals("tcp")) {
            throw rule.invalid("'" + protocol + "' is not tcp");
        }
        IpAddress server = server();
        int number = rule.port(rule.until("-", "no '-' before the target"), 1, "the server's port is not 1 to 65535");
        return new GuestForward(rule.rule(), server, number, target());
    }

    private IpAddress server() {
        if (rule.skip("[")) {
            IpAddress address = Literals.ip(rule.until("]:", "no ']:' behind the server"));
            return checked(address);
        }
        String text = rule.until(":", "no ':' behind the server");
        return checked(text.isEmpty() ? defaultServer() : Literals.ipv4(text));
    }

    private IpAddress defaultServer() {
        Ipv4Plan ipv4 = plan.ipv4();
        if (ipv4 != null) {
            return IpAddress.ipv4(ipv4.network().address().ipv4Bits() + DEFAULT_SERVER);
        }
        Ipv6Plan ipv6 = plan.ipv6();
        IpAddress network = ipv6 == null
                ? Ipv6Plan.DEFAULT.prefix().address()
                : ipv6.prefix().address();
        return new IpAddress(network.high(), network.low() + DEFAULT_SERVER);
    }

    private IpAddress checked(@Nullable IpAddress server) {
        if (server == null) {
            throw rule.invalid("the server is no address");
        }
        if (!isFree(server)) {
            throw port.error("Conflicting/invalid host:port in guest forwarding rule '" + rule.rule() + "': " + server
                    + " is not a free address of the guests' network");
        }
        return server;
    }

    private boolean isFree(IpAddress server) {
        Ipv4Plan ipv4 = plan.ipv4();
        Ipv6Plan ipv6 = plan.ipv6();
        if (server.isIpv4()) {
            return ipv4 != null
                    && ipv4.network().contains(server)
                    && !List.of(
                                    ipv4.host(),
                                    ipv4.dns(),
                                    ipv4.network().address(),
                                    ipv4.network().ipv4Broadcast())
                            .contains(server);
        }
        return ipv6 != null
                && ipv6.prefix().contains(server)
                && !List.of(ipv6.host(), ipv6.dns(), ipv6.prefix().address()).contains(server);
    }

    private GuestForward.Target target() {
        if (rule.skip("cmd:")) {
            return command(rule.rest());
        }
        if (rule.skip("tcp:")) {
            return tcp(rule.rest());
        }
        if (rule.skip("unix:")) {
            return unix(rule.rest());
        }
        throw rule.invalid("the target is cmd:COMMAND, tcp:HOST:PORT or unix:PATH, not '" + rule.rest() + "'");
    }

    private GuestForward.Target command(String line) {
        try {
            return new GuestForward.Command(ShellWords.split(line));
        } catch (IllegalArgumentException e) {
            throw rule.invalid(String.valueOf(e.getMessage()));
        }
    }

    private GuestForward.Target tcp(String text) {
        String error = "'tcp:" + text + "' is not tcp:HOST:PORT";
        String host = rule.untilLast(":", error);
        int number = rule.port(rule.rest(), 1, error);
        return new GuestForward.Socket(new InetSocketAddress(names.resolve(host, HostNames.Family.ANY, port), number));
    }

    private GuestForward.Target unix(String path) {
        if (path.isEmpty() || path.getBytes(Charset.defaultCharset()).length > StreamPort.MAX_PATH_BYTES) {
            throw rule.invalid("the unix socket's path is not 1 to " + StreamPort.MAX_PATH_BYTES + " bytes long");
        }
        return new GuestForward.Socket(new DomainSocketAddress(path));
    }
}
