package org.slipway.nat;

import io.netty.bootstrap.AbstractBootstrap;
import io.netty.bootstrap.Bootstrap;
import io.netty.bootstrap.ServerBootstrap;
import io.netty.channel.Channel;
import io.netty.channel.ChannelException;
import io.netty.channel.ChannelFuture;
import io.netty.channel.ChannelHandler;
import io.netty.channel.ChannelHandlerContext;
import io.netty.channel.ChannelInboundHandlerAdapter;
import io.netty.channel.ChannelOption;
import io.netty.channel.EventLoop;
import io.netty.channel.FixedRecvByteBufAllocator;
import io.netty.channel.MaxMessagesRecvByteBufAllocator;
import io.netty.channel.socket.DuplexChannel;
import io.netty.channel.unix.DomainSocketAddress;
import io.netty.channel.unix.UnixChannel;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.Inet4Address;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.SocketAddress;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.concurrent.Semaphore;
import java.util.concurrent.TimeUnit;
import org.jspecify.annotations.Nullable;
import org.slipway.loop.Transport;
import org.slipway.wire.IpAddress;

/** The host's sockets through Netty, all registered on the network's own event loop. */
public final class NettyHostSockets implements HostSockets {

    /** As libslirp: a connection attempt ends after 75 s. */
    private static final int CONNECT_TIMEOUT_MILLIS = 75_000;

    /** Clients of a forward that wait to be accepted. */
    private static final int BACKLOG = 128;

    private static final int READ_BYTES = 65_536;

    /** One read a wake-up costs a third of the throughput towards the guest. */
    private static final int READS_A_TURN = 8;

    /** After an accept failed for want of descriptors, the kernel would say so again at once. */
    private static final long ACCEPT_PAUSE_MILLIS = 100;

    /** RFC 6335 6. */
    private static final int LAST_SYSTEM_PORT = 1023;

    private static final InetAddress ANY_IPV4 = IpAddress.parse("0.0.0.0").toInetAddress();
    private static final InetAddress ANY_IPV6 = IpAddress.parse("::").toInetAddress();

    private final EventLoop eventLoop;
    private final Transport transport;
    private final UdpErrorQueue udpErrors;
    private final OutboundAddresses outbound;
    private final SocketProcesses processes;
    private final Semaphore commands = new Semaphore(TcpFlowTable.MAX_PROCESSES);

    /** As the other constructor, without processes on sockets. */
    public NettyHostSockets(
            EventLoop eventLoop, Transport transport, UdpErrorQueue udpErrors, OutboundAddresses outbound) {
        this(eventLoop, transport, udpErrors, outbound, SocketProcesses.NONE);
    }

    /**
     * Sockets of {@code transport} on {@code eventLoop}, which is one of its own.
     *
     * @param udpErrors tells of datagrams, and of attempts to connect, that did not arrive; used with epoll only
     * @param outbound from which of the host's addresses guests speak
     * @param processes starts processes on sockets; with epoll only
     */
    public NettyHostSockets(
            EventLoop eventLoop,
            Transport transport,
            UdpErrorQueue udpErrors,
            OutboundAddresses outbound,
            SocketProcesses processes) {
        this.eventLoop = eventLoop;
        this.transport = transport;
        this.udpErrors = udpErrors;
        this.outbound = outbound;
        this.processes = processes;
    }

    private static MaxMessagesRecvByteBufAllocator reads() {
        return new FixedRecvByteBufAllocator(READ_BYTES).maxMessagesPerRead(READS_A_TURN);
    }

    @Override
    public HostStream connect(SocketAddress remote, int hops, HostStreamListener listener) {
        NettyHostStream stream = new NettyHostStream(listener);
        ChannelFuture registered = bootstrap(remote, hops)
                .option(ChannelOption.AUTO_READ, false)
                .option(ChannelOption.RECVBUF_ALLOCATOR, reads())
                .handler(stream)
                .register();
        if (registered.channel() instanceof DuplexChannel channel) {
            stream.channel(channel);
            connect(channel, remote, stream);
        } else {
            // There is no socket to be had: the channel is a stand-in.
            eventLoop.execute(() -> stream.connectDone(remote, registered.cause(), null));
        }
        return stream;
    }

