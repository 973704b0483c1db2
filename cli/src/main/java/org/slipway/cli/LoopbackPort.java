package org.slipway.cli;

import java.net.InetSocketAddress;
import org.slipway.wire.IpAddress;

/** Reads {@code [ADDR:]PORT} where ADDR is of the loopback: {@code 9100}, {@code 127.0.0.2:9100}, {@code [::1]:0}. */
final class LoopbackPort {

    private static final int MAX_PORT = 65_535;
    private static final IpAddress LOOPBACK = IpAddress.ipv4(0x7f00_0001);

    private LoopbackPort() {}

    /** Reads {@code text}, the value of {@code option}. */
    static InetSocketAddress parse(String option, String text) {
        int colon = text.lastIndexOf(':');
        String host = colon < 0 ? "" : text.substring(0, colon);
        long port = CNumber.parse(text.substring(colon + 1));
        IpAddress address = host.isEmpty() ? LOOPBACK : Literals.ip(bare(host));
        if (port < 0 || port > MAX_PORT || address == null) {
            throw new UsageException(
                    option + " expects [ADDR:]PORT, the port 0 to " + MAX_PORT + ", not '" + text + "'");
        }
        if (!address.isLoopback()) {
            throw new UsageException(option + " listens on addresses of the loopback only, and not on " + address);
        }
        return new InetSocketAddress(address.toInetAddress(), (int) port);
    }

    private static String bare(String host) {
        return host.startsWith("[") && host.endsWith("]") ? host.substring(1, host.length() - 1) : host;
    }
}
