package org.slipway.gateway;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.slipway.gateway.GuestConnection.ACK;
import static org.slipway.gateway.GuestConnection.RST;
import static org.slipway.gateway.GuestConnection.SYN;
import static org.slipway.wire.Packets.buffer;
import static org.slipway.wire.Packets.bytes;

import io.netty.buffer.ByteBuf;
import io.netty.channel.unix.DomainSocketAddress;
import java.net.InetSocketAddress;
import java.net.SocketAddress;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.EnumSource;
import org.slipway.gateway.TestNetwork.FakeEcho;
import org.slipway.nat.ConnectFailure;
import org.slipway.nat.EchoListener.Failure;
import org.slipway.nat.FakeHost;
import org.slipway.nat.FakeHost.Datagram;
import org.slipway.nat.ForwardRule;
import org.slipway.nat.ForwardRule.Protocol;
import org.slipway.nat.HostSocketException;
import org.slipway.nat.UdpFailure;
import org.slipway.wire.DropReason;
import org.slipway.wire.IpAddress;
import org.slipway.wire.IpProtocol;
import org.slipway.wire.PacketAssert;
import org.slipway.wire.Packets;
import org.slipway.wire.TcpHeader;

/** IPv6 guests' datagrams, pings, refused connections and forwards through the whole gateway. */
class GatewayIpv6NatTest {

    private static final InetSocketAddress PEER = new InetSocketAddress(DualStack.OUTSIDE, 9999);

    private final DualStack dual = new DualStack();
    private final TestNetwork net = dual.net;

    @AfterEach
    void close() {
        dual.close();
    }

    private FakeHost.Udp onlySocket() {
        assertThat(net.host.udps()).hasSize(1);
        return net.host.udps().get(0);
    }

    @Test
    void datagramsPassBothWays() {
        net.send(dual.outside.timeToLive(9).typeOfService(0xb8).udp(1024, 9999, bytes("question")));
        assertThat(onlySocket().take()).containsExactly(new Datagram("question", PEER));
        assertThat(onlySocket().marks()).isEqualTo(new FakeHost.Marks(8, 0xb8, true));
        onlySocket().receive("answer", PEER);
        dual.nextPacket().from(DualStack.OUTSIDE).to("fd00::15").udp(9999, 1024).data(bytes("answer"));
        onlySocket().receive("", new InetSocketAddress("2001:db8::99", 7));
        dual.nextPacket().from("2001:db8::99").udp(7, 1024).data(new byte[0]);
        onlySocket().receive("a router's", new InetSocketAddress("fe80::1", 7));
        dual.nextPacket().from("fd00::2").udp(7, 1024);
    }

    /** RFC 8200 8.1. */
    @Test
    void datagramWithoutAChecksumIsRefused() {
        ByteBuf frame = dual.outside.udp(1024, 9999, bytes("none"));
        frame.setShort(frame.readerIndex() + 14 + 40 + 6, 0);
        assertThat(net.send(frame)).isEqualTo(DropReason.UDP_BAD_CHECKSUM);
        assertThat(net.host.udps()).isEmpty();
    }

    @Test
    void datagramThatCameInFragmentsMayGoOnInFragments() {
        byte[] datagram = dual.outside.udpDatagram(1024, 9999, Packets.bytes(2000));
        net.send(dual.outside.fragment(0, true).ipv6Fragment(IpProtocol.UDP, part(datagram, 0, 1024)));
        net.send(dual.outside.fragment(1024, false).ipv6Fragment(IpProtocol.UDP, part(datagram, 1024, 984)));
        assertThat(onlySocket().take().get(0).data()).hasSize(2000);
        assertThat(onlySocket().marks()).isEqualTo(new FakeHost.Marks(63, 0, false));
    }

    private static byte[] part(byte[] bytes, int from, int length) {
        byte[] part = new byte[length];
        System.arraycopy(bytes, from, part, 0, length);
        return part;
    }