    /**
     * A bootstrap's own attempt would close the socket before it can be asked why it failed. The attempt begins now, so that
     * its cost is its guest's, and ends later, when the caller has its stream.
     */
    private void connect(DuplexChannel channel, SocketAddress remote, NettyHostStream stream) {
        InetSocketAddress from = remote instanceof InetSocketAddress inet ? outbound.toward(inet) : null;
        ChannelFuture attempt = channel.connect(transport.address(remote), from);
        eventLoop.execute(() -> attempt.addListener(done -> {
            if (done.isSuccess()) {
                TcpMarks.connected(channel);
                stream.connectDone(remote, null, null);
            } else {
                UdpFailure told = told(channel, remote);
                channel.close();
                stream.connectDone(remote, done.cause(), told);
            }
        }));
    }

    private Bootstrap bootstrap(SocketAddress remote, int hops) {
        Bootstrap bootstrap = new Bootstrap().group(eventLoop);
        if (remote instanceof InetSocketAddress inet) {
            if (transport == Transport.EPOLL) {
                TcpMarks.prepare(bootstrap, inet.getAddress() instanceof Inet4Address, hops);
                if (outbound.toward(inet) != null) {
                    bootstrap.option(TcpMarks.PORT_WHEN_CONNECTED, 1);
                }
            }
            return bootstrap
                    .channelFactory(transport.tcpClient(inet))
                    .option(ChannelOption.ALLOW_HALF_CLOSURE, true)
                    .option(ChannelOption.TCP_NODELAY, true)
                    .option(ChannelOption.CONNECT_TIMEOUT_MILLIS, CONNECT_TIMEOUT_MILLIS)
                    .option(ChannelOption.SO_KEEPALIVE, true);
        }
        bootstrap.channel(transport.unixClient());
        // As for those that are accepted.
        return transport == Transport.NIO ? bootstrap : bootstrap.option(ChannelOption.ALLOW_HALF_CLOSURE, true);
    }

    /** What the host was told by ICMP while the socket of {@code channel} was being connected to {@code remote}. */
    private @Nullable UdpFailure told(Channel channel, SocketAddress remote) {
        if (udpErrors == UdpErrorQueue.NONE
                || !channel.isOpen()
                || !(channel instanceof UnixChannel socket)
                || !(remote instanceof InetSocketAddress inet)) {
            return null;
        }
        List<UdpFailure> failures = udpErrors.take(socket.fd().intValue(), inet.getAddress() instanceof Inet4Address);
        return failures.isEmpty() ? null : failures.get(failures.size() - 1);
    }

    @Override
    public HostStream run(List<String> command, HostStreamListener listener) {
        if (commands.tryAcquire()) {
            return ProcessStream.start(command, eventLoop, listener, commands::release);
        }
        return refused(listener);
    }

    @Override
    public HostStream run(GuestForward.Daemon daemon, HostStreamListener listener) {
        if (commands.tryAcquire()) {
            return SocketProcess.start(daemon, processes, eventLoop, reads(), listener, commands::release);
        }
        return refused(listener);
    }

    private HostStream refused(HostStreamListener listener) {
        NettyHostStream stream = new NettyHostStream(listener);
        eventLoop.execute(stream::refused);
        return stream;
    }

    @Override
    public HostServer listen(SocketAddress local, Acceptor acceptor) {
        boolean unix = local instanceof DomainSocketAddress;
        ServerBootstrap bootstrap = new ServerBootstrap()
                .group(eventLoop)
                .option(ChannelOption.SO_BACKLOG, BACKLOG)
                .handler(new AcceptPause())
                .childOption(ChannelOption.AUTO_READ, false)
                .childOption(ChannelOption.RECVBUF_ALLOCATOR, reads())
                .childHandler(new Accepting(acceptor));
        if (local instanceof InetSocketAddress inet) {
            bootstrap.channelFactory(transport.tcpServer(inet));
        } else {
            bootstrap.channel(transport.unixServer());
        }
        if (!unix || transport != Transport.NIO) {
            // Netty's NIO cannot half close a Unix stream: there the end of the input is the end of all.
            bootstrap.childOption(ChannelOption.ALLOW_HALF_CLOSURE, true);
        }
        if (!unix) {
            if (transport == Transport.EPOLL) {
                bootstrap.childOption(TcpMarks.URGENT_IN_LINE, 1);
            }
            bootstrap
                    .option(ChannelOption.SO_REUSEADDR, true)
                    .childOption(ChannelOption.TCP_NODELAY, true)
                    .childOption(ChannelOption.SO_KEEPALIVE, true);
        }
        return new NettyHostServer(bind(bootstrap, transport.address(local)), local);
    }

