package org.slipway.nat;

import static java.nio.charset.StandardCharsets.US_ASCII;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import io.netty.buffer.ByteBuf;
import io.netty.buffer.PooledByteBufAllocator;
import io.netty.channel.IoEventLoop;
import io.netty.channel.IoEventLoopGroup;
import io.netty.channel.unix.DomainSocketAddress;
import io.netty.util.concurrent.DefaultThreadFactory;
import java.io.IOException;
import java.io.InputStream;
import java.lang.management.ManagementFactory;
import java.net.BindException;
import java.net.DatagramPacket;
import java.net.DatagramSocket;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.ServerSocket;
import java.net.Socket;
import java.net.SocketAddress;
import java.net.SocketException;
import java.net.UnixDomainSocketAddress;
import java.nio.ByteBuffer;
import java.nio.channels.SocketChannel;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.Callable;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.TimeUnit;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Assumptions;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;
import org.slipway.loop.Transport;
import org.slipway.wire.IpAddress;

/** Real sockets on the loopback, with both transports. */
@Timeout(60)
class NettyHostSocketsTest {

    private static final InetAddress LOOPBACK = InetAddress.getLoopbackAddress();

    @TempDir
    Path directory;

    private final List<AutoCloseable> open = new ArrayList<>();

    static Stream<Transport> transports() {
        return Stream.of(Transport.best(), Transport.NIO).distinct();
    }

    /** One loop with its sockets; everything of ours runs on it. */
    private final class Host {

        private final IoEventLoopGroup group;
        private final IoEventLoop loop;
        private final NettyHostSockets sockets;

        Host(Transport transport) {
            this(transport, OutboundAddresses.NONE);
        }

        Host(Transport transport, OutboundAddresses outbound) {
            group = transport.newGroup(new DefaultThreadFactory("host-under-test"));
            loop = group.next();
            sockets = new NettyHostSockets(loop, transport, UdpErrorQueue.NONE, outbound);
            open.add(() -> group.shutdownGracefully(0, 2, TimeUnit.SECONDS).sync());
        }

        <T extends @Nullable Object> T onLoop(Callable<T> task) {
            try {
                return loop.submit(task).get(10, TimeUnit.SECONDS);
            } catch (java.util.concurrent.ExecutionException e) {
                if (e.getCause() instanceof RuntimeException cause) {
                    throw cause;
                }
                throw new AssertionError(e);
            } catch (Exception e) {
                throw new AssertionError(e);
            }
        }

        void run(Runnable task) {
            onLoop(() -> {
                task.run();
                return null;
            });
        }

        HostStream connect(InetSocketAddress to, HostStreamProbe probe) {
            return onLoop(() -> sockets.connect(to, probe));
        }

        /** A stream to a socket of the test's own, which is the second of the pair. */
        Pair connected(HostStreamProbe probe) throws Exception {
            try (ServerSocket server = new ServerSocket(0, 1, LOOPBACK)) {
                HostStream stream = connect((InetSocketAddress) server.getLocalSocketAddress(), probe);
                Socket peer = keep(server.accept());
                peer.setSoTimeout(10_000);
                probe.await("connected");
                return new Pair(stream, peer);
            }
        }
    }

    private record Pair(HostStream stream, Socket peer) {}

    private <T extends AutoCloseable> T keep(T closeable) {
        open.add(closeable);
        return closeable;
    }

    @AfterEach
    void closeAll() throws Exception {
        for (int i = open.size() - 1; i >= 0; i--) {
            open.get(i).close();
        }
    }

    private static ByteBuf bytes(String text) {
        return PooledByteBufAllocator.DEFAULT.directBuffer().writeBytes(text.getBytes(US_ASCII));
    }

    private static void expectReset(Socket peer) {
        assertThatThrownBy(() -> {
                    InputStream in = peer.getInputStream();
                    while (in.read() >= 0) {
                        // What was on its way.
                        continue;
                    }
                })
                .isInstanceOf(SocketException.class)
                .hasMessageContaining("reset");
    }

