package org.slipway.gateway;

import static org.assertj.core.api.Assertions.assertThat;
import static org.slipway.gateway.GuestConnection.ACK;
import static org.slipway.gateway.GuestConnection.FIN;
import static org.slipway.gateway.GuestConnection.PSH;
import static org.slipway.gateway.GuestConnection.RST;
import static org.slipway.gateway.GuestConnection.SYN;

import io.netty.buffer.ByteBuf;
import java.net.InetSocketAddress;
import java.time.Duration;
import java.util.Objects;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.slipway.nat.ConnectFailure;
import org.slipway.nat.FakeHost;
import org.slipway.nat.UdpFailure;
import org.slipway.wire.DropReason;
import org.slipway.wire.IpAddress;
import org.slipway.wire.Packets;

/** Guests' connections through the whole gateway, as packets. */
class GatewayTcpTest {

    private final TestNetwork net = new TestNetwork();
    private final GuestConnection guest = new GuestConnection(net, TestNetwork.OUTSIDE, 80, 1024);

    @AfterEach
    void close() {
        net.close();
    }

    private FakeHost.Stream establish() {
        guest.send(SYN);
        FakeHost.Stream host = net.host.onlyStream();
        host.connected();
        net.loop.run();
        assertThat(guest.next()).isEqualTo("SA 0 ack 1");
        guest.send(ACK);
        net.assertSilent();
        return host;
    }

    @Test
    void synIsAnsweredWhenTheHostHasConnected() {
        guest.send(SYN);
        FakeHost.Stream host = net.host.onlyStream();
        assertThat(host.remote()).isEqualTo(new InetSocketAddress(TestNetwork.OUTSIDE, 80));
        net.advance(Duration.ofSeconds(10));
        net.assertSilent();
        host.connected();
        net.loop.run();
        assertThat(guest.next()).isEqualTo("SA 0 ack 1");
        assertThat(host.isReading()).isFalse();
        guest.send(ACK);
        assertThat(host.isReading()).isTrue();
        assertThat(net.gateway.flowsOpened()).isOne();
    }

    @Test
    void gatewaysAddressLeadsToTheHostsLoopback() {
        new GuestConnection(net, "10.0.2.2", 8080, 1024).send(SYN);
        assertThat(net.host.onlyStream().remote()).isEqualTo(new InetSocketAddress("127.0.0.1", 8080));
    }

    @Test
    void refusedConnectionIsAReset() {
        guest.send(SYN);
        net.host.onlyStream().fail(ConnectFailure.REFUSED);
        assertThat(guest.next()).isEqualTo("RA 0 ack 1");
        net.assertSilent();
        // The flow is gone: the same ports may try again.
        guest.sent = 0;
        guest.send(SYN);
        assertThat(net.host.streams()).hasSize(1);
    }

    @ParameterizedTest
    @CsvSource({"NET_UNREACHABLE, 0", "HOST_UNREACHABLE, 1", "PROHIBITED, 13"})
    void unreachableDestinationIsTheIcmpErrorThatQuotesTheSyn(ConnectFailure failure, int code) {
        ByteBuf syn = guest.segment(SYN, 0, 0, "");
        net.send(syn);
        net.advance(Duration.ofSeconds(3));
        net.host.onlyStream().fail(failure);
        // IP and TCP header with the MSS option.
        net.nextPacket().from("10.0.2.2").to("10.0.2.15").icmp(3, code, 0).quotes(syn, 44);
        net.assertSilent();
    }

    @Test
    void routerThatDoesNotLetTheSynPassIsNamed() {
        ByteBuf syn = guest.segment(SYN, 0, 0, "");
        net.send(syn);
        FakeHost.Stream host = net.host.onlyStream();
        assertThat(host.hops()).isEqualTo(63);
        host.fail(
                ConnectFailure.HOST_UNREACHABLE,
                new UdpFailure(
                        11,
                        0,
                        0,
                        IpAddress.parse("192.0.2.9"),
                        (InetSocketAddress) Objects.requireNonNull(host.remote()),
                        0));
        net.nextPacket().from("192.0.2.9").to("10.0.2.15").icmp(11, 0, 0).quotes(syn, 44);
        net.assertSilent();
    }

    @Test
    void repeatedSynWhileConnectingChangesNothing() {
        guest.send(SYN);
        guest.sent = 0;
        guest.send(SYN);
        FakeHost.Stream host = net.host.onlyStream();
        net.assertSilent();
        host.connected();
        net.loop.run();
        assertThat(guest.next()).isEqualTo("SA 0 ack 1");
        net.assertSilent();
    }

