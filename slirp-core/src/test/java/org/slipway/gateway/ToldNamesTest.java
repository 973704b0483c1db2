package org.slipway.gateway;

import static java.nio.charset.StandardCharsets.US_ASCII;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.netty.buffer.ByteBuf;
import io.netty.buffer.Unpooled;
import java.util.Collections;
import java.util.List;
import java.util.Objects;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;
import org.slipway.wire.DhcpMessage;
import org.slipway.wire.DhcpOptions;
import org.slipway.wire.Dhcpv6Message;
import org.slipway.wire.Dhcpv6Options;
import org.slipway.wire.DomainNames;
import org.slipway.wire.Duid;
import org.slipway.wire.IpAddress;
import org.slipway.wire.MacAddress;
import org.slipway.wire.PacketAssert;
import org.slipway.wire.Packets;
import org.slipway.wire.RouterAdvertisement;
import org.slipway.wire.RouterSolicitation;

/** Names that guests are told, through the whole gateway. */
class ToldNamesTest {

    private static final ToldNames NAMES = new ToldNames("vm1", "lan.example.org", List.of("example.org", "test"));
    private static final long GUEST = MacAddress.parse(TestNetwork.GUEST_MAC).value();
    private static final IpAddress NOWHERE = IpAddress.ipv4(0);

    private final TestNetwork net = new TestNetwork(GatewayConfig.DEFAULT.naming(NAMES));

    @AfterEach
    void close() {
        net.close();
    }

    @Test
    void dhcpTellsAllOfThem() {
        net.skip();
        ByteBuf message = Unpooled.buffer();
        DhcpOptions options = new DhcpOptions.Builder()
                .putByte(DhcpOptions.MESSAGE_TYPE, 1)
                .put(DhcpOptions.PARAMETER_REQUEST_LIST, new byte[] {119, 15, 12})
                .build();
        new DhcpMessage(DhcpMessage.REQUEST, 0, 7, 0, false, NOWHERE, NOWHERE, NOWHERE, NOWHERE, GUEST, "", "", options)
                .emit(message);
        Packets client = Packets.from(TestNetwork.GUEST_MAC, "0.0.0.0").to("ff:ff:ff:ff:ff:ff", "255.255.255.255");
        assertThat(net.send(client.udp(68, 67, Packets.bytesOf(message)))).isNull();
        byte[] answer = net.nextPacket().udp(67, 68).data();
        DhcpOptions told = Objects.requireNonNull(DhcpMessage.parse(Unpooled.wrappedBuffer(answer), 0, answer.length))
                .options();
        assertThat(told.bytes(DhcpOptions.HOST_NAME)).isEqualTo("vm1".getBytes(US_ASCII));
        assertThat(told.bytes(DhcpOptions.DOMAIN_NAME)).isEqualTo("lan.example.org".getBytes(US_ASCII));
        assertThat(told.bytes(DhcpOptions.DOMAIN_SEARCH)).isEqualTo("\7example\3org\0\4test\0".getBytes(US_ASCII));
    }

    @Test
    void routerAdvertisementsTellWhereToSearch() {
        net.skip();
        Packets guest = Packets.from(TestNetwork.GUEST_MAC, "fe80::1234").to("33:33:00:00:00:02", "ff02::2");
        assertThat(net.send(guest.ndp(new RouterSolicitation(GUEST)))).isNull();
        byte[] said = PacketAssert.packet(net.next()).ipv6().timeToLive(255).ipPayload();
        RouterAdvertisement advertisement = RouterAdvertisement.parse(Unpooled.wrappedBuffer(said), 0, said.length);
        assertThat(advertisement.dnsSearch()).containsExactly("example.org", "test");
    }

    @Test
    void dhcpv6TellsWhereToSearch() {
        net.skip();
        Dhcpv6Options options = new Dhcpv6Options.Builder()
                .add(
                        Dhcpv6Options.CLIENT_ID,
                        Duid.ofEthernet(MacAddress.parse(TestNetwork.GUEST_MAC)).bytes())
                .add(Dhcpv6Options.OPTION_REQUEST, new byte[] {0, 24})
                .build();
        ByteBuf message = Unpooled.buffer();
        new Dhcpv6Message(Dhcpv6Message.Type.INFORMATION_REQUEST, 7, options).emit(message);
        Packets client = Packets.from(TestNetwork.GUEST_MAC, "fe80::1234").to("33:33:00:01:00:02", "ff02::1:2");
        assertThat(net.send(client.udp(546, 547, Packets.bytesOf(message)))).isNull();
        byte[] answer = PacketAssert.packet(net.next()).ipv6().udp(547, 546).data();
        byte[] value = Objects.requireNonNull(Dhcpv6Message.parse(Unpooled.wrappedBuffer(answer), 0, answer.length))
                .options()
                .bytes(Dhcpv6Options.DOMAIN_LIST);
        assertThat(DomainNames.read(Unpooled.wrappedBuffer(Objects.requireNonNull(value)), 0, value.length))
                .containsExactly("example.org", "test");
    }

    @ParameterizedTest
    @ValueSource(strings = {"a..b", "a b", "gr\u00fcn.test", "a.", ".", "a\n"})
    void whatIsNoDomainIsRefused(String name) {
        assertThatThrownBy(() -> new ToldNames("", name, List.of())).hasMessageContaining("domainname=" + name);
        assertThatThrownBy(() -> new ToldNames("", "", List.of(name))).hasMessageContaining("dnssearch=" + name);
    }

    @Test
    void whatDoesNotFitIsRefused() {
        assertThat(new ToldNames("x".repeat(255), "", Collections.nCopies(16, "a.test")).search())
                .hasSize(16);
        assertThatThrownBy(() -> new ToldNames("x".repeat(256), "", List.of()))
                .hasMessageContaining("cannot exceed 255 bytes, and has 256");
        assertThatThrownBy(() -> new ToldNames("", "", Collections.nCopies(17, "a.test")))
                .hasMessageContaining("17 domains");
        String label = "x".repeat(63);
        assertThatThrownBy(() -> new ToldNames("", "", Collections.nCopies(9, label)))
                .hasMessageContaining("585 bytes");
    }
}