    private static String readAll(Socket peer) throws IOException {
        return new String(peer.getInputStream().readAllBytes(), US_ASCII);
    }

    @ParameterizedTest
    @MethodSource("transports")
    void halfCloseOfTheHostsPeerLeavesTheOtherWayOpen(Transport transport) throws Exception {
        Host host = new Host(transport);
        HostStreamProbe probe = new HostStreamProbe();
        Pair pair = host.connected(probe);
        host.run(() -> pair.stream.reading(true));
        pair.peer.getOutputStream().write("request".getBytes(US_ASCII));
        pair.peer.shutdownOutput();
        probe.await("inputEnded");
        probe.awaitText("request");
        host.run(() -> {
            pair.stream.write(bytes("answer"));
            pair.stream.flush();
            pair.stream.shutdownOutput();
        });
        assertThat(readAll(pair.peer)).isEqualTo("answer");
        assertThat(probe.events()).containsExactly("connected", "inputEnded");
    }

    @ParameterizedTest
    @MethodSource("transports")
    void halfCloseOfOursLeavesTheOtherWayOpen(Transport transport) throws Exception {
        Host host = new Host(transport);
        HostStreamProbe probe = new HostStreamProbe();
        Pair pair = host.connected(probe);
        host.run(() -> {
            pair.stream.write(bytes("request"));
            pair.stream.shutdownOutput();
            pair.stream.flush();
        });
        assertThat(readAll(pair.peer)).isEqualTo("request");
        pair.peer.getOutputStream().write("answer".getBytes(US_ASCII));
        host.run(() -> pair.stream.reading(true));
        probe.awaitText("answer");
        pair.peer.close();
        probe.await("inputEnded");
        assertThat(probe.events()).containsExactly("connected", "inputEnded");
    }

    @ParameterizedTest
    @MethodSource("transports")
    void resetIsSeenAsResetByThePeer(Transport transport) throws Exception {
        Host host = new Host(transport);
        Pair pair = host.connected(new HostStreamProbe());
        host.run(pair.stream::reset);
        expectReset(pair.peer);
    }

    @ParameterizedTest
    @MethodSource("transports")
    void resetForgetsWhatWasNotSent(Transport transport) throws Exception {
        Host host = new Host(transport);
        Pair pair = host.connected(new HostStreamProbe());
        host.run(() -> {
            for (int i = 0; i < 200; i++) {
                pair.stream.write(
                        PooledByteBufAllocator.DEFAULT.directBuffer(65_536).writeZero(65_536));
            }
            pair.stream.flush();
            pair.stream.write(bytes("not even flushed"));
            pair.stream.reset();
        });
        expectReset(pair.peer);
    }

    @ParameterizedTest
    @MethodSource("transports")
    void resetOfThePeerIsToldWhileReading(Transport transport) throws Exception {
        Host host = new Host(transport);
        HostStreamProbe probe = new HostStreamProbe();
        Pair pair = host.connected(probe);
        host.run(() -> pair.stream.reading(true));
        pair.peer.setSoLinger(true, 0);
        pair.peer.close();
        probe.await("broken");
        assertThat(probe.events()).containsExactly("connected", "broken");
    }

    @ParameterizedTest
    @MethodSource("transports")
    void resetOfThePeerIsToldAtTheLatestWhenReadingResumes(Transport transport) throws Exception {
        Host host = new Host(transport);
        HostStreamProbe probe = new HostStreamProbe();
        Pair pair = host.connected(probe);
        pair.peer.setSoLinger(true, 0);
        pair.peer.close();
        host.run(() -> {
            if (!probe.events().contains("broken")) {
                pair.stream.reading(true);
            }
        });
        probe.await("broken");
        assertThat(probe.events()).containsExactly("connected", "broken");
    }

