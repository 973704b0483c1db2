package org.slipway.guest;

import static java.nio.charset.StandardCharsets.US_ASCII;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.netty.buffer.ByteBuf;
import io.netty.buffer.Unpooled;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Random;
import java.util.concurrent.CompletableFuture;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;
import org.slipway.tcp.CloseCause;
import org.slipway.wire.DropReason;
import org.slipway.wire.IpAddress;

/** Two guests on one switch, without a gateway. */
class GuestTest {

    private static final int MEBIBYTE = 1 << 20;
    private static final IpAddress ONE = GuestLan.address(1);
    private static final IpAddress TWO = GuestLan.address(2);
    private static final IpAddress NOBODY = GuestLan.address(77);

    private final GuestLan net = new GuestLan();
    private final Guest one = net.addressed(1);
    private final Guest two = net.addressed(2);

    @AfterEach
    void close() {
        net.close();
    }

    private static ByteBuf bytes(String text) {
        return Unpooled.copiedBuffer(text, US_ASCII);
    }

    private static byte[] random(int length) {
        byte[] bytes = new byte[length];
        new Random(length).nextBytes(bytes);
        return bytes;
    }

    /** Takes one connection to {@code guest} at port 80. */
    private static CompletableFuture<GuestStream> accept(Guest guest) {
        CompletableFuture<GuestStream> accepted = new CompletableFuture<>();
        guest.listen(80, accepted::complete);
        return accepted;
    }

    // ---- ping

    @Test
    void pingIsAnsweredBothWays() {
        assertThat(net.now(one.ping(TWO))).isZero();
        assertThat(net.now(two.ping(ONE))).isZero();
        assertThat(net.drops.snapshot()).isEmpty();
    }

    @Test
    void pingOfNobodyFailsWhenArpDoes() {
        net.assertFails(
                Duration.ofSeconds(5), one.ping(NOBODY), "ping 192.168.1.77: host unreachable: nobody answers ARP");
    }

    @Test
    void pingOutsideFailsWithoutRouter() {
        net.assertFails(Duration.ZERO, one.ping(IpAddress.parse("8.8.8.8")), "ping 8.8.8.8: no route");
    }

    @Test
    void pingFailsWhenNoAnswerComes() {
        net.now(one.ping(TWO));
        two.address(GuestAddress.of(GuestLan.address(3), 24));
        net.assertFails(Duration.ofSeconds(5), one.ping(TWO), "ping 192.168.1.2: no answer");
    }

    // ---- UDP

    @ParameterizedTest
    @ValueSource(ints = {0, 1, 1472, 1473, 65_507})
    void datagramsOfAnySizeArriveWhole(int length) {
        byte[] payload = random(length);
        List<byte[]> received = new ArrayList<>();
        two.onUdp(7, (source, port, destination, data) -> {
            assertThat(source).isEqualTo(ONE);
            two.sendUdp(7, source, port, data);
        });
        one.onUdp(1000, (source, port, destination, data) -> {
            byte[] copy = new byte[data.readableBytes()];
            data.readBytes(copy);
            received.add(copy);
        });
        net.now(one.ping(TWO)); // so that no fragment has to wait for ARP
        one.sendUdp(1000, TWO, 7, Unpooled.wrappedBuffer(payload));
        net.loop.run();
        assertThat(received).containsExactly(payload);
    }

    @Test
    void datagramToNobodysPortIsCounted() {
        one.sendUdp(1000, TWO, 7, bytes("hello"));
        net.loop.run();
        assertThat(net.drops.of(DropReason.UDP_NO_PORT)).isOne();
    }

    // ---- TCP

    @Test
    void eachSideHearsTheOther() {
        CompletableFuture<GuestStream> accepted = accept(two);
        GuestStream client = net.now(one.connect(TWO, 80));
        GuestStream server = net.now(accepted);
        assertThat(client.remoteAddress()).isEqualTo(TWO);
        assertThat(client.remotePort()).isEqualTo(80);
        assertThat(server.remotePort()).isEqualTo(client.localPort());
        client.send(bytes("question"));
        client.close();
        assertThat(net.now(server.readAll(100))).asString().isEqualTo("question");
        server.send(bytes("answer"));
        server.close();
        assertThat(net.now(client.readAll(100))).asString().isEqualTo("answer");
        assertThat(net.drops.snapshot()).isEmpty();
    }

    @Test
    void halfClosedStreamStillCarriesTheOtherWay() {
        CompletableFuture<GuestStream> accepted = accept(two);
        GuestStream client = net.now(one.connect(TWO, 80));
        client.close();
        GuestStream server = net.now(accepted);
        CompletableFuture<byte[]> atServer = server.readAll(100);
        assertThat(net.now(atServer)).isEmpty();
        CompletableFuture<byte[]> atClient = client.readAll(100);
        for (String word : List.of("still ", "here ", "a minute later")) {
            server.send(bytes(word));
            net.loop.advance(Duration.ofSeconds(20));
            assertThat(atClient).isNotDone();
        }
        server.close();
        assertThat(net.now(atClient)).asString().isEqualTo("still here a minute later");
    }

    @ParameterizedTest
    @CsvSource({"68, 2000", "576, 100000", "1500, 1048576", "65535, 500000"})
    void bytesArriveBothWaysAtOnceWhateverTheMtu(int mtu, int length) {
        one.address(GuestAddress.of(ONE, 24).withMtu(mtu));
        two.address(GuestAddress.of(TWO, 24).withMtu(mtu));
        byte[] there = random(length);
        byte[] back = random(length + 1);
        CompletableFuture<GuestStream> accepted = accept(two);
        GuestStream client = net.now(one.connect(TWO, 80));
        GuestStream server = net.now(accepted);
        client.send(Unpooled.wrappedBuffer(there));
        client.close();
        server.send(Unpooled.wrappedBuffer(back));
        server.close();
        CompletableFuture<byte[]> atServer = server.readAll(there.length);
        CompletableFuture<byte[]> atClient = client.readAll(back.length);
        assertThat(net.within(Duration.ofSeconds(1), atServer)).isEqualTo(there);
        assertThat(net.within(Duration.ofSeconds(1), atClient)).isEqualTo(back);
        assertThat(net.drops.snapshot()).isEmpty();
    }

