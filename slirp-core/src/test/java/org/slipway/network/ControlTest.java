package org.slipway.network;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.IOException;
import java.net.ConnectException;
import java.net.DatagramPacket;
import java.net.DatagramSocket;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.ServerSocket;
import java.net.Socket;
import java.net.SocketException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicBoolean;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;
import org.slipway.gateway.GatewayConfig;
import org.slipway.nat.FlowSnapshot;
import org.slipway.nat.ForwardRule;
import org.slipway.nat.OpenForward;
import org.slipway.wire.DropReason;
import org.slipway.wire.IpAddress;
import org.slipway.wire.IpPrefix;
import org.slipway.wire.MacAddress;

/** A network is asked and changed while its guests talk to sockets of 127.0.0.1. */
@Timeout(60)
class ControlTest {

    private static final InetAddress LOOPBACK = InetAddress.getLoopbackAddress();
    private static final IpAddress GATEWAY = IpAddress.parse("10.0.2.2");
    private static final MacAddress MAC = MacAddress.parse("52:54:00:12:34:56");

    private final ServerSocket server = new ServerSocket(0, 10, LOOPBACK);

    @TempDir
    Path directory;

    private Network network;
    private Control control;
    private InMemoryGuest vm;

    ControlTest() throws IOException {}

    @BeforeEach
    void start() {
        network = new NetworkBuilder()
                .gateway(GatewayConfig.DEFAULT)
                .guest("vm1", MAC)
                .start();
        control = network.control();
        vm = network.guest("vm1");
        vm.lease().join();
    }

    @AfterEach
    void stop() throws IOException {
        network.close();
        server.close();
    }

    private static ForwardRule forward(ForwardRule.Protocol protocol) {
        return new ForwardRule("a forward", protocol, new InetSocketAddress(LOOPBACK, 0), null, 80);
    }

    private static InetSocketAddress local(OpenForward forward) {
        return (InetSocketAddress) forward.local();
    }

    @Test
    void portsAreThoseOfTheGuests() {
        PortSnapshot port = control.ports().get(0);
        assertThat(control.ports()).hasSize(1);
        assertThat(port.name()).isEqualTo("vm1");
        assertThat(port.up()).isTrue();
        assertThat(port.stations()).containsExactly(MAC);
        // Frames may have passed meanwhile.
        NetworkSummary later = control.summary();
        assertThat(port.framesIn()).isPositive().isLessThanOrEqualTo(later.framesFromGuests());
        assertThat(port.bytesOut()).isPositive().isLessThanOrEqualTo(later.bytesToGuests());
    }

    @Test
    void leasesAreThoseThatGuestsHold() {
        Control.HeldLease held = control.leases().get(0);
        assertThat(control.leases()).hasSize(1);
        assertThat(held.lease().mac()).isEqualTo(MAC);
        assertThat(held.lease().address()).isEqualTo(IpAddress.parse("10.0.2.15"));
        assertThat(TimeUnit.NANOSECONDS.toSeconds(held.nanosLeft())).isBetween(86_000L, 86_400L);
    }

    @Test
    void flowTellsWhatPassed() throws IOException {
        InMemoryStream stream = vm.connect(GATEWAY, server.getLocalPort()).join();
        Socket accepted = server.accept();
        stream.send(new byte[1000]);
        assertThat(accepted.getInputStream().readNBytes(1000)).hasSize(1000);
        accepted.getOutputStream().write(new byte[500]);
        accepted.close();
        stream.readAll(1000).join();

        Control.GuestFlow seen = control.flows().get(0);
        FlowSnapshot flow = seen.flow();
        assertThat(control.flows()).hasSize(1);
        assertThat(seen.port()).isEqualTo("vm1");
        assertThat(flow.protocol()).isEqualTo(FlowSnapshot.Protocol.TCP);
        assertThat(flow.number()).isEqualTo(1);
        assertThat(flow.state()).startsWith("FIN_WAIT_");
        assertThat(flow.fromHost()).isFalse();
        assertThat(flow.guest()).isEqualTo(IpAddress.parse("10.0.2.15"));
        assertThat(flow.remote()).isEqualTo(GATEWAY);
        assertThat(flow.remotePort()).isEqualTo(server.getLocalPort());
        assertThat(flow.bytesFromGuest()).isEqualTo(1000);
        assertThat(flow.bytesToGuest()).isEqualTo(500);
        // The SYN, and the data, which may have the handshake's last acknowledgment with them.
        assertThat(flow.packetsFromGuest()).isGreaterThanOrEqualTo(2);
        assertThat(flow.rttNanos()).isPositive();
        assertThat(flow.ageNanos()).isGreaterThanOrEqualTo(flow.idleNanos()).isPositive();
    }

