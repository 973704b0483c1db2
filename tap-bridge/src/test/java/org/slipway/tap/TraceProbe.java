package org.slipway.tap;

import static org.slipway.wire.Packets.bytes;

import io.netty.buffer.ByteBuf;
import io.netty.buffer.PooledByteBufAllocator;
import io.netty.buffer.Unpooled;
import io.netty.channel.IoEventLoop;
import io.netty.channel.IoEventLoopGroup;
import io.netty.util.concurrent.DefaultThreadFactory;
import java.time.Clock;
import java.util.List;
import java.util.Random;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.TimeUnit;
import org.jspecify.annotations.Nullable;
import org.slipway.gateway.Gateway;
import org.slipway.gateway.GatewayConfig;
import org.slipway.gateway.HostAccess;
import org.slipway.lan.Frame;
import org.slipway.lan.FrameReceiver;
import org.slipway.loop.NettyLoop;
import org.slipway.loop.Transport;
import org.slipway.nat.NettyHostSockets;
import org.slipway.wire.ArpPacket;
import org.slipway.wire.DropCounters;
import org.slipway.wire.EtherType;
import org.slipway.wire.EthernetFrame;
import org.slipway.wire.IcmpMessage;
import org.slipway.wire.Icmpv6Message;
import org.slipway.wire.IpAddress;
import org.slipway.wire.IpProtocol;
import org.slipway.wire.Ipv4Packet;
import org.slipway.wire.Ipv6Packet;
import org.slipway.wire.MacAddress;
import org.slipway.wire.NeighbourMessage;
import org.slipway.wire.Packets;

/**
 * A guest that traces routes through a whole gateway on real sockets, in a process of its own, which may be in another network
 * namespace. Each argument is {@code protocol,address,hops}; one line tells who answered each probe, hop by hop, and how.
 */
final class TraceProbe implements FrameReceiver {

    private static final String MAC = "52:54:00:12:34:56";
    private static final long SILENCE_MILLIS = 2_000;
    private static final int FIRST_PORT = 33_434;

    private final BlockingQueue<byte[]> frames = new LinkedBlockingQueue<>();

    private TraceProbe() {}

    public static void main(String[] args) throws Exception {
        Libc.get();
        IoEventLoopGroup group = Transport.EPOLL.newGroup(new DefaultThreadFactory("probe", true));
        IoEventLoop loop = group.next();
        TraceProbe guest = new TraceProbe();
        Gateway gateway = loop.submit(() -> guest.start(loop)).get();
        for (String arg : args) {
            String[] parts = arg.split(",");
            StringBuilder line = new StringBuilder(arg);
            for (int hops = 1; hops <= Integer.parseInt(parts[2]); hops++) {
                line.append("; ").append(guest.probe(loop, gateway, parts[0], IpAddress.parse(parts[1]), hops));
            }
            System.out.println(line);
        }
        loop.submit(gateway::close).sync();
        group.shutdownGracefully(0, 1, TimeUnit.SECONDS).sync();
    }

    private Gateway start(IoEventLoop loop) {
        HostAccess host = new HostAccess(
                new NettyHostSockets(loop, Transport.EPOLL, UdpErrors.on(loop)),
                PingSockets.on(loop, new Random(1)),
                (transport, resolver, query, listener) -> () -> {},
                List::of);
        Gateway gateway = new Gateway(
                GatewayConfig.DEFAULT,
                new NettyLoop(loop, Clock.systemUTC()),
                new DropCounters(),
                host,
                mac -> true,
                new Random(1),
                System.out::println);
        gateway.receiver(this);
        Packets ipv4 = guest(IpAddress.parse("10.0.2.2"));
        send(
                gateway,
                Packets.arp(
                        MacAddress.BROADCAST.value(),
                        new ArpPacket(
                                ArpPacket.REQUEST, ipv4.sourceMac(), ipv4.source(), 0, IpAddress.parse("10.0.2.2"))));
        Packets ipv6 = guest(IpAddress.parse("fd00::2"));
        send(gateway, ipv6.ndp(new NeighbourMessage(false, 0, ipv6.destination(), ipv6.sourceMac())));
        return gateway;
    }