    @Test
    void resetWhileConnectingEndsTheAttempt() {
        guest.send(SYN);
        FakeHost.Stream host = net.host.onlyStream();
        guest.sent = 5;
        assertThat(guest.send(RST)).isEqualTo(DropReason.TCP_BAD_RESET);
        assertThat(host.log()).isEmpty();
        guest.sent = 1;
        assertThat(guest.send(RST)).isNull();
        assertThat(host.log()).containsExactly("reset");
        net.assertSilent();
    }

    @Test
    void strayAcknowledgmentWhileConnectingIsReset() {
        guest.send(SYN);
        assertThat(guest.send(ACK)).isEqualTo(DropReason.TCP_NO_CONNECTION);
        assertThat(guest.next()).startsWith("R 0");
        net.host.onlyStream().connected();
    }

    @Test
    void dataPassBothWays() {
        FakeHost.Stream host = establish();
        guest.send(PSH | ACK, "GET / ");
        guest.send(PSH | ACK, "HTTP/1.0");
        assertThat(host.taken()).isEqualTo("GET / HTTP/1.0");
        host.receive("200 OK");
        net.loop.run();
        assertThat(guest.next()).isEqualTo("PA 1 ack 15 '200 OK'");
        guest.send(ACK);
        net.advance(Duration.ofSeconds(1));
        net.assertSilent();
    }

    @Test
    void dataInTheSynAreNotLost() {
        guest.send(SYN, "early");
        FakeHost.Stream host = net.host.onlyStream();
        host.connected();
        net.loop.run();
        assertThat(guest.next()).startsWith("SA 0 ack ");
        guest.sent = 1;
        guest.send(ACK, "early");
        assertThat(host.taken()).isEqualTo("early");
    }

    @Test
    void guestsFinReachesTheHostBehindTheData() {
        FakeHost.Stream host = establish();
        host.stalled(true);
        guest.send(PSH | ACK, "last");
        guest.send(FIN | ACK);
        assertThat(host.log()).isEmpty();
        host.stalled(false);
        assertThat(host.taken()).isEqualTo("last");
        assertThat(host.log()).containsExactly("fin");
        net.loop.run();
        net.skip();
        // The other way is open.
        host.receive("answer");
        net.loop.run();
        assertThat(guest.next()).isEqualTo("PA 1 ack 6 'answer'");
        host.receiveFin();
        net.loop.run();
        assertThat(guest.next()).isEqualTo("FA 7 ack 6");
        guest.send(ACK);
        assertThat(host.log()).containsExactly("fin", "close");
    }

    @Test
    void hostsFinReachesTheGuestBehindTheData() {
        FakeHost.Stream host = establish();
        host.receive("bye");
        host.receiveFin();
        net.loop.run();
        String first = guest.next();
        assertThat(first).isIn("FPA 1 ack 1 'bye'");
        guest.received = 5;
        guest.send(ACK);
        // The guest goes on.
        guest.send(PSH | ACK, "more");
        assertThat(host.taken()).isEqualTo("more");
        guest.send(FIN | ACK);
        assertThat(host.log()).contains("fin");
        net.skip();
        net.advance(Duration.ofMinutes(3));
        assertThat(host.log()).containsExactly("fin", "close");
        net.assertSilent();
    }

    @Test
    void guestsResetIsAReset() {
        FakeHost.Stream host = establish();
        guest.send(RST);
        assertThat(host.log()).containsExactly("reset");
        net.assertSilent();
    }

    @Test
    void guestsResetOutsideOfTheWindowIsNone() {
        FakeHost.Stream host = establish();
        guest.sent = -5;
        assertThat(guest.send(RST)).isEqualTo(DropReason.TCP_BAD_RESET);
        assertThat(host.log()).isEmpty();
    }

    @Test
    void hostsResetIsAReset() {
        FakeHost.Stream host = establish();
        host.receiveReset();
        net.loop.run();
        assertThat(guest.next()).isEqualTo("RA 1 ack 1");
        net.assertSilent();
        guest.send(PSH | ACK, "late");
        assertThat(guest.next()).startsWith("R ");
    }

    @Test
    void hostsResetBehindItsFinAndTheGuestsTellsNothing() {
        FakeHost.Stream host = establish();
        host.receive("bye");
        host.receiveFin();
        net.loop.run();
        guest.next();
        guest.send(FIN | ACK);
        net.skip();
        host.receiveReset();
        net.loop.run();
        net.assertSilent();
    }