    @Test
    void killedConnectionIsResetOnBothSides() throws IOException {
        InMemoryStream stream = vm.connect(GATEWAY, server.getLocalPort()).join();
        try (Socket accepted = server.accept()) {
            control.kill(
                    FlowSnapshot.Protocol.TCP, control.flows().get(0).flow().number());
            assertThatThrownBy(() -> accepted.getInputStream().read()).isInstanceOf(SocketException.class);
        }
        assertThatThrownBy(() -> stream.readAll(1).join()).hasMessageContaining("reset");
        assertThat(control.flows()).isEmpty();
        assertThatThrownBy(() -> control.kill(FlowSnapshot.Protocol.TCP, 1))
                .isInstanceOf(NetworkException.class)
                .hasMessage("there is no TCP flow number 1");
    }

    @Test
    void killedUdpFlowGivesItsSocketBack() throws IOException {
        try (DatagramSocket host = new DatagramSocket(new InetSocketAddress(LOOPBACK, 0))) {
            vm.sendUdp(5000, GATEWAY, host.getLocalPort(), new byte[10]).join();
            DatagramPacket got = new DatagramPacket(new byte[100], 100);
            host.receive(got);
            FlowSnapshot flow = control.flows().get(0).flow();
            assertThat(flow.protocol()).isEqualTo(FlowSnapshot.Protocol.UDP);
            assertThat(flow.guestPort()).isEqualTo(5000);
            assertThat(flow.remote()).isEqualTo(GATEWAY);
            assertThat(flow.bytesFromGuest()).isEqualTo(10);
            control.kill(FlowSnapshot.Protocol.UDP, flow.number());
            assertThat(control.flows()).isEmpty();
            // The host's socket is closed: its port can be had.
            new DatagramSocket(got.getPort(), got.getAddress()).close();
        }
    }

    @Test
    void forwardIsThereUntilItIsRemoved() throws IOException {
        CompletableFuture<InMemoryStream> accepted = new CompletableFuture<>();
        vm.listen(80, accepted::complete).join();
        OpenForward forward = control.addForward(forward(ForwardRule.Protocol.TCP));
        assertThat(control.forwards()).containsExactly(forward);
        assertThat(forward.guest()).isEqualTo(IpAddress.parse("10.0.2.15"));
        try (Socket client = new Socket(LOOPBACK, local(forward).getPort())) {
            InMemoryStream stream = accepted.join();
            assertThat(control.flows().get(0).flow().fromHost()).isTrue();

            control.removeForward(forward);
            assertThat(control.forwards()).isEmpty();
            assertThatThrownBy(() -> new Socket(LOOPBACK, local(forward).getPort()))
                    .isInstanceOf(ConnectException.class);

            // What was connected goes on.
            client.getOutputStream().write(7);
            client.shutdownOutput();
            assertThat(stream.readAll(10).join()).containsExactly(7);
        }
        assertThatThrownBy(() -> control.removeForward(forward))
                .isInstanceOf(NetworkException.class)
                .hasMessageContaining("closed already");
    }

    /** Two ports of the host may lead to one of a guest; one of them may go. */
    @Test
    void udpForwardIsRemovedAloneOfTwo() throws IOException {
        CompletableFuture<InMemoryGuest.Datagram> got = new CompletableFuture<>();
        vm.onUdp(80, got::complete).join();
        OpenForward first = control.addForward(forward(ForwardRule.Protocol.UDP));
        OpenForward second = control.addForward(forward(ForwardRule.Protocol.UDP));
        control.removeForward(first);
        new DatagramSocket(local(first)).close();
        try (DatagramSocket client = new DatagramSocket()) {
            client.send(new DatagramPacket(new byte[] {5}, 1, local(second)));
            assertThat(got.join().payload()).containsExactly(5);
        }
        control.removeForward(second);
        new DatagramSocket(local(second)).close();
    }

    @Test
    void forwardThatCannotBeHadIsToldInOneLine() {
        ForwardRule taken = new ForwardRule(
                "tcp:127.0.0.1:" + server.getLocalPort() + "-:80",
                ForwardRule.Protocol.TCP,
                server.getLocalSocketAddress(),
                null,
                80);
        assertThatThrownBy(() -> control.addForward(taken))
                .isInstanceOf(NetworkException.class)
                .hasMessageContaining("Could not set up host forwarding rule 'tcp:127.0.0.1:")
                .hasMessageContaining("in use");
        assertThat(control.forwards()).isEmpty();
    }

