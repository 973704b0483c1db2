package org.slipway.nat;

import static org.assertj.core.api.Assertions.assertThat;
import static org.slipway.wire.Packets.bytes;

import io.netty.buffer.ByteBuf;
import java.net.InetSocketAddress;
import java.util.Random;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.slipway.ip.IpHost;
import org.slipway.ip.SentFrames;
import org.slipway.lan.Frame;
import org.slipway.loop.ManualLoop;
import org.slipway.wire.DropCounters;
import org.slipway.wire.DropReason;
import org.slipway.wire.IpAddress;
import org.slipway.wire.IpPrefix;
import org.slipway.wire.IpProtocol;
import org.slipway.wire.MacAddress;
import org.slipway.wire.Packets;

/** Who may send to a guest's port (RFC 4787 5). */
class UdpFilteringTest {

    private static final String MAC = "52:55:0a:00:02:02";
    private static final String GUEST_MAC = "52:54:00:12:34:56";
    private static final IpAddress GATEWAY = IpAddress.parse("10.0.2.2");
    private static final IpPrefix NETWORK = IpPrefix.of(GATEWAY, 24);

    private final ManualLoop loop = new ManualLoop();
    private final DropCounters drops = new DropCounters();
    private final SentFrames sent = new SentFrames();
    private final FakeHost host = new FakeHost();
    private final IpHost ip = new IpHost(loop, drops, MacAddress.parse(MAC), 1500, sent, new Random(1));
    private final Packets guest = Packets.from(GUEST_MAC, "10.0.2.15").to(MAC, "10.0.2.2");
    private UdpNat nat = nat(UdpFiltering.ENDPOINT_INDEPENDENT);

    private UdpNat nat(UdpFiltering filtering) {
        return new UdpNat(
                loop,
                ip,
                new AddressPolicy(new AddressPolicy.Network(NETWORK, GATEWAY), null, null),
                host,
                new UdpDatagramWriter(ip),
                drops,
                filtering);
    }

    private void use(UdpFiltering filtering) {
        nat = nat(filtering);
        ip.address(GATEWAY, NETWORK);
        ip.forwarding(true);
        ip.handler(IpProtocol.UDP, nat);
        ip.learn(IpAddress.parse("10.0.2.15"), MacAddress.parse(GUEST_MAC).value());
    }

    @AfterEach
    void close() {
        nat.close();
        ip.close();
    }

    private void send(String destination, int port) {
        ByteBuf datagram = guest.to(destination).udp(1024, port, bytes("x"));
        ip.receive(new Frame().set(datagram));
        loop.run();
    }

    private boolean hears(String address, int port) {
        long before = drops.of(DropReason.UDP_FILTERED);
        host.udps().get(0).receive("x", new InetSocketAddress(address, port));
        boolean dropped = drops.of(DropReason.UDP_FILTERED) > before;
        if (!dropped) {
            sent.nextPacket().ipv4().to("10.0.2.15").partialChecksum().udp(port, 1024);
        }
        sent.assertNone();
        return !dropped;
    }

    @ParameterizedTest
    @CsvSource({
        // whether it hears whom it wrote to, the same from another port, another; the host's loopback before it wrote
        // there
        "ENDPOINT_INDEPENDENT, true, true, true, true",
        "ADDRESS_DEPENDENT, true, true, false, false",
        "ADDRESS_AND_PORT_DEPENDENT, true, false, false, false",
    })
    void guestHearsWhomTheFilteringLetsThrough(
            UdpFiltering filtering, boolean peer, boolean otherPort, boolean other, boolean loopback) {
        use(filtering);
        send("93.184.216.34", 9999);
        assertThat(hears("93.184.216.34", 9999)).isEqualTo(peer);
        assertThat(hears("93.184.216.34", 9998)).isEqualTo(otherPort);
        assertThat(hears("198.51.100.7", 9999)).isEqualTo(other);
        assertThat(hears("127.0.0.1", 9999)).isEqualTo(loopback);
        send("10.0.2.2", 9999);
        assertThat(hears("127.0.0.1", 9999)).isTrue();
        send("198.51.100.7", 9999);
        assertThat(hears("198.51.100.7", 9999)).isTrue();
        assertThat(hears("93.184.216.34", 9999)).isTrue();
        assertThat(host.udps()).as("one mapping whatever the filtering").hasSize(1);
    }

    @Test
    void peersAreBoundedAndTheOldestIsForgotten() {
        use(UdpFiltering.ADDRESS_AND_PORT_DEPENDENT);
        for (int port = 1; port <= UdpPeers.MAX_PEERS; port++) {
            send("93.184.216.34", port);
        }
        send("93.184.216.34", 1);
        send("93.184.216.34", 5000);
        assertThat(hears("93.184.216.34", 1)).isTrue();
        assertThat(hears("93.184.216.34", 2)).isFalse();
        assertThat(hears("93.184.216.34", 3)).isTrue();
        assertThat(hears("93.184.216.34", 5000)).isTrue();
    }
}