    @ParameterizedTest
    @MethodSource("transports")
    void closeSendsWhatWasWritten(Transport transport) throws Exception {
        Host host = new Host(transport);
        Pair pair = host.connected(new HostStreamProbe());
        host.run(() -> {
            pair.stream.write(bytes("last "));
            pair.stream.write(bytes("words"));
            pair.stream.close();
        });
        assertThat(readAll(pair.peer)).isEqualTo("last words");
    }

    @ParameterizedTest
    @MethodSource("transports")
    void writtenIsToldOnlyAsThePeerReads(Transport transport) throws Exception {
        Host host = new Host(transport);
        HostStreamProbe probe = new HostStreamProbe();
        Pair pair = host.connected(probe);
        int pieces = 256;
        int total = pieces * 65_536;
        host.run(() -> {
            for (int i = 0; i < pieces; i++) {
                pair.stream.write(
                        PooledByteBufAllocator.DEFAULT.directBuffer(65_536).writeZero(65_536));
            }
            pair.stream.flush();
        });
        // The kernel's buffers take some megabytes, but not sixteen.
        assertThat(probe.written()).isZero();
        assertThat(host.<Long>onLoop(pair.stream::pendingBytes)).isEqualTo(total);
        assertThat(pair.peer.getInputStream().readNBytes(total)).hasSize(total);
        probe.awaitWritten(total);
        assertThat(host.<Long>onLoop(pair.stream::pendingBytes)).isZero();
    }

    @ParameterizedTest
    @MethodSource("transports")
    void readsNothingUnlessToldTo(Transport transport) throws Exception {
        Host host = new Host(transport);
        HostStreamProbe probe = new HostStreamProbe();
        Pair pair = host.connected(probe);
        pair.peer.getOutputStream().write("early".getBytes(US_ASCII));
        host.run(() -> {});
        assertThat(probe.text()).isEmpty();
        host.run(() -> pair.stream.reading(true));
        probe.awaitText("early");
        host.run(() -> pair.stream.reading(false));
        pair.peer.getOutputStream().write("late".getBytes(US_ASCII));
        host.run(() -> {});
        assertThat(probe.text()).isEqualTo("early");
        host.run(() -> pair.stream.reading(true));
        probe.awaitText("earlylate");
    }

    /** The end of the input must wait without a spin until somebody wants to read. */
    @ParameterizedTest
    @MethodSource("transports")
    void finBehindUnreadDataDoesNotSpin(Transport transport) throws Exception {
        Host host = new Host(transport);
        HostStreamProbe probe = new HostStreamProbe();
        Pair pair = host.connected(probe);
        pair.peer.getOutputStream().write(new byte[200_000]);
        pair.peer.close();
        assertThat(cpuShare(host)).isLessThan(0.5);
        assertThat(probe.events()).containsExactly("connected");
        host.run(() -> pair.stream.reading(true));
        probe.await("inputEnded");
        assertThat(probe.text()).hasSize(200_000);
    }

    /** The share of one processor that the loop's thread takes in 300 ms. */
    private static double cpuShare(Host host) throws InterruptedException {
        long thread = host.onLoop(() -> Thread.currentThread().getId());
        java.lang.management.ThreadMXBean threads = ManagementFactory.getThreadMXBean();
        long cpu = threads.getThreadCpuTime(thread);
        long start = System.nanoTime();
        host.loop.schedule(() -> {}, 300, TimeUnit.MILLISECONDS).await();
        return (threads.getThreadCpuTime(thread) - cpu) / (double) (System.nanoTime() - start);
    }

    /** NIO cannot ask for it. */
    @Test
    void urgentDataOfThePeerAreAmongTheOthers() throws Exception {
        assumeTrue(Transport.best() == Transport.EPOLL, "skipped: not Linux");
        Host host = new Host(Transport.EPOLL);
        HostStreamProbe probe = new HostStreamProbe();
        Pair pair = host.connected(probe);
        host.run(() -> pair.stream.reading(true));
        pair.peer.getOutputStream().write('a');
        pair.peer.sendUrgentData('U');
        pair.peer.getOutputStream().write('b');
        probe.awaitText("aUb");
    }

