package org.slipway.network;

import static java.nio.charset.StandardCharsets.US_ASCII;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.netty.buffer.ByteBuf;
import io.netty.buffer.Unpooled;
import io.netty.channel.unix.DomainSocketAddress;
import java.io.DataInputStream;
import java.io.DataOutputStream;
import java.io.IOException;
import java.net.DatagramSocket;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.ServerSocket;
import java.net.Socket;
import java.net.SocketAddress;
import java.net.SocketException;
import java.net.StandardProtocolFamily;
import java.net.UnixDomainSocketAddress;
import java.nio.channels.ServerSocketChannel;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Set;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.TimeUnit;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;
import org.slipway.gateway.AddressPlan;
import org.slipway.gateway.GatewayConfig;
import org.slipway.link.LinkConfig;
import org.slipway.nat.ForwardRule;
import org.slipway.nat.OutboundAddresses;
import org.slipway.wire.ArpPacket;
import org.slipway.wire.EtherType;
import org.slipway.wire.EthernetFrame;
import org.slipway.wire.IpAddress;
import org.slipway.wire.MacAddress;
import org.slipway.wire.Packets;
import org.slipway.wire.TcpHeader;

/** Whole networks with real sockets on the loopback. */
@Timeout(60)
class NetworkTest {

    private static final InetAddress LOOPBACK = InetAddress.getLoopbackAddress();
    private static final InetSocketAddress ANY_PORT = new InetSocketAddress(LOOPBACK, 0);
    private static final Packets GUEST =
            Packets.from("52:54:00:12:34:56", "10.0.2.15").to("52:55:0a:00:02:02", "10.0.2.2");
    private static final int TCP = 14 + 20;

    @TempDir
    Path directory;

    private final BlockingQueue<String> events = new LinkedBlockingQueue<>();
    private final Set<Long> threadsBefore = threads();

    private static Set<Long> threads() {
        return Thread.getAllStackTraces().keySet().stream()
                .filter(thread -> thread.getName().startsWith("slipway"))
                .map(Thread::getId)
                .collect(Collectors.toSet());
    }

    @AfterEach
    void noThreadIsLeft() throws InterruptedException {
        for (Thread thread : Thread.getAllStackTraces().keySet()) {
            if (thread.getName().startsWith("slipway") && !threadsBefore.contains(thread.getId())) {
                // It has nothing to do any more, and is about to end.
                thread.join(10_000);
                assertThat(thread.isAlive()).as(thread.getName()).isFalse();
            }
        }
    }

    private static long openSockets() throws IOException {
        Path descriptors = Path.of("/proc/self/fd");
        if (!Files.isDirectory(descriptors)) {
            return 0;
        }
        try (Stream<Path> all = Files.list(descriptors)) {
            return all.filter(NetworkTest::isSocketOrEpoll).count();
        }
    }

    private static boolean isSocketOrEpoll(Path descriptor) {
        try {
            String target = Files.readSymbolicLink(descriptor).toString();
            return target.startsWith("socket:") || target.contains("eventpoll") || target.contains("eventfd");
        } catch (IOException e) {
            return false;
        }
    }

    private static LinkConfig.Listen listen(SocketAddress local) {
        return new LinkConfig.Listen("socket,listen=test", local);
    }

    private static ForwardRule forward(ForwardRule.Protocol protocol, SocketAddress local) {
        return new ForwardRule("test::-:22", protocol, local, null, 22);
    }

    private static GatewayConfig config(ForwardRule... forwards) {
        // Resolvers of its own, so that no file is read.
        return new GatewayConfig(
                // Without router advertisements between the frames that are looked at.
                AddressPlan.IPV4_ONLY,
                GatewayConfig.DEFAULT_MTU,
                List.of(forwards),
                List.of(new InetSocketAddress(LOOPBACK, 9)));
    }

    private NetworkBuilder builder() {
        return new NetworkBuilder().listener((kind, text) -> events.add(text));
    }

    private Network start(SocketAddress link, ForwardRule... forwards) {
        return builder().gateway(config(forwards)).link(listen(link)).start();
    }

    private static int port(Network network) {
        return ((InetSocketAddress) network.listeningLinks().get(0).local()).getPort();
    }

    /** The address in "forward … listens on 127.0.0.1:PORT". */
    private int forwardPort() throws InterruptedException {
        for (String text = events.poll(10, TimeUnit.SECONDS); text != null; text = events.poll(10, TimeUnit.SECONDS)) {
            if (text.startsWith("forward")) {
                return Integer.parseInt(text.substring(text.lastIndexOf(':') + 1));
            }
        }
        throw new AssertionError("no forward");
    }

    /** QEMU's end of a link, by hand. */
    private static final class Guest implements AutoCloseable {

        private final Socket socket;
        private final DataInputStream in;
        private final DataOutputStream out;

        Guest(Network network) throws IOException {
            socket = new Socket(LOOPBACK, port(network));
            socket.setSoTimeout(10_000);
            in = new DataInputStream(socket.getInputStream());
            out = new DataOutputStream(socket.getOutputStream());
        }

