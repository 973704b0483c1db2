package org.slipway.nat;

import io.netty.channel.epoll.EpollDatagramChannel;
import io.netty.channel.socket.DatagramChannel;
import io.netty.channel.socket.SocketProtocolFamily;
import io.netty.channel.socket.nio.NioDatagramChannel;
import io.netty.channel.unix.Socket;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.InetSocketAddress;
import java.net.StandardProtocolFamily;
import java.nio.ByteBuffer;
import org.slipway.loop.Transport;

/**
 * A Netty channel for UDP of one family, and a way around it for datagrams without data, which Netty's channels drop
 * without a word when asked to send them.
 */
record UdpChannel(DatagramChannel channel, boolean ipv4, EmptySender empty) {

    /** Sends a datagram without data at once; lost if the host has no room for it. */
    interface EmptySender {
        void sendTo(InetSocketAddress to) throws IOException;
    }

    /** Direct, as native code reads it. */
    private static final ByteBuffer NOTHING = ByteBuffer.allocateDirect(0);

    /** An unbound socket. One of IPv4 hears no IPv6, which its guest could not answer. */
    static UdpChannel open(Transport transport, boolean ipv4) {
        return transport == Transport.EPOLL ? epoll(ipv4) : nio(ipv4);
    }

    private static UdpChannel epoll(boolean ipv4) {
        EpollDatagramChannel channel =
                new EpollDatagramChannel(ipv4 ? SocketProtocolFamily.INET : SocketProtocolFamily.INET6);
        Socket socket = (Socket) channel.fd();
        return new UdpChannel(channel, ipv4, to -> socket.sendTo(NOTHING, 0, 0, to.getAddress(), to.getPort()));
    }

    private static UdpChannel nio(boolean ipv4) {
        try {
            java.nio.channels.DatagramChannel socket = java.nio.channels.DatagramChannel.open(
                    ipv4 ? StandardProtocolFamily.INET : StandardProtocolFamily.INET6);
            return new UdpChannel(new NioDatagramChannel(socket), ipv4, to -> socket.send(NOTHING.duplicate(), to));
        } catch (IOException e) {
            throw new UncheckedIOException(e.getMessage(), e);
        }
    }
}
