package org.slipway.service;

import io.netty.buffer.ByteBuf;
import io.netty.buffer.Unpooled;
import io.netty.channel.ChannelHandlerContext;
import io.netty.channel.ChannelInboundHandlerAdapter;
import io.netty.channel.socket.DatagramPacket;
import io.netty.util.ReferenceCountUtil;
import org.slipway.service.DnsUpstream.Listener;

/** One exchange with a resolver: sends the query when connected, cuts messages from what comes, tells the listener. */
final class DnsExchangeHandler extends ChannelInboundHandlerAdapter {

    private final Listener listener;
    private final boolean stream;

    /** The query as it goes out; empty once it is sent or given up. */
    private ByteBuf query;

    /** Over TCP: length and what is there of the message that is coming in. */
    private ByteBuf partial = Unpooled.EMPTY_BUFFER;

    private boolean over;

    private DnsExchangeHandler(ByteBuf query, Listener listener, boolean stream) {
        this.query = query;
        this.listener = listener;
        this.stream = stream;
    }

    /** Over UDP. Copies {@code query}. */
    static DnsExchangeHandler datagram(ByteBuf query, Listener listener) {
        return new DnsExchangeHandler(query.copy(), listener, false);
    }

    /** Over TCP, with a length in front of each message. Copies {@code query}. */
    static DnsExchangeHandler stream(ByteBuf query, Listener listener) {
        int length = query.readableBytes();
        ByteBuf framed =
                query.alloc().directBuffer(DnsRelay.LENGTH_PREFIX + length).writeShort(length);
        framed.writeBytes(query, query.readerIndex(), length);
        return new DnsExchangeHandler(framed, listener, true);
    }

    @Override
    public void channelActive(ChannelHandlerContext context) {
        if (over) {
            context.close();
            return;
        }
        ByteBuf message = query;
        query = Unpooled.EMPTY_BUFFER;
        context.writeAndFlush(message).addListener(sent -> {
            if (!sent.isSuccess()) {
                fail(context);
            }
        });
    }

    @Override
    public void channelRead(ChannelHandlerContext context, Object message) {
        try {
            if (over) {
                return;
            }
            ByteBuf bytes = message instanceof DatagramPacket datagram ? datagram.content() : (ByteBuf) message;
            if (stream) {
                cut(context, bytes);
            } else {
                listener.received(bytes);
            }
        } finally {
            ReferenceCountUtil.release(message);
        }
    }

    private void cut(ChannelHandlerContext context, ByteBuf bytes) {
        if (partial.capacity() == 0) {
            partial = context.alloc().directBuffer();
        }
        partial.writeBytes(bytes);
        while (!over && partial.readableBytes() >= DnsRelay.LENGTH_PREFIX) {
            int from = partial.readerIndex() + DnsRelay.LENGTH_PREFIX;
            int length = partial.getUnsignedShort(partial.readerIndex());
            if (partial.writerIndex() - from < length) {
                break;
            }
            partial.readerIndex(from + length);
            // A cancel within the call releases the buffer, and the message must outlive it.
            ByteBuf message = partial.retainedSlice(from, length);
            try {
                listener.received(message);
            } finally {
                message.release();
            }
        }
        if (!over) {
            partial.discardSomeReadBytes();
        }
    }

    @Override
    public void channelInactive(ChannelHandlerContext context) {
        fail(context);
    }

    @Override
    public void exceptionCaught(ChannelHandlerContext context, Throwable cause) {
        fail(context);
    }

    private void fail(ChannelHandlerContext context) {
        context.close();
        // Never from within a call of the listener's own making.
        context.executor().execute(this::fail);
    }

    /** Tells the listener that nothing will come, unless it knows or does not care any more. */
    void fail() {
        if (!over) {
            cancel();
            listener.failed();
        }
    }

    /** The listener hears no more; buffers are released. Harmless when repeated. */
    void cancel() {
        if (!over) {
            over = true;
            query.release();
            query = Unpooled.EMPTY_BUFFER;
            partial.release();
            partial = Unpooled.EMPTY_BUFFER;
        }
    }
}
