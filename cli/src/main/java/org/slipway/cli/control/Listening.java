package org.slipway.cli.control;

import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.util.Locale;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.slipway.link.Endpoint;
import org.slipway.nat.ForwardRule;
import org.slipway.nat.OpenForward;
import org.slipway.wire.IpAddress;

/**
 * Where a forward listens, as QEMU's {@code hostfwd_remove} has it: {@code [tcp|udp]:[hostaddr]:hostport}, an IPv6 address in
 * brackets; or {@code unix:/path}. Without an address it is 127.0.0.1, as it is when a forward is added.
 *
 * @param endpoint as {@link Endpoint#text} has it
 */
record Listening(ForwardRule.Protocol protocol, String endpoint) {

    private static final Pattern INET =
            Pattern.compile("(tcp|udp|):(?<address>|\\*|[0-9.]+|\\[[0-9a-fA-F:.]+\\]):(?<port>[0-9]{1,5})");
    private static final String UNIX = "unix:";

    /** Reads {@code text}. */
    static Listening parse(String text) {
        if (text.startsWith(UNIX + "/")) {
            return new Listening(ForwardRule.Protocol.UNIX, text.substring(UNIX.length()));
        }
        Matcher matcher = INET.matcher(text);
        if (!matcher.matches()) {
            throw invalid(text);
        }
        String protocol = matcher.group(1).isEmpty() ? "tcp" : matcher.group(1);
        int port = Integer.parseInt(matcher.group("port"));
        if (port > 65_535) {
            throw invalid(text);
        }
        return new Listening(
                ForwardRule.Protocol.valueOf(protocol.toUpperCase(Locale.ROOT)),
                Endpoint.text(new InetSocketAddress(address(matcher.group("address"), text), port)));
    }

    private static InetAddress address(String address, String whole) {
        try {
            return IpAddress.parse(
                            switch (address) {
                                case "" -> "127.0.0.1";
                                case "*" -> "0.0.0.0";
                                default -> address.replaceAll("[\\[\\]]", "");
                            })
                    .toInetAddress();
        } catch (IllegalArgumentException e) {
            throw invalid(whole);
        }
    }

    private static RequestException invalid(String text) {
        return new RequestException(
                "invalid format: '" + text + "' is neither [tcp|udp]:[hostaddr]:hostport nor unix:/path");
    }

    /** Whether {@code forward} listens there. */
    boolean is(OpenForward forward) {
        return forward.rule().protocol() == protocol
                && Endpoint.text(forward.local()).equals(endpoint);
    }
}
