package org.slipway.service;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assumptions.assumeThatCode;
import static org.slipway.service.DnsBytes.answer;
import static org.slipway.service.DnsBytes.buffer;
import static org.slipway.service.DnsBytes.framed;
import static org.slipway.service.DnsBytes.large;
import static org.slipway.service.DnsBytes.query;

import io.netty.buffer.ByteBuf;
import io.netty.buffer.ByteBufUtil;
import io.netty.buffer.Unpooled;
import io.netty.channel.ChannelException;
import io.netty.channel.ChannelFactory;
import io.netty.channel.EventLoop;
import io.netty.channel.EventLoopGroup;
import io.netty.channel.IoHandlerFactory;
import io.netty.channel.MultiThreadIoEventLoopGroup;
import io.netty.channel.epoll.Epoll;
import io.netty.channel.epoll.EpollDatagramChannel;
import io.netty.channel.epoll.EpollIoHandler;
import io.netty.channel.epoll.EpollSocketChannel;
import io.netty.channel.nio.NioIoHandler;
import io.netty.channel.socket.DatagramChannel;
import io.netty.channel.socket.SocketChannel;
import io.netty.channel.socket.nio.NioDatagramChannel;
import io.netty.channel.socket.nio.NioSocketChannel;
import java.io.DataInputStream;
import java.io.IOException;
import java.net.DatagramPacket;
import java.net.DatagramSocket;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.ServerSocket;
import java.net.Socket;
import java.time.Clock;
import java.util.Arrays;
import java.util.HashSet;
import java.util.List;
import java.util.Random;
import java.util.Set;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;
import org.slipway.loop.NettyLoop;
import org.slipway.service.DnsUpstream.Transport;
import org.slipway.wire.DropCounters;
import org.slipway.wire.IpAddress;

@Timeout(30)
class NettyDnsUpstreamTest {

    private static final IpAddress GUEST = IpAddress.parse("10.0.2.15");
    private static final InetAddress LOOPBACK = InetAddress.getLoopbackAddress();

    private final BlockingQueue<String> heard = new LinkedBlockingQueue<>();

    @SuppressWarnings("NullAway.Init") // set by upstream(), which every test begins with
    private EventLoopGroup group;

    @SuppressWarnings("NullAway.Init")
    private EventLoop eventLoop;

    /** Puts all that happens into {@link #heard}. */
    private final DnsUpstream.Listener listener = new DnsUpstream.Listener() {
        @Override
        public void received(ByteBuf message) {
            assertThat(eventLoop.inEventLoop()).isTrue();
            heard.add(ByteBufUtil.hexDump(message));
        }

        @Override
        public void failed() {
            assertThat(eventLoop.inEventLoop()).isTrue();
            heard.add("failed");
        }
    };

    private NettyDnsUpstream upstream(String transport) {
        boolean epoll = transport.equals("epoll") && Epoll.isAvailable();
        IoHandlerFactory handlers = epoll ? EpollIoHandler.newFactory() : NioIoHandler.newFactory();
        ChannelFactory<DatagramChannel> datagrams = epoll ? EpollDatagramChannel::new : NioDatagramChannel::new;
        ChannelFactory<SocketChannel> sockets = epoll ? EpollSocketChannel::new : NioSocketChannel::new;
        group = new MultiThreadIoEventLoopGroup(1, handlers);
        eventLoop = group.next();
        return new NettyDnsUpstream(eventLoop, datagrams, sockets, resolver -> null);
    }

    @AfterEach
    void stop() {
        group.shutdownGracefully(0, 5, TimeUnit.SECONDS).syncUninterruptibly();
    }

    private DnsUpstream.Exchange send(NettyDnsUpstream upstream, Transport transport, int port, String hex)
            throws Exception {
        return eventLoop
                .submit(() -> {
                    ByteBuf message = buffer(hex);
                    try {
                        return upstream.send(transport, new InetSocketAddress(LOOPBACK, port), message, listener);
                    } finally {
                        message.release();
                    }
                })
                .get();
    }

    private static DatagramPacket receive(DatagramSocket resolver) throws IOException {
        DatagramPacket packet = new DatagramPacket(new byte[65_535], 65_535);
        resolver.receive(packet);
        return packet;
    }

    private static String hex(DatagramPacket packet) {
        return ByteBufUtil.hexDump(packet.getData(), 0, packet.getLength());
    }

    private static void reply(DatagramSocket resolver, DatagramPacket to, String hex) throws IOException {
        byte[] bytes = ByteBufUtil.decodeHexDump(hex);
        resolver.send(new DatagramPacket(bytes, bytes.length, to.getSocketAddress()));
    }

