package org.slipway.gateway;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.netty.buffer.ByteBuf;
import io.netty.buffer.Unpooled;
import java.util.List;
import java.util.Objects;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;
import org.slipway.nat.GuestAccess;
import org.slipway.service.StaticLease;
import org.slipway.wire.ClasslessRoute;
import org.slipway.wire.DhcpMessage;
import org.slipway.wire.DhcpOptions;
import org.slipway.wire.Dhcpv6Message;
import org.slipway.wire.Dhcpv6Options;
import org.slipway.wire.Duid;
import org.slipway.wire.IpAddress;
import org.slipway.wire.IpPrefix;
import org.slipway.wire.MacAddress;
import org.slipway.wire.PacketAssert;
import org.slipway.wire.Packets;

/** What DHCP says beyond the common, through the whole gateway. */
class DhcpPlanTest {

    private static final MacAddress GUEST = MacAddress.parse(TestNetwork.GUEST_MAC);
    private static final MacAddress OTHER = MacAddress.parse("52:54:00:99:00:01");
    private static final IpAddress NOWHERE = IpAddress.ipv4(0);

    private static DhcpPlan leases(StaticLease... leases) {
        return new DhcpPlan(3600, List.of(leases), List.of(), List.of(), DhcpOptions.NONE, Dhcpv6Options.NONE);
    }

    private static DhcpPlan options(DhcpOptions options, Dhcpv6Options optionsv6) {
        return new DhcpPlan(3600, List.of(), List.of(), List.of(), options, optionsv6);
    }

    private static StaticLease lease(MacAddress mac, String address, String name) {
        return new StaticLease(mac, IpAddress.parse(address), name);
    }

    private static DhcpPlan rich() {
        return new DhcpPlan(
                1200,
                List.of(lease(GUEST, "10.0.2.77", "web"), lease(GUEST, "fd00::77", "web")),
                List.of(IpAddress.parse("10.0.2.50"), IpAddress.parse("192.0.2.1"), IpAddress.parse("2001:db8::1")),
                List.of(new ClasslessRoute(
                        IpPrefix.of(IpAddress.parse("192.168.7.0"), 24), IpAddress.parse("10.0.2.20"))),
                new DhcpOptions.Builder().putText(252, "http://w/").build(),
                new Dhcpv6Options.Builder().addText(41, "CET").build());
    }

    private static DhcpMessage discovered(GatewayConfig config) {
        TestNetwork net = new TestNetwork(config);
        try {
            net.skip();
            DhcpOptions options = new DhcpOptions.Builder()
                    .putByte(DhcpOptions.MESSAGE_TYPE, 1)
                    .build();
            ByteBuf message = Unpooled.buffer();
            new DhcpMessage(1, 0, 7, 0, false, NOWHERE, NOWHERE, NOWHERE, NOWHERE, GUEST.value(), "", "", options)
                    .emit(message);
            Packets client = Packets.from(TestNetwork.GUEST_MAC, "0.0.0.0").to("ff:ff:ff:ff:ff:ff", "255.255.255.255");
            assertThat(net.send(client.udp(68, 67, Packets.bytesOf(message)))).isNull();
            byte[] answer = net.nextPacket().udp(67, 68).data();
            return Objects.requireNonNull(DhcpMessage.parse(Unpooled.wrappedBuffer(answer), 0, answer.length));
        } finally {
            net.close();
        }
    }

    @Test
    void dhcpSaysAllOfIt() {
        DhcpMessage offer = discovered(GatewayConfig.DEFAULT.leasing(rich()));
        assertThat(offer.yourAddress()).hasToString("10.0.2.77");
        DhcpOptions told = offer.options();
        assertThat(told.number(DhcpOptions.LEASE_TIME, 0)).isEqualTo(1200);
        assertThat(told.text(DhcpOptions.HOST_NAME)).isEqualTo("web");
        assertThat(told.bytes(DhcpOptions.NTP_SERVERS)).isEqualTo(Packets.hexBytes("0a000232 c0000201"));
        assertThat(told.bytes(DhcpOptions.CLASSLESS_STATIC_ROUTE))
                .isEqualTo(Packets.hexBytes("18 c0a807 0a000214 00 0a000202"));
        assertThat(told.text(252)).isEqualTo("http://w/");
    }

    @Test
    void restrictedGuestsAreToldNoDefaultRoute() {
        GuestAccess restricted = new GuestAccess(false, true, true);
        DhcpMessage offer =
                discovered(GatewayConfig.DEFAULT.allowing(restricted).leasing(rich()));
        assertThat(offer.options().contains(DhcpOptions.ROUTER)).isFalse();
        assertThat(offer.options().bytes(DhcpOptions.CLASSLESS_STATIC_ROUTE))
                .isEqualTo(Packets.hexBytes("18 c0a807 0a000214"));
    }

