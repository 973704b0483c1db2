package org.slipway.link;

import io.netty.channel.unix.DomainSocketAddress;
import java.net.Inet6Address;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.SocketAddress;

/** How a socket address is written in messages. */
public final class Endpoint {

    private Endpoint() {}

    /** {@code "127.0.0.1:1234"}, {@code "[::1]:1234"}, {@code "/run/vm.sock"}, {@code "@abstract"}. */
    public static String text(SocketAddress address) {
        if (address instanceof DomainSocketAddress unix) {
            return unix.path().replace('\0', '@');
        }
        if (address instanceof InetSocketAddress inet && !inet.isUnresolved()) {
            InetAddress ip = inet.getAddress();
            String host = ip.getHostAddress();
            return (ip instanceof Inet6Address ? "[" + host + "]" : host) + ":" + inet.getPort();
        }
        return address.toString();
    }
}
