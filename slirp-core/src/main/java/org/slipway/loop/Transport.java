package org.slipway.loop;

import io.netty.channel.Channel;
import io.netty.channel.ChannelFactory;
import io.netty.channel.IoEventLoopGroup;
import io.netty.channel.IoHandlerFactory;
import io.netty.channel.MultiThreadIoEventLoopGroup;
import io.netty.channel.ServerChannel;
import io.netty.channel.epoll.Epoll;
import io.netty.channel.epoll.EpollDatagramChannel;
import io.netty.channel.epoll.EpollDomainSocketChannel;
import io.netty.channel.epoll.EpollIoHandler;
import io.netty.channel.epoll.EpollServerDomainSocketChannel;
import io.netty.channel.epoll.EpollServerSocketChannel;
import io.netty.channel.epoll.EpollSocketChannel;
import io.netty.channel.nio.NioIoHandler;
import io.netty.channel.socket.DatagramChannel;
import io.netty.channel.socket.ServerSocketChannel;
import io.netty.channel.socket.SocketChannel;
import io.netty.channel.socket.SocketProtocolFamily;
import io.netty.channel.socket.nio.NioDatagramChannel;
import io.netty.channel.socket.nio.NioDomainSocketChannel;
import io.netty.channel.socket.nio.NioServerDomainSocketChannel;
import io.netty.channel.socket.nio.NioServerSocketChannel;
import io.netty.channel.socket.nio.NioSocketChannel;
import io.netty.channel.unix.DomainSocketAddress;
import java.io.FileNotFoundException;
import java.io.IOException;
import java.net.Inet4Address;
import java.net.InetSocketAddress;
import java.net.NoRouteToHostException;
import java.net.SocketAddress;
import java.net.UnixDomainSocketAddress;
import java.nio.channels.spi.SelectorProvider;
import java.util.concurrent.ThreadFactory;
import java.util.function.Supplier;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/** Which of Netty's transports a network's sockets use: epoll where it exists, NIO elsewhere. Any thread. */
public final class Transport {

    /** Linux's epoll; works only if {@link #best} returns it. */
    public static final Transport EPOLL = new Transport(
            "epoll",
            EpollIoHandler::newFactory,
            EpollSocketChannel.class,
            EpollDatagramChannel.class,
            EpollDomainSocketChannel.class,
            EpollServerDomainSocketChannel.class);

    /** The JDK's selectors; works everywhere. */
    public static final Transport NIO = new Transport(
            "nio",
            NioIoHandler::newFactory,
            NioSocketChannel.class,
            NioDatagramChannel.class,
            NioDomainSocketChannel.class,
            NioServerDomainSocketChannel.class);

    // "bind(..) failed with error(-98): Address already in use"
    private static final Pattern NATIVE_ERROR = Pattern.compile("failed(?: with error\\(-?\\d+\\))?: ([^:]+)");

    private final String name;
    private final Supplier<IoHandlerFactory> handlers;
    private final Class<? extends SocketChannel> tcpClient;
    private final Class<? extends DatagramChannel> udp;
    private final Class<? extends Channel> unixClient;
    private final Class<? extends ServerChannel> unixServer;

    private Transport(
            String name,
            Supplier<IoHandlerFactory> handlers,
            Class<? extends SocketChannel> tcpClient,
            Class<? extends DatagramChannel> udp,
            Class<? extends Channel> unixClient,
            Class<? extends ServerChannel> unixServer) {
        this.name = name;
        this.handlers = handlers;
        this.tcpClient = tcpClient;
        this.udp = udp;
        this.unixClient = unixClient;
        this.unixServer = unixServer;
    }

    /** The fastest transport that works on this machine. */
    public static Transport best() {
        return Epoll.isAvailable() ? EPOLL : NIO;
    }

    /** The system's words for why a socket call failed: {@code "Address already in use"}; one line. */
    public static String reason(Throwable failure) {
        // Netty wraps what connect throws, to add the address to the message.
        Throwable cause = failure.getCause() instanceof IOException original ? original : failure;
        String message = cause.getMessage();
        if (message == null || message.isBlank()) {
            return withoutMessage(cause);
        }
        Matcher matcher = NATIVE_ERROR.matcher(message);
        String reason = matcher.find() ? matcher.group(1) : message;
        return reason.replaceAll("\\s+", " ").strip();
    }

    /** Netty's epoll channels throw these two without a word: ENOENT and ENETUNREACH. */
    private static String withoutMessage(Throwable cause) {
        if (cause instanceof FileNotFoundException) {
            return "No such file or directory";
        }
        return cause instanceof NoRouteToHostException
                ? "Network is unreachable"
                : cause.getClass().getSimpleName();
    }

    /** {@code "epoll"} or {@code "nio"}. */
    public String name() {
        return name;
    }

    /** A new event loop group of one thread: the life of one network. The caller shuts it down. */
    public IoEventLoopGroup newGroup(ThreadFactory threads) {
        return new MultiThreadIoEventLoopGroup(1, threads, handlers.get());
    }

    /** Channels that connect by TCP; the children of {@link #tcpServer} are of this class too. */
    public Class<? extends SocketChannel> tcpClient() {
        return tcpClient;
    }

    /** Channels that connect by TCP to {@code remote}. With epoll their sockets are of its family, as their options ask for. */
    public ChannelFactory<SocketChannel> tcpClient(InetSocketAddress remote) {
        return this == EPOLL ? () -> new EpollSocketChannel(family(remote)) : NioSocketChannel::new;
    }

    /** Makes channels that listen for TCP on {@code local}: one of IPv4 takes no clients of IPv6, not even on 0.0.0.0. */
    public ChannelFactory<ServerSocketChannel> tcpServer(InetSocketAddress local) {
        SocketProtocolFamily family = family(local);
        return this == EPOLL
                ? () -> new EpollServerSocketChannel(family)
                : () -> new NioServerSocketChannel(SelectorProvider.provider(), family);
    }

    private static SocketProtocolFamily family(InetSocketAddress address) {
        return address.getAddress() instanceof Inet4Address ? SocketProtocolFamily.INET : SocketProtocolFamily.INET6;
    }

    /** Channels that send and receive UDP datagrams. */
    public Class<? extends DatagramChannel> udp() {
        return udp;
    }

    /** Channels that connect to a Unix stream socket. */
    public Class<? extends Channel> unixClient() {
        return unixClient;
    }

    /** Channels that listen on a Unix stream socket. */
    public Class<? extends ServerChannel> unixServer() {
        return unixServer;
    }

    /**
     * {@code address} as this transport's channels want it: NIO does not know Netty's {@link DomainSocketAddress}.
     *
     * @throws java.nio.file.InvalidPathException if it is an abstract Unix address, which the JDK does not know
     */
    public SocketAddress address(SocketAddress address) {
        return this == NIO && address instanceof DomainSocketAddress unix
                ? UnixDomainSocketAddress.of(unix.path())
                : address;
    }

    @Override
    public String toString() {
        return name;
    }
}