    private static Packets guest(IpAddress destination) {
        return Packets.from(MAC, destination.isIpv4() ? "10.0.2.15" : "fd00::15")
                .to("52:55:0a:00:02:02", destination.toString());
    }

    private static void send(Gateway gateway, ByteBuf bytes) {
        ByteBuf direct = PooledByteBufAllocator.DEFAULT.directBuffer().writeBytes(bytes.slice());
        gateway.send(new Frame().set(direct));
        direct.release();
    }

    private String probe(IoEventLoop loop, Gateway gateway, String protocol, IpAddress destination, int hops)
            throws Exception {
        Packets sender = guest(destination).timeToLive(hops).identification(hops);
        ByteBuf probe = protocol.equals("udp")
                ? sender.udp(40_000 + hops, FIRST_PORT + hops, bytes("probe"))
                : destination.isIpv4()
                        ? sender.echoRequest(7, hops, bytes("probe"))
                        : sender.icmpv6Echo(7, hops, bytes("probe"));
        frames.clear();
        loop.submit(() -> send(gateway, probe)).sync();
        long end = System.nanoTime() + TimeUnit.MILLISECONDS.toNanos(SILENCE_MILLIS);
        for (long left = end - System.nanoTime(); left > 0; left = end - System.nanoTime()) {
            byte[] frame = frames.poll(left, TimeUnit.NANOSECONDS);
            String answer = frame == null ? null : answer(Unpooled.wrappedBuffer(frame), probe);
            if (answer != null) {
                return answer;
            }
        }
        return "silence";
    }

    /** Who says what of the probe, or null if this is something else. */
    private static @Nullable String answer(ByteBuf frame, ByteBuf probe) {
        int ip = EthernetFrame.HEADER_LENGTH;
        boolean ipv4 = EthernetFrame.type(frame, 0) == EtherType.IPV4;
        if (!ipv4 && EthernetFrame.type(frame, 0) != EtherType.IPV6) {
            return null;
        }
        int icmp = ip + (ipv4 ? Ipv4Packet.MIN_HEADER_LENGTH : Ipv6Packet.HEADER_LENGTH);
        boolean isIcmp = ipv4
                ? Ipv4Packet.protocol(frame, ip) == IpProtocol.ICMP
                : Ipv6Packet.nextHeader(frame, ip) == IpProtocol.ICMPV6;
        int type = IcmpMessage.type(frame, icmp);
        if (!isIcmp || !ipv4 && Icmpv6Message.isNeighbourDiscovery(type)) {
            return null;
        }
        IpAddress source = ipv4 ? Ipv4Packet.source(frame, ip) : Ipv6Packet.source(frame, ip);
        if (type == (ipv4 ? IcmpMessage.ECHO_REPLY : Icmpv6Message.ECHO_REPLY)) {
            return source + " reply";
        }
        int quoted = icmp + IcmpMessage.HEADER_LENGTH;
        ByteBuf quote = frame.slice(quoted, frame.writerIndex() - quoted);
        ByteBuf sent = probe.slice(probe.readerIndex() + EthernetFrame.HEADER_LENGTH, quote.readableBytes());
        return source + " " + type + "/" + IcmpMessage.code(frame, icmp) + (quote.equals(sent) ? "" : " misquoted");
    }

    @Override
    public void receive(Frame frame) {
        ByteBuf body = frame.body();
        ByteBuf head = frame.head();
        byte[] copy = new byte[frame.length()];
        head.getBytes(head.readerIndex(), copy, 0, head.readableBytes());
        if (body != null) {
            body.getBytes(body.readerIndex(), copy, head.readableBytes(), body.readableBytes());
        }
        frames.add(copy);
    }

    @Override
    public void writable() {}
}