        Guest meet() throws IOException {
            send(Packets.arp(
                    MacAddress.BROADCAST.value(),
                    new ArpPacket(
                            ArpPacket.REQUEST, GUEST.sourceMac(), GUEST.source(), 0, IpAddress.parse("10.0.2.2"))));
            assertThat(EthernetFrame.type(receive(), 0)).isEqualTo(EtherType.ARP);
            return this;
        }

        void send(ByteBuf frame) throws IOException {
            byte[] bytes = Packets.bytesOf(frame);
            out.writeInt(bytes.length);
            out.write(bytes);
            out.flush();
        }

        ByteBuf receive() throws IOException {
            byte[] bytes = new byte[in.readInt()];
            in.readFully(bytes);
            return Unpooled.wrappedBuffer(bytes);
        }

        /** Connects to a port of the host; returns the sequence number to go on with. */
        int connect(int hostPort) throws IOException {
            send(GUEST.tcp(1024, hostPort, 0, 0, TcpHeader.SYN, 64_000, new byte[0]));
            ByteBuf answer = receive();
            assertThat(TcpHeader.flags(answer, TCP)).isEqualTo(TcpHeader.SYN | TcpHeader.ACK);
            int next = TcpHeader.sequence(answer, TCP) + 1;
            send(GUEST.tcp(1024, hostPort, 1, next, TcpHeader.ACK, 64_000, new byte[0]));
            return next;
        }

        @Override
        public void close() throws IOException {
            socket.close();
        }
    }

    @Test
    void addressThatTheHostHasNotIsNoneToSpeakFrom() {
        NetworkBuilder builder = new NetworkBuilder()
                .gateway(GatewayConfig.DEFAULT.speaking(new OutboundAddresses(IpAddress.parse("192.0.2.1"), null)));
        assertThatThrownBy(builder::start)
                .isInstanceOf(NetworkException.class)
                .hasMessage("outbound-addr=192.0.2.1 is not an address of this host: Cannot assign requested address");
        assertThatThrownBy(new NetworkBuilder()
                        .gateway(GatewayConfig.DEFAULT.speaking(
                                new OutboundAddresses(null, IpAddress.parse("2001:db8::1"))))::start)
                .isInstanceOf(NetworkException.class)
                .hasMessageStartingWith("outbound-addr6=2001:db8::1 is not an address of this host: ");
    }

    @Test
    void networkStartsServesAndStops() throws Exception {
        long socketsBefore = openSockets();
        Network network = start(ANY_PORT);
        try (Guest guest = new Guest(network).meet();
                ServerSocket server = new ServerSocket(0, 1, LOOPBACK)) {
            int next = guest.connect(server.getLocalPort());
            try (Socket accepted = server.accept()) {
                accepted.setSoTimeout(10_000);
                guest.send(GUEST.tcp(
                        1024,
                        server.getLocalPort(),
                        1,
                        next,
                        TcpHeader.ACK | TcpHeader.PSH,
                        64_000,
                        Packets.bytes("hello")));
                assertThat(accepted.getInputStream().readNBytes(5)).isEqualTo("hello".getBytes(US_ASCII));
            }
        }
        NetworkSummary running = network.summary();
        assertThat(running.guests()).isOne();
        assertThat(running.flows()).isOne();
        network.close();
        network.close();
        assertThat(network.stopped()).isCompleted();
        assertThat(network.summary().guests()).isOne();
        assertThat(network.summary().framesFromGuests()).isEqualTo(4);
        assertThat(openSockets()).isLessThanOrEqualTo(socketsBefore);
    }

    @Test
    void closingTellsGuestsAndHostsAndFreesThePorts() throws Exception {
        Network network = start(ANY_PORT, forward(ForwardRule.Protocol.TCP, ANY_PORT));
        int link = port(network);
        int forward = forwardPort();
        try (Guest guest = new Guest(network).meet();
                ServerSocket server = new ServerSocket(0, 1, LOOPBACK)) {
            guest.connect(server.getLocalPort());
            try (Socket accepted = server.accept();
                    Socket client = new Socket(LOOPBACK, forward)) {
                accepted.setSoTimeout(10_000);
                client.setSoTimeout(10_000);
                // The client's SYN reaches the guest.
                assertThat(TcpHeader.flags(guest.receive(), TCP)).isEqualTo(TcpHeader.SYN);
                while (network.summary().framesFromGuests() < 3) {
                    // A socket that is closed with bytes unread is reset.
                    Thread.onSpinWait();
                }
                network.close();
                assertThat(TcpHeader.flags(guest.receive(), TCP)).isEqualTo(TcpHeader.RST | TcpHeader.ACK);
                for (Socket socket : List.of(accepted, client)) {
                    assertThatThrownBy(() -> socket.getInputStream().read())
                            .isInstanceOf(SocketException.class)
                            .hasMessageContaining("reset");
                }
                assertThat(guest.in.read()).isEqualTo(-1);
            }
        }
        // The same ports, at once.
        InetSocketAddress sameForward = new InetSocketAddress(LOOPBACK, forward);
        try (Network again =
                start(new InetSocketAddress(LOOPBACK, link), forward(ForwardRule.Protocol.TCP, sameForward))) {
            assertThat(port(again)).isEqualTo(link);
            new Guest(again).meet().close();
        }
    }

