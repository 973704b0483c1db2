package org.slipway.service;

import io.netty.buffer.ByteBuf;
import io.netty.channel.Channel;
import io.netty.channel.ChannelException;
import io.netty.channel.ChannelFactory;
import io.netty.channel.ChannelFuture;
import io.netty.channel.ChannelOption;
import io.netty.channel.EventLoop;
import io.netty.channel.FixedRecvByteBufAllocator;
import io.netty.channel.socket.DatagramChannel;
import io.netty.channel.socket.SocketChannel;
import java.net.InetSocketAddress;
import org.jspecify.annotations.Nullable;

/** Queries over real sockets, one for each, on the network's own event loop. */
public final class NettyDnsUpstream implements DnsUpstream {

    /** Whatever a resolver may say over UDP, and the buffer lives only while it is read. */
    private static final int RECEIVE_BYTES = 65_535;

    private final EventLoop eventLoop;
    private final ChannelFactory<? extends DatagramChannel> datagramChannels;
    private final ChannelFactory<? extends SocketChannel> socketChannels;
    private final LocalAddresses local;

    /** From where to ask a resolver. */
    @FunctionalInterface
    public interface LocalAddresses {

        /** The host's address to ask {@code resolver} from; null for what its routes say. */
        @Nullable
        InetSocketAddress toward(InetSocketAddress resolver);
    }

    /** Opens channels by the two factories, of a transport that fits {@code eventLoop}, and registers them there. */
    public NettyDnsUpstream(
            EventLoop eventLoop,
            ChannelFactory<? extends DatagramChannel> datagramChannels,
            ChannelFactory<? extends SocketChannel> socketChannels,
            LocalAddresses local) {
        this.eventLoop = eventLoop;
        this.datagramChannels = datagramChannels;
        this.socketChannels = socketChannels;
        this.local = local;
    }

    @Override
    public Exchange send(Transport transport, InetSocketAddress resolver, ByteBuf query, Listener listener) {
        DnsExchangeHandler handler = transport == Transport.UDP
                ? DnsExchangeHandler.datagram(query, listener)
                : DnsExchangeHandler.stream(query, listener);
        Channel channel = open(transport);
        if (channel == null) {
            eventLoop.execute(handler::fail);
            return handler::cancel;
        }
        channel.pipeline().addLast(handler);
        eventLoop
                .register(channel)
                .addListener(registered -> connect(channel, resolver, handler, registered.isSuccess()));
        return () -> {
            handler.cancel();
            channel.close();
        };
    }

    /** A new channel, or null if the system has none left. */
    private @Nullable Channel open(Transport transport) {
        try {
            if (transport == Transport.TCP) {
                return socketChannels.newChannel();
            }
            DatagramChannel channel = datagramChannels.newChannel();
            channel.config().setOption(ChannelOption.RECVBUF_ALLOCATOR, new FixedRecvByteBufAllocator(RECEIVE_BYTES));
            return channel;
        } catch (ChannelException e) {
            return null;
        }
    }

    private void connect(Channel channel, InetSocketAddress resolver, DnsExchangeHandler handler, boolean registered) {
        if (!registered) {
            eventLoop.execute(handler::fail);
            return;
        }
        ChannelFuture connected = channel.connect(resolver, local.toward(resolver));
        connected.addListener(done -> {
            if (!done.isSuccess()) {
                channel.close();
                eventLoop.execute(handler::fail);
            }
        });
    }
}
