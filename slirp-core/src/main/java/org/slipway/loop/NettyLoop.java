package org.slipway.loop;

import io.netty.channel.EventLoop;
import io.netty.util.concurrent.Future;
import io.netty.util.concurrent.Ticker;
import java.time.Clock;
import java.time.Instant;
import java.util.concurrent.TimeUnit;

/** The production {@link Loop}: a Netty event loop, which runs queued tasks after the sockets that were ready. */
public final class NettyLoop implements Loop {

    private final EventLoop eventLoop;
    private final Ticker ticker = Ticker.systemTicker();
    private final long epochOffsetNanos;

    /** A view on {@code eventLoop}, whose life the caller manages; {@code clock} is read once, for time stamps. */
    public NettyLoop(EventLoop eventLoop, Clock clock) {
        this.eventLoop = eventLoop;
        Instant now = clock.instant();
        epochOffsetNanos = TimeUnit.SECONDS.toNanos(now.getEpochSecond()) + now.getNano() - ticker.nanoTime();
    }

    /** The Netty event loop underneath: where this network's channels are registered. */
    public EventLoop eventLoop() {
        return eventLoop;
    }

    @Override
    public long nanoTime() {
        return ticker.nanoTime();
    }

    @Override
    public long epochNanos() {
        return ticker.nanoTime() + epochOffsetNanos;
    }

    @Override
    public Timer schedule(long delayNanos, Runnable task) {
        Future<?> scheduled = eventLoop.schedule(task, Math.max(0, delayNanos), TimeUnit.NANOSECONDS);
        return () -> scheduled.cancel(false);
    }

    @Override
    public void endOfTurn(Runnable task) {
        eventLoop.execute(task);
    }

    @Override
    public boolean inLoop() {
        return eventLoop.inEventLoop();
    }
}
