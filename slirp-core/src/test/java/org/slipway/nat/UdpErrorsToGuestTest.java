package org.slipway.nat;

import static org.assertj.core.api.Assertions.assertThat;
import static org.slipway.wire.Packets.bytes;

import io.netty.buffer.ByteBuf;
import java.net.InetSocketAddress;
import java.net.SocketAddress;
import java.util.List;
import java.util.Random;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.slipway.ip.IpHost;
import org.slipway.ip.SentFrames;
import org.slipway.lan.Frame;
import org.slipway.loop.ManualLoop;
import org.slipway.wire.DropCounters;
import org.slipway.wire.IpAddress;
import org.slipway.wire.IpPrefix;
import org.slipway.wire.IpProtocol;
import org.slipway.wire.MacAddress;
import org.slipway.wire.Packets;

/** What a guest hears by ICMP of datagrams that did not arrive. */
class UdpErrorsToGuestTest {

    private static final String MAC = "52:55:0a:00:02:02";
    private static final String GUEST_MAC = "52:54:00:12:34:56";
    private static final IpAddress GATEWAY = IpAddress.parse("10.0.2.2");

    private final ManualLoop loop = new ManualLoop();
    private final SentFrames sent = new SentFrames();
    private final Packets guest = Packets.from(GUEST_MAC, "10.0.2.15").to(MAC, "10.0.2.2");
    private final IpHost ip = new IpHost(loop, new DropCounters(), MacAddress.parse(MAC), 1500, sent, new Random(1));
    private final IpPrefix network = IpPrefix.of(GATEWAY, 24);
    private final UdpNat nat = new UdpNat(
            loop,
            ip,
            new AddressPolicy(new AddressPolicy.Network(network, GATEWAY), null, null, GuestAccess.DEFAULT),
            new OneSocket(),
            new UdpDatagramWriter(ip),
            new DropCounters(),
            UdpFiltering.ENDPOINT_INDEPENDENT);
    private @Nullable HostUdpListener flow;

    /** A host that gives a UDP socket, which loses everything. */
    private final class OneSocket implements HostSockets {

        @Override
        public HostStream connect(SocketAddress remote, int hops, HostStreamListener listener) {
            throw new UnsupportedOperationException();
        }

        @Override
        public HostStream run(List<String> command, HostStreamListener listener) {
            throw new UnsupportedOperationException();
        }

        @Override
        public HostStream run(GuestForward.Daemon daemon, HostStreamListener listener) {
            throw new UnsupportedOperationException();
        }

        @Override
        public HostServer listen(SocketAddress local, Acceptor acceptor) {
            throw new UnsupportedOperationException();
        }

        @Override
        public HostUdpSocket openUdp(@Nullable InetSocketAddress local, boolean ipv4, HostUdpListener listener) {
            flow = listener;
            return new HostUdpSocket() {
                @Override
                public InetSocketAddress local() {
                    return new InetSocketAddress(0);
                }

                @Override
                public void mark(int timeToLive, int typeOfService, boolean dontFragment) {}

                @Override
                public void send(ByteBuf payload, InetSocketAddress to) {
                    payload.release();
                }

                @Override
                public void flush() {}

                @Override
                public void close() {}
            };
        }
    }

    @BeforeEach
    void meet() {
        ip.address(GATEWAY, network);
        ip.address(IpAddress.parse("10.0.2.3"), network);
        ip.forwarding(true);
        ip.handler(IpProtocol.UDP, nat);
        ip.learn(IpAddress.parse("10.0.2.15"), MacAddress.parse(GUEST_MAC).value());
    }

    @AfterEach
    void close() {
        nat.close();
        ip.close();
    }

    private void send(ByteBuf datagram) {
        ip.receive(new Frame().set(datagram));
        loop.run();
    }

