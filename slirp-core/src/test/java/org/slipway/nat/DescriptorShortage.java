package org.slipway.nat;

import io.netty.channel.IoEventLoop;
import io.netty.channel.IoEventLoopGroup;
import io.netty.util.concurrent.DefaultThreadFactory;
import io.netty.util.internal.logging.InternalLoggerFactory;
import java.io.FileInputStream;
import java.io.IOException;
import java.lang.management.ManagementFactory;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.Socket;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.TimeUnit;
import org.slipway.loop.Transport;

/** Run in a process of its own, with few descriptors: uses all of them up, and prints what happened. */
final class DescriptorShortage {

    private DescriptorShortage() {}

    public static void main(String[] arguments) throws Exception {
        Transport transport = arguments[0].equals("nio") ? Transport.NIO : Transport.best();
        IoEventLoopGroup group = transport.newGroup(new DefaultThreadFactory("host-under-test"));
        IoEventLoop loop = group.next();
        NettyHostSockets sockets = new NettyHostSockets(loop, transport, UdpErrorQueue.NONE, OutboundAddresses.NONE);
        BlockingQueue<HostStream> accepted = new LinkedBlockingQueue<>();
        HostSockets.HostServer server = loop.submit(() ->
                        sockets.listen(new InetSocketAddress(InetAddress.getLoopbackAddress(), 0), (stream, client) -> {
                            accepted.add(stream);
                            return new HostStreamProbe();
                        }))
                .get();
        InetSocketAddress address = (InetSocketAddress) server.local();
        // Once before, so that all classes are there.
        Socket first = new Socket(address.getAddress(), address.getPort());
        loop.submit(accepted.take()::reset).get();
        attempts(loop, sockets, address);
        loop.submit(accepted.take()::reset).get();
        cpuShare(loop);
        attempts(loop, sockets, new InetSocketAddress(address.getAddress(), 1));
        Class.forName(HostSocketException.class.getName());
        // Who logs for the first time opens files, too.
        InternalLoggerFactory.getInstance(DescriptorShortage.class).warn("ready", new IOException("none"));

        Socket late = new Socket();
        late.bind(new InetSocketAddress(address.getAddress(), 0));
        List<FileInputStream> hoard = hoard();
        late.connect(address);
        double share = cpuShare(loop);
        String attempts = attempts(loop, sockets, address);
        boolean none = accepted.isEmpty();
        for (FileInputStream file : hoard) {
            file.close();
        }
        boolean afterwards = accepted.poll(10, TimeUnit.SECONDS) != null;
        System.out.println("spins=" + (share > 0.5) + " early=" + !none + " late=" + afterwards + " " + attempts);
        late.close();
        first.close();
        group.shutdownGracefully(0, 1, TimeUnit.SECONDS).sync();
    }

    private static List<FileInputStream> hoard() {
        List<FileInputStream> hoard = new ArrayList<>();
        try {
            while (true) {
                hoard.add(new FileInputStream("/dev/null"));
            }
        } catch (IOException e) {
            return hoard;
        }
    }

    private static String attempts(IoEventLoop loop, NettyHostSockets sockets, InetSocketAddress to) throws Exception {
        HostStreamProbe probe = new HostStreamProbe();
        HostStream stream = loop.submit(() -> sockets.connect(to, probe)).get();
        String udp = loop.submit(() -> {
                    try {
                        sockets.openUdp(null, true, (payload, from) -> {}).close();
                        return "opened";
                    } catch (HostSocketException e) {
                        return e.getMessage();
                    }
                })
                .get();
        for (int i = 0; i < 5000 && probe.events().isEmpty(); i++) {
            loop.schedule(() -> {}, 1, TimeUnit.MILLISECONDS).sync();
        }
        loop.submit(stream::reset).get();
        return "tcp=" + probe.events() + " udp=" + udp;
    }

    private static double cpuShare(IoEventLoop loop) throws Exception {
        long thread = loop.submit(() -> Thread.currentThread().getId()).get();
        long before = ManagementFactory.getThreadMXBean().getThreadCpuTime(thread);
        loop.schedule(() -> {}, 500, TimeUnit.MILLISECONDS).sync();
        return (ManagementFactory.getThreadMXBean().getThreadCpuTime(thread) - before) / 500e6;
    }
}
