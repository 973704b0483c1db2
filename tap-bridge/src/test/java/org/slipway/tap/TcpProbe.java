package org.slipway.tap;

import io.netty.buffer.ByteBuf;
import io.netty.channel.IoEventLoop;
import io.netty.channel.IoEventLoopGroup;
import io.netty.util.concurrent.DefaultThreadFactory;
import java.net.InetSocketAddress;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.TimeUnit;
import org.jspecify.annotations.Nullable;
import org.slipway.loop.Transport;
import org.slipway.nat.ConnectFailure;
import org.slipway.nat.HostSockets;
import org.slipway.nat.HostStreamListener;
import org.slipway.nat.NettyHostSockets;
import org.slipway.nat.OutboundAddresses;
import org.slipway.nat.UdpErrorQueue;
import org.slipway.nat.UdpFailure;
import org.slipway.wire.IpAddress;

/**
 * Connects by TCP as it is told, in a process of its own, which may be in another network namespace. The first argument is
 * the transport, or "errors" for epoll with its error queues; each other one is an address, and perhaps how far packets may
 * go; one line tells what came of it.
 */
final class TcpProbe implements HostStreamListener {

    private static final int PORT = 9;

    /** The kernel gives up a neighbour after three seconds. */
    private static final long SILENCE_SECONDS = 6;

    private final BlockingQueue<String> heard = new LinkedBlockingQueue<>();

    private TcpProbe() {}

    public static void main(String[] args) throws Exception {
        Transport transport = args[0].equals("nio") ? Transport.NIO : Transport.EPOLL;
        IoEventLoopGroup group = transport.newGroup(new DefaultThreadFactory("probe", true));
        IoEventLoop loop = group.next();
        UdpErrorQueue errors = UdpErrorQueue.NONE;
        if (args[0].equals("errors")) {
            Libc.get();
            errors = UdpErrors.on(loop);
        }
        NettyHostSockets sockets = new NettyHostSockets(loop, transport, errors, OutboundAddresses.NONE);
        TcpProbe[] probes = new TcpProbe[args.length];
        for (int i = 1; i < args.length; i++) {
            TcpProbe probe = new TcpProbe();
            String[] parts = args[i].split(",");
            InetSocketAddress to =
                    new InetSocketAddress(IpAddress.parse(parts[0]).toInetAddress(), PORT);
            int hops = parts.length > 1 ? Integer.parseInt(parts[1]) : HostSockets.DEFAULT_HOPS;
            loop.submit(() -> sockets.connect(to, hops, probe)).sync();
            probes[i] = probe;
        }
        for (int i = 1; i < args.length; i++) {
            System.out.println(args[i] + " " + probes[i].heard.poll(SILENCE_SECONDS, TimeUnit.SECONDS));
        }
        group.shutdownGracefully(0, 1, TimeUnit.SECONDS).sync();
    }

    @Override
    public void connected() {
        heard.add("connected");
    }

    @Override
    public void connectFailed(ConnectFailure failure) {
        heard.add(failure.name());
    }

    @Override
    public void connectFailed(ConnectFailure failure, @Nullable UdpFailure told) {
        heard.add(
                told == null
                        ? failure.name()
                        : failure + ", " + told.icmpType() + "/" + told.icmpCode() + " of " + told.offender());
    }

    @Override
    public void received(ByteBuf data) {
        data.release();
    }

    @Override
    public void written(long bytes) {}

    @Override
    public void inputEnded() {}

    @Override
    public void broken() {
        heard.add("broken");
    }
}
