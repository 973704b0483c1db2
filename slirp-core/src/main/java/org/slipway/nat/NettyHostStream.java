package org.slipway.nat;

import io.netty.buffer.ByteBuf;
import io.netty.channel.Channel;
import io.netty.channel.ChannelException;
import io.netty.channel.ChannelFuture;
import io.netty.channel.ChannelFutureListener;
import io.netty.channel.ChannelHandlerContext;
import io.netty.channel.ChannelInboundHandlerAdapter;
import io.netty.channel.ChannelOption;
import io.netty.channel.ChannelOutboundBuffer;
import io.netty.channel.ConnectTimeoutException;
import io.netty.channel.socket.ChannelInputShutdownEvent;
import io.netty.channel.socket.DuplexChannel;
import io.netty.channel.socket.SocketChannel;
import io.netty.util.ReferenceCountUtil;
import java.io.IOException;
import java.net.Inet4Address;
import java.net.InetSocketAddress;
import java.net.NoRouteToHostException;
import java.net.SocketAddress;
import java.net.StandardProtocolFamily;
import java.nio.channels.DatagramChannel;
import java.util.concurrent.TimeUnit;
import org.jspecify.annotations.Nullable;
import org.slipway.loop.Transport;

/** A stream over a Netty channel that reads on demand and may be half closed. */
final class NettyHostStream extends ChannelInboundHandlerAdapter implements HostStream {

    /** A peer that takes nothing of what is left for as long will take nothing any more. */
    private static final long LINGER_SECONDS = 60;

    private @Nullable DuplexChannel channel;
    private @Nullable HostStreamListener listener;
    private @Nullable ByteBuf last;
    private long unflushedBytes;
    private long pendingBytes;
    private boolean finishing;
    private boolean closing;
    private boolean inputEnded;
    private boolean outputEnded;

    /** A stream that is being connected. */
    NettyHostStream(HostStreamListener listener) {
        this.listener = listener;
    }

    /** A stream that was accepted. */
    NettyHostStream(DuplexChannel channel) {
        this.channel = channel;
    }

    void channel(DuplexChannel channel) {
        this.channel = channel;
    }

    void listener(HostStreamListener listener) {
        this.listener = listener;
    }

    private DuplexChannel open() {
        DuplexChannel existing = channel;
        if (existing == null) {
            throw new IllegalStateException("not connected");
        }
        return existing;
    }

    /** The attempt to connect to {@code remote} has ended; {@code told} is what ICMP error came, if any. */
    void connectDone(SocketAddress remote, @Nullable Throwable failure, @Nullable UdpFailure told) {
        HostStreamListener to = listener;
        if (to == null) {
            return;
        }
        if (failure == null) {
            to.connected();
        } else {
            listener = null;
            to.connectFailed(classify(remote, failure), told);
        }
    }

    /** The connection that was waited for stands. */
    void connected(DuplexChannel channel) {
        this.channel = channel;
        HostStreamListener to = listener;
        if (to == null) {
            reset();
        } else {
            to.connected();
        }
    }

    /** There will be no connection. */
    void refused() {
        HostStreamListener to = listener;
        listener = null;
        if (to != null) {
            to.connectFailed(ConnectFailure.REFUSED);
        }
    }

    private static ConnectFailure classify(SocketAddress remote, Throwable failure) {
        if (failure instanceof ConnectTimeoutException) {
            return ConnectFailure.HOST_UNREACHABLE;
        }
        if (remote instanceof InetSocketAddress inet
                && failure.getCause() instanceof NoRouteToHostException nothing
                && nothing.getMessage() == null) {
            return unreachable(inet);
        }
        return switch (Transport.reason(failure)) {
            // The last two are a host's without an address of the family.
            case "Network is unreachable",
                    "Cannot assign requested address",
                    "Address family not supported by protocol" -> ConnectFailure.NET_UNREACHABLE;
            case "No route to host",
                    "Host is unreachable",
                    "Host is down",
                    "Machine is not on the network",
                    "Connection timed out" -> ConnectFailure.HOST_UNREACHABLE;
            case "Permission denied", "Operation not permitted" -> ConnectFailure.PROHIBITED;
            default -> ConnectFailure.REFUSED;
        };
    }

    /**
     * Netty's epoll channels do not tell ENETUNREACH from EHOSTUNREACH, so the host is asked whether it has a route: that is
     * what connecting a UDP socket does, and all. If a router said that it has none, that is a host out of reach here.
     */
    private static ConnectFailure unreachable(InetSocketAddress remote) {
        boolean ipv4 = remote.getAddress() instanceof Inet4Address;
        try (DatagramChannel probe =
                DatagramChannel.open(ipv4 ? StandardProtocolFamily.INET : StandardProtocolFamily.INET6)) {
            probe.connect(remote);
            return ConnectFailure.HOST_UNREACHABLE;
        } catch (IOException e) {
            return "Network is unreachable".equals(e.getMessage())
                    ? ConnectFailure.NET_UNREACHABLE
                    : ConnectFailure.HOST_UNREACHABLE;
        }
    }