    @ParameterizedTest
    @MethodSource("transports")
    void refusedConnectionIsTold(Transport transport) throws Exception {
        Host host = new Host(transport);
        HostStreamProbe probe = new HostStreamProbe();
        ServerSocket taken = new ServerSocket(0, 1, LOOPBACK);
        InetSocketAddress nobody = (InetSocketAddress) taken.getLocalSocketAddress();
        taken.close();
        host.connect(nobody, probe);
        probe.await("failed REFUSED");
        assertThat(probe.events()).hasSize(1);
    }

    @ParameterizedTest
    @MethodSource("transports")
    void connectionResetBeforeItIsMadeTellsNothing(Transport transport) throws Exception {
        Host host = new Host(transport);
        HostStreamProbe probe = new HostStreamProbe();
        try (ServerSocket server = new ServerSocket(0, 1, LOOPBACK)) {
            InetSocketAddress address = (InetSocketAddress) server.getLocalSocketAddress();
            host.run(() -> host.sockets.connect(address, probe).reset());
            host.run(() -> {});
        }
        assertThat(probe.events()).isEmpty();
    }

    private record Accepted(HostStream stream, @Nullable InetSocketAddress client, HostStreamProbe probe) {}

    private HostSockets.HostServer listen(Host host, SocketAddress local, BlockingQueue<Accepted> accepted) {
        HostSockets.HostServer server = host.onLoop(() -> host.sockets.listen(local, (stream, client) -> {
            HostStreamProbe probe = new HostStreamProbe();
            accepted.add(new Accepted(stream, client, probe));
            return probe;
        }));
        open.add(() -> host.run(server::close));
        return server;
    }

    private static Accepted take(BlockingQueue<Accepted> accepted) throws InterruptedException {
        Accepted taken = accepted.poll(10, TimeUnit.SECONDS);
        assertThat(taken).as("an accepted client").isNotNull();
        return taken;
    }

    @ParameterizedTest
    @MethodSource("transports")
    void serverTellsWhereItListensAndWhoComes(Transport transport) throws Exception {
        Host host = new Host(transport);
        BlockingQueue<Accepted> accepted = new LinkedBlockingQueue<>();
        InetSocketAddress local = (InetSocketAddress)
                listen(host, new InetSocketAddress(LOOPBACK, 0), accepted).local();
        assertThat(local.getPort()).isNotZero();
        Socket client = keep(new Socket(LOOPBACK, local.getPort()));
        Accepted taken = take(accepted);
        assertThat(taken.client).isEqualTo(client.getLocalSocketAddress());
        client.getOutputStream().write("hello".getBytes(US_ASCII));
        host.run(() -> taken.stream.reading(true));
        taken.probe.awaitText("hello");
    }

    @ParameterizedTest
    @MethodSource("transports")
    void clientThatNobodyWantsIsReset(Transport transport) throws Exception {
        Host host = new Host(transport);
        HostSockets.HostServer server =
                host.onLoop(() -> host.sockets.listen(new InetSocketAddress(LOOPBACK, 0), (stream, client) -> null));
        Socket client = keep(new Socket(LOOPBACK, ((InetSocketAddress) server.local()).getPort()));
        client.setSoTimeout(10_000);
        expectReset(client);
        host.run(server::close);
    }

    @ParameterizedTest
    @MethodSource("transports")
    void takenPortIsToldAtOnceInTheSystemsWords(Transport transport) throws Exception {
        Host host = new Host(transport);
        ServerSocket taken = keep(new ServerSocket(0, 1, LOOPBACK));
        assertThatThrownBy(() ->
                        host.onLoop(() -> host.sockets.listen(taken.getLocalSocketAddress(), (stream, client) -> null)))
                .isInstanceOf(HostSocketException.class)
                .hasMessage("Address already in use");
        DatagramSocket takenUdp = keep(new DatagramSocket(0, LOOPBACK));
        assertThatThrownBy(() -> host.onLoop(() -> host.sockets.openUdp(
                        (InetSocketAddress) takenUdp.getLocalSocketAddress(), true, (payload, from) -> {})))
                .isInstanceOf(HostSocketException.class)
                .hasMessage("Address already in use");
    }