    @Test
    void nothingPassesALinkThatIsDown() {
        vm.ping(GATEWAY).join();
        control.link("vm1", false);
        assertThat(control.ports().get(0).up()).isFalse();
        CompletableFuture<?> lost = vm.ping(GATEWAY);
        long dropped = control.summary().drops().getOrDefault(DropReason.PORT_DOWN, 0L);
        assertThat(dropped).isPositive();
        control.link("vm1", true);
        vm.ping(GATEWAY).join();
        assertThat(lost.isDone() && !lost.isCompletedExceptionally()).isFalse();
        assertThatThrownBy(() -> control.link("vm2", false))
                .isInstanceOf(NetworkException.class)
                .hasMessage("no guest is plugged in as 'vm2'");
    }

    @Test
    void guestIsUnplugged() {
        control.kick("vm1");
        assertThat(control.ports()).isEmpty();
        assertThatThrownBy(() -> vm.ping(GATEWAY).join()).hasMessageContaining("ping 10.0.2.2: ");
        assertThatThrownBy(() -> control.kick("vm1")).hasMessage("no guest is plugged in as 'vm1'");
    }

    @Test
    void recordingBeginsRotatesAndEnds() throws IOException {
        Path first = directory.resolve("1.pcapng");
        Path second = directory.resolve("2.pcapng");
        assertThat(control.recording()).isNull();
        control.record(first);
        assertThat(control.recording()).isEqualTo(first);
        vm.ping(GATEWAY).join();
        control.record(second);
        long inFirst = Files.size(first);
        vm.ping(GATEWAY).join();
        control.stopRecording();
        long inSecond = Files.size(second);
        vm.ping(GATEWAY).join();

        assertThat(control.recording()).isNull();
        assertThat(Files.size(first)).isEqualTo(inFirst);
        assertThat(Files.size(second)).isEqualTo(inSecond);
        // Each ping is two packets of 42 bytes and its data at least.
        assertThat(inFirst).isGreaterThan(2 * 42);
        assertThat(inSecond).isGreaterThan(2 * 42);
        NetworkSummary.Recording all = network.summary().recording();
        assertThat(all.written()).isEqualTo(all.captured()).isGreaterThanOrEqualTo(4);
        assertThatThrownBy(control::stopRecording).hasMessage("nothing is being recorded");
    }

    /** Whatever passes meanwhile is in one file or the other. */
    @Test
    void nothingIsLostWhenARecordingRotates() throws IOException {
        AtomicBoolean enough = new AtomicBoolean();
        control.record(directory.resolve("0.pcapng"));
        CompletableFuture<Long> sent = CompletableFuture.supplyAsync(() -> {
            long count = 0;
            while (!enough.get()) {
                vm.sendUdp(5000, GATEWAY, 9, new byte[1000]).join();
                count++;
            }
            return count;
        });
        for (int i = 1; i <= 60; i++) {
            control.record(directory.resolve(i + ".pcapng"));
        }
        enough.set(true);
        long least = sent.join();
        control.stopRecording();
        NetworkSummary.Recording all = network.summary().recording();
        assertThat(all.lost()).isZero();
        assertThat(all.error()).isNull();
        assertThat(all.written()).isEqualTo(all.captured()).isGreaterThanOrEqualTo(least);
        long bytes = 0;
        for (int i = 0; i <= 60; i++) {
            bytes += Files.size(directory.resolve(i + ".pcapng"));
        }
        assertThat(bytes).isGreaterThan(1000 * least);
    }

    @Test
    void recordingThatCannotBeginLeavesTheOneThatThereIs() {
        Path file = directory.resolve("1.pcapng");
        control.record(file);
        assertThatThrownBy(() -> control.record(directory.resolve("no/such/2.pcapng")))
                .isInstanceOf(NetworkException.class)
                .hasMessageStartingWith("cannot record to");
        assertThatThrownBy(() -> control.record(directory.resolve("x/../1.pcapng")))
                .hasMessageContaining("already");
        assertThat(control.recording()).isEqualTo(file);
    }

    @Test
    void networkSaysItsAddressesAndHowLongItRuns() {
        Control.About first = control.about();
        assertThat(first.networks()).extracting(IpPrefix::toString).containsExactly("10.0.2.0/24", "fd00::/64");
        assertThat(first.uptimeNanos()).isPositive();
        assertThat(control.about().uptimeNanos()).isGreaterThan(first.uptimeNanos());
    }

    @Test
    void closedNetworkSaysSo() {
        network.close();
        assertThatThrownBy(control::ports).isInstanceOf(NetworkException.class).hasMessage("the network is closed");
    }

    @Test
    void networkWithoutGatewayHasNoFlows() {
        try (Network bare = new NetworkBuilder().guest("vm1", MAC).start()) {
            assertThat(bare.control().flows()).isEqualTo(List.of());
            assertThat(bare.control().about().networks()).isEmpty();
            assertThatThrownBy(() -> bare.control().addForward(forward(ForwardRule.Protocol.TCP)))
                    .hasMessageContaining("no gateway");
        }
    }
}
