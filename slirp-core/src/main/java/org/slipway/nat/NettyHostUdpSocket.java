package org.slipway.nat;

import io.netty.buffer.ByteBuf;
import io.netty.channel.Channel;
import io.netty.channel.ChannelHandlerContext;
import io.netty.channel.ChannelInboundHandlerAdapter;
import io.netty.channel.ChannelOutboundBuffer;
import io.netty.channel.socket.DatagramPacket;
import io.netty.channel.unix.UnixChannel;
import java.io.IOException;
import java.net.InetSocketAddress;
import java.util.List;
import org.slipway.loop.Transport;

/** A UDP socket over a Netty channel. */
final class NettyHostUdpSocket extends ChannelInboundHandlerAdapter implements HostUdpSocket {

    /** Beyond this the host does not keep up, and datagrams are lost, as UDP allows. */
    private static final int MAX_PENDING_BYTES = 1 << 20;

    private final HostUdpListener listener;
    private final Channel channel;
    private final UdpChannel.EmptySender empty;
    private final SentDatagrams sent = new SentDatagrams();
    private final boolean ipv4;
    private final UdpErrorQueue errors;
    private boolean errorsEnabled;

    /** Something was sent since errors were last looked for. */
    private boolean errorsPossible;

    private boolean flushing;
    private boolean closed;

    /** Takes over {@code channel}, of whose pipeline it is to be made a part. */
    NettyHostUdpSocket(UdpChannel channel, HostUdpListener listener, UdpErrorQueue errors) {
        this.channel = channel.channel();
        this.empty = channel.empty();
        this.ipv4 = channel.ipv4();
        this.listener = listener;
        this.errors = this.channel instanceof UnixChannel ? errors : UdpErrorQueue.NONE;
        enableErrors();
    }

    private void enableErrors() {
        if (!errorsEnabled && errors != UdpErrorQueue.NONE) {
            errorsEnabled = errors.enable(fd(), ipv4);
        }
    }

    private int fd() {
        return ((UnixChannel) channel).fd().intValue();
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
            sent.add(to, payload.readableBytes());
            channel.write(new DatagramPacket(payload, to), channel.voidPromise());
        }
    }

    private void sendEmpty(InetSocketAddress to) {
        // Behind what was sent before.
        flush();
        sent.add(to, 0);
        try {
            sendEmptyTo(to);
        } catch (IOException e) {
            failed(e, 0);
        }
    }

    /** What fails here first may be the error of an earlier datagram. */
    private void sendEmptyTo(InetSocketAddress to) throws IOException {
        try {
            empty.sendTo(to);
        } catch (IOException e) {
            if (!tellErrors()) {
                throw e;
            }
            empty.sendTo(to);
        }
        errorsPossible = true;
    }

    @Override
    public void flush() {
        if (!closed) {
            enableErrors();
            flushing = true;
            channel.flush();
            flushing = false;
            errorsPossible = true;
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

    /**
     * The end of a wake-up. An error wakes the socket too, and fails the next read; but if a write came first, that has
     * failed in its place, which Netty does not always tell.
     */
    @Override
    public void channelReadComplete(ChannelHandlerContext context) {
        if (errorsPossible) {
            errorsPossible = false;
            tellErrors();
        }
    }

    /** An ICMP error about an earlier datagram, a refusal of this one, or a passing shortage: the socket goes on. */
    @Override
    public void exceptionCaught(ChannelHandlerContext context, Throwable cause) {
        ChannelOutboundBuffer queue = channel.unsafe().outboundBuffer();
        failed(cause, flushing && queue != null ? queue.size() : -1);
    }

    /** Something failed: sending the datagram that {@code after} others followed, or if that is -1 something else. */
    private void failed(Throwable cause, int after) {
        boolean told = tellErrors();
        UdpFailure failure = told || after < 0 || closed ? null : sent.failure(after, Transport.reason(cause));
        if (failure != null) {
            listener.failed(failure);
        }
    }

    private boolean tellErrors() {
        if (!errorsEnabled || closed || !channel.isOpen()) {
            return false;
        }
        List<UdpFailure> failures = errors.take(fd(), ipv4);
        for (UdpFailure failure : failures) {
            if (!closed) {
                listener.failed(failure);
            }
        }
        return !failures.isEmpty();
    }
}
