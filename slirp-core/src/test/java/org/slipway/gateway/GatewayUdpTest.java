package org.slipway.gateway;

import static org.assertj.core.api.Assertions.assertThat;
import static org.slipway.wire.Packets.bytes;

import io.netty.buffer.ByteBuf;
import java.net.InetSocketAddress;
import java.time.Duration;
import java.util.List;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.slipway.nat.FakeHost;
import org.slipway.nat.FakeHost.Datagram;
import org.slipway.nat.UdpFailure;
import org.slipway.wire.DropReason;
import org.slipway.wire.IpAddress;
import org.slipway.wire.Packets;

/** Guests' datagrams through the whole gateway. */
class GatewayUdpTest {

    private static final InetSocketAddress PEER = new InetSocketAddress(TestNetwork.OUTSIDE, 53);
    private static final InetSocketAddress OTHER = new InetSocketAddress("198.51.100.7", 9999);

    private final TestNetwork net = new TestNetwork();
    private final Packets toPeer = net.guest.to(TestNetwork.OUTSIDE);

    @AfterEach
    void close() {
        net.close();
    }

    private FakeHost.Udp onlySocket() {
        assertThat(net.host.udps()).hasSize(1);
        return net.host.udps().get(0);
    }

    @Test
    void onePortOfAGuestIsOneSocketOfTheHost() {
        net.send(toPeer.udp(1024, 53, bytes("one")));
        net.send(net.guest.to("198.51.100.7").udp(1024, 9999, bytes("two")));
        assertThat(onlySocket().take()).containsExactly(new Datagram("one", PEER), new Datagram("two", OTHER));
        net.send(toPeer.udp(1025, 53, bytes("three")));
        assertThat(net.host.udps()).hasSize(2);
        assertThat(net.gateway.flowsOpened()).isEqualTo(2);
    }

    @Test
    void portOfTheGuestIsAskedForOnTheHost() {
        net.send(toPeer.udp(4500, 53, bytes("one")));
        assertThat(onlySocket().preferredPort()).isEqualTo(4500);
    }

    @Test
    void anybodyMayAnswerAndIsShownAsHimself() {
        net.send(toPeer.udp(1024, 53, bytes("question")));
        onlySocket().receive("answer", PEER);
        net.nextPacket().from(TestNetwork.OUTSIDE).to("10.0.2.15").udp(53, 1024).data(bytes("answer"));
        onlySocket().receive("hello", OTHER);
        net.nextPacket().from("198.51.100.7").udp(9999, 1024).data(bytes("hello"));
        onlySocket().receive("host", new InetSocketAddress("127.0.0.1", 53));
        net.nextPacket().from("10.0.2.2").udp(53, 1024).data(bytes("host"));
    }

    /** The host's own network may use the virtual one's addresses: nobody there becomes the resolver. */
    @Test
    void nobodyOutsideIsShownAsAStationOfTheVirtualNetwork() {
        net.send(toPeer.udp(1024, 53, bytes("question")));
        onlySocket().receive("forged", new InetSocketAddress("10.0.2.3", 53));
        net.nextPacket().from("10.0.2.2").udp(53, 1024);
    }

    @Test
    void datagramsWithoutDataPassBothWays() {
        net.send(toPeer.udp(1024, 53, new byte[0]));
        assertThat(onlySocket().take()).containsExactly(new Datagram("", PEER));
        onlySocket().receive("", PEER);
        net.nextPacket().udp(53, 1024).data(new byte[0]);
    }

    @Test
    void largeDatagramIsFragmentedForTheGuest() {
        net.send(toPeer.udp(1024, 53, bytes("question")));
        onlySocket().receive("x".repeat(4000), PEER);
        net.nextPacket().fragment(0, true);
        net.nextPacket().fragment(1480, true);
        net.nextPacket().fragment(2960, false);
        net.assertSilent();
    }

    @Test
    void checksumZeroIsNoneAndAnyOtherMustBeRight() {
        ByteBuf frame = toPeer.udp(1024, 53, bytes("none"));
        int checksum = frame.readerIndex() + 14 + 20 + 6;
        int right = frame.getUnsignedShort(checksum);
        assertThat(net.send(frame.setShort(checksum, right ^ 0x0100))).isEqualTo(DropReason.UDP_BAD_CHECKSUM);
        assertThat(net.host.udps()).isEmpty();
        assertThat(net.send(frame.setShort(checksum, 0))).isNull();
        assertThat(onlySocket().take()).containsExactly(new Datagram("none", PEER));
    }

    @Test
    void portZeroIsMalformed() {
        assertThat(net.send(toPeer.udp(0, 53, bytes("x")))).isEqualTo(DropReason.UDP_MALFORMED);
        assertThat(net.send(toPeer.udp(1024, 0, bytes("x")))).isEqualTo(DropReason.UDP_MALFORMED);
        // CVE-2014-3640
        assertThat(net.send(toPeer.source("0.0.0.0").udp(0, 53, bytes("x")))).isEqualTo(DropReason.IP_BAD_SOURCE);
        assertThat(net.host.udps()).isEmpty();
    }

    @Test
    void idleFlowEndsAndAUsedOneDoesNot() {
        Packets toOther = net.guest.to("198.51.100.7");
        net.send(toOther.udp(1024, 9999, bytes("idle")));
        net.send(toOther.udp(1025, 9999, bytes("used")));
        FakeHost.Udp idle = net.host.udps().get(0);
        FakeHost.Udp used = net.host.udps().get(1);
        for (int minutes = 0; minutes < 6; minutes++) {
            net.advance(Duration.ofMinutes(1));
            used.receive("tick", OTHER);
        }
        assertThat(idle.isClosed()).isTrue();
        assertThat(used.isClosed()).isFalse();
        net.advance(Duration.ofMinutes(6));
        assertThat(used.isClosed()).isTrue();
        net.advance(Duration.ofMinutes(20));
        assertThat(net.loop.untilNextTimer()).as("what is left to do").isLessThan(0);
        net.send(toPeer.udp(1024, 53, bytes("again")));
        assertThat(net.host.udps()).hasSize(3);
    }

