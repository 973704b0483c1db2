package org.slipway.tap;

import static java.nio.charset.StandardCharsets.US_ASCII;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.InstanceOfAssertFactories.STRING;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import io.netty.buffer.ByteBuf;
import io.netty.buffer.PooledByteBufAllocator;
import io.netty.channel.IoEventLoop;
import io.netty.channel.IoEventLoopGroup;
import io.netty.util.concurrent.DefaultThreadFactory;
import java.lang.management.ManagementFactory;
import java.net.DatagramPacket;
import java.net.DatagramSocket;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.nio.file.Path;
import java.util.List;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;
import org.slipway.loop.Transport;
import org.slipway.nat.HostUdpListener;
import org.slipway.nat.HostUdpSocket;
import org.slipway.nat.NettyHostSockets;
import org.slipway.nat.OutboundAddresses;
import org.slipway.nat.UdpErrorQueue;
import org.slipway.nat.UdpFailure;
import org.slipway.wire.IpAddress;

/** A real socket on the loopback, of either family, and ports that nobody has. */
@Timeout(60)
final class UdpErrorsTest {

    private static final long IDLE_MILLIS = 300;

    private final BlockingQueue<String> heard = new LinkedBlockingQueue<>();
    private final AtomicInteger taken = new AtomicInteger();
    private @Nullable IoEventLoopGroup group;
    private IoEventLoop loop;
    private HostUdpSocket socket;

    @BeforeEach
    void loadLibc() {
        assumeTrue(Transport.best() == Transport.EPOLL && Libc.isSupported(), "skipped: not Linux");
        Libc.get();
    }

    private static final String[] DATAGRAMS = {"127.0.0.1,7,5", "198.51.100.1,8,2", "192.0.2.1,9,3", "192.0.3.1,10,4"};

    private static final String[] FAILURES = {
        "127.0.0.1,7,5 failed 3/3 by 127.0.0.1",
        "198.51.100.1,8,2 failed 3/1 by 10.9.0.2",
        "192.0.2.1,9,3 failed 3/1",
        "192.0.3.1,10,4 failed 3/13"
    };

    @Test
    void routersAndTheHostItselfAreHeard(@TempDir Path directory) throws Exception {
        List<String> lines = new Namespaces(directory, UdpProbe.class).run("default", List.of(), DATAGRAMS);
        assertThat(lines.subList(0, FAILURES.length)).containsExactlyInAnyOrder(FAILURES);
        assertThat(lines.subList(FAILURES.length, lines.size())).containsExactly(FAILURES);
    }

    @Test
    void errorsThatComeLaterAreToldApart(@TempDir Path directory) throws Exception {
        String[] datagrams = {"10.9.0.2,7,1", "10.9.0.2,8,2", "10.9.0.2,9,3", "127.0.0.1,10,4", "10.9.0.2,11,5"};
        List<String> lines = new Namespaces(directory, UdpProbe.class).run("default", List.of(), datagrams);
        assertThat(lines)
                .hasSize(2 * datagrams.length)
                .allMatch(line -> line.contains(" failed 3/3 by "))
                .extracting(line -> line.substring(0, line.indexOf(' ')))
                .contains(datagrams)
                .endsWith(datagrams);
    }

    @Test
    void nextHopsMtuIsTold(@TempDir Path directory) throws Exception {
        assertThat(new Namespaces(directory, UdpProbe.class).run("default", List.of(), "198.18.0.1,7,1400"))
                .first(STRING)
                .startsWith("198.18.0.1,7,")
                .endsWith(" failed 3/4 mtu 1000 by 10.9.0.2");
    }

    private static final String[] DATAGRAMS6 = {
        "::1,7,5", "2001:db8:51::1,8,2", "2001:db8:52::1,9,6", "2001:db8:2::1,10,3", "2001:db8:3::1,11,4"
    };

