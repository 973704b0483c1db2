package org.slipway.tap;

import io.netty.buffer.ByteBuf;
import io.netty.buffer.PooledByteBufAllocator;
import io.netty.channel.IoEventLoop;
import io.netty.channel.IoEventLoopGroup;
import io.netty.util.concurrent.DefaultThreadFactory;
import java.net.DatagramPacket;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.MulticastSocket;
import java.net.NetworkInterface;
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
 * Sends a datagram to each group that it is given, which a program of the host has joined, and one to the same group at the
 * port that it came from; in a process of its own. For each one line tells what the program heard, and one what the socket did.
 */
final class MulticastProbe implements HostUdpListener {

    private static final int WAIT_MILLIS = 2_000;
    private static final int SILENCE_MILLIS = 300;

    private final BlockingQueue<String> heard = new LinkedBlockingQueue<>();

    private MulticastProbe() {}

    public static void main(String[] args) throws Exception {
        Libc.get();
        IoEventLoopGroup group = Transport.EPOLL.newGroup(new DefaultThreadFactory("probe", true));
        IoEventLoop loop = group.next();
        NettyHostSockets sockets =
                new NettyHostSockets(loop, Transport.EPOLL, UdpErrors.on(loop), OutboundAddresses.NONE);
        for (String arg : args) {
            MulticastProbe probe = new MulticastProbe();
            IpAddress address = IpAddress.parse(arg);
            HostUdpSocket socket = loop.submit(() -> sockets.openUdp(null, address.isIpv4(), probe))
                    .get();
            InetAddress to = address.toInetAddress();
            NetworkInterface card = NetworkInterface.getByName("v0");
            try (MulticastSocket member = new MulticastSocket(0)) {
                member.joinGroup(new InetSocketAddress(to, 0), card);
                member.setSoTimeout(WAIT_MILLIS);
                loop.submit(() -> send(socket, new InetSocketAddress(to, member.getLocalPort())))
                        .sync();
                DatagramPacket packet = new DatagramPacket(new byte[100], 100);
                member.receive(packet);
                System.out.println("member heard " + packet.getLength());
                loop.submit(() -> send(
                                socket, new InetSocketAddress(to, socket.local().getPort())))
                        .sync();
                System.out.println("sender heard " + probe.heard.poll(SILENCE_MILLIS, TimeUnit.MILLISECONDS));
            }
            loop.submit(socket::close).sync();
        }
        group.shutdownGracefully(0, 1, TimeUnit.SECONDS).sync();
    }

    private static void send(HostUdpSocket socket, InetSocketAddress to) {
        socket.mark(3, 0, false);
        ByteBuf payload = PooledByteBufAllocator.DEFAULT.directBuffer();
        payload.writeZero(5);
        socket.send(payload, to);
        socket.flush();
    }

    @Override
    public void received(ByteBuf payload, InetSocketAddress from) {
        heard.add("received " + payload.readableBytes());
    }

    @Override
    public void failed(UdpFailure failure) {
        heard.add("failed " + failure.icmpType() + "/" + failure.icmpCode());
    }
}