    /** RFC 4787 REQ-5. */
    @ParameterizedTest
    @CsvSource({
        // ports that the guest writes to, whether it is answered, seconds that its mapping lives and does not live
        "53, 0, false, 119, 127",
        "53, 0, true, 9, 17",
        "53, 123, true, 299, 307",
        "123, 0, true, 299, 307",
        "123, 0, false, 119, 127",
    })
    void mappingLivesAsLongAsItsUseAsksFor(int port, int otherPort, boolean answered, int lives, int ends) {
        net.send(toPeer.udp(1024, port, bytes("one")));
        if (otherPort != 0) {
            net.send(toPeer.udp(1024, otherPort, bytes("other")));
        }
        if (answered) {
            onlySocket().receive("answer", PEER);
        }
        net.advance(Duration.ofSeconds(lives));
        assertThat(onlySocket().isClosed()).isFalse();
        net.advance(Duration.ofSeconds(ends - lives));
        assertThat(onlySocket().isClosed()).isTrue();
        net.skip();
    }

    @Test
    void marksOfTheGuestsPacketAreCarriedWithOneHopLess() {
        net.send(toPeer.timeToLive(9).typeOfService(0xb9).udp(1024, 53, bytes("x")));
        assertThat(onlySocket().marks()).isEqualTo(new FakeHost.Marks(8, 0xb9, false));
        net.send(toPeer.dontFragment().udp(1024, 53, bytes("x")));
        assertThat(onlySocket().marks()).isEqualTo(new FakeHost.Marks(63, 0, true));
        // The gateway is no hop on the way to itself.
        net.send(net.guest.timeToLive(1).udp(1024, 53, bytes("x")));
        assertThat(onlySocket().marks()).isEqualTo(new FakeHost.Marks(64, 0, false));
    }

    /** A traceroute knows its probes by what the errors quote. */
    @Test
    void errorQuotesTheProbeThatItIsAbout() {
        ByteBuf[] probes = new ByteBuf[16];
        for (int i = 0; i < probes.length; i++) {
            probes[i] = toPeer.timeToLive(i + 2).identification(i).udp(1024, 33_434 + i, bytes("probe"));
            net.send(probes[i]);
        }
        for (int i = 15; i >= 0; i -= 5) {
            // The router has quoted eight bytes of the datagram, no data.
            onlySocket()
                    .fail(new UdpFailure(
                            11,
                            0,
                            0,
                            IpAddress.parse("192.0.2." + (i + 1)),
                            new InetSocketAddress(TestNetwork.OUTSIDE, 33_434 + i),
                            0));
            net.nextPacket().from("192.0.2." + (i + 1)).icmp(11, 0, 0).quotes(probes[i], 28);
        }
        net.assertSilent();
    }

    @Test
    void flowsEndWithinTheirTurn() {
        net.sendInTurn(toPeer.udp(1024, 53, bytes("never flushed")));
        net.gateway.close();
        net.loop.run();
        assertThat(onlySocket().isClosed()).isTrue();
    }

    @Test
    void hostWithoutSocketsIsUnreachable() {
        net.host.refuse("Too many open files");
        ByteBuf frame = toPeer.udp(1024, 53, bytes("x"));
        assertThat(net.send(frame)).isEqualTo(DropReason.UDP_HOST_REFUSED);
        net.nextPacket().icmp(3, 1, 0).quotes(frame, 29);
        net.host.refuse(null);
        assertThat(net.send(frame)).isNull();
    }

    @Test
    void oneGuestsFlowsAreBoundedAndAnotherNoticesNothing() {
        Packets other = Packets.from("52:54:00:00:00:02", "10.0.2.16").to(TestNetwork.GATEWAY_MAC, "10.0.2.2");
        net.meet(other);
        for (int port = 1; port <= 2048; port++) {
            assertThat(net.send(toPeer.udp(port, 53, bytes("x")))).isNull();
        }
        assertThat(net.send(toPeer.udp(1, 53, bytes("used again")))).isNull();
        assertThat(net.send(toPeer.udp(5000, 53, bytes("one too many")))).isNull();
        assertThat(net.host.udps()).hasSize(2049);
        assertThat(net.host.udps().get(0).isClosed()).isFalse();
        assertThat(net.host.udps().get(1).isClosed())
                .as("the one not used for longest")
                .isTrue();
        assertThat(net.send(other.to(TestNetwork.OUTSIDE).udp(1, 53, bytes("x"))))
                .isNull();
        assertThat(net.send(toPeer.udp(1, 53, bytes("known")))).isNull();
        net.advance(Duration.ofMinutes(4));
        assertThat(net.host.udps()).allMatch(FakeHost.Udp::isClosed);
        assertThat(net.send(toPeer.udp(5000, 53, bytes("x")))).isNull();
    }

    @Test
    void datagramsOfOneTurnAreFlushedTogether() {
        net.sendInTurn(toPeer.udp(1024, 53, bytes("one")));
        net.sendInTurn(toPeer.udp(1024, 53, bytes("two")));
        assertThat(onlySocket().take()).isEmpty();
        net.loop.run();
        assertThat(onlySocket().take()).isEqualTo(List.of(new Datagram("one", PEER), new Datagram("two", PEER)));
    }
}
