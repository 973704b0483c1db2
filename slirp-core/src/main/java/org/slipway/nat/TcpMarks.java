package org.slipway.nat;

import io.netty.bootstrap.Bootstrap;
import io.netty.channel.Channel;
import io.netty.channel.ChannelException;
import io.netty.channel.ChannelOption;
import io.netty.channel.unix.IntegerUnixChannelOption;

/** What a host's TCP sockets are told that Netty has no options for; with Linux's numbers, the same on every processor. */
final class TcpMarks {

    /** SO_OOBINLINE: urgent data are data (RFC 6093 5); without it the last byte of them would not be among what is read. */
    static final ChannelOption<Integer> URGENT_IN_LINE = new IntegerUnixChannelOption("SO_OOBINLINE", 1, 10);

    private static final ChannelOption<Integer> IPV4_HOPS = new IntegerUnixChannelOption("TCP_IPV4_TTL", 0, 2);
    private static final ChannelOption<Integer> IPV6_HOPS = new IntegerUnixChannelOption("TCP_IPV6_HOPS", 41, 16);

    /** IPV6_RECVERR. In IPv4 Linux tells who did not let a SYN pass without being asked (since 5.13). */
    private static final ChannelOption<Integer> IPV6_ERRORS = new IntegerUnixChannelOption("TCP_IPV6_RECVERR", 41, 25);

    /** IP_BIND_ADDRESS_NO_PORT: a port is chosen when the peer is known, so that another connection may have the same. */
    static final ChannelOption<Integer> PORT_WHEN_CONNECTED =
            new IntegerUnixChannelOption("IP_BIND_ADDRESS_NO_PORT", 0, 24);

    private TcpMarks() {}

    /** For a socket that is to be connected. */
    static void prepare(Bootstrap bootstrap, boolean ipv4, int hops) {
        bootstrap.option(URGENT_IN_LINE, 1).option(ipv4 ? IPV4_HOPS : IPV6_HOPS, hops);
        if (!ipv4) {
            bootstrap.option(IPV6_ERRORS, 1);
        }
    }

    /** An ICMP error, which anybody may send, must not end a connection that stands (RFC 1122 4.2.3.9). */
    static void connected(Channel channel) {
        try {
            channel.config().setOption(IPV6_ERRORS, 0);
        } catch (ChannelException e) {
            // Not a socket of IPv6, or one that is closed: there was nothing to take back.
            return;
        }
    }
}