    @Test
    void twoNetworksKnowNothingOfEachOther() throws Exception {
        try (Network one = start(ANY_PORT);
                Network two = start(ANY_PORT);
                Guest first = new Guest(one).meet();
                Guest second = new Guest(two).meet()) {
            first.send(GUEST.echoRequest(1, 1, Packets.bytes("one")));
            assertThat(first.receive().readableBytes()).isPositive();
            one.close();
            second.send(GUEST.echoRequest(2, 2, Packets.bytes("two")));
            assertThat(second.receive().readableBytes()).isPositive();
            assertThat(two.summary().framesFromGuests()).isEqualTo(2);
        }
    }

    private void assertCannotStart(NetworkBuilder builder, String message) throws Exception {
        long socketsBefore = openSockets();
        assertThatThrownBy(builder::start)
                .isInstanceOf(NetworkException.class)
                .hasMessageContaining(message)
                .message()
                .doesNotContain("\n");
        noThreadIsLeft();
        assertThat(openSockets()).as("sockets").isLessThanOrEqualTo(socketsBefore);
    }

    @Test
    void takenPortOfALinkIsOneLineAndLeavesNothing() throws Exception {
        Network warm = start(ANY_PORT);
        warm.close();
        try (ServerSocket taken = new ServerSocket(0, 1, LOOPBACK)) {
            NetworkBuilder builder = builder()
                    .gateway(config(forward(ForwardRule.Protocol.TCP, ANY_PORT)))
                    .link(listen(ANY_PORT))
                    .link(listen(taken.getLocalSocketAddress()));
            assertCannotStart(builder, "Address already in use");
        }
    }

    @Test
    void takenPortOfAForwardIsOneLineAndLeavesNothing() throws Exception {
        try (ServerSocket taken = new ServerSocket(0, 1, LOOPBACK);
                DatagramSocket takenUdp = new DatagramSocket(0, LOOPBACK)) {
            assertCannotStart(
                    builder().gateway(config(forward(ForwardRule.Protocol.TCP, taken.getLocalSocketAddress()))),
                    "Could not set up host forwarding rule 'test::-:22': Address already in use");
            assertCannotStart(
                    builder().gateway(config(forward(ForwardRule.Protocol.UDP, takenUdp.getLocalSocketAddress()))),
                    "Could not set up host forwarding rule 'test::-:22': Address already in use");
        }
    }

    @Test
    void recordingThatCannotBeOpenedIsOneLineAndLeavesNothing() throws Exception {
        assertCannotStart(builder().record(directory.resolve("none/file.pcapng")), "cannot record to");
    }

    @Test
    void unixForwardTakesOverAStaleSocketButNoOtherFileAndNoLivingOne() throws Exception {
        Path stale = directory.resolve("stale");
        ServerSocketChannel abandoned = ServerSocketChannel.open(StandardProtocolFamily.UNIX);
        abandoned.bind(UnixDomainSocketAddress.of(stale));
        ForwardRule rule = forward(ForwardRule.Protocol.UNIX, new DomainSocketAddress(stale.toFile()));
        assertCannotStart(builder().gateway(config(rule)), "Address already in use");
        abandoned.close();
        assertThat(Files.exists(stale)).isTrue();
        try (Network network = start(ANY_PORT, rule)) {
            assertThat(Files.exists(stale)).isTrue();
            assertThat(network.stopped()).isNotDone();
        }
        assertThat(Files.exists(stale)).isFalse();
        Path file = Files.writeString(directory.resolve("file"), "precious");
        assertCannotStart(
                builder().gateway(config(forward(ForwardRule.Protocol.UNIX, new DomainSocketAddress(file.toFile())))),
                "the file exists and is no socket");
        assertThat(Files.readString(file)).isEqualTo("precious");
    }

    @Test
    void networkGoesOnWhileALinkIsLeft() throws Exception {
        ServerSocket gone = new ServerSocket(0, 1, LOOPBACK);
        SocketAddress nobody = gone.getLocalSocketAddress();
        ServerSocket qemu = new ServerSocket(0, 1, LOOPBACK);
        gone.close();
        try (Network network = builder()
                .gateway(config())
                .link(new LinkConfig.Connect("stream,test", qemu.getLocalSocketAddress(), 0))
                .link(listen(ANY_PORT))
                .start()) {
            qemu.accept().close();
            qemu.close();
            new Guest(network).meet().close();
            assertThat(network.stopped()).isNotDone();
        }
        assertCannotStart(
                builder().gateway(config()).link(new LinkConfig.Connect("stream,test", nobody, 0)), "refused");
    }
}
