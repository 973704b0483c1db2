package org.slipway.link;

import io.netty.channel.ChannelHandlerContext;
import io.netty.channel.ChannelInboundHandlerAdapter;
import java.util.concurrent.TimeUnit;
import java.util.function.Consumer;
import org.slipway.loop.Loop;

/**
 * Keeps a listening socket alive when {@code accept} fails: with no descriptors left (EMFILE) the connection stays in the
 * backlog and would wake the loop for ever, so accepting pauses.
 */
final class AcceptGuard extends ChannelInboundHandlerAdapter {

    // Long enough not to load the machine, short enough that a guest does not give up.
    private static final long PAUSE_NANOS = TimeUnit.SECONDS.toNanos(1);

    private final Loop loop;
    private final Consumer<Throwable> report;
    private boolean reported;

    /** Reports the first of several failures in a row. */
    AcceptGuard(Loop loop, Consumer<Throwable> report) {
        this.loop = loop;
        this.report = report;
    }

    @Override
    public void channelRead(ChannelHandlerContext context, Object accepted) {
        reported = false;
        context.fireChannelRead(accepted);
    }

    @Override
    public void exceptionCaught(ChannelHandlerContext context, Throwable cause) {
        if (!reported) {
            reported = true;
            report.accept(cause);
        }
        if (context.channel().config().isAutoRead()) {
            context.channel().config().setAutoRead(false);
            loop.schedule(PAUSE_NANOS, () -> context.channel().config().setAutoRead(true));
        }
    }
}
