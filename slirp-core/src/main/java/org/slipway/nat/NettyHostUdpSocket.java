package org.slipway.nat;

import io.netty.buffer.ByteBuf;
import io.netty.channel.Channel;
import io.netty.channel.ChannelHandlerContext;
import io.netty.channel.ChannelInboundHandlerAdapter;
import io.netty.channel.ChannelOutboundBuffer;
import io.netty.channel.socket.DatagramPacket;
import java.net.InetSocketAddress;
import org.jspecify.annotations.Nullable;

/** A UDP socket over a Netty channel. */
final class NettyHostUdpSocket extends ChannelInboundHandlerAdapter implements HostUdpSocket {

    /** Beyond this the host does not keep up, and datagrams are lost, as UDP allows. */
    private static final int MAX_PENDING_BYTES = 1 << 20;

    private final HostUdpListener listener;
    private @Nullable Channel channel;
    private boolean closed;

    NettyHostUdpSocket(HostUdpListener listener) {
        this.listener = listener;
    }

    void channel(Channel channel) {
        this.channel = channel;
    }

    private Channel open() {
        Channel existing = channel;
        if (existing == null) {
            throw new IllegalStateException("not bound");
        }
        return existing;
    }

    @Override
    public InetSocketAddress local() {
        return (InetSocketAddress) open().localAddress();
    }

    @Override
    public void send(ByteBuf payload, InetSocketAddress to) {
        ChannelOutboundBuffer queue = open().unsafe().outboundBuffer();
        if (closed || queue == null || queue.totalPendingWriteBytes() > MAX_PENDING_BYTES) {
            payload.release();
        } else {
            open().write(new DatagramPacket(payload, to), open().voidPromise());
        }
    }

    @Override
    public void flush() {
        if (!closed) {
            open().flush();
        }
    }

    @Override
    public void close() {
        closed = true;
        open().close();
    }

    @Override
    public void channelRead(ChannelHandlerContext context, Object message) {
        DatagramPacket packet = (DatagramPacket) message;
        try {
            if (!closed) {
                listener.received(packet.content(), packet.sender());
            }
        } finally {
            packet.release();
        }
    }

    /** An ICMP error about an earlier datagram, or a passing shortage: the socket goes on. */
    @Override
    public void exceptionCaught(ChannelHandlerContext context, Throwable cause) {}
}
