package org.slipway.tap;

import io.netty.buffer.ByteBuf;
import io.netty.buffer.PooledByteBufAllocator;
import io.netty.channel.IoEventLoop;
import io.netty.channel.IoEventLoopGroup;
import io.netty.util.concurrent.DefaultThreadFactory;
import java.net.InetSocketAddress;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.TimeUnit;
import org.slipway.loop.Transport;
import org.slipway.nat.HostUdpListener;
import org.slipway.nat.HostUdpSocket;
import org.slipway.nat.NettyHostSockets;
import org.slipway.nat.OutboundAddresses;
import org.slipway.nat.UdpFailure;
import org.slipway.wire.IpAddress;

/**
 * Sends datagrams as it is told, all from one socket of each family, in a process of its own, which may be in another
 * network namespace. Each argument is {@code address,port,bytes} and perhaps {@code ,timeToLive,typeOfService,df}; one line
 * tells what came of it.
 */
final class UdpProbe implements HostUdpListener {

    private static final long SILENCE_MILLIS = 1_000;

    private final BlockingQueue<String> heard = new LinkedBlockingQueue<>();

    private UdpProbe() {}

    public static void main(String[] args) throws Exception {
        Libc.get();
        UdpProbe probe = new UdpProbe();
        IoEventLoopGroup group = Transport.EPOLL.newGroup(new DefaultThreadFactory("probe", true));
        IoEventLoop loop = group.next();
        NettyHostSockets sockets =
                new NettyHostSockets(loop, Transport.EPOLL, UdpErrors.on(loop), OutboundAddresses.NONE);
        HostUdpSocket ipv4 =
                loop.submit(() -> sockets.openUdp(null, true, probe)).get();
        HostUdpSocket ipv6 =
                loop.submit(() -> sockets.openUdp(null, false, probe)).get();
        // All at once first, then one by one.
        loop.submit(() -> {
                    for (String arg : args) {
                        send(ipv4, ipv6, arg.split(","));
                    }
                    ipv4.flush();
                    ipv6.flush();
                })
                .sync();
        for (int i = 0; i < args.length; i++) {
            System.out.println(probe.next());
        }
        for (String arg : args) {
            loop.submit(() -> send(ipv4, ipv6, arg.split(",")).flush()).sync();
            System.out.println(probe.next());
        }
        loop.submit(ipv4::close).sync();
        loop.submit(ipv6::close).sync();
        group.shutdownGracefully(0, 1, TimeUnit.SECONDS).sync();
    }

    private static HostUdpSocket send(HostUdpSocket ipv4, HostUdpSocket ipv6, String[] parts) {
        IpAddress address = IpAddress.parse(parts[0]);
        HostUdpSocket socket = address.isIpv4() ? ipv4 : ipv6;
        if (parts.length > 3) {
            socket.mark(Integer.parseInt(parts[3]), Integer.parseInt(parts[4]), parts[5].equals("df"));
        }
        ByteBuf payload = PooledByteBufAllocator.DEFAULT.directBuffer();
        payload.writeZero(Integer.parseInt(parts[2]));
        socket.send(payload, new InetSocketAddress(address.toInetAddress(), Integer.parseInt(parts[1])));
        return socket;
    }

    private String next() throws InterruptedException {
        String line = heard.poll(SILENCE_MILLIS, TimeUnit.MILLISECONDS);
        return line == null ? "silence" : line;
    }

    @Override
    public void received(ByteBuf payload, InetSocketAddress from) {
        heard.add("received " + payload.readableBytes());
    }

    @Override
    public void failed(UdpFailure failure) {
        heard.add(IpAddress.of(failure.destination().getAddress()) + ","
                + failure.destination().getPort() + "," + failure.payloadLength() + " failed " + failure.icmpType()
                + "/" + failure.icmpCode()
                + (failure.mtu() == 0 ? "" : " mtu " + failure.mtu())
                + (failure.offender() == null ? "" : " by " + failure.offender()));
    }
}