    @Test
    void windowClosesWhileTheHostStallsAndOpensAgain() {
        FakeHost.Stream host = establish();
        host.stalled(true);
        String piece = "x".repeat(1460);
        int window = 65_535;
        int taken = 0;
        while (window >= 1460) {
            guest.send(ACK, piece);
            taken += 1460;
            if (taken > 1 << 21) {
                throw new AssertionError("the window does not close");
            }
            while (net.count() > 0) {
                guest.next();
                window = guest.peerWindow();
            }
        }
        net.advance(Duration.ofSeconds(5));
        net.skip();
        // Beyond the window nothing is taken.
        guest.sent += 1460;
        assertThat(guest.send(ACK, piece)).isEqualTo(DropReason.TCP_OUT_OF_WINDOW);
        net.skip();
        guest.sent -= 2920;
        host.stalled(false);
        net.loop.run();
        assertThat(guest.next()).isEqualTo("A 1 ack " + guest.sent);
        assertThat(guest.peerWindow()).isGreaterThan(20_000);
        assertThat(host.taken()).hasSize(taken);
    }

    @Test
    void smallWritesOfAGuestDoNotPileUpBeforeAStalledHost() {
        FakeHost.Stream host = establish();
        host.stalled(true);
        StringBuilder expected = new StringBuilder();
        for (int i = 0; i < 5_000; i++) {
            String data = String.valueOf((char) ('a' + i % 26));
            expected.append(data);
            guest.send(PSH | ACK, data);
        }
        net.skip();
        assertThat(host.mostWrites()).isLessThan(20);
        host.stalled(false);
        net.loop.run();
        assertThat(host.taken()).isEqualTo(expected.toString());
        guest.send(FIN | ACK);
        assertThat(host.log()).containsExactly("fin");
    }

    @Test
    void mixedWritesOfAGuestKeepTheirOrder() {
        FakeHost.Stream host = establish();
        StringBuilder expected = new StringBuilder();
        host.stalled(true);
        for (int i = 0; i < 300; i++) {
            String data = Integer.toString(i).repeat(i % 7 == 0 ? 400 : 1);
            expected.append(data);
            guest.send(PSH | ACK, data);
            if (i % 50 == 49) {
                host.stalled(false);
                net.loop.run();
                host.stalled(true);
            }
        }
        guest.send(FIN | ACK, "");
        host.stalled(false);
        net.loop.run();
        net.skip();
        assertThat(host.taken()).isEqualTo(expected.toString());
        assertThat(host.log()).containsExactly("fin");
    }

    @Test
    void hostIsNotReadWhileTheGuestDoesNotAcknowledge() {
        FakeHost.Stream host = establish();
        byte[] data = new byte[65_536];
        int given = 0;
        while (host.isReading()) {
            host.receive(data);
            given += data.length;
            assertThat(given).as("bytes taken from the host").isLessThan(4 << 20);
        }
        net.loop.run();
        // The guest takes all of it, bit by bit.
        int got = 0;
        while (got < given) {
            if (net.count() == 0) {
                throw new AssertionError("stuck at " + got + " of " + given);
            }
            while (net.count() > 0) {
                guest.next();
            }
            got = guest.received - 1;
            guest.send(ACK);
        }
        assertThat(host.isReading()).isTrue();
    }

    @Test
    void fullPortMakesFlowsWait() {
        FakeHost.Stream host = establish();
        net.writable(false);
        host.receive("wait");
        net.loop.run();
        net.assertSilent();
        net.writable(true);
        assertThat(guest.next()).isEqualTo("PA 1 ack 1 'wait'");
    }

    @Test
    void closingResetsGuestsAndHosts() {
        FakeHost.Stream host = establish();
        GuestConnection connecting = new GuestConnection(net, TestNetwork.OUTSIDE, 81, 1025);
        connecting.send(SYN);
        FakeHost.Stream second = net.host.onlyStream();
        net.writable(false);
        host.receive("in the turn");
        net.gateway.close();
        assertThat(guest.next()).isEqualTo("RA 1 ack 1");
        assertThat(host.log()).containsExactly("reset");
        assertThat(second.log()).containsExactly("reset");
        net.writable(true);
        assertThat(guest.send(ACK)).isEqualTo(DropReason.PORT_DOWN);
        net.assertSilent();
    }

    @ParameterizedTest
    @CsvSource({
        // RFC 9293 3.10.7.1
        "16, R 777",
        "17, R 777",
        "18, R 777",
        "1, RA 0 ack 1",
        "0, RA 0 ack 0",
        "3, RA 0 ack 2",
    })
    void segmentForNoConnectionIsReset(int flags, String reset) {
        Packets sender = net.guest.to(TestNetwork.OUTSIDE);
        assertThat(net.send(sender.tcp(1024, 80, guest.iss, 777, flags, 1000, new byte[0])))
                .isEqualTo(DropReason.TCP_NO_CONNECTION);
        assertThat(guest.next()).isEqualTo(reset);
        net.assertSilent();
    }