    // ---- towards the host

    @Override
    public void write(ByteBuf data) {
        ByteBuf previous = last;
        if (previous != null) {
            open().write(previous, open().voidPromise());
        }
        last = data;
        unflushedBytes += data.readableBytes();
        pendingBytes += data.readableBytes();
    }

    @Override
    public void flush() {
        ByteBuf data = last;
        if (data != null) {
            long batch = unflushedBytes;
            last = null;
            unflushedBytes = 0;
            open().writeAndFlush(data).addListener((ChannelFutureListener) done -> batchDone(done, batch));
        }
    }

    /** One promise for a whole batch: its last buffer has gone when all before it have. */
    private void batchDone(ChannelFuture done, long batch) {
        pendingBytes -= batch;
        HostStreamListener to = listener;
        if (done.isSuccess()) {
            if (to != null) {
                to.written(batch);
            }
            endOutputWhenDrained();
        } else {
            fail();
        }
    }

    @Override
    public long pendingBytes() {
        return pendingBytes;
    }

    @Override
    public void reading(boolean on) {
        open().config().setAutoRead(on);
    }

    @Override
    public void shutdownOutput() {
        finishing = true;
        endOutputWhenDrained();
    }

    private void endOutputWhenDrained() {
        if (pendingBytes > 0) {
            return;
        }
        if (closing) {
            open().close();
        } else if (finishing && !outputEnded) {
            outputEnded = true;
            open().shutdownOutput();
            closeWhenBothEnded();
        }
    }

    private void closeWhenBothEnded() {
        if (inputEnded && outputEnded) {
            listener = null;
            open().close();
        }
    }

    @Override
    public void close() {
        listener = null;
        closing = true;
        flush();
        endOutputWhenDrained();
        if (pendingBytes > 0) {
            linger(unsentBytes());
        }
    }

    /** Nobody waits for this stream any more; it must not live for as long as its peer likes. */
    private void linger(long before) {
        open().eventLoop()
                .schedule(
                        () -> {
                            long left = unsentBytes();
                            if (left > 0 && left == before) {
                                reset();
                            } else if (left > 0) {
                                linger(left);
                            }
                        },
                        LINGER_SECONDS,
                        TimeUnit.SECONDS);
    }

    private long unsentBytes() {
        ChannelOutboundBuffer queue = open().unsafe().outboundBuffer();
        return queue == null ? 0 : queue.totalPendingWriteBytes();
    }

    @Override
    public void reset() {
        listener = null;
        releaseLast();
        DuplexChannel open = channel;
        if (open != null) {
            if (open instanceof SocketChannel && open.isActive()) {
                resetOnClose(open);
            }
            open.close();
        }
    }

    private static void resetOnClose(DuplexChannel open) {
        try {
            open.config().setOption(ChannelOption.SO_LINGER, 0);
        } catch (ChannelException e) {
            // Some systems refuse options of a socket that the peer has reset: then there is nobody to tell.
            return;
        }
    }

    private void releaseLast() {
        ByteBuf data = last;
        last = null;
        if (data != null) {
            data.release();
        }
    }

    private void fail() {
        HostStreamListener to = listener;
        listener = null;
        releaseLast();
        if (to != null) {
            to.broken();
        }
        DuplexChannel open = channel;
        if (open != null) {
            open.close();
        }
    }

    // ---- from the host

    @Override
    public void channelRead(ChannelHandlerContext context, Object message) {
        HostStreamListener to = listener;
        if (to == null || inputEnded) {
            ReferenceCountUtil.release(message);
        } else {
            to.received((ByteBuf) message);
        }
    }

    @Override
    public void userEventTriggered(ChannelHandlerContext context, Object event) {
        if (event instanceof ChannelInputShutdownEvent) {
            endInput();
        }
    }

    private void endInput() {
        if (!inputEnded) {
            inputEnded = true;
            HostStreamListener to = listener;
            if (to != null) {
                to.inputEnded();
            }
            closeWhenBothEnded();
        }
    }

    @Override
    public void channelInactive(ChannelHandlerContext context) {
        boolean unix = !(context.channel() instanceof SocketChannel);
        if (!isHalfClosable(context.channel()) || unix && inputEnded) {
            // Errors have been told before. A Unix client that has closed is gone at once, where one of TCP would be
            // asked first; what is written from now on fails.
            endInput();
        } else if (context.channel() == channel) {
            fail();
        }
    }

    private static boolean isHalfClosable(Channel channel) {
        return Boolean.TRUE.equals(channel.config().getOption(ChannelOption.ALLOW_HALF_CLOSURE));
    }

    @Override
    public void exceptionCaught(ChannelHandlerContext context, Throwable cause) {
        fail();
    }
}
