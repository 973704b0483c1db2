package org.slipway.link;

import io.netty.bootstrap.ServerBootstrap;
import io.netty.channel.Channel;
import io.netty.channel.ChannelFuture;
import io.netty.channel.ChannelHandler;
import io.netty.channel.ChannelHandlerContext;
import io.netty.channel.ChannelInboundHandlerAdapter;
import io.netty.channel.ChannelOption;
import io.netty.channel.unix.DomainSocketAddress;
import java.io.IOException;
import java.net.InetSocketAddress;
import java.net.SocketAddress;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Set;
import java.util.concurrent.CompletableFuture;
import org.jspecify.annotations.Nullable;
import org.slipway.loop.Transport;

/**
 * A socket that QEMU connects to ({@code -netdev stream} or {@code -netdev socket,connect=}). Any number of guests at a
 * time, each a port of its own; it goes on listening whatever happens to one of them.
 */
public final class QemuListener {

    // Guests of one host that are started at once; those beyond wait in connect, they are not refused.
    private static final int BACKLOG = 128;

    private final LinkContext context;
    private final LinkConfig.Listen config;
    private final Set<StreamPort> ports = new LinkedHashSet<>();
    private @Nullable Channel server;
    private @Nullable SocketFile file;
    private boolean fullReported;
    private boolean closed;

    public QemuListener(LinkContext context, LinkConfig.Listen config) {
        this.context = context;
        this.config = config;
    }

    /**
     * Starts to listen. Once, on any thread: it looks at the file system if the address is a Unix path. A socket file
     * that nobody accepts on any more is replaced.
     *
     * @return completes on the network's loop with the address that was bound, or fails with a {@link LinkException}
     */
    public CompletableFuture<SocketAddress> start() {
        String problem = SocketFile.problem(config.local(), context.transport() != Transport.NIO);
        if (problem != null) {
            return CompletableFuture.failedFuture(cannotListen(problem, null));
        }
        SocketFile socketFile = SocketFile.of(config.local());
        try {
            if (socketFile != null) {
                socketFile.makeWay();
            }
        } catch (IOException e) {
            return CompletableFuture.failedFuture(cannotListen(Transport.reason(e), e));
        }
        CompletableFuture<SocketAddress> result = new CompletableFuture<>();
        ChannelFuture binding = bootstrap().bind(context.transport().address(config.local()));
        binding.addListener(future -> {
            if (future.isSuccess()) {
                bound(binding.channel(), socketFile);
                result.complete(
                        config.local() instanceof DomainSocketAddress
                                ? config.local()
                                : binding.channel().localAddress());
            } else {
                result.completeExceptionally(cannotListen(Transport.reason(future.cause()), future.cause()));
            }
        });
        return result;
    }

    /** Stops listening and disconnects all guests, of whom the listener is told. On the loop; harmless if repeated. */
    public void close() {
        closed = true;
        Channel channel = server;
        SocketFile socketFile = file;
        server = null;
        file = null;
        if (socketFile != null) {
            socketFile.remove();
        }
        if (channel != null) {
            channel.close();
        }
        List.copyOf(ports).forEach(StreamPort::close);
    }

    private void bound(Channel channel, @Nullable SocketFile socketFile) {
        server = channel;
        file = socketFile;
        if (socketFile != null) {
            socketFile.made();
        }
        if (closed) {
            close();
        }
    }

    private ServerBootstrap bootstrap() {
        ServerBootstrap bootstrap = new ServerBootstrap();
        if (config.local() instanceof InetSocketAddress inet) {
            bootstrap.channelFactory(context.transport().tcpServer(inet));
        } else {
            bootstrap.channel(context.transport().unixServer());
        }
        return bootstrap
                .group(context.eventLoop())
                .option(ChannelOption.SO_BACKLOG, BACKLOG)
                .handler(new AcceptGuard(
                        context.loop(),
                        cause -> context.listener()
                                .warning("can't accept guests on " + Endpoint.text(config.local()) + ": "
                                        + Transport.reason(cause))))
                .childHandler(new Door());
    }

    private LinkException cannotListen(String why, @Nullable Throwable cause) {
        return new LinkException("can't listen on " + Endpoint.text(config.local()) + ": " + why, cause);
    }

    /** Gives each connection a name and a port, as long as there are names. */
    @ChannelHandler.Sharable
    private final class Door extends ChannelInboundHandlerAdapter implements StreamPort.Owner {

        @Override
        public void channelActive(ChannelHandlerContext handler) {
            String name = closed ? null : context.names().take();
            if (name == null) {
                full();
                handler.close();
                return;
            }
            handler.pipeline().addLast(new StreamPort(name, handler.channel(), context.loop(), context.drops(), this));
            handler.fireChannelActive();
            handler.pipeline().remove(this);
        }

        private void full() {
            if (!closed && !fullReported) {
                fullReported = true;
                context.listener()
                        .warning("no more guests can plug in: there are "
                                + context.names().limit());
            }
        }

        @Override
        public void up(StreamPort port) {
            fullReported = false;
            ports.add(port);
            context.listener().plugged(port);
            context.listener().event(port.name() + " plugged in (" + config.description() + ")");
        }

        @Override
        public void down(StreamPort port) {
            ports.remove(port);
            context.names().release(port.name());
            context.listener().unplugged(port);
            context.listener().event(port.name() + " left");
        }

        @Override
        public void warning(String text) {
            context.listener().warning(text);
        }
    }
}
