package org.slipway.cli;

import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.util.Set;
import org.slipway.link.LinkConfig;
import org.slipway.wire.IpAddress;

/** Reads {@code socket,listen=[host]:port} and {@code socket,connect=host:port}: IPv4, as in QEMU. */
final class SocketPort {

    private static final Set<String> KNOWN = Set.of("listen", "connect");
    private static final Set<String> PLANNED = Set.of("fd", "mcast", "udp", "localaddr");

    private static final InetAddress LOOPBACK = IpAddress.ipv4(0x7f00_0001).toInetAddress();

    private SocketPort() {}

    static LinkConfig read(PortOptions options, HostNames names) {
        options.allowOnly(KNOWN, Set.of(), PLANNED);
        String listen = options.value("listen");
        String connect = options.value("connect");
        if (listen != null && connect == null) {
            return new LinkConfig.Listen(options.text(), address(listen, 0, options, names));
        }
        if (connect != null && listen == null) {
            return new LinkConfig.Connect(options.text(), address(connect, 1, options, names), 0);
        }
        throw options.error("exactly one of listen=, connect=, mcast= or udp= is required");
    }

    private static InetSocketAddress address(String text, int minPort, PortOptions options, HostNames names) {
        int colon = text.lastIndexOf(':');
        if (colon < 0) {
            throw options.error("host address '" + text + "' doesn't contain ':' separating host from port");
        }
        String host = text.substring(0, colon);
        String portText = text.substring(colon + 1);
        if (host.indexOf(':') >= 0) {
            throw options.error(
                    "host address '" + host + "' is not a valid IPv4 address; for IPv6 use stream,addr.type=inet");
        }
        long port = CNumber.parse(portText);
        if (port < minPort || port > 65_535) {
            throw options.error("port number '" + portText + "' is invalid");
        }
        // An empty host is the loopback, for listening too: to be reachable from elsewhere has to be asked for.
        InetAddress address = host.isEmpty() ? LOOPBACK : names.resolve(host, HostNames.Family.IPV4, options);
        return new InetSocketAddress(address, (int) port);
    }
}
