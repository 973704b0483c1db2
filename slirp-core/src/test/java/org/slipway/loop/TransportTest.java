package org.slipway.loop;

import static org.assertj.core.api.Assertions.assertThat;

import io.netty.bootstrap.Bootstrap;
import io.netty.bootstrap.ServerBootstrap;
import io.netty.channel.Channel;
import io.netty.channel.ChannelFactory;
import io.netty.channel.ChannelInboundHandlerAdapter;
import io.netty.channel.IoEventLoopGroup;
import io.netty.channel.ReflectiveChannelFactory;
import io.netty.channel.ServerChannel;
import io.netty.channel.unix.DomainSocketAddress;
import io.netty.util.concurrent.DefaultThreadFactory;
import java.net.Inet4Address;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.NoRouteToHostException;
import java.net.ServerSocket;
import java.net.SocketAddress;
import java.nio.file.Path;
import java.util.concurrent.TimeUnit;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

class TransportTest {

    @TempDir
    Path directory;

    static Stream<Transport> transports() {
        return Stream.of(Transport.best(), Transport.NIO).distinct();
    }

    @ParameterizedTest
    @MethodSource("transports")
    void tcpUnixAndUdpChannelsWork(Transport transport) throws Exception {
        IoEventLoopGroup group = transport.newGroup(new DefaultThreadFactory("test"));
        try {
            InetSocketAddress loopback = new InetSocketAddress(InetAddress.getLoopbackAddress(), 0);
            connectTo(group, transport.tcpServer(loopback), transport.tcpClient(), loopback);
            connectTo(
                    group,
                    new ReflectiveChannelFactory<>(transport.unixServer()),
                    transport.unixClient(),
                    transport.address(
                            new DomainSocketAddress(directory.resolve("s").toFile())));
            Bootstrap udp =
                    new Bootstrap().group(group).channel(transport.udp()).handler(new ChannelInboundHandlerAdapter());
            udp.bind(InetAddress.getLoopbackAddress(), 0)
                    .sync()
                    .channel()
                    .close()
                    .sync();
        } finally {
            group.shutdownGracefully(0, 1, TimeUnit.SECONDS).sync();
        }
    }

    @ParameterizedTest
    @MethodSource("transports")
    void anyAddressOfIpv4IsNoneOfIpv6(Transport transport) throws Exception {
        IoEventLoopGroup group = transport.newGroup(new DefaultThreadFactory("test"));
        try {
            InetSocketAddress any = new InetSocketAddress("0.0.0.0", 0);
            Channel server = new ServerBootstrap()
                    .group(group)
                    .channelFactory(transport.tcpServer(any))
                    .childHandler(new ChannelInboundHandlerAdapter())
                    .bind(any)
                    .sync()
                    .channel();
            assertThat(((InetSocketAddress) server.localAddress()).getAddress()).isInstanceOf(Inet4Address.class);
            server.close().sync();
        } finally {
            group.shutdownGracefully(0, 1, TimeUnit.SECONDS).sync();
        }
    }

    @ParameterizedTest
    @MethodSource("transports")
    void reasonIsWhatTheSystemSaid(Transport transport) throws Exception {
        IoEventLoopGroup group = transport.newGroup(new DefaultThreadFactory("test"));
        try (ServerSocket taken = new ServerSocket(0, 1, InetAddress.getLoopbackAddress())) {
            Throwable inUse = new ServerBootstrap()
                    .group(group)
                    .channelFactory(transport.tcpServer((InetSocketAddress) taken.getLocalSocketAddress()))
                    .childHandler(new ChannelInboundHandlerAdapter())
                    .bind(taken.getLocalSocketAddress())
                    .await()
                    .cause();
            assertThat(Transport.reason(inUse)).isEqualTo("Address already in use");
            taken.close();
            Throwable refused = new Bootstrap()
                    .group(group)
                    .channel(transport.tcpClient())
                    .handler(new ChannelInboundHandlerAdapter())
                    .connect(taken.getInetAddress(), taken.getLocalPort())
                    .await()
                    .cause();
            assertThat(Transport.reason(refused)).isEqualTo("Connection refused");
            Throwable noFile = new Bootstrap()
                    .group(group)
                    .channel(transport.unixClient())
                    .handler(new ChannelInboundHandlerAdapter())
                    .connect(transport.address(
                            new DomainSocketAddress(directory.resolve("none").toFile())))
                    .await()
                    .cause();
            assertThat(Transport.reason(noFile)).isEqualTo("No such file or directory");
            Throwable noDirectory = new ServerBootstrap()
                    .group(group)
                    .channel(transport.unixServer())
                    .childHandler(new ChannelInboundHandlerAdapter())
                    .bind(transport.address(
                            new DomainSocketAddress(directory.resolve("none/s").toFile())))
                    .await()
                    .cause();
            assertThat(Transport.reason(noDirectory)).isEqualTo("No such file or directory");
        } finally {
            group.shutdownGracefully(0, 1, TimeUnit.SECONDS).sync();
        }
    }

    private static void connectTo(
            IoEventLoopGroup group,
            ChannelFactory<? extends ServerChannel> servers,
            Class<? extends Channel> clientClass,
            SocketAddress address)
            throws InterruptedException {
        Channel server = new ServerBootstrap()
                .group(group)
                .channelFactory(servers)
                .childHandler(new ChannelInboundHandlerAdapter())
                .bind(address)
                .sync()
                .channel();
        Channel client = new Bootstrap()
                .group(group)
                .channel(clientClass)
                .handler(new ChannelInboundHandlerAdapter())
                .connect(server.localAddress())
                .sync()
                .channel();
        assertThat(client.isActive()).isTrue();
        client.close().sync();
        server.close().sync();
    }

    @Test
    void routeThatIsMissingHasItsName() {
        assertThat(Transport.reason(new NoRouteToHostException())).isEqualTo("Network is unreachable");
        assertThat(Transport.reason(new NoRouteToHostException("No route to host")))
                .isEqualTo("No route to host");
    }
}
