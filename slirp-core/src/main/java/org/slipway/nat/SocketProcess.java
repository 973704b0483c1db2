package org.slipway.nat;

import io.netty.channel.ChannelOption;
import io.netty.channel.EventLoop;
import io.netty.channel.RecvByteBufAllocator;
import io.netty.channel.epoll.EpollSocketChannel;
import io.netty.channel.unix.FileDescriptor;
import java.io.IOException;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.RejectedExecutionException;
import java.util.concurrent.TimeUnit;
import org.slipway.nat.SocketProcesses.Started;

/**
 * A process at the other end of a stream. It is started on a thread of its own; the stream is on the network's loop. When the
 * connection is over, so is what the process is for: it sees that, or is ended when the time of grace is over.
 */
final class SocketProcess {

    private final GuestForward.Daemon daemon;
    private final EventLoop loop;
    private final RecvByteBufAllocator reads;
    private final NettyHostStream stream;

    private SocketProcess(
            GuestForward.Daemon daemon, EventLoop loop, RecvByteBufAllocator reads, HostStreamListener listener) {
        this.daemon = daemon;
        this.loop = loop;
        this.reads = reads;
        stream = new NettyHostStream(listener);
    }

    /**
     * Starts {@code daemon}. The transport of {@code loop} is epoll, if {@code processes} can start any.
     *
     * @param ended is run on any thread when there is no process any more, once
     */
    static HostStream start(
            GuestForward.Daemon daemon,
            SocketProcesses processes,
            EventLoop loop,
            RecvByteBufAllocator reads,
            HostStreamListener listener,
            Runnable ended) {
        SocketProcess process = new SocketProcess(daemon, loop, reads, listener);
        Thread thread = new Thread(() -> process.run(processes, ended), "slipway-daemon-start");
        thread.setDaemon(true);
        thread.start();
        return process.stream;
    }

    // ---- on a thread of its own

    private void run(SocketProcesses processes, Runnable ended) {
        Started started;
        try {
            started = processes.start(daemon.words(), daemon.errors());
        } catch (IOException e) {
            ended.run();
            onLoop(stream::refused);
            return;
        }
        started.ended().whenComplete((end, failure) -> ended.run());
        if (!onLoop(() -> adopt(started))) {
            abandon(started);
        }
    }

    /** False if the network is over. */
    private boolean onLoop(Runnable task) {
        try {
            loop.execute(task);
            return true;
        } catch (RejectedExecutionException e) {
            return false;
        }
    }

    private static void abandon(Started started) {
        try {
            new FileDescriptor(started.socket()).close();
        } catch (IOException e) {
            // It is closed all the same.
        }
        Processes.end(started.process());
    }

    // ---- on the network's loop

    private void adopt(Started started) {
        EpollSocketChannel channel = new EpollSocketChannel(started.socket());
        channel.config().setOption(ChannelOption.AUTO_READ, false);
        channel.config().setOption(ChannelOption.ALLOW_HALF_CLOSURE, true);
        channel.config().setOption(ChannelOption.TCP_NODELAY, true);
        channel.config().setOption(ChannelOption.RECVBUF_ALLOCATOR, reads);
        channel.pipeline().addLast(new FirstWord(daemon.silent()), stream);
        channel.closeFuture().addListener(closed -> over(started));
        loop.register(channel);
        stream.connected(channel);
    }

    private static void over(Started started) {
        CompletableFuture.delayedExecutor(Processes.GRACE_SECONDS, TimeUnit.SECONDS)
                .execute(() -> {
                    if (!started.ended().isDone()) {
                        Processes.end(started.process());
                    }
                });
    }
}
