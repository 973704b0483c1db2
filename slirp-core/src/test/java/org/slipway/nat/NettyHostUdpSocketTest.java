package org.slipway.nat;

import static org.assertj.core.api.Assertions.assertThat;

import io.netty.buffer.ByteBuf;
import io.netty.buffer.ByteBufUtil;
import io.netty.buffer.PooledByteBufAllocator;
import io.netty.buffer.Unpooled;
import io.netty.channel.IoEventLoop;
import io.netty.channel.IoEventLoopGroup;
import io.netty.channel.socket.DatagramChannel;
import io.netty.channel.unix.IntegerUnixChannelOption;
import io.netty.util.concurrent.DefaultThreadFactory;
import java.net.InetSocketAddress;
import java.util.Random;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.TimeUnit;
import java.util.stream.Stream;
import org.junit.jupiter.api.Assumptions;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.MethodSource;
import org.junit.jupiter.params.provider.ValueSource;
import org.slipway.loop.Transport;
import org.slipway.wire.IpAddress;

/** Real UDP sockets on the loopback. */
@Timeout(60)
class NettyHostUdpSocketTest {

    static Stream<Arguments> largest() {
        return Stream.of(Transport.best(), Transport.NIO)
                .distinct()
                .flatMap(transport -> Stream.of(
                        Arguments.of(transport, "127.0.0.1", 65_507), Arguments.of(transport, "::1", 65_527)));
    }

    @ParameterizedTest
    @MethodSource("largest")
    void largestDatagramsPassBothWays(Transport transport, String loopback, int length) throws Exception {
        IoEventLoopGroup group = transport.newGroup(new DefaultThreadFactory("host-under-test"));
        IoEventLoop loop = group.next();
        NettyHostSockets sockets = new NettyHostSockets(loop, transport, UdpErrorQueue.NONE);
        InetSocketAddress local =
                new InetSocketAddress(IpAddress.parse(loopback).toInetAddress(), 0);
        BlockingQueue<byte[]> received = new LinkedBlockingQueue<>();
        HostUdpListener listener = (payload, from) -> received.add(ByteBufUtil.getBytes(payload));
        boolean ipv4 = IpAddress.parse(loopback).isIpv4();
        HostUdpSocket one =
                loop.submit(() -> sockets.openUdp(local, ipv4, listener)).get();
        HostUdpSocket other =
                loop.submit(() -> sockets.openUdp(local, ipv4, listener)).get();
        byte[] data = new byte[length];
        new Random(length).nextBytes(data);
        for (HostUdpSocket sender : new HostUdpSocket[] {one, other}) {
            InetSocketAddress to = sender == one ? other.local() : one.local();
            loop.submit(() -> {
                        ByteBuf payload = PooledByteBufAllocator.DEFAULT.directBuffer(length);
                        sender.mark(64, 0, true);
                        sender.send(payload.writeBytes(Unpooled.wrappedBuffer(data)), to);
                        sender.flush();
                    })
                    .sync();
            assertThat(received.poll(10, TimeUnit.SECONDS)).isEqualTo(data);
        }
        loop.submit(one::close).sync();
        loop.submit(other::close).sync();
        group.shutdownGracefully(0, 2, TimeUnit.SECONDS).sync();
    }

    /** Linux's numbers: level, IP_TTL, IP_TOS, IP_MTU_DISCOVER and their like of IPv6; and of "may be fragmented". */
    private static int[] numbers(boolean ipv4) {
        return ipv4 ? new int[] {0, 2, 1, 10, 0} : new int[] {41, 16, 67, 23, 1};
    }

    @ParameterizedTest
    @ValueSource(booleans = {true, false})
    void marksAreTheSocketsOptions(boolean ipv4) throws Exception {
        Assumptions.assumeTrue(Transport.best() == Transport.EPOLL, "skipped: not Linux");
        DatagramChannel channel = UdpChannel.open(Transport.EPOLL, ipv4).channel();
        UdpMarks marks = new UdpMarks(channel, ipv4);
        int[] numbers = numbers(ipv4);
        assertThat(marks.are(64, 0, false)).isFalse();
        marks.set(17, 0xbb, true);
        assertThat(marks.are(17, 0xb9, true)).as("ECN is not carried").isTrue();
        assertThat(marks.are(18, 0xb9, true)).isFalse();
        assertThat(marks.are(17, 0xc0, true)).isFalse();
        assertThat(marks.are(17, 0xb9, false)).isFalse();
        assertThat(option(channel, numbers[0], numbers[1])).isEqualTo(17);
        assertThat(option(channel, numbers[0], numbers[2])).isEqualTo(0xb8);
        assertThat(option(channel, numbers[0], numbers[3])).as("DO").isEqualTo(2);
        marks.set(255, 0, false);
        assertThat(option(channel, numbers[0], numbers[1])).isEqualTo(255);
        assertThat(option(channel, numbers[0], numbers[2])).isZero();
        assertThat(option(channel, numbers[0], numbers[3])).isEqualTo(numbers[4]);
        channel.unsafe().closeForcibly();
    }

    private static int option(DatagramChannel channel, int level, int number) {
        return channel.config().getOption(new IntegerUnixChannelOption("test", level, number));
    }
}