    @Test
    void resetForNoConnectionIsNotAnswered() {
        assertThat(guest.send(RST)).isEqualTo(DropReason.TCP_NO_CONNECTION);
        assertThat(guest.send(RST | ACK)).isEqualTo(DropReason.TCP_NO_CONNECTION);
        net.assertSilent();
    }

    @ParameterizedTest
    @CsvSource({"127.0.0.1", "0.0.0.0", "255.255.255.255", "10.0.2.255", "224.0.0.1", "10.0.2.77", "169.254.169.254"})
    void segmentForNoConnectionToNobodyGetsNoResetInHisName(String nobody) {
        assertThat(new GuestConnection(net, nobody, 80, 1024).send(ACK)).isNotNull();
        net.assertSilent();
    }

    @Test
    void portZeroIsMalformed() {
        GuestConnection nowhere = new GuestConnection(net, TestNetwork.OUTSIDE, 0, 1024);
        assertThat(nowhere.send(RST)).isNotNull();
        net.assertSilent();
        nowhere.sent = 0;
        assertThat(nowhere.send(SYN)).isEqualTo(DropReason.TCP_MALFORMED);
        assertThat(nowhere.next()).isEqualTo("RA 0 ack 1");
        assertThat(new GuestConnection(net, TestNetwork.OUTSIDE, 80, 0).send(SYN))
                .isEqualTo(DropReason.TCP_MALFORMED);
        assertThat(new GuestConnection(net, TestNetwork.OUTSIDE, 80, 0).send(ACK))
                .isEqualTo(DropReason.TCP_MALFORMED);
        net.assertSilent();
    }

    @Test
    void newSynTakesThePlaceOfTimeWait() {
        FakeHost.Stream host = establish();
        host.receiveFin();
        net.loop.run();
        assertThat(guest.next()).isEqualTo("FA 1 ack 1");
        guest.send(FIN | ACK);
        assertThat(guest.next()).isEqualTo("A 2 ack 2");
        GuestConnection again =
                new GuestConnection(net, net.guest.to(TestNetwork.OUTSIDE), 80, 1024, guest.iss + 100_000);
        again.send(SYN);
        assertThat(host.log()).containsExactly("fin", "close");
        net.host.onlyStream().connected();
        net.loop.run();
        assertThat(again.next()).isEqualTo("SA 0 ack 1");
    }

    /** RFC 9293 3.6.1: the clock of initial sequence numbers stands still here, so without care they would be the same. */
    @Test
    void connectionInPlaceOfTimeWaitBeginsBehindTheNumbersOfTheOld() {
        FakeHost.Stream host = establish();
        for (int i = 0; i < 30; i++) {
            host.receive("x".repeat(10_000));
            net.loop.run();
            while (net.count() > 0) {
                guest.next();
            }
            guest.send(ACK);
        }
        host.receiveFin();
        net.loop.run();
        assertThat(guest.next()).isEqualTo("FA 300001 ack 1");
        guest.send(FIN | ACK);
        assertThat(guest.next()).isEqualTo("A 300002 ack 2");
        GuestConnection again =
                new GuestConnection(net, net.guest.to(TestNetwork.OUTSIDE), 80, 1024, guest.iss + 100_000);
        again.send(SYN);
        net.host.onlyStream().connected();
        net.loop.run();
        assertThat(again.next()).isEqualTo("SA 0 ack 1");
        assertThat(again.irs() - (guest.irs() + 300_002)).isPositive();
    }

    @Test
    void synBehindAResetInTheSameTurnOpensANewConnection() {
        FakeHost.Stream host = establish();
        net.sendInTurn(guest.segment(RST, 1, 1, ""));
        GuestConnection again = new GuestConnection(net, net.guest.to(TestNetwork.OUTSIDE), 80, 1024, 77);
        again.send(SYN);
        assertThat(host.log()).containsExactly("reset");
        net.host.onlyStream().connected();
        net.loop.run();
        assertThat(again.next()).isEqualTo("SA 0 ack 1");
    }

    @Test
    void guestThatNeverAcknowledgesIsGivenUp() {
        guest.send(SYN);
        FakeHost.Stream host = net.host.onlyStream();
        host.connected();
        net.loop.run();
        net.advance(Duration.ofMinutes(10));
        assertThat(host.log()).containsExactly("reset");
        assertThat(net.loop.untilNextTimer()).as("what is left to do").isLessThan(0);
    }

    @Test
    void guestThatHasGoneIsGivenUp() {
        FakeHost.Stream host = establish();
        host.receive("anybody?");
        net.loop.run();
        net.advance(Duration.ofMinutes(30));
        assertThat(host.log()).containsExactly("reset");
    }
}
