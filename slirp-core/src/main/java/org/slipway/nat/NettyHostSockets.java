package org.slipway.nat;

import io.netty.bootstrap.Bootstrap;
import io.netty.bootstrap.ServerBootstrap;
import io.netty.channel.Channel;
import io.netty.channel.ChannelFuture;
import io.netty.channel.ChannelHandler;
import io.netty.channel.ChannelHandlerContext;
import io.netty.channel.ChannelInboundHandlerAdapter;
import io.netty.channel.ChannelOption;
import io.netty.channel.EventLoop;
import io.netty.channel.FixedRecvByteBufAllocator;
import io.netty.channel.MaxMessagesRecvByteBufAllocator;
import io.netty.channel.ServerChannel;
import io.netty.channel.socket.DuplexChannel;
import io.netty.channel.unix.DomainSocketAddress;
import java.io.IOException;
import java.net.InetSocketAddress;
import java.net.SocketAddress;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.concurrent.TimeUnit;
import org.jspecify.annotations.Nullable;
import org.slipway.loop.Transport;

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

    private final EventLoop eventLoop;
    private final Transport transport;

    /** Sockets of {@code transport} on {@code eventLoop}, which is one of its own. */
    public NettyHostSockets(EventLoop eventLoop, Transport transport) {
        this.eventLoop = eventLoop;
        this.transport = transport;
    }

    private static MaxMessagesRecvByteBufAllocator reads() {
        return new FixedRecvByteBufAllocator(READ_BYTES).maxMessagesPerRead(READS_A_TURN);
    }

    @Override
    public HostStream connect(InetSocketAddress remote, HostStreamListener listener) {
        NettyHostStream stream = new NettyHostStream(listener);
        ChannelFuture connected = new Bootstrap()
                .group(eventLoop)
                .channel(transport.tcpClient())
                .option(ChannelOption.AUTO_READ, false)
                .option(ChannelOption.ALLOW_HALF_CLOSURE, true)
                .option(ChannelOption.TCP_NODELAY, true)
                .option(ChannelOption.CONNECT_TIMEOUT_MILLIS, CONNECT_TIMEOUT_MILLIS)
                .option(ChannelOption.RECVBUF_ALLOCATOR, reads())
                .handler(stream)
                .connect(remote);
        stream.channel((DuplexChannel) connected.channel());
        // Listeners of a future that is complete run later on the loop, never within this call.
        connected.addListener(done -> stream.connectDone(done.cause()));
        return stream;
    }

    @Override
    public HostServer listen(SocketAddress local, Acceptor acceptor) {
        boolean unix = local instanceof DomainSocketAddress;
        Class<? extends ServerChannel> type = unix ? transport.unixServer() : transport.tcpServer();
        ServerBootstrap bootstrap = new ServerBootstrap()
                .group(eventLoop)
                .channel(type)
                .option(ChannelOption.SO_BACKLOG, BACKLOG)
                .handler(new AcceptPause())
                .childOption(ChannelOption.AUTO_READ, false)
                .childOption(ChannelOption.ALLOW_HALF_CLOSURE, true)
                .childOption(ChannelOption.RECVBUF_ALLOCATOR, reads())
                .childHandler(new Accepting(acceptor));
        if (!unix) {
            bootstrap.option(ChannelOption.SO_REUSEADDR, true).childOption(ChannelOption.TCP_NODELAY, true);
        }
        return new NettyHostServer(bound(bootstrap.bind(transport.address(local))), local);
    }

    @Override
    public HostUdpSocket openUdp(@Nullable InetSocketAddress local, boolean ipv4, HostUdpListener listener) {
        NettyHostUdpSocket socket = new NettyHostUdpSocket(listener);
        Bootstrap bootstrap = new Bootstrap()
                .group(eventLoop)
                .channel(transport.udp())
                .option(ChannelOption.RECVBUF_ALLOCATOR, reads())
                .handler(socket);
        InetSocketAddress at = local != null ? local : new InetSocketAddress(0);
        socket.channel(bound(bootstrap.bind(at)));
        return socket;
    }

    /** Binding does not block and, on the channel's own loop, is done when bind returns. */
    private Channel bound(ChannelFuture binding) {
        if (!binding.isDone() && !eventLoop.inEventLoop()) {
            binding.awaitUninterruptibly();
        }
        Throwable failure = binding.cause();
        if (failure != null) {
            throw new HostSocketException(Transport.reason(failure), failure);
        }
        return binding.channel();
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