    private static final String[] FAILURES6 = {
        "::1,7,5 failed 1/4 by ::1",
        "2001:db8:51::1,8,2 failed 1/0 by fd09::2",
        "2001:db8:52::1,9,6 failed 1/1 by fd09::2",
        "2001:db8:2::1,10,3 failed 1/3",
        "2001:db8:3::1,11,4 failed 1/1"
    };

    @Test
    void routersAndTheHostItselfAreHeardOnIpv6(@TempDir Path directory) throws Exception {
        List<String> lines = new Namespaces(directory, UdpProbe.class).run("default", List.of(), DATAGRAMS6);
        assertThat(lines.subList(0, FAILURES6.length)).containsExactlyInAnyOrder(FAILURES6);
        assertThat(lines.subList(FAILURES6.length, lines.size())).containsExactly(FAILURES6);
    }

    @Test
    void eachHopOfThePathIsTold(@TempDir Path directory) throws Exception {
        String[] failures = {
            "9.9.9.9,1,5 failed 11/0 by 10.9.0.2",
            "9.9.9.9,2,5 failed 11/0 by 10.9.1.2",
            "9.9.9.9,3,5 failed 3/3 by 9.9.9.9",
            "2001:db8:9::9,1,5 failed 3/0 by fd09::2",
            "2001:db8:9::9,2,5 failed 3/0 by fd09:1::2",
            "2001:db8:9::9,3,5 failed 1/4 by 2001:db8:9::9"
        };
        List<String> lines = new Namespaces(directory, UdpProbe.class)
                .run(
                        "default",
                        List.of(),
                        "9.9.9.9,1,5,1,0,-",
                        "9.9.9.9,2,5,2,0,-",
                        "9.9.9.9,3,5,3,0,-",
                        "2001:db8:9::9,1,5,1,0,-",
                        "2001:db8:9::9,2,5,2,0,-",
                        "2001:db8:9::9,3,5,3,0,-");
        assertThat(lines.subList(0, failures.length)).containsExactlyInAnyOrder(failures);
        assertThat(lines.subList(failures.length, lines.size())).containsExactly(failures);
    }

    /** The router forbids type of service 8 and nothing else; ECN marks do not get there. */
    @Test
    void dscpIsCarried(@TempDir Path directory) throws Exception {
        List<String> lines = new Namespaces(directory, UdpProbe.class)
                .run(
                        "default",
                        List.of(),
                        "9.9.9.9,7,5,64,11,-",
                        "9.9.9.9,8,5,64,3,-",
                        "2001:db8:9::9,9,5,64,11,-",
                        "2001:db8:9::9,10,5,64,3,-");
        assertThat(lines.subList(4, 8))
                .containsExactly(
                        "9.9.9.9,7,5 failed 3/13 by 10.9.0.2",
                        "9.9.9.9,8,5 failed 3/3 by 9.9.9.9",
                        "2001:db8:9::9,9,5 failed 1/1 by fd09::2",
                        "2001:db8:9::9,10,5 failed 1/4 by 2001:db8:9::9");
    }

    @Test
    void whatIsTooBigForThePathFailsOrIsFragmentedAsTheGuestWants(@TempDir Path directory) throws Exception {
        String[] datagrams = {
            "10.9.0.2,7,1473,64,0,df",
            "10.9.0.2,8,1473,64,0,-",
            "10.9.0.2,9,1472,64,0,df",
            "fd09::2,10,1453,64,0,df",
            "fd09::2,11,1453,64,0,-",
            "fd09::2,12,1452,64,0,df",
        };
        List<String> lines = new Namespaces(directory, UdpProbe.class).run("default", List.of(), datagrams);
        List<String> oneByOne = lines.subList(datagrams.length, lines.size());
        assertThat(lines.subList(0, datagrams.length)).containsExactlyInAnyOrderElementsOf(oneByOne);
        // What came from afar quotes the beginning only.
        assertThat(oneByOne)
                .containsExactly(
                        "10.9.0.2,7,1473 failed 3/4 mtu 1500",
                        "10.9.0.2,8,520 failed 3/3 by 10.9.0.2",
                        "10.9.0.2,9,520 failed 3/3 by 10.9.0.2",
                        "fd09::2,10,1453 failed 2/0 mtu 1500",
                        "fd09::2,11,1024 failed 1/4 by fd09::2",
                        "fd09::2,12,1024 failed 1/4 by fd09::2");
    }

