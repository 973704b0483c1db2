package org.slipway.gateway;

import static org.assertj.core.api.Assertions.assertThat;
import static org.slipway.wire.Packets.buffer;
import static org.slipway.wire.Packets.bytes;

import io.netty.buffer.ByteBuf;
import java.time.Duration;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.slipway.gateway.TestNetwork.FakeEcho;
import org.slipway.nat.EchoListener.Failure;
import org.slipway.nat.OutboundAddresses;
import org.slipway.wire.DropReason;
import org.slipway.wire.IpAddress;
import org.slipway.wire.Packets;

/** Guests' pings through the whole gateway. */
class GatewayEchoTest {

    private final TestNetwork net = new TestNetwork();
    private final Packets outside = net.guest.to(TestNetwork.OUTSIDE);

    @AfterEach
    void close() {
        net.close();
    }

    @Test
    void gatewayAndResolverAnswerThemselves() {
        for (String address : new String[] {"10.0.2.2", "10.0.2.3"}) {
            net.send(net.guest.to(address).echoRequest(1, 2, Packets.bytes(1400)));
            net.nextPacket()
                    .from(address)
                    .timeToLive(255)
                    .icmp(0, 0, 1 << 16 | 2)
                    .data(Packets.bytes(1400));
        }
        assertThat(net.echoes).isEmpty();
    }

    @Test
    void pingsToTheOutsideLeaveFromTheAddressThatIsNamed() {
        IpAddress named = IpAddress.parse("192.0.2.7");
        try (TestNetwork other = new TestNetwork(GatewayConfig.DEFAULT.speaking(new OutboundAddresses(named, null)))) {
            other.skip();
            other.send(outside.echoRequest(5, 1, bytes("ping")));
            assertThat(other.echoes.get(0).source).isEqualTo(named);
        }
        net.send(outside.echoRequest(5, 1, bytes("ping")));
        assertThat(net.echoes.get(0).source).isNull();
    }

    @Test
    void pingGoesOutWithOneHopLessAndComesBack() {
        net.send(outside.timeToLive(9).typeOfService(0xb8).dontFragment().echoRequest(5, 1, bytes("ping")));
        net.send(outside.echoRequest(5, 2, bytes("pong")));
        assertThat(net.echoes).hasSize(1);
        FakeEcho echo = net.echoes.get(0);
        assertThat(echo.destination).hasToString(TestNetwork.OUTSIDE);
        assertThat(echo.sent).hasSize(2);
        assertThat(echo.sent.get(0).timeToLive()).isEqualTo(8);
        assertThat(echo.sent.get(0).typeOfService()).isEqualTo(0xb8);
        assertThat(echo.sent.get(0).dontFragment()).isTrue();
        assertThat(echo.sent.get(1).dontFragment()).isFalse();
        assertThat(echo.sent.get(0).payload()).isEqualTo(bytes("ping"));
        net.assertSilent();
        echo.listener.reply(1, 57, buffer(bytes("ping")));
        net.nextPacket()
                .from(TestNetwork.OUTSIDE)
                .to("10.0.2.15")
                .timeToLive(56)
                .icmp(0, 0, 5 << 16 | 1)
                .data(bytes("ping"));
    }

    @Test
    void identifiersAndDestinationsAreKeptApart() {
        net.send(outside.echoRequest(5, 1, bytes("a")));
        net.send(outside.echoRequest(6, 1, bytes("b")));
        net.send(net.guest.to("198.51.100.7").echoRequest(5, 1, bytes("c")));
        assertThat(net.echoes).hasSize(3);
        net.echoes.get(1).listener.reply(1, -1, buffer(bytes("b")));
        net.nextPacket().from(TestNetwork.OUTSIDE).timeToLive(64).icmp(0, 0, 6 << 16 | 1);
    }

    /** A traceroute has many requests on their way, and knows them by what the errors quote. */
    @Test
    void errorQuotesTheRequestThatItIsAbout() {
        ByteBuf[] requests = new ByteBuf[10];
        for (int i = 0; i < requests.length; i++) {
            requests[i] = outside.timeToLive(i + 2).identification(i).echoRequest(5, i, bytes("trace"));
            net.send(requests[i]);
        }
        FakeEcho echo = net.echoes.get(0);
        echo.listener.failed(new Failure(11, 0, 0, IpAddress.parse("192.0.2.1"), 3));
        net.nextPacket().from("192.0.2.1").icmp(11, 0, 0).quotes(requests[3], 33);
        echo.listener.failed(new Failure(3, 4, 1280, IpAddress.parse("192.0.2.2"), 9));
        net.nextPacket().from("192.0.2.2").icmp(3, 4, 1280).quotes(requests[9], 33);
        echo.listener.failed(new Failure(3, 1, 0, null, -1));
        net.nextPacket().from("10.0.2.2").icmp(3, 1, 0).quotes(requests[9], 33);
        echo.listener.failed(new Failure(11, 0, 0, IpAddress.parse("127.0.0.1"), 4));
        net.nextPacket().from("10.0.2.2").icmp(11, 0, 0).quotes(requests[4], 33);
        echo.listener.failed(new Failure(11, 0, 0, null, 1234));
        net.assertSilent();
    }

    @Test
    void withoutPingSocketsThereIsOneHintAndNoAnswer() {
        net.noPingSockets();
        assertThat(net.send(outside.echoRequest(5, 1, bytes("a")))).isEqualTo(DropReason.POLICY_DENIED);
        assertThat(net.send(outside.echoRequest(5, 2, bytes("a")))).isEqualTo(DropReason.POLICY_DENIED);
        net.assertSilent();
        assertThat(net.news).containsExactly("no ping sockets");
    }

    @Test
    void idleFlowsEnd() {
        net.send(outside.echoRequest(5, 1, bytes("a")));
        net.advance(Duration.ofMinutes(2));
        assertThat(net.echoes.get(0).closed).isTrue();
        assertThat(net.loop.untilNextTimer()).isLessThan(0);
        net.send(outside.echoRequest(5, 2, bytes("a")));
        assertThat(net.echoes).hasSize(2);
    }

    @Test
    void oneGuestsFlowsAreBoundedAndAnotherNoticesNothing() {
        Packets other = Packets.from("52:54:00:00:00:02", "10.0.2.16").to(TestNetwork.GATEWAY_MAC, "10.0.2.2");
        net.meet(other);
        for (int identifier = 0; identifier < 128; identifier++) {
            assertThat(net.send(outside.echoRequest(identifier, 1, bytes("a")))).isNull();
        }
        assertThat(net.send(outside.echoRequest(128, 1, bytes("a")))).isEqualTo(DropReason.FLOW_TABLE_FULL);
        assertThat(net.send(other.to(TestNetwork.OUTSIDE).echoRequest(1, 1, bytes("a"))))
                .isNull();
    }

    @Test
    void answerFromAGuestThatNobodyAskedForIsNothing() {
        assertThat(net.send(outside.echoReply(5, 1, bytes("a")))).isEqualTo(DropReason.ICMP_UNHANDLED);
        net.assertSilent();
    }
}