    @ParameterizedTest
    @ValueSource(strings = {"nio", "epoll"})
    void queryAndAnswersGoOverUdp(String transport) throws Exception {
        NettyDnsUpstream upstream = upstream(transport);
        try (DatagramSocket resolver = new DatagramSocket(0, LOOPBACK)) {
            DnsUpstream.Exchange exchange =
                    send(upstream, Transport.UDP, resolver.getLocalPort(), query(7, "example.org", 1));
            DatagramPacket query = receive(resolver);
            assertThat(hex(query)).isEqualTo(query(7, "example.org", 1));
            reply(resolver, query, large(7, "example.org", 20_000));
            assertThat(heard.take()).isEqualTo(large(7, "example.org", 20_000));
            reply(resolver, query, answer(7, "example.org", 7));
            assertThat(heard.take()).isEqualTo(answer(7, "example.org", 7));
            eventLoop.submit(exchange::cancel).get();
            eventLoop.submit(exchange::cancel).get();
        }
    }

    @ParameterizedTest
    @ValueSource(strings = {"nio", "epoll"})
    void resolverMayHaveAnIpv6Address(String transport) throws Exception {
        NettyDnsUpstream upstream = upstream(transport);
        InetSocketAddress any = new InetSocketAddress(IpAddress.parse("::1").toInetAddress(), 0);
        try (DatagramSocket resolver = new DatagramSocket(null)) {
            assumeThatCode(() -> resolver.bind(any)).doesNotThrowAnyException();
            DnsUpstream.Exchange exchange = eventLoop
                    .submit(() -> upstream.send(
                            Transport.UDP,
                            (InetSocketAddress) resolver.getLocalSocketAddress(),
                            buffer(query(7, "example.org", 28)),
                            listener))
                    .get();
            DatagramPacket query = receive(resolver);
            reply(resolver, query, answer(7, "example.org", 7));
            assertThat(heard.take()).isEqualTo(answer(7, "example.org", 7));
            eventLoop.submit(exchange::cancel).get();
        }
    }

    @ParameterizedTest
    @ValueSource(strings = {"nio", "epoll"})
    void strangersAreNotHeard(String transport) throws Exception {
        NettyDnsUpstream upstream = upstream(transport);
        try (DatagramSocket resolver = new DatagramSocket(0, LOOPBACK);
                DatagramSocket stranger = new DatagramSocket(0, LOOPBACK)) {
            DnsUpstream.Exchange exchange =
                    send(upstream, Transport.UDP, resolver.getLocalPort(), query(7, "example.org", 1));
            DatagramPacket query = receive(resolver);
            reply(stranger, query, answer(7, "example.org", 66));
            reply(resolver, query, answer(7, "example.org", 7));
            assertThat(heard.take()).isEqualTo(answer(7, "example.org", 7));
            eventLoop.submit(exchange::cancel).get();
        }
    }

    @ParameterizedTest
    @ValueSource(strings = {"nio", "epoll"})
    void everyQueryHasAPortOfItsOwn(String transport) throws Exception {
        NettyDnsUpstream upstream = upstream(transport);
        Set<Integer> ports = new HashSet<>();
        try (DatagramSocket resolver = new DatagramSocket(0, LOOPBACK)) {
            for (int i = 0; i < 20; i++) {
                DnsUpstream.Exchange exchange =
                        send(upstream, Transport.UDP, resolver.getLocalPort(), query(7, "example.org", 1));
                ports.add(receive(resolver).getPort());
                eventLoop.submit(exchange::cancel).get();
            }
        }
        assertThat(ports).hasSizeGreaterThan(15);
    }

    @ParameterizedTest
    @ValueSource(strings = {"nio", "epoll"})
    void closedPortsFailSoon(String transport) throws Exception {
        NettyDnsUpstream upstream = upstream(transport);
        int port;
        try (DatagramSocket taken = new DatagramSocket(0, LOOPBACK);
                ServerSocket alsoTaken = new ServerSocket(taken.getLocalPort(), 1, LOOPBACK)) {
            port = alsoTaken.getLocalPort();
        }
        send(upstream, Transport.UDP, port, query(7, "example.org", 1));
        assertThat(heard.take()).isEqualTo("failed");
        send(upstream, Transport.TCP, port, query(7, "example.org", 1));
        assertThat(heard.take()).isEqualTo("failed");
        assertThat(heard.poll(50, TimeUnit.MILLISECONDS)).isNull();
    }