    /** The gateway answers by the name that it was called by. */
    @Test
    void hostsLoopbackAnswersByTheNameThatTheGuestUsed() {
        net.send(dual.onLink.to("fd00::2").udp(1024, 7, bytes("x")));
        onlySocket().receive("y", new InetSocketAddress("::1", 7));
        dual.nextPacket().from("fd00::2").to("fe80::15").udp(7, 1024);
        net.send(dual.onLink.udp(1024, 7, bytes("x")));
        onlySocket().receive("y", new InetSocketAddress("::1", 7));
        dual.nextPacket().from("fe80::2").to("fe80::15").udp(7, 1024);
    }

    @ParameterizedTest
    @CsvSource({
        // the error, its MTU, who sent it; who the guest hears it from
        "1, 4, 0, 2001:db8::34, 2001:db8::34",
        "1, 4, 0, , 2001:db8::34",
        "1, 0, 0, 2001:db8::1, 2001:db8::1",
        "1, 3, 0, , fd00::2",
        "2, 0, 1300, 2001:db8::1, 2001:db8::1",
        "2, 0, 1400, , fd00::2",
        "3, 0, 0, fe80::1, fd00::2",
        "3, 0, 0, fd00::7, fd00::2",
    })
    void errorsOfDatagramsAreTold(int type, int code, int mtu, @Nullable String offender, String from) {
        ByteBuf often = dual.outside.udp(1024, 9999, bytes("hello"));
        ByteBuf probe = dual.outside.timeToLive(3).typeOfService(4).udp(1024, 33_434, bytes("probe"));
        net.send(often);
        net.send(probe);
        IpAddress by = offender == null ? null : IpAddress.parse(offender);
        onlySocket().fail(new UdpFailure(type, code, mtu, by, PEER, 5));
        // Its checksum is not known any more.
        often.setShort(often.readerIndex() + 14 + 40 + 6, 0);
        dual.nextPacket().from(from).to("fd00::15").icmpv6(type, code, mtu).quotes(often, 48);
        onlySocket().fail(new UdpFailure(type, code, mtu, by, new InetSocketAddress(DualStack.OUTSIDE, 33_434), 5));
        dual.nextPacket().from(from).to("fd00::15").icmpv6(type, code, mtu).quotes(probe, 48);
    }

    @Test
    void pingGoesOutWithOneHopLessAndComesBack() {
        net.send(dual.outside.timeToLive(9).icmpv6Echo(5, 1, bytes("ping")));
        FakeEcho echo = net.echoes.get(0);
        assertThat(echo.destination).hasToString(DualStack.OUTSIDE);
        assertThat(echo.sent.get(0).timeToLive()).isEqualTo(8);
        assertThat(echo.sent.get(0).dontFragment()).isTrue();
        echo.listener.reply(1, 57, buffer(bytes("ping")));
        dual.nextPacket()
                .from(DualStack.OUTSIDE)
                .to("fd00::15")
                .timeToLive(56)
                .icmpv6(129, 0, 5 << 16 | 1)
                .data(bytes("ping"));
    }

    @Test
    void errorOfAPingQuotesTheRequest() {
        ByteBuf[] requests = new ByteBuf[10];
        for (int i = 0; i < requests.length; i++) {
            requests[i] = dual.outside.timeToLive(i + 2).icmpv6Echo(5, i, bytes("trace"));
            net.send(requests[i]);
        }
        FakeEcho echo = net.echoes.get(0);
        echo.listener.failed(new Failure(3, 0, 0, IpAddress.parse("2001:db8::1"), 3));
        dual.nextPacket().from("2001:db8::1").icmpv6(3, 0, 0).quotes(requests[3], 53);
        echo.listener.failed(new Failure(2, 0, 1300, IpAddress.parse("fe80::1"), 9));
        dual.nextPacket().from("fd00::2").icmpv6(2, 0, 1300).quotes(requests[9], 53);
        echo.listener.failed(new Failure(1, 1, 0, null, -1));
        dual.nextPacket().from("fd00::2").icmpv6(1, 1, 0).quotes(requests[9], 53);
    }

