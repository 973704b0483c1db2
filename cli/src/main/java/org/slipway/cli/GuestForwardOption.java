package org.slipway.cli;

import io.netty.channel.unix.DomainSocketAddress;
import java.net.InetSocketAddress;
import java.nio.charset.Charset;
import java.util.List;
import org.jspecify.annotations.Nullable;
import org.slipway.gateway.AddressPlan;
import org.slipway.nat.GuestForward;
import org.slipway.wire.IpAddress;

/**
 * Reads {@code guestfwd=[tcp]:[server]:port-target}, with QEMU's error texts. {@code target} is {@code cmd:COMMAND},
 * {@code tcp:HOST:PORT} or {@code unix:PATH}; IPv6 addresses stand in brackets. Without {@code server} it is the network's
 * fourth address.
 */
final class GuestForwardOption {

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
        return checked(text.isEmpty() ? ServerAddresses.fourths(plan).get(0) : Literals.ipv4(text));
    }

    private IpAddress checked(@Nullable IpAddress server) {
        if (server == null) {
            throw rule.invalid("the server is no address");
        }
        if (!ServerAddresses.isFree(server, plan)) {
            throw port.error("Conflicting/invalid host:port in guest forwarding rule '" + rule.rule() + "': " + server
                    + " is not a free address of the guests' network");
        }
        return server;
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