    @Test
    void senderIsHeldBackUntilSomebodyReads() {
        byte[] sent = random(MEBIBYTE + 200_000);
        CompletableFuture<GuestStream> accepted = accept(two);
        GuestStream client = net.now(one.connect(TWO, 80));
        client.send(Unpooled.wrappedBuffer(sent));
        net.loop.advance(Duration.ofSeconds(10));
        assertThat(client.sendSpace())
                .as("what the window did not take is queued")
                .isLessThanOrEqualTo(848_576);
        client.close();
        CompletableFuture<byte[]> read = accepted.join().readAll(sent.length);
        assertThat(net.within(Duration.ofSeconds(10), read)).isEqualTo(sent);
    }

    @Test
    void connectToPortWithoutListenerIsRefused() {
        net.assertFails(Duration.ZERO, one.connect(TWO, 81), "connect 192.168.1.2:81: connection refused");
    }

    @Test
    void connectToNobodyFailsWhenArpDoes() {
        net.assertFails(
                Duration.ofSeconds(5),
                one.connect(NOBODY, 80),
                "connect 192.168.1.77:80: host unreachable: nobody answers ARP");
    }

    @Test
    void connectOutsideFailsWithoutRouter() {
        net.assertFails(Duration.ZERO, one.connect(IpAddress.parse("8.8.8.8"), 80), "connect 8.8.8.8:80: no route");
    }

    @Test
    void connectFailsWhenNoAnswerComes() {
        net.now(one.ping(TWO));
        two.address(GuestAddress.of(GuestLan.address(3), 24));
        net.assertFails(Duration.ofSeconds(15), one.connect(TWO, 80), "connect 192.168.1.2:80: no answer");
    }

    @Test
    void abortIsAResetAtThePeer() {
        CompletableFuture<GuestStream> accepted = accept(two);
        GuestStream client = net.now(one.connect(TWO, 80));
        CompletableFuture<byte[]> read = net.now(accepted).readAll(100);
        client.abort();
        net.assertFails(Duration.ZERO, read, "read 192.168.1.1:" + client.localPort() + ": connection reset");
    }

    @Test
    void moreThanTheLimitResetsTheConnection() {
        CompletableFuture<GuestStream> accepted = accept(two);
        GuestStream client = net.now(one.connect(TWO, 80));
        CompletableFuture<byte[]> echo = client.readAll(100);
        client.send(bytes("12345"));
        net.assertFails(
                Duration.ZERO,
                net.now(accepted).readAll(4),
                "read 192.168.1.1:" + client.localPort() + ": more than 4 bytes came");
        net.assertFails(Duration.ZERO, echo, "read 192.168.1.2:80: connection reset");
    }

    @Test
    void connectionOfAnAcceptorThatThrowsIsReset() {
        two.listen(80, stream -> {
            throw new IllegalStateException("no mood");
        });
        GuestStream client = net.now(one.connect(TWO, 80));
        net.assertFails(Duration.ZERO, client.readAll(1), "read 192.168.1.2:80: connection reset");
    }

    @Test
    void lateListenerHearsAllThatCameBefore() {
        CompletableFuture<GuestStream> accepted = accept(two);
        GuestStream client = net.now(one.connect(TWO, 80));
        client.send(bytes("early"));
        client.close();
        GuestStream server = net.now(accepted);
        server.close();
        net.loop.advance(Duration.ofSeconds(5));
        List<String> heard = new ArrayList<>();
        server.listener(new GuestStreamListener() {
            @Override
            public void received(ByteBuf bytes) {
                heard.add(bytes.toString(US_ASCII));
            }

            @Override
            public void receivedFin() {
                heard.add("FIN");
            }

            @Override
            public void closed(CloseCause cause) {
                heard.add(cause.toString());
            }
        });
        assertThat(heard).containsExactly("early", "FIN", "FINISHED");
        assertThatThrownBy(() -> server.readAll(1)).isInstanceOf(IllegalStateException.class);
    }

    // ---- the plug

    @Test
    void unpluggedGuestFailsAllThatIsUnderWay() {
        accept(two);
        CompletableFuture<byte[]> read = net.now(one.connect(TWO, 80)).readAll(1);
        CompletableFuture<?> lease = one.lease();
        CompletableFuture<?> ping = one.ping(NOBODY);
        CompletableFuture<?> connect = one.connect(NOBODY, 80);
        one.close();
        one.close();
        net.assertFails(Duration.ZERO, lease, "lease: the guest was unplugged");
        net.assertFails(Duration.ZERO, ping, "ping 192.168.1.77: the guest was unplugged");
        net.assertFails(Duration.ZERO, connect, "connect 192.168.1.77:80: the guest was unplugged");
        net.assertFails(Duration.ZERO, read, "read 192.168.1.2:80: the guest was unplugged");
    }

    @Test
    void portsOutsideTheRangeAreRefused() {
        assertThatThrownBy(() -> one.connect(TWO, 0)).hasMessage("port 0 is not 1 to 65535");
        assertThatThrownBy(() -> one.listen(65_536, stream -> {})).hasMessage("port 65536 is not 1 to 65535");
    }
}