    @ParameterizedTest
    @MethodSource("transports")
    void portIsFreeAgainAtOnceAfterClose(Transport transport) throws Exception {
        Host host = new Host(transport);
        BlockingQueue<Accepted> accepted = new LinkedBlockingQueue<>();
        SocketAddress local = null;
        for (int i = 0; i < 3; i++) {
            SocketAddress wanted = local == null ? new InetSocketAddress(LOOPBACK, 0) : local;
            HostSockets.HostServer server = listen(host, wanted, accepted);
            local = server.local();
            Socket client = keep(new Socket(LOOPBACK, ((InetSocketAddress) local).getPort()));
            Accepted taken = take(accepted);
            host.run(() -> {
                server.close();
                taken.stream.close();
            });
            assertThat(client.getInputStream().read()).isEqualTo(-1);
            // NIO gives a descriptor back when its selector next looks, which it does while it waits.
            host.loop.schedule(() -> {}, 20, TimeUnit.MILLISECONDS).sync();
        }
    }

    @ParameterizedTest
    @MethodSource("transports")
    void unixListenerWorksBothWaysAndTakesItsFileAway(Transport transport) throws Exception {
        Host host = new Host(transport);
        Path path = directory.resolve("s");
        BlockingQueue<Accepted> accepted = new LinkedBlockingQueue<>();
        HostSockets.HostServer server = listen(host, new DomainSocketAddress(path.toFile()), accepted);
        SocketChannel client = keep(SocketChannel.open(UnixDomainSocketAddress.of(path)));
        Accepted taken = take(accepted);
        assertThat(taken.client).isNull();
        client.write(ByteBuffer.wrap("question".getBytes(US_ASCII)));
        host.run(() -> taken.stream.reading(true));
        taken.probe.awaitText("question");
        if (transport != Transport.NIO) {
            client.shutdownOutput();
            taken.probe.await("inputEnded");
        }
        host.run(() -> {
            taken.stream.write(bytes("answer"));
            taken.stream.flush();
            taken.stream.shutdownOutput();
        });
        ByteBuffer answer = ByteBuffer.allocate(100);
        while (client.read(answer) >= 0) {
            continue;
        }
        assertThat(new String(answer.array(), 0, answer.position(), US_ASCII)).isEqualTo("answer");
        host.run(server::close);
        assertThat(Files.exists(path)).isFalse();
    }

    @ParameterizedTest
    @MethodSource("transports")
    void unixClientThatClosesHasEndedNotBroken(Transport transport) throws Exception {
        Host host = new Host(transport);
        Path path = directory.resolve("s");
        BlockingQueue<Accepted> accepted = new LinkedBlockingQueue<>();
        listen(host, new DomainSocketAddress(path.toFile()), accepted);
        SocketChannel client = keep(SocketChannel.open(UnixDomainSocketAddress.of(path)));
        Accepted taken = take(accepted);
        client.write(ByteBuffer.wrap("farewell".getBytes(US_ASCII)));
        client.close();
        host.run(() -> taken.stream.reading(true));
        taken.probe.await("inputEnded");
        taken.probe.awaitText("farewell");
        assertThat(taken.probe.events()).containsExactly("inputEnded");
        host.run(() -> {
            taken.stream.write(bytes("to nobody"));
            taken.stream.flush();
        });
        taken.probe.await("broken");
    }

    private record Datagram(byte[] data, InetSocketAddress from) {}