    @ParameterizedTest
    @CsvSource({
        // what the guest writes to, where that is on the host, the error, who sent it; who the guest hears it from
        "10.0.2.2, 127.0.0.1, 3, 3, 0, 127.0.0.1, 10.0.2.2",
        "10.0.2.2, 127.0.0.1, 3, 3, 0, , 10.0.2.2",
        "93.184.216.34, 93.184.216.34, 3, 3, 0, 93.184.216.34, 93.184.216.34",
        "93.184.216.34, 93.184.216.34, 3, 3, 0, , 93.184.216.34",
        "93.184.216.34, 93.184.216.34, 3, 1, 0, 192.0.2.1, 192.0.2.1",
        "93.184.216.34, 93.184.216.34, 3, 0, 0, , 10.0.2.2",
        "93.184.216.34, 93.184.216.34, 3, 13, 0, , 10.0.2.2",
        "93.184.216.34, 93.184.216.34, 3, 4, 1400, 192.0.2.1, 192.0.2.1",
        "93.184.216.34, 93.184.216.34, 11, 0, 0, 192.168.1.1, 192.168.1.1",
        // a router of the host's that has an address of the virtual network
        "93.184.216.34, 93.184.216.34, 11, 0, 0, 10.0.2.3, 10.0.2.2",
    })
    void errorComesFromWhomTheGuestKnows(
            String destination, String onHost, int type, int code, int mtu, @Nullable String offender, String from) {
        Packets packet = guest.to(destination);
        send(packet.udp(1024, 99, bytes("hello")));
        assertThat(flow).isNotNull();
        flow.failed(new UdpFailure(
                type,
                code,
                mtu,
                offender == null ? null : IpAddress.parse(offender),
                new InetSocketAddress(onHost, 99),
                5));
        sent.nextPacket()
                .ipv4()
                .from(from)
                .to("10.0.2.15")
                .icmp(type, code, mtu)
                .quotes(packet.udp(1024, 99, bytes("hello")), 28);
        sent.assertNone();
    }

    @ParameterizedTest
    @CsvSource({"0, 3, 3", "1400, 3, 4"})
    void whatIsForgottenIsQuotedFromMemory(int mtu, int type, int code) {
        Packets packet = guest.to("93.184.216.34");
        send(packet.udp(1024, 99, bytes("hello")));
        send(packet.udp(1024, 98, bytes("later")));
        assertThat(flow).isNotNull();
        InetSocketAddress destination = new InetSocketAddress("93.184.216.34", 99);
        flow.failed(new UdpFailure(type, code, mtu, IpAddress.parse("93.184.216.34"), destination, 5));
        Packets quoted = mtu == 0 ? packet : packet.dontFragment();
        ByteBuf quote = quoted.identification(0).udp(1024, 99, bytes("hello"));
        // It is not known any more.
        quote.setShort(quote.readerIndex() + 14 + 20 + 6, 0);
        sent.nextPacket().ipv4().icmp(type, code, mtu).quotes(quote, 28);
    }

    @Test
    void marksOfTheGuestAreQuoted() {
        ByteBuf datagram = guest.to("93.184.216.34")
                .typeOfService(0x48)
                .identification(4711)
                .udp(1024, 99, bytes("hello"));
        send(datagram.retainedDuplicate());
        assertThat(flow).isNotNull();
        InetSocketAddress destination = new InetSocketAddress("93.184.216.34", 99);
        flow.failed(new UdpFailure(3, 3, 0, IpAddress.parse("93.184.216.34"), destination, 5));
        sent.nextPacket().ipv4().icmp(3, 3, 0).quotes(datagram, 28);
    }

    @Test
    void portOfTheGatewaysOwnAddressIsUnreachableThere() {
        ByteBuf datagram = guest.to("10.0.2.3").udp(1024, 99, bytes("hello"));
        send(datagram);
        sent.nextPacket().ipv4().from("10.0.2.3").to("10.0.2.15").icmp(3, 3, 0).quotes(datagram, 20 + 8 + 5);
        send(guest.to("10.0.2.77").udp(1024, 99, bytes("hello")));
        sent.nextPacket().ipv4().from("10.0.2.2").to("10.0.2.15").icmp(3, 1, 0);
    }
}