    @ParameterizedTest
    @ValueSource(strings = {"nio", "epoll"})
    void messagesAreCutFromTheStreamWhereverItSplits(String transport) throws Exception {
        NettyDnsUpstream upstream = upstream(transport);
        try (ServerSocket resolver = new ServerSocket(0, 8, LOOPBACK)) {
            send(upstream, Transport.TCP, resolver.getLocalPort(), query(7, "example.org", 16));
            try (Socket connection = resolver.accept()) {
                connection.setTcpNoDelay(true);
                DataInputStream in = new DataInputStream(connection.getInputStream());
                byte[] query = in.readNBytes(in.readUnsignedShort());
                assertThat(ByteBufUtil.hexDump(query)).isEqualTo(query(7, "example.org", 16));

                byte[] two = ByteBufUtil.decodeHexDump(
                        framed(large(7, "example.org", 60_000)) + framed(answer(7, "example.org", 7)));
                int at = 0;
                for (int length : new int[] {1, 1, 1, 30_000, two.length - 30_003 - 5, 5}) {
                    connection.getOutputStream().write(two, at, length);
                    connection.getOutputStream().flush();
                    at += length;
                }
                assertThat(heard.take()).isEqualTo(large(7, "example.org", 60_000));
                assertThat(heard.take()).isEqualTo(answer(7, "example.org", 7));
                connection.getOutputStream().write(new byte[] {0, 50, 1});
            }
            assertThat(heard.take()).isEqualTo("failed");
        }
    }

    @ParameterizedTest
    @ValueSource(strings = {"nio", "epoll"})
    void cancelledExchangeIsSilent(String transport) throws Exception {
        NettyDnsUpstream upstream = upstream(transport);
        try (DatagramSocket resolver = new DatagramSocket(0, LOOPBACK);
                ServerSocket stream = new ServerSocket(0, 8, LOOPBACK)) {
            DnsUpstream.Exchange exchange =
                    send(upstream, Transport.UDP, resolver.getLocalPort(), query(7, "example.org", 1));
            DatagramPacket query = receive(resolver);
            eventLoop.submit(exchange::cancel).get();
            reply(resolver, query, answer(7, "example.org", 7));
            DnsUpstream.Exchange other =
                    send(upstream, Transport.TCP, stream.getLocalPort(), query(7, "example.org", 1));
            eventLoop.submit(other::cancel).get();
            assertThat(heard.poll(100, TimeUnit.MILLISECONDS)).isNull();
        }
    }

    @ParameterizedTest
    @ValueSource(strings = {"nio", "epoll"})
    void noSocketLeftFails(String transport) throws Exception {
        upstream(transport);
        NettyDnsUpstream none = new NettyDnsUpstream(
                eventLoop,
                () -> {
                    throw new ChannelException("too many open files");
                },
                () -> {
                    throw new ChannelException("too many open files");
                },
                resolver -> null);
        send(none, Transport.UDP, 53, query(7, "example.org", 1));
        assertThat(heard.take()).isEqualTo("failed");
        DnsUpstream.Exchange cancelled = eventLoop
                .submit(() -> {
                    ByteBuf message = Unpooled.wrappedBuffer(new byte[12]);
                    DnsUpstream.Exchange exchange =
                            none.send(Transport.TCP, new InetSocketAddress(LOOPBACK, 53), message, listener);
                    exchange.cancel();
                    return exchange;
                })
                .get();
        eventLoop.submit(cancelled::cancel).get();
        assertThat(heard.poll(50, TimeUnit.MILLISECONDS)).isNull();
    }

    @ParameterizedTest
    @ValueSource(strings = {"nio", "epoll"})
    void relayFailsOverToTheResolverThatLives(String transport) throws Exception {
        NettyDnsUpstream upstream = upstream(transport);
        int dead;
        try (DatagramSocket taken = new DatagramSocket(0, LOOPBACK)) {
            dead = taken.getLocalPort();
        }
        try (DatagramSocket resolver = new DatagramSocket(0, LOOPBACK)) {
            List<InetSocketAddress> resolvers = List.of(
                    new InetSocketAddress(LOOPBACK, dead), new InetSocketAddress(LOOPBACK, resolver.getLocalPort()));
            DnsRelay relay = new DnsRelay(
                    new NettyLoop(eventLoop, Clock.systemUTC()),
                    LocalNames.none(),
                    true,
                    () -> resolvers,
                    upstream,
                    (source, sourcePort, to, toPort, mac, payload) -> {
                        heard.add(ByteBufUtil.hexDump(payload));
                        payload.release();
                    },
                    new DropCounters(),
                    new Random(1));
            eventLoop
                    .submit(() -> relay.receive(new Datagram(
                            GUEST, 4242, IpAddress.parse("10.0.2.3"), 53, 1, buffer(query(7, "example.org", 1)))))
                    .get();
            DatagramPacket query = receive(resolver);
            byte[] id = Arrays.copyOf(query.getData(), 2);
            reply(
                    resolver,
                    query,
                    ByteBufUtil.hexDump(id) + answer(7, "example.org", 7).substring(4));
            assertThat(heard.take()).isEqualTo(answer(7, "example.org", 7));
            eventLoop.submit(relay::close).get();
        }
    }
}