    @ParameterizedTest
    @MethodSource("transports")
    void datagramsPassBothWaysAndEmptyOnesToo(Transport transport) throws Exception {
        Host host = new Host(transport);
        BlockingQueue<Datagram> received = new LinkedBlockingQueue<>();
        HostUdpSocket socket = host.onLoop(() -> host.sockets.openUdp(null, true, (payload, from) -> {
            byte[] data = new byte[payload.readableBytes()];
            payload.getBytes(payload.readerIndex(), data);
            received.add(new Datagram(data, from));
        }));
        DatagramSocket peer = keep(new DatagramSocket(0, LOOPBACK));
        peer.setSoTimeout(10_000);
        InetSocketAddress peerAddress = (InetSocketAddress) peer.getLocalSocketAddress();
        host.run(() -> {
            for (String text : List.of("one", "", "two", "")) {
                socket.send(bytes(text), peerAddress);
            }
            socket.flush();
        });
        for (String text : List.of("one", "", "two", "")) {
            DatagramPacket packet = new DatagramPacket(new byte[100], 100);
            peer.receive(packet);
            assertThat(new String(packet.getData(), 0, packet.getLength(), US_ASCII))
                    .isEqualTo(text);
        }
        InetSocketAddress ours =
                new InetSocketAddress(LOOPBACK, host.onLoop(socket::local).getPort());
        for (String text : List.of("", "three", "", "", "four")) {
            peer.send(new DatagramPacket(text.getBytes(US_ASCII), text.length(), ours));
        }
        for (String text : List.of("", "three", "", "", "four")) {
            Datagram datagram = received.poll(10, TimeUnit.SECONDS);
            assertThat(datagram).as("datagram '%s'", text).isNotNull();
            assertThat(new String(datagram.data, US_ASCII)).isEqualTo(text);
            assertThat(datagram.from).isEqualTo(peerAddress);
        }
        assertThat(cpuShare(host)).isLessThan(0.5);
        host.run(socket::close);
    }

    @ParameterizedTest
    @MethodSource("transports")
    void preferredPortIsTakenIfItIsFreeAndNotOfTheSystem(Transport transport) throws Exception {
        Host host = new Host(transport);
        HostUdpListener deaf = (payload, from) -> {};
        List<HostUdpSocket> opened = new ArrayList<>();
        int port;
        try (DatagramSocket other = onAPortThatNobodyIsGivenByChance()) {
            port = other.getLocalPort();
            opened.add(host.onLoop(() -> host.sockets.openUdpPreferring(port, true, deaf)));
        }
        opened.add(host.onLoop(() -> host.sockets.openUdpPreferring(port, true, deaf)));
        opened.add(host.onLoop(() -> host.sockets.openUdpPreferring(1023, true, deaf)));
        assertThat(host.onLoop(opened.get(0)::local).getPort()).isNotZero().isNotEqualTo(port);
        assertThat(host.onLoop(opened.get(1)::local).getPort()).isEqualTo(port);
        assertThat(host.onLoop(opened.get(2)::local).getPort()).isGreaterThan(1023);
        for (HostUdpSocket socket : opened) {
            host.run(socket::close);
        }
    }

    @ParameterizedTest
    @MethodSource("transports")
    void guestsSpeakFromTheAddressThatIsNamed(Transport transport) throws Exception {
        IpAddress named = IpAddress.parse("127.0.0.2");
        InetAddress source = named.toInetAddress();
        assumeTrue(canBind(source), "only Linux has all of 127.0.0.0/8");
        Host host = new Host(transport, new OutboundAddresses(named, null));
        try (ServerSocket server = new ServerSocket(0, 1, LOOPBACK)) {
            HostStreamProbe probe = new HostStreamProbe();
            HostStream stream = host.connect((InetSocketAddress) server.getLocalSocketAddress(), probe);
            try (Socket peer = server.accept()) {
                assertThat(peer.getInetAddress()).isEqualTo(source);
            }
            probe.await("connected");
            host.run(stream::reset);
        }
        DatagramSocket peer = keep(new DatagramSocket(0, LOOPBACK));
        peer.setSoTimeout(10_000);
        HostUdpListener deaf = (payload, from) -> {};
        for (HostUdpSocket socket : List.of(
                host.onLoop(() -> host.sockets.openUdp(null, true, deaf)),
                host.onLoop(() -> host.sockets.openUdpPreferring(1023, true, deaf)))) {
            host.run(() -> {
                socket.send(bytes("hello"), (InetSocketAddress) peer.getLocalSocketAddress());
                socket.flush();
            });
            DatagramPacket packet = new DatagramPacket(new byte[100], 100);
            peer.receive(packet);
            assertThat(packet.getAddress()).isEqualTo(source);
            host.run(socket::close);
        }
    }

