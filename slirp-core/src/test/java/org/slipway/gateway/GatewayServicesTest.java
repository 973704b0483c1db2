package org.slipway.gateway;

import static java.nio.charset.StandardCharsets.ISO_8859_1;
import static org.assertj.core.api.Assertions.assertThat;
import static org.slipway.gateway.GuestConnection.ACK;
import static org.slipway.gateway.GuestConnection.FIN;
import static org.slipway.gateway.GuestConnection.PSH;
import static org.slipway.gateway.GuestConnection.SYN;

import io.netty.buffer.ByteBuf;
import io.netty.buffer.Unpooled;
import java.time.Duration;
import java.util.Objects;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.slipway.gateway.TestNetwork.Query;
import org.slipway.wire.DhcpMessage;
import org.slipway.wire.DhcpOptions;
import org.slipway.wire.IpAddress;
import org.slipway.wire.MacAddress;
import org.slipway.wire.Packets;

/** What the gateway serves itself, through the whole gateway. */
class GatewayServicesTest {

    private static final String NEW_MAC = "52:54:00:00:00:07";
    private static final IpAddress NOWHERE = IpAddress.ipv4(0);

    /** The query "a.test A" with RD. */
    private static final byte[] QUERY =
            Packets.hexBytes("4711 0100 0001 0000 0000 0000 01 61 04 74657374 00 0001 0001");

    private final TestNetwork net = new TestNetwork();

    @AfterEach
    void close() {
        net.close();
    }

    private DhcpMessage ask(DhcpOptions.Builder options) {
        ByteBuf message = Unpooled.buffer();
        new DhcpMessage(
                        DhcpMessage.REQUEST,
                        0,
                        0x1234_5678,
                        0,
                        false,
                        NOWHERE,
                        NOWHERE,
                        NOWHERE,
                        NOWHERE,
                        MacAddress.parse(NEW_MAC).value(),
                        "",
                        "",
                        options.build())
                .emit(message);
        Packets client = Packets.from(NEW_MAC, "0.0.0.0").to("ff:ff:ff:ff:ff:ff", "255.255.255.255");
        assertThat(net.send(client.udp(68, 67, Packets.bytesOf(message)))).isNull();
        byte[] answer = net.nextPacket()
                .fromMac(TestNetwork.GATEWAY_MAC)
                .toMac(NEW_MAC)
                .from("10.0.2.2")
                .udp(67, 68)
                .data();
        return Objects.requireNonNull(DhcpMessage.parse(Unpooled.wrappedBuffer(answer), 0, answer.length));
    }

    @Test
    void guestWithoutAnAddressLeasesOneAndUsesIt() {
        DhcpMessage offer = ask(new DhcpOptions.Builder().putByte(DhcpOptions.MESSAGE_TYPE, 1));
        assertThat(offer.yourAddress()).hasToString("10.0.2.15");
        DhcpMessage ack = ask(new DhcpOptions.Builder()
                .putByte(DhcpOptions.MESSAGE_TYPE, 3)
                .putAddress(DhcpOptions.SERVER_IDENTIFIER, IpAddress.parse("10.0.2.2"))
                .putAddress(DhcpOptions.REQUESTED_ADDRESS, offer.yourAddress()));
        assertThat(ack.yourAddress()).hasToString("10.0.2.15");
        assertThat(ack.options().address(DhcpOptions.ROUTER)).hasToString("10.0.2.2");
        assertThat(ack.options().address(DhcpOptions.DNS_SERVER)).hasToString("10.0.2.3");
        assertThat(net.news).containsExactly("guest " + NEW_MAC + " has address 10.0.2.15");
        // The lease made it known: no ARP.
        net.send(Packets.from(NEW_MAC, "10.0.2.15")
                .to(TestNetwork.GATEWAY_MAC, "10.0.2.2")
                .echoRequest(1, 1, new byte[0]));
        net.nextPacket().toMac(NEW_MAC).icmp(0, 0, 1 << 16 | 1);
    }

    private static void answer(Query query) {
        byte[] message = query.message().clone();
        message[2] |= (byte) 0x80;
        message[3] |= 3;
        query.listener().received(Unpooled.wrappedBuffer(message));
    }

    @Test
    void resolverAnswersOverUdp() {
        assertThat(net.send(net.guest.to("10.0.2.3").udp(1024, 53, QUERY))).isNull();
        assertThat(net.queries).hasSize(1);
        net.assertSilent();
        answer(net.queries.get(0));
        byte[] answer =
                net.nextPacket().from("10.0.2.3").to("10.0.2.15").udp(53, 1024).data();
        assertThat(answer).startsWith(0x47, 0x11, 0x81);
        assertThat(net.host.udps()).isEmpty();
        assertThat(net.gateway.flowsOpened()).isZero();
    }

    @Test
    void resolverAnswersOverTcp() {
        GuestConnection guest = new GuestConnection(net, "10.0.2.3", 53, 1024);
        guest.send(SYN);
        assertThat(guest.next()).isEqualTo("SA 0 ack 1");
        guest.send(ACK);
        String framed = "\0" + (char) QUERY.length + new String(QUERY, ISO_8859_1);
        guest.send(PSH | ACK, framed);
        assertThat(net.queries).hasSize(1);
        net.skip();
        answer(net.queries.get(0));
        net.loop.run();
        assertThat(guest.next()).startsWith("PA 1 ack " + (1 + framed.length()));
        guest.send(FIN | ACK);
        assertThat(guest.next()).startsWith("FA ");
        guest.send(ACK);
        assertThat(net.host.streams()).isEmpty();
        net.advance(Duration.ofMinutes(5));
        assertThat(net.loop.untilNextTimer()).isLessThan(0);
    }

    @Test
    void clientThatRebindsFromAnotherNetworkIsRefused() {
        ByteBuf message = Unpooled.buffer();
        DhcpOptions request = new DhcpOptions.Builder()
                .putByte(DhcpOptions.MESSAGE_TYPE, DhcpMessage.Type.REQUEST.code())
                .build();
        IpAddress elsewhere = IpAddress.parse("192.168.1.7");
        new DhcpMessage(
                        DhcpMessage.REQUEST,
                        0,
                        1,
                        0,
                        false,
                        elsewhere,
                        NOWHERE,
                        NOWHERE,
                        NOWHERE,
                        MacAddress.parse(NEW_MAC).value(),
                        "",
                        "",
                        request)
                .emit(message);
        Packets client = Packets.from(NEW_MAC, "192.168.1.7").to("ff:ff:ff:ff:ff:ff", "255.255.255.255");
        assertThat(net.send(client.udp(68, 67, Packets.bytesOf(message)))).isNull();
        byte[] answer = net.nextPacket()
                .toMac("ff:ff:ff:ff:ff:ff")
                .to("255.255.255.255")
                .udp(67, 68)
                .data();
        DhcpMessage nak = Objects.requireNonNull(DhcpMessage.parse(Unpooled.wrappedBuffer(answer), 0, answer.length));
        assertThat(nak.type()).isEqualTo(DhcpMessage.Type.NAK);
    }

    @Test
    void broadcastToTheGatewaysOtherPortsIsNoneOfItsBusiness() {
        Packets client = net.guest.to("ff:ff:ff:ff:ff:ff", "255.255.255.255");
        assertThat(net.send(client.udp(1024, 137, new byte[50]))).isNotNull();
        net.assertSilent();
    }
}
