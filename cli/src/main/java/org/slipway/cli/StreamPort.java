package org.slipway.cli;

import io.netty.channel.unix.DomainSocketAddress;
import java.net.InetSocketAddress;
import java.net.SocketAddress;
import java.nio.charset.Charset;
import java.util.Set;
import org.slipway.link.LinkConfig;

/** Reads {@code stream,server=on|off,addr.type=inet|unix,…}: QEMU's stream sockets since 7.2. */
final class StreamPort {

    /** Longest path of a unix socket in bytes: {@code sun_path} without its closing zero. */
    static final int MAX_PATH_BYTES = 107;

    /** As long as QEMU takes, 32 bits of milliseconds. */
    private static final long MAX_RECONNECT_MILLIS = 0xffff_ffffL;

    private static final Set<String> KNOWN = Set.of("addr.type", "addr.host", "addr.port", "addr.path", "reconnect-ms");
    private static final Set<String> SWITCHES = Set.of("server", "addr.ipv4", "addr.ipv6", "addr.numeric");
    private static final Set<String> PLANNED =
            Set.of("addr.to", "addr.keep-alive", "addr.mptcp", "addr.abstract", "addr.tight", "addr.str", "reconnect");

    private StreamPort() {}

    static LinkConfig read(PortOptions options, HostNames names) {
        options.allowOnly(KNOWN, SWITCHES, PLANNED);
        boolean server = Boolean.TRUE.equals(options.flag("server"));
        if (server && options.value("reconnect-ms") != null) {
            throw options.error("'reconnect-ms' option is incompatible with socket in server mode");
        }
        long reconnectMillis = options.number("reconnect-ms", 0, MAX_RECONNECT_MILLIS, 0);
        if (!options.hasAny("addr.")) {
            throw options.error("Parameter 'addr' is missing");
        }
        SocketAddress address = switch (options.required("addr.type")) {
            case "inet" -> inet(options, server, names);
            case "unix" -> unix(options);
            case "fd" -> throw options.error("Parameter 'addr.type' value 'fd' is not supported yet");
            default ->
                throw options.error("Parameter 'addr.type' does not accept value '" + options.required("addr.type")
                        + "'; use inet or unix");
        };
        return server
                ? new LinkConfig.Listen(options.text(), address)
                : new LinkConfig.Connect(options.text(), address, reconnectMillis);
    }

    private static InetSocketAddress inet(PortOptions options, boolean server, HostNames names) {
        refuse(options, "addr.path", "inet");
        String host = options.required("addr.host");
        String portText = options.required("addr.port");
        long port = CNumber.parse(portText);
        if (port < (server ? 0 : 1) || port > 65_535) {
            throw options.error("Parameter 'addr.port' expects a port number, not '" + portText + "'");
        }
        return new InetSocketAddress(names.resolve(host, family(options), options), (int) port);
    }

    private static HostNames.Family family(PortOptions options) {
        Boolean ipv4 = options.flag("addr.ipv4");
        Boolean ipv6 = options.flag("addr.ipv6");
        boolean no4 = Boolean.FALSE.equals(ipv4) || ipv4 == null && Boolean.TRUE.equals(ipv6);
        boolean no6 = Boolean.FALSE.equals(ipv6) || ipv6 == null && Boolean.TRUE.equals(ipv4);
        if (no4 && no6) {
            throw options.error("Cannot disable IPv4 and IPv6 at same time");
        }
        return no4 ? HostNames.Family.IPV6 : no6 ? HostNames.Family.IPV4 : HostNames.Family.ANY;
    }

    private static DomainSocketAddress unix(PortOptions options) {
        for (String key : new String[] {"addr.host", "addr.port", "addr.ipv4", "addr.ipv6", "addr.numeric"}) {
            refuse(options, key, "unix");
        }
        String path = options.required("addr.path");
        if (path.isEmpty()) {
            throw options.error("Parameter 'addr.path' is missing");
        }
        if (path.getBytes(Charset.defaultCharset()).length > MAX_PATH_BYTES) {
            throw options.error("UNIX socket path '" + path + "' is too long: Path must be less than "
                    + (MAX_PATH_BYTES + 1) + " bytes");
        }
        return new DomainSocketAddress(path);
    }

    private static void refuse(PortOptions options, String key, String type) {
        if (options.value(key) != null) {
            throw options.error("Parameter '" + key + "' is unexpected with addr.type=" + type);
        }
    }
}
