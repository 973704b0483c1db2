package org.slipway.nat;

import io.netty.channel.ChannelHandlerContext;
import io.netty.channel.ChannelInboundHandlerAdapter;
import io.netty.channel.socket.ChannelInputShutdownEvent;
import io.netty.channel.socket.DuplexChannel;

/** Notices a process that goes before it has said a word, though its guest is still there: it cannot be of much use. */
final class FirstWord extends ChannelInboundHandlerAdapter {

    private final Runnable silent;

    /** {@code silent} is told of it, once. */
    FirstWord(Runnable silent) {
        this.silent = silent;
    }

    @Override
    public void channelRead(ChannelHandlerContext context, Object message) {
        context.fireChannelRead(message);
        context.pipeline().remove(this);
    }

    @Override
    public void userEventTriggered(ChannelHandlerContext context, Object event) {
        if (event instanceof ChannelInputShutdownEvent) {
            gone(context);
        }
        context.fireUserEventTriggered(event);
    }

    @Override
    public void exceptionCaught(ChannelHandlerContext context, Throwable cause) {
        gone(context);
        context.fireExceptionCaught(cause);
    }

    private void gone(ChannelHandlerContext context) {
        boolean guestIsThere = !((DuplexChannel) context.channel()).isOutputShutdown();
        context.pipeline().remove(this);
        if (guestIsThere) {
            silent.run();
        }
    }
}