    @Test
    void nextHopsMtuIsToldAndThenKnown(@TempDir Path directory) throws Exception {
        List<String> lines = new Namespaces(directory, UdpProbe.class)
                .run("default", List.of(), "198.18.0.1,7,1400,64,0,df", "2001:db8:18::1,8,1400,64,0,df");
        assertThat(lines.subList(2, 4))
                .containsExactly("198.18.0.1,7,1400 failed 3/4 mtu 1000", "2001:db8:18::1,8,1400 failed 2/0 mtu 1300");
        assertThat(lines.subList(0, 2))
                .anyMatch(line -> line.matches("198.18.0.1,7,\\d+ failed 3/4 mtu 1000 by 10.9.0.2"))
                .anyMatch(line -> line.matches("2001:db8:18::1,8,\\d+ failed 2/0 mtu 1300 by fd09::2"));
    }

    @AfterEach
    void close() throws Exception {
        if (group != null) {
            loop.submit(() -> socket.close()).sync();
            group.shutdownGracefully(0, 2, TimeUnit.SECONDS).sync();
        }
    }

    private void open(String loopback) throws Exception {
        group = Transport.EPOLL.newGroup(new DefaultThreadFactory("host-under-test"));
        loop = group.next();
        NettyHostSockets sockets =
                new NettyHostSockets(loop, Transport.EPOLL, new Counting(UdpErrors.on(loop)), OutboundAddresses.NONE);
        boolean ipv4 = IpAddress.parse(loopback).isIpv4();
        socket = loop.submit(() -> sockets.openUdp(null, ipv4, new Probe())).get();
    }

    private final class Probe implements HostUdpListener {

        @Override
        public void received(ByteBuf payload, InetSocketAddress from) {
            heard.add(payload.toString(US_ASCII));
        }

        @Override
        public void failed(UdpFailure failure) {
            heard.add(failure.icmpType() + "/" + failure.icmpCode() + " port "
                    + failure.destination().getPort() + " at "
                    + IpAddress.of(failure.destination().getAddress()) + " by " + failure.offender() + " length "
                    + failure.payloadLength());
        }
    }

    private final class Counting implements UdpErrorQueue {

        private final UdpErrorQueue queue;

        Counting(UdpErrorQueue queue) {
            this.queue = queue;
        }

        @Override
        public boolean enable(int fd, boolean ipv4) {
            return queue.enable(fd, ipv4);
        }

        @Override
        public List<UdpFailure> take(int fd, boolean ipv4) {
            taken.incrementAndGet();
            return queue.take(fd, ipv4);
        }
    }

    /** Sends {@code text} to each of the ports, all with one flush. */
    private void send(String text, String loopback, int... ports) throws Exception {
        InetAddress address = IpAddress.parse(loopback).toInetAddress();
        loop.submit(() -> {
                    for (int port : ports) {
                        queue(text, address, port);
                    }
                    socket.flush();
                })
                .sync();
    }

    private void queue(String text, InetAddress address, int port) {
        ByteBuf payload = PooledByteBufAllocator.DEFAULT.directBuffer();
        payload.writeCharSequence(text, US_ASCII);
        socket.send(payload, new InetSocketAddress(address, port));
    }

    private String next() throws Exception {
        String told = heard.poll(5, TimeUnit.SECONDS);
        return told == null ? "silence" : told;
    }

    private static int closedPort(String loopback) throws Exception {
        try (DatagramSocket socket =
                new DatagramSocket(0, IpAddress.parse(loopback).toInetAddress())) {
            return socket.getLocalPort();
        }
    }

    private static String refused(String loopback, int port, int length) {
        String error = IpAddress.parse(loopback).isIpv4() ? "3/3" : "1/4";
        return error + " port " + port + " at " + loopback + " by " + loopback + " length " + length;
    }