    @Override
    public HostUdpSocket openUdp(@Nullable InetSocketAddress local, boolean ipv4, HostUdpListener listener) {
        // A forward has nobody to tell, and what the host tells it may cost a datagram.
        return local == null ? openUdp(0, ipv4, listener) : openUdp(local, ipv4, listener, UdpErrorQueue.NONE);
    }

    @Override
    public HostUdpSocket openUdpPreferring(int port, boolean ipv4, HostUdpListener listener) {
        if (port > LAST_SYSTEM_PORT) {
            try {
                return openUdp(port, ipv4, listener);
            } catch (HostSocketException e) {
                // Somebody has it: any other does as well (RFC 4787 4.2.1).
                return openUdp(0, ipv4, listener);
            }
        }
        return openUdp(0, ipv4, listener);
    }

    private HostUdpSocket openUdp(int port, boolean ipv4, HostUdpListener listener) {
        IpAddress from = outbound.of(ipv4);
        InetAddress local = from != null ? from.toInetAddress() : ipv4 ? ANY_IPV4 : ANY_IPV6;
        return openUdp(new InetSocketAddress(local, port), ipv4, listener, udpErrors);
    }

    private HostUdpSocket openUdp(
            InetSocketAddress local, boolean ipv4, HostUdpListener listener, UdpErrorQueue errors) {
        UdpChannel channel;
        try {
            channel = UdpChannel.open(transport, ipv4);
        } catch (ChannelException | UncheckedIOException e) {
            throw new HostSocketException(Transport.reason(e), e);
        }
        NettyHostUdpSocket socket = new NettyHostUdpSocket(channel, listener, errors);
        Bootstrap bootstrap = new Bootstrap()
                .group(eventLoop)
                .channelFactory(channel::channel)
                .option(ChannelOption.RECVBUF_ALLOCATOR, reads())
                .handler(socket);
        bind(bootstrap, local);
        return socket;
    }

    /**
     * Binds at once: on the loop, registering and binding a channel are done when the calls return. (A bootstrap's own bind
     * leaves the binding to a later task, whose failure would come too late.)
     */
    private static Channel bind(AbstractBootstrap<?, ?> bootstrap, SocketAddress local) {
        ChannelFuture registered = bootstrap.register();
        ChannelFuture bound = registered.isSuccess() ? registered.channel().bind(local) : registered;
        if (!bound.isSuccess()) {
            Throwable failure = bound.cause();
            registered.channel().close();
            throw failure == null
                    ? new IllegalStateException("not called on the network's loop")
                    : new HostSocketException(Transport.reason(failure), failure);
        }
        return bound.channel();
    }

    /** Hands accepted channels to the acceptor. */
    @ChannelHandler.Sharable
    private static final class Accepting extends ChannelInboundHandlerAdapter {

        private final Acceptor acceptor;

        Accepting(Acceptor acceptor) {
            this.acceptor = acceptor;
        }

        @Override
        public void channelActive(ChannelHandlerContext context) {
            DuplexChannel channel = (DuplexChannel) context.channel();
            NettyHostStream stream = new NettyHostStream(channel);
            InetSocketAddress client = channel.remoteAddress() instanceof InetSocketAddress inet ? inet : null;
            HostStreamListener listener = acceptor.accepted(stream, client);
            if (listener == null) {
                stream.reset();
            } else {
                stream.listener(listener);
                context.pipeline().replace(this, "stream", stream);
            }
        }
    }

    /** Keeps a server that is out of descriptors from spinning, and from stopping. */
    private static final class AcceptPause extends ChannelInboundHandlerAdapter {

        @Override
        public void exceptionCaught(ChannelHandlerContext context, Throwable cause) {
            context.channel().config().setAutoRead(false);
            context.executor()
                    .schedule(
                            () -> context.channel().config().setAutoRead(true),
                            ACCEPT_PAUSE_MILLIS,
                            TimeUnit.MILLISECONDS);
        }
    }

    private record NettyHostServer(Channel channel, SocketAddress wanted) implements HostServer {

        @Override
        public SocketAddress local() {
            return channel.localAddress() instanceof InetSocketAddress bound ? bound : wanted;
        }

        @Override
        public void close() {
            channel.close();
            if (wanted instanceof DomainSocketAddress unix) {
                try {
                    Files.deleteIfExists(Path.of(unix.path()));
                } catch (IOException e) {
                    // It is gone, or not ours to remove; the next start removes a stale socket.
                    return;
                }
            }
        }
    }
}