    private static boolean canBind(InetAddress address) {
        try (DatagramSocket socket = new DatagramSocket(0, address)) {
            return socket.isBound();
        } catch (SocketException e) {
            return false;
        }
    }

    /** Below what Linux gives to sockets that ask for any port. */
    private static DatagramSocket onAPortThatNobodyIsGivenByChance() throws SocketException {
        for (int port = 20_000; port < 21_000; port++) {
            try {
                return new DatagramSocket(port);
            } catch (BindException e) {
                // The next one may be free.
            }
        }
        throw new BindException("no port from 20000 to 20999 is free");
    }

    @ParameterizedTest
    @MethodSource("transports")
    void datagramSocketOutlivesRefusedAndImpossibleSends(Transport transport) throws Exception {
        Host host = new Host(transport);
        HostUdpSocket socket = host.onLoop(() -> host.sockets.openUdp(null, true, (payload, from) -> {}));
        DatagramSocket gone = new DatagramSocket(0, LOOPBACK);
        InetSocketAddress nobody = (InetSocketAddress) gone.getLocalSocketAddress();
        gone.close();
        DatagramSocket peer = keep(new DatagramSocket(0, LOOPBACK));
        peer.setSoTimeout(10_000);
        host.run(() -> {
            socket.send(bytes("nobody hears"), nobody);
            socket.send(bytes(""), nobody);
            // Larger than UDP can be.
            socket.send(PooledByteBufAllocator.DEFAULT.directBuffer(65_530).writeZero(65_530), nobody);
            socket.flush();
        });
        host.run(() -> {
            socket.send(bytes("still there"), (InetSocketAddress) peer.getLocalSocketAddress());
            socket.flush();
        });
        DatagramPacket packet = new DatagramPacket(new byte[100], 100);
        peer.receive(packet);
        assertThat(packet.getLength()).isEqualTo("still there".length());
        host.run(() -> {
            socket.close();
            socket.send(bytes("after the end"), (InetSocketAddress) peer.getLocalSocketAddress());
            socket.send(bytes(""), (InetSocketAddress) peer.getLocalSocketAddress());
            socket.flush();
        });
    }

    @ParameterizedTest
    @MethodSource("transports")
    void shortageOfDescriptorsNeitherSpinsNorStopsTheServer(Transport transport) throws Exception {
        Assumptions.assumeTrue(Files.exists(Path.of("/bin/sh")) && Files.exists(Path.of("/dev/null")));
        Process process = new ProcessBuilder(
                        "/bin/sh",
                        "-c",
                        "ulimit -n 100; exec \"$@\"",
                        "sh",
                        Path.of(System.getProperty("java.home"), "bin", "java").toString(),
                        "-cp",
                        System.getProperty("java.class.path"),
                        DescriptorShortage.class.getName(),
                        transport.name())
                .redirectError(ProcessBuilder.Redirect.DISCARD)
                .start();
        open.add(process::destroyForcibly);
        assertThat(process.waitFor(40, TimeUnit.SECONDS)).as("ended by itself").isTrue();
        String output = new String(process.getInputStream().readAllBytes(), US_ASCII);
        assertThat(output.strip())
                .isEqualTo("spins=false early=false late=true tcp=[failed REFUSED] udp=Too many open files");
    }
}
