package org.slipway.gateway;

import static org.assertj.core.api.Assertions.assertThat;
import static org.slipway.gateway.GuestConnection.SYN;

import io.netty.buffer.ByteBuf;
import java.net.InetSocketAddress;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;
import org.slipway.wire.DropReason;
import org.slipway.wire.Packets;

/** Where guests get to over IPv6, by TCP, UDP and ping: one row for each spelling. */
class GatewayIpv6PolicyTest {

    private final DualStack dual = new DualStack();
    private final TestNetwork net = dual.net;

    @AfterEach
    void close() {
        dual.close();
    }

    private void assertHostUntouched() {
        assertThat(net.host.streams()).isEmpty();
        assertThat(net.host.udps()).isEmpty();
        assertThat(net.echoes).isEmpty();
    }

    private static ByteBuf frame(Packets sender, String protocol) {
        return switch (protocol) {
            case "tcp" -> sender.tcp(1024, 80, 1, 0, SYN, 1000, new byte[0]);
            case "udp" -> sender.udp(1024, 80, Packets.bytes("hello"));
            default -> sender.icmpv6Echo(7, 1, Packets.bytes("hello"));
        };
    }

    @ParameterizedTest
    @CsvSource({
        // address, ICMPv6 code of the answer (-1: silence), reason
        "::1,                  0, POLICY_DENIED",
        "::127.0.0.1,          0, POLICY_DENIED",
        "::10.0.2.2,           0, POLICY_DENIED",
        "64:ff9b::127.0.0.1,   0, POLICY_DENIED",
        "64:ff9b::0.0.0.0,     0, POLICY_DENIED",
        "64:ff9b::169.254.169.254, 0, POLICY_DENIED",
        "64:ff9b::255.255.255.255, 0, POLICY_DENIED",
        "64:ff9b:1::127.0.0.1, 0, POLICY_DENIED",
        "::ffff:0:127.0.0.1,   0, POLICY_DENIED",
        "2002:7f00:1::,        0, POLICY_DENIED",
        "2002:7fff:ffff::1,    0, POLICY_DENIED",
        "2002:a9fe:a9fe::1,    0, POLICY_DENIED",
        "2001::80ff:fffe,      0, POLICY_DENIED",
        "2001:db8::5efe:7f00:1, 0, POLICY_DENIED",
        "2001:db8::200:5efe:7f00:1, 0, POLICY_DENIED",
        "fd00:ec2::254,        0, POLICY_DENIED",
        "fd20:ce::254,         0, POLICY_DENIED",
        "fec0::2,              0, POLICY_DENIED",
        "100::1,               0, POLICY_DENIED",
        "ff02::1,              -1, POLICY_DENIED",
        "ff02::fb,             -1, POLICY_DENIED",
        "ff0e::1,              -1, POLICY_DENIED",
        "fd00::4,              3, IP_NO_ROUTE",
        "fd00::,               3, IP_NO_ROUTE",
        "fd00::1:0:0:2,        3, IP_NO_ROUTE",
        "fe80::1,              3, IP_NO_ROUTE",
        "fe80::1,              -1, IP_BAD_SOURCE",
        "fe80::1:0:0:2,        -1, IP_BAD_SOURCE",
    })
    void whereNoGuestGets(String address, int code, DropReason reason) {
        for (String protocol : new String[] {"tcp", "udp", "icmp"}) {
            Packets sender = reason == DropReason.IP_BAD_SOURCE ? dual.onLink : dual.guest;
            ByteBuf frame = frame(sender.to(address), protocol);
            boolean pingToMany = reason == DropReason.POLICY_DENIED && code == -1 && protocol.equals("icmp");
            assertThat(net.send(frame))
                    .as("%s to %s", protocol, address)
                    .isEqualTo(pingToMany ? DropReason.ICMP_UNHANDLED : reason);
            if (code >= 0) {
                dual.nextPacket()
                        .from("fd00::2")
                        .to("fd00::15")
                        .icmpv6(1, code, 0)
                        .quotes(frame, frame.readableBytes() - 14);
                net.assertSilent();
            }
            net.skip();
        }
        assertHostUntouched();
    }

    /** There is no telling it from IPv4 behind the door. */
    @ParameterizedTest
    @ValueSource(strings = {"127.0.0.1", "10.0.2.2", "93.184.216.34", "0.0.0.0"})
    void mappedAddressesDoNotComeIn(String mapped) {
        for (String protocol : new String[] {"tcp", "udp", "icmp"}) {
            ByteBuf frame = frame(dual.guest, protocol);
            int destination = frame.readerIndex() + 14 + 24;
            frame.setLong(destination, 0);
            frame.setInt(destination + 8, 0xffff);
            frame.setBytes(
                    destination + 12,
                    new InetSocketAddress(mapped, 0).getAddress().getAddress());
            assertThat(net.send(frame)).isEqualTo(DropReason.IP_MAPPED_ADDRESS);
        }
        net.assertSilent();
        assertHostUntouched();
    }

    @Test
    void gatewayIsTheHostsLoopbackByEitherName() {
        InetSocketAddress loopback = new InetSocketAddress("::1", 80);
        for (Packets guest : new Packets[] {dual.guest, dual.onLink}) {
            net.send(frame(guest, "tcp"));
            assertThat(net.host.onlyStream().remote()).isEqualTo(loopback);
            net.send(frame(guest, "icmp"));
            dual.nextPacket()
                    .from(guest.destination().toString())
                    .timeToLive(255)
                    .icmpv6(129, 0, 7 << 16 | 1);
        }
        net.send(frame(dual.guest, "udp"));
        net.send(frame(dual.onLink, "udp"));
        assertThat(net.host.udps())
                .hasSize(2)
                .allSatisfy(udp -> assertThat(udp.take().get(0).to()).isEqualTo(loopback));
        assertThat(net.echoes).isEmpty();
        net.assertSilent();
    }

    @ParameterizedTest
    @ValueSource(strings = {"2001:db8::34", "fd77::1", "64:ff9b::8.8.8.8", "2002:808:808::1"})
    void outsideIsReached(String address) {
        net.send(frame(dual.guest.to(address), "tcp"));
        assertThat(net.host.onlyStream().remote()).isEqualTo(new InetSocketAddress(address, 80));
        net.send(frame(dual.guest.to(address), "udp"));
        assertThat(net.host.udps().get(0).take().get(0).to()).isEqualTo(new InetSocketAddress(address, 80));
        net.send(frame(dual.guest.to(address), "icmp"));
        assertThat(net.echoes.get(0).destination.toInetAddress())
                .isEqualTo(new InetSocketAddress(address, 0).getAddress());
    }

    @ParameterizedTest
    @ValueSource(strings = {"tcp", "udp", "icmp"})
    void hopsThatAreUsedUpAreTold(String protocol) {
        for (int hops = 0; hops <= 1; hops++) {
            ByteBuf frame = frame(dual.outside.timeToLive(hops), protocol);
            assertThat(net.send(frame)).isEqualTo(DropReason.IP_TTL_EXCEEDED);
            dual.nextPacket().from("fd00::2").icmpv6(3, 0, 0).quotes(frame, frame.readableBytes() - 14);
        }
        assertHostUntouched();
    }
}