    @ParameterizedTest
    @EnumSource(ConnectFailure.class)
    void connectionsThatFailAreRefusedAsTheHostWas(ConnectFailure failure) {
        ByteBuf syn = dual.outside.tcp(1024, 80, 1, 0, SYN, 1000, new byte[0]);
        net.send(syn);
        net.host.onlyStream().fail(failure);
        net.loop.run();
        int code = switch (failure) {
            case REFUSED -> -1;
            case NET_UNREACHABLE -> 0;
            case HOST_UNREACHABLE -> 3;
            case PROHIBITED -> 1;
        };
        if (code < 0) {
            dual.nextPacket().from(DualStack.OUTSIDE).tcp(80, 1024, 0, 2, RST | ACK);
        } else {
            dual.nextPacket().from("fd00::2").icmpv6(1, code, 0).quotes(syn, 60);
        }
        net.assertSilent();
    }

    private static ForwardRule rule(Protocol protocol, SocketAddress local, String guest) {
        return new ForwardRule("test", protocol, local, IpAddress.parse(guest), 22);
    }

    @ParameterizedTest
    @CsvSource({
        // where the host listens, a client, the guest; how it sees the client
        "127.0.0.1, 127.0.0.1, fd00::15, fd00::2",
        "0.0.0.0, 192.168.7.9, fd00::15, fd00::2",
        "0.0.0.0, 192.168.7.9, fe80::15, fe80::2",
        "::1, ::1, fd00::15, fd00::2",
        "::, 2001:db8::7, fd00::15, 2001:db8::7",
        "::, fe80::7, fd00::15, fd00::2",
        "::, fd00::3, fd00::15, fd00::2",
        "::, 2001:db8::7, 10.0.2.15, 10.0.2.2",
        "::1, ::1, 10.0.2.15, 10.0.2.2",
    })
    void forwardsLeadAcrossFamilies(String local, String client, String guest, String shownAs) {
        InetSocketAddress from = new InetSocketAddress(client, 50_000);
        net.gateway.forward(rule(Protocol.TCP, new InetSocketAddress(local, 2222), guest));
        net.host.servers().get(0).accept(from);
        net.loop.run();
        IpAddress to = IpAddress.parse(guest);
        ByteBuf syn = net.next();
        PacketAssert.packet(syn).ip(to).from(shownAs).to(guest).protocol(IpProtocol.TCP);
        assertThat(TcpHeader.sourcePort(syn, syn.readerIndex() + 14 + (to.isIpv4() ? 20 : 40)))
                .isEqualTo(50_000);

        net.gateway.forward(rule(Protocol.UDP, new InetSocketAddress(local, 2222), guest));
        FakeHost.Udp udp = net.host.udps().get(0);
        udp.receive("ping", from);
        PacketAssert.packet(net.next())
                .ip(to)
                .from(shownAs)
                .to(guest)
                .udp(50_000, 22)
                .data(bytes("ping"));
        Packets sender = to.isIpv4() ? net.guest : to.isLinkLocal() ? dual.onLink : dual.guest;
        net.send(sender.to(shownAs).udp(22, 50_000, bytes("pong")));
        assertThat(udp.take()).containsExactly(new Datagram("pong", from));
        assertThat(net.host.udps()).hasSize(1);
    }

    @Test
    void unixClientsAppearAsTheGatewayOfTheGuestsFamily() {
        net.gateway.forward(rule(Protocol.UNIX, new DomainSocketAddress("/tmp/s"), "fd00::15"));
        net.host.servers().get(0).accept(null);
        net.loop.run();
        dual.nextPacket().from("fd00::2").to("fd00::15").protocol(IpProtocol.TCP);
    }

    @Test
    void forwardToAFamilyThatIsNotThereIsRefused() {
        try (TestNetwork ipv4 = new TestNetwork()) {
            InetSocketAddress local = new InetSocketAddress("127.0.0.1", 2222);
            assertThatThrownBy(() -> ipv4.gateway.forward(rule(Protocol.TCP, local, "fd00::15")))
                    .isInstanceOf(HostSocketException.class)
                    .hasMessage("the network has no such guest: fd00::15");
        }
    }
}
