package org.slipway.nat;

import io.netty.buffer.ByteBuf;
import io.netty.channel.Channel;
import io.netty.channel.ChannelHandlerContext;
import io.netty.channel.ChannelInboundHandlerAdapter;
import io.netty.channel.ChannelOutboundBuffer;
import io.netty.channel.socket.DatagramPacket;
import java.io.IOException;
import java.net.InetSocketAddress;

/** A UDP socket over a Netty channel. */
final class NettyHostUdpSocket extends ChannelInboundHandlerAdapter implements HostUdpSocket {

    /** Beyond this the host does not keep up, and datagrams are lost, as UDP allows. */
    private static final int MAX_PENDING_BYTES = 1 << 20;

    private final HostUdpListener listener;
    private final Channel channel;
    private final UdpChannel.EmptySender empty;
    private boolean closed;

    /** Takes over {@code channel}, of whose pipeline it is to be made a part. */
    NettyHostUdpSocket(UdpChannel channel, HostUdpListener listener) {
        this.channel = channel.channel();
        this.empty = channel.empty();
        this.listener = listener;
    }

    @Override
    public InetSocketAddress local() {
        return (InetSocketAddress) channel.localAddress();
    }

    @Override
    public void send(ByteBuf payload, InetSocketAddress to) {
        ChannelOutboundBuffer queue = channel.unsafe().outboundBuffer();
        if (closed || queue == null || queue.totalPendingWriteBytes() > MAX_PENDING_BYTES) {
            payload.release();
        } else if (!payload.isReadable()) {
            payload.release();
            sendEmpty(to);
        } else {
            channel.write(new DatagramPacket(payload, to), channel.voidPromise());
        }
    }

    private void sendEmpty(InetSocketAddress to) {
        // Behind what was sent before.
        channel.flush();
        try {
            empty.sendTo(to);
        } catch (IOException e) {
            // Refused, as a datagram with data may be: lost.
            return;
        }
    }

    @Override
    public void flush() {
        if (!closed) {
            channel.flush();
        }
    }

    @Override
    public void close() {
        closed = true;
        channel.close();
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
