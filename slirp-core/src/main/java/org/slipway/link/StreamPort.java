package org.slipway.link;

import io.netty.buffer.ByteBuf;
import io.netty.buffer.PooledByteBufAllocator;
import io.netty.channel.Channel;
import io.netty.channel.ChannelHandlerContext;
import io.netty.channel.ChannelInboundHandlerAdapter;
import io.netty.channel.socket.SocketChannel;
import java.io.IOException;
import org.slipway.lan.Frame;
import org.slipway.lan.FrameReceiver;
import org.slipway.lan.Offload;
import org.slipway.lan.Port;
import org.slipway.loop.Loop;
import org.slipway.loop.Transport;
import org.slipway.wire.DropCounters;
import org.slipway.wire.DropReason;

/**
 * A guest's NIC at the other end of a stream socket, TCP or Unix. The port is up as long as the connection is; it never
 * stops reading, and what it cannot write it queues up to a bound.
 */
final class StreamPort extends ChannelInboundHandlerAdapter implements Port {

    /** Told of the connection's life: the link that made it. */
    interface Owner {

        /** Connected: the owner sees to it that the port gets its receiver. */
        void up(StreamPort port);

        /** The connection is gone; once after each {@link #up}. */
        void down(StreamPort port);

        /** The connection is being closed because of what {@code text}, one line, says. */
        void warning(String text);
    }

    private static final FrameReceiver NOBODY = new FrameReceiver() {
        @Override
        public void receive(Frame frame) {
            frame.drop(DropReason.PORT_DOWN);
        }

        @Override
        public void writable() {}
    };

    private final String name;
    private final Channel channel;
    private final DropCounters drops;
    private final Owner owner;
    private final FrameSplitter splitter;
    private final FrameQueue queue;
    private FrameReceiver receiver = NOBODY;
    private boolean up;
    private boolean closed;

    /** A port over {@code channel}, which is not active yet; the caller adds it to the channel's pipeline. */
    StreamPort(String name, Channel channel, Loop loop, DropCounters drops, Owner owner) {
        this.name = name;
        this.channel = channel;
        this.drops = drops;
        this.owner = owner;
        channel.config().setAllocator(PooledByteBufAllocator.DEFAULT);
        channel.config().setRecvByteBufAllocator(new ReadBudget(loop));
        if (channel instanceof SocketChannel tcp) {
            // Keep-alive finds out, in time, that the host of a distant guest lost its power.
            tcp.config().setTcpNoDelay(true).setKeepAlive(true);
        }
        splitter = new FrameSplitter(channel.alloc(), drops);
        queue = new FrameQueue(channel, loop, () -> receiver.writable());
    }

    @Override
    public String name() {
        return name;
    }

    @Override
    public void receiver(FrameReceiver receiver) {
        this.receiver = receiver;
    }

    @Override
    public void send(Frame frame) {
        if (closed || !up) {
            drop(frame, DropReason.PORT_DOWN);
        } else if (frame.length() > FrameSplitter.MAX_FRAME_LENGTH) {
            drop(frame, DropReason.FRAME_TOO_LONG);
        } else if (!queue.add(frame)) {
            drop(frame, DropReason.PORT_FULL);
        }
    }

    private void drop(Frame frame, DropReason reason) {
        drops.count(reason);
        frame.drop(reason);
    }

    @Override
    public boolean writable() {
        return up && !closed && queue.writable();
    }

    @Override
    public Offload offload() {
        return Offload.NONE;
    }

    @Override
    public void close() {
        if (!closed) {
            closed = true;
            splitter.close();
            queue.close();
            channel.close();
        }
    }

    @Override
    public void channelActive(ChannelHandlerContext context) {
        if (!closed) {
            up = true;
            owner.up(this);
        }
    }

    @Override
    public void channelRead(ChannelHandlerContext context, Object message) {
        ByteBuf bytes = (ByteBuf) message;
        try {
            long tooLong = splitter.read(bytes, receiver);
            if (tooLong > 0) {
                fail("it announced a frame of " + tooLong + " bytes, the limit is " + FrameSplitter.MAX_FRAME_LENGTH);
            }
        } finally {
            bytes.release();
        }
    }

    @Override
    public void channelInactive(ChannelHandlerContext context) {
        close();
        if (up) {
            up = false;
            owner.down(this);
        }
    }

    @Override
    public void exceptionCaught(ChannelHandlerContext context, Throwable cause) {
        if (cause instanceof IOException) {
            // The guest was killed, or its host went away: it left, as by closing the connection.
            close();
        } else {
            fail(cause.getClass().getSimpleName() + ": " + Transport.reason(cause));
        }
    }

    private void fail(String why) {
        if (!closed) {
            owner.warning(name + " is disconnected: " + why);
            close();
        }
    }

    @Override
    public String toString() {
        return name;
    }
}