    @Test
    void dhcpv6SaysTimeServersInBothWays() {
        TestNetwork net = new TestNetwork(GatewayConfig.DEFAULT.leasing(rich()));
        try {
            net.skip();
            Dhcpv6Options options = new Dhcpv6Options.Builder()
                    .add(Dhcpv6Options.CLIENT_ID, Duid.ofEthernet(GUEST))
                    .addCodes(Dhcpv6Options.OPTION_REQUEST, 31, 41, 56)
                    .build();
            ByteBuf message = Unpooled.buffer();
            new Dhcpv6Message(Dhcpv6Message.Type.INFORMATION_REQUEST, 7, options).emit(message);
            Packets client = Packets.from(TestNetwork.GUEST_MAC, "fe80::1234").to("33:33:00:01:00:02", "ff02::1:2");
            assertThat(net.send(client.udp(546, 547, Packets.bytesOf(message)))).isNull();
            byte[] answer = PacketAssert.packet(net.next()).ipv6().udp(547, 546).data();
            Dhcpv6Options told = Objects.requireNonNull(
                            Dhcpv6Message.parse(Unpooled.wrappedBuffer(answer), 0, answer.length))
                    .options();
            String address = "20010db8000000000000000000000001";
            assertThat(told.bytes(Dhcpv6Options.SNTP_SERVERS)).isEqualTo(Packets.hexBytes(address));
            assertThat(told.bytes(Dhcpv6Options.NTP_SERVER)).isEqualTo(Packets.hexBytes("0001 0010" + address));
            assertThat(told.text(41)).isEqualTo("CET");
        } finally {
            net.close();
        }
    }

    @ParameterizedTest
    @ValueSource(
            strings = {"10.0.2.2", "10.0.2.3", "10.0.2.0", "10.0.2.255", "10.0.3.1", "fd00::2", "fd00::", "fe80::5"})
    void leaseOfWhatIsNoGuestsAddressIsRefused(String address) {
        DhcpPlan plan = leases(lease(GUEST, address, ""));
        assertThatThrownBy(() -> GatewayConfig.DEFAULT.leasing(plan))
                .isInstanceOf(IllegalArgumentException.class)
                .hasMessageContaining(GUEST + ", " + address);
    }

    @Test
    void guestOrAddressOrNameIsThereOnce() {
        assertThatThrownBy(() -> leases(lease(GUEST, "10.0.2.50", ""), lease(GUEST, "10.0.2.51", "")))
                .hasMessageContaining("has two static leases of IPv4");
        assertThatThrownBy(() -> leases(lease(GUEST, "10.0.2.50", ""), lease(OTHER, "10.0.2.50", "")))
                .hasMessageContaining("10.0.2.50 is the static lease of two guests");
        assertThatThrownBy(() -> leases(lease(GUEST, "10.0.2.50", "a"), lease(OTHER, "10.0.2.51", "a")))
                .hasMessageContaining("two guests are called 'a'");
        DhcpPlan gateway = leases(lease(GUEST, "10.0.2.50", "gateway"));
        assertThatThrownBy(() -> GatewayConfig.DEFAULT.leasing(gateway)).hasMessageContaining("'gateway'");
    }

    @ParameterizedTest
    @ValueSource(ints = {1, 50, 51, 53, 54, 55, 57, 58, 59, 61, 82})
    void whatDhcpNeedsItselfIsNotTheUsers(int code) {
        DhcpOptions options = new DhcpOptions.Builder().putInt(code, 1).build();
        assertThatThrownBy(() -> options(options, Dhcpv6Options.NONE)).hasMessageContaining("option " + code);
    }

    @ParameterizedTest
    @ValueSource(ints = {1, 2, 3, 4, 5, 6, 7, 13, 14, 25, 32})
    void whatDhcpv6NeedsItselfIsNotTheUsers(int code) {
        Dhcpv6Options options = new Dhcpv6Options.Builder().addInt(code, 1).build();
        assertThatThrownBy(() -> options(DhcpOptions.NONE, options)).hasMessageContaining("option " + code);
    }

    @Test
    void moreThanAClientTakesIsRefused() {
        DhcpOptions options = new DhcpOptions.Builder().put(200, new byte[1100]).build();
        assertThatThrownBy(() -> options(options, Dhcpv6Options.NONE)).hasMessageContaining("more than 1024");
        List<IpAddress> servers = List.of(IpAddress.parse("10.0.2.50")).stream().toList();
        assertThat(new DhcpPlan(60, List.of(), servers, List.of(), DhcpOptions.NONE, Dhcpv6Options.NONE).leaseSeconds())
                .isEqualTo(60);
        assertThatThrownBy(() -> new DhcpPlan(59, List.of(), servers, List.of(), DhcpOptions.NONE, Dhcpv6Options.NONE))
                .hasMessageContaining("59 s");
    }

    @Test
    void routerBeyondTheLinkIsNone() {
        ClasslessRoute route =
                new ClasslessRoute(IpPrefix.of(IpAddress.parse("192.168.7.0"), 24), IpAddress.parse("10.9.9.9"));
        DhcpPlan plan = new DhcpPlan(3600, List.of(), List.of(), List.of(route), DhcpOptions.NONE, Dhcpv6Options.NONE);
        assertThatThrownBy(() -> GatewayConfig.DEFAULT.leasing(plan)).hasMessageContaining("10.9.9.9");
    }
}