    @ParameterizedTest
    @ValueSource(strings = {"127.0.0.1", "::1"})
    void closedPortIsToldAndOpenOneStillWorks(String loopback) throws Exception {
        open(loopback);
        int closed = closedPort(loopback);
        for (int i = 0; i < 3; i++) {
            send("hello", loopback, closed);
            assertThat(next()).isEqualTo(refused(loopback, closed, 5));
            send("", loopback, closed);
            assertThat(next()).isEqualTo(refused(loopback, closed, 0));
            try (DatagramSocket peer =
                    new DatagramSocket(0, IpAddress.parse(loopback).toInetAddress())) {
                peer.setSoTimeout(5_000);
                send("ping", loopback, peer.getLocalPort());
                DatagramPacket packet = new DatagramPacket(new byte[100], 100);
                peer.receive(packet);
                assertThat(packet.getLength()).isEqualTo(4);
                peer.send(new DatagramPacket("pong".getBytes(US_ASCII), 4, packet.getSocketAddress()));
                assertThat(next()).isEqualTo("pong");
            }
        }
        assertThat(heard).isEmpty();
    }

    @ParameterizedTest
    @ValueSource(strings = {"127.0.0.1", "::1"})
    void severalDestinationsAreToldApart(String loopback) throws Exception {
        open(loopback);
        int first = closedPort(loopback);
        int second = closedPort(loopback);
        int third = closedPort(loopback);
        // The kernel refuses each before the next is sent, whose sending fails for that reason and is tried again.
        send("abc", loopback, first, second, third, first);
        assertThat(List.of(next(), next(), next(), next()))
                .containsExactly(
                        refused(loopback, first, 3),
                        refused(loopback, second, 3),
                        refused(loopback, third, 3),
                        refused(loopback, first, 3));
    }

    @ParameterizedTest
    @ValueSource(strings = {"127.0.0.1", "::1"})
    void idleLoopSleepsAfterAnError(String loopback) throws Exception {
        open(loopback);
        int closed = closedPort(loopback);
        send("hello", loopback, closed, closed);
        assertThat(List.of(next(), next())).containsOnly(refused(loopback, closed, 5));
        long thread = loop.submit(() -> Thread.currentThread().getId()).get();
        loop.schedule(() -> {}, 20, TimeUnit.MILLISECONDS).sync();
        int before = taken.get();
        long cpuBefore = ManagementFactory.getThreadMXBean().getThreadCpuTime(thread);
        loop.schedule(() -> {}, IDLE_MILLIS, TimeUnit.MILLISECONDS).sync();
        long cpu = ManagementFactory.getThreadMXBean().getThreadCpuTime(thread) - cpuBefore;
        assertThat(taken.get()).isEqualTo(before);
        assertThat(TimeUnit.NANOSECONDS.toMillis(cpu)).isLessThan(IDLE_MILLIS / 3);
    }

    @ParameterizedTest
    @ValueSource(strings = {"127.0.0.1", "::1"})
    void errorOfOneDatagramCostsNoOther(String loopback) throws Exception {
        open(loopback);
        int closed = closedPort(loopback);
        InetAddress address = IpAddress.parse(loopback).toInetAddress();
        try (DatagramSocket peer = new DatagramSocket(0, address)) {
            peer.setSoTimeout(5_000);
            // The kernel has the error before the next datagram is sent, and the loop has had no chance to ask for it.
            loop.submit(() -> {
                        for (String text : List.of("one", "", "three")) {
                            queue("hello", address, closed);
                            socket.flush();
                            queue(text, address, peer.getLocalPort());
                            socket.flush();
                        }
                    })
                    .sync();
            for (int length : new int[] {3, 0, 5}) {
                DatagramPacket packet = new DatagramPacket(new byte[100], 100);
                peer.receive(packet);
                assertThat(packet.getLength()).isEqualTo(length);
            }
        }
        assertThat(List.of(next(), next(), next())).containsOnly(refused(loopback, closed, 5));
    }
}
