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

    private final String rule;
    private final AddressPlan plan;
    private final PortOptions port;
    private final HostNames names;
    private String rest;

    private GuestForwardOption(String rule, AddressPlan plan, PortOptions port, HostNames names) {
        this.rule = rule;
        this.plan = plan;
        this.port = port;
        this.names = names;
        this.rest = rule;
    }

    /** Reads {@code rule}, a part of {@code port}, for the network of {@code plan}. */
    static GuestForward parse(String rule, AddressPlan plan, PortOptions port, HostNames names) {
        return new GuestForwardOption(rule, plan, port, names).parse();
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
        String protocol = until(":", "no ':'");
        if (!protocol.isEmpty() && !protocol.equals("tcp")) {
            throw invalid("'" + protocol + "' is not tcp");
        }
        IpAddress server = server();
        long number = CNumber.parse(until("-", "no '-' before the target"));
        if (number < 1 || number > 65_535) {
            throw invalid("the server's port is not 1 to 65535");
        }
        return new GuestForward(rule, server, (int) number, target());
    }

    private IpAddress server() {
        if (rest.startsWith("[")) {
            rest = rest.substring(1);
            IpAddress address = Literals.ip(until("]:", "no ']:' behind the server"));
            return checked(address);
        }
        String text = until(":", "no ':' behind the server");
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
            throw invalid("the server is no address");
        }
        if (!isFree(server)) {
            throw port.error("Conflicting/invalid host:port in guest forwarding rule '" + rule + "': " + server
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
        if (rest.startsWith("cmd:")) {
            return command(rest.substring("cmd:".length()));
        }
        if (rest.startsWith("tcp:")) {
            return tcp(rest.substring("tcp:".length()));
        }
        if (rest.startsWith("unix:")) {
            return unix(rest.substring("unix:".length()));
        }
        throw invalid("the target is cmd:COMMAND, tcp:HOST:PORT or unix:PATH, not '" + rest + "'");
    }

    private GuestForward.Target command(String line) {
        try {
            return new GuestForward.Command(ShellWords.split(line));
        } catch (IllegalArgumentException e) {
            throw invalid(String.valueOf(e.getMessage()));
        }
    }

    private GuestForward.Target tcp(String text) {
        int colon = text.lastIndexOf(':');
        long number = colon < 0 ? CNumber.INVALID : CNumber.parse(text.substring(colon + 1));
        if (number < 1 || number > 65_535) {
            throw invalid("'tcp:" + text + "' is not tcp:HOST:PORT");
        }
        return new GuestForward.Socket(new InetSocketAddress(
                names.resolve(text.substring(0, colon), HostNames.Family.ANY, port), (int) number));
    }

    private GuestForward.Target unix(String path) {
        if (path.isEmpty() || path.getBytes(Charset.defaultCharset()).length > StreamPort.MAX_PATH_BYTES) {
            throw invalid("the unix socket's path is not 1 to " + StreamPort.MAX_PATH_BYTES + " bytes long");
        }
        return new GuestForward.Socket(new DomainSocketAddress(path));
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

    private UsageException invalid(String reason) {
        return port.error("Invalid guest forwarding rule '" + rule + "' (" + reason + ")");
    }
}
