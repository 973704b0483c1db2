package org.slipway.link;

import io.netty.bootstrap.Bootstrap;
import io.netty.channel.Channel;
import io.netty.channel.ChannelFuture;
import io.netty.channel.ChannelHandler;
import io.netty.channel.ChannelHandlerContext;
import io.netty.channel.ChannelInboundHandlerAdapter;
import io.netty.channel.ChannelOption;
import io.netty.channel.unix.DomainSocketAddress;
import java.net.ConnectException;
import java.util.Objects;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.TimeUnit;
import org.jspecify.annotations.Nullable;
import org.slipway.loop.Timer;
import org.slipway.loop.Transport;

/**
 * A connection to a QEMU that listens ({@code -netdev stream,server=on} or {@code -netdev socket,listen=}): one guest,
 * which keeps its name however often it is connected again.
 */
public final class QemuConnector {

    // A host that does not answer within this time is not up; a local one answers at once.
    private static final int TIMEOUT_MILLIS = 10_000;

    private final LinkContext context;
    private final LinkConfig.Connect config;
    private final CompletableFuture<Void> started = new CompletableFuture<>();
    private final CompletableFuture<Void> ended = new CompletableFuture<>();
    private @Nullable String name;
    private @Nullable Channel channel;
    private @Nullable Timer retry;
    private boolean failureReported;
    private boolean closed;

    public QemuConnector(LinkContext context, LinkConfig.Connect config) {
        this.context = context;
        this.config = config;
    }

    /**
     * Connects for the first time. Once, on any thread.
     *
     * @return completes on the network's loop when the guest is connected, or, if it will be tried again, when the first
     *     attempt is over; fails with a {@link LinkException} if it is the last one
     */
    public CompletableFuture<Void> start() {
        String problem = SocketFile.problem(config.remote(), context.transport() != Transport.NIO);
        if (problem != null) {
            started.completeExceptionally(cannotConnect(problem, null));
            ended.complete(null);
        } else {
            context.eventLoop().execute(this::first);
        }
        return started;
    }

    /** Completes on the network's loop when no guest will plug in here any more: disconnected for good, or closed. */
    public CompletableFuture<Void> ended() {
        return ended;
    }

    /** Disconnects the guest, of which the listener is told, and connects no more. On the loop; harmless if repeated. */
    public void close() {
        closed = true;
        Timer timer = retry;
        retry = null;
        if (timer != null) {
            timer.cancel();
        }
        Channel open = channel;
        if (open == null) {
            end();
        } else {
            open.close();
        }
    }

    private void first() {
        if (closed) {
            return;
        }
        name = context.names().take();
        if (name == null) {
            failed(new LinkException("there are " + context.names().limit() + " guests already", null), true);
        } else {
            connect();
        }
    }

    private void connect() {
        retry = null;
        ChannelFuture connecting = bootstrap().connect(context.transport().address(config.remote()));
        channel = connecting.channel();
        connecting.addListener(future -> {
            if (!future.isSuccess()) {
                failed(future.cause(), config.reconnectMillis() <= 0);
            }
        });
    }

    private void failed(Throwable cause, boolean last) {
        String why = Transport.reason(cause);
        channel = null;
        if (last || closed) {
            started.completeExceptionally(cannotConnect(why, cause));
            end();
            return;
        }
        if (!failureReported) {
            failureReported = true;
            context.listener()
                    .warning(cannotConnect(why, cause).getMessage() + ", trying again every " + config.reconnectMillis()
                            + " ms");
        }
        started.complete(null);
        connectLater();
    }

    private void connectLater() {
        retry = context.loop().schedule(TimeUnit.MILLISECONDS.toNanos(config.reconnectMillis()), this::connect);
    }

    private void end() {
        String taken = name;
        name = null;
        if (taken != null) {
            context.names().release(taken);
        }
        started.completeExceptionally(cannotConnect("closed", null));
        ended.complete(null);
    }

    private LinkException cannotConnect(String why, @Nullable Throwable cause) {
        return new LinkException("can't connect to " + Endpoint.text(config.remote()) + ": " + why, cause);
    }

    private Bootstrap bootstrap() {
        return new Bootstrap()
                .group(context.eventLoop())
                .channel(
                        config.remote() instanceof DomainSocketAddress
                                ? context.transport().unixClient()
                                : context.transport().tcpClient())
                .option(ChannelOption.CONNECT_TIMEOUT_MILLIS, TIMEOUT_MILLIS)
                .handler(new Door());
    }

    /** Makes the connection a port. */
    @ChannelHandler.Sharable
    private final class Door extends ChannelInboundHandlerAdapter implements StreamPort.Owner {

        @Override
        public void channelActive(ChannelHandlerContext handler) {
            String guest = name;
            Channel connected = handler.channel();
            if (guest == null || closed) {
                connected.close();
                channel = null;
                end();
            } else if (Objects.equals(connected.localAddress(), connected.remoteAddress())) {
                // RFC 9293 3.5, simultaneous open: who tries a port of the ephemeral range again and again, while
                // nobody
                // listens, connects to himself at last.
                connected.close();
                failed(new ConnectException("Connection refused"), config.reconnectMillis() <= 0);
            } else {
                handler.pipeline().addLast(new StreamPort(guest, connected, context.loop(), context.drops(), this));
                handler.fireChannelActive();
                handler.pipeline().remove(this);
            }
        }

        @Override
        public void up(StreamPort port) {
            failureReported = false;
            context.listener().plugged(port);
            context.listener().event(port.name() + " plugged in (" + config.description() + ")");
            started.complete(null);
        }

        @Override
        public void down(StreamPort port) {
            channel = null;
            context.listener().unplugged(port);
            context.listener().event(port.name() + " left");
            if (closed || config.reconnectMillis() <= 0) {
                end();
            } else {
                connectLater();
            }
        }

        @Override
        public void warning(String text) {
            context.listener().warning(text);
        }
    }
}
