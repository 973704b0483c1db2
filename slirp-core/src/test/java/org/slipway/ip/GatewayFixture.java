package org.slipway.ip;

import static org.assertj.core.api.Assertions.assertThat;

import io.netty.buffer.ByteBuf;
import java.util.ArrayList;
import java.util.List;
import java.util.Random;
import org.jspecify.annotations.Nullable;
import org.slipway.lan.Frame;
import org.slipway.loop.ManualLoop;
import org.slipway.wire.DropCounters;
import org.slipway.wire.DropReason;
import org.slipway.wire.IpAddress;
import org.slipway.wire.IpPrefix;
import org.slipway.wire.IpProtocol;
import org.slipway.wire.MacAddress;
import org.slipway.wire.Packets;

/**
 * A gateway 10.0.2.2 (and resolver 10.0.2.3) on a hand-moved clock, and the packets of its one guest 10.0.2.15; in IPv6
 * fd00::2, fd00::3 and fe80::2, and fd00::15 and fe80::5054:ff:fe12:3456.
 */
final class GatewayFixture implements AutoCloseable {

    static final String MAC = "52:55:0a:00:02:02";
    static final String GUEST_MAC = "52:54:00:12:34:56";
    static final int MTU = 1500;
    static final long BROADCAST = MacAddress.BROADCAST.value();
    static final IpAddress ADDRESS = IpAddress.parse("10.0.2.2");
    static final IpAddress GUEST = IpAddress.parse("10.0.2.15");
    static final IpAddress OUTSIDE = IpAddress.parse("93.184.216.34");

    static final IpAddress ADDRESS6 = IpAddress.parse("fd00::2");
    static final IpAddress LINK_LOCAL = IpAddress.parse("fe80::2");
    static final IpAddress GUEST6 = IpAddress.parse("fd00::15");
    static final IpAddress GUEST_LINK_LOCAL = IpAddress.parse("fe80::5054:ff:fe12:3456");
    static final IpAddress OUTSIDE6 = IpAddress.parse("2001:db8::34");

    /** What a handler was given, copied. */
    record Received(
            IpAddress source,
            IpAddress destination,
            int protocol,
            int timeToLive,
            int typeOfService,
            boolean dontFragment,
            boolean checksumVouched,
            long sourceMac,
            byte[] payload) {

        static Received of(IpPacket packet) {
            byte[] payload = new byte[packet.payloadLength()];
            packet.buf().getBytes(packet.payload(), payload);
            return new Received(
                    packet.source(),
                    packet.destination(),
                    packet.protocol(),
                    packet.timeToLive(),
                    packet.typeOfService(),
                    packet.dontFragment(),
                    packet.checksumVouched(),
                    packet.sourceMac(),
                    payload);
        }
    }

    final ManualLoop loop = new ManualLoop();
    final DropCounters drops = new DropCounters();
    final SentFrames sent = new SentFrames();
    final List<Received> received = new ArrayList<>();
    final IpHost host;
    final Packets guest = Packets.from(GUEST_MAC, "10.0.2.15").to(MAC, "10.0.2.2");
    final Packets guest6 = Packets.from(GUEST_MAC, "fd00::15").to(MAC, "fd00::2");
    private final Frame frame = new Frame();

    GatewayFixture() {
        host = host(MTU);
        host.forwarding(true);
    }

    /** The same host with another MTU, on the same loop, counters and output. */
    IpHost host(int mtu) {
        IpHost made = new IpHost(loop, drops, MacAddress.parse(MAC), mtu, sent, new Random(1));
        IpPrefix network = IpPrefix.of(ADDRESS, 24);
        made.address(ADDRESS, network);
        made.address(IpAddress.parse("10.0.2.3"), network);
        IpPrefix network6 = IpPrefix.of(ADDRESS6, 64);
        made.address(ADDRESS6, network6);
        made.address(IpAddress.parse("fd00::3"), network6);
        made.address(LINK_LOCAL, IpPrefix.of(LINK_LOCAL, 64));
        made.handler(IpProtocol.UDP, packet -> received.add(Received.of(packet)));
        return made;
    }

    /** The gateway has learnt who the guest is. */
    GatewayFixture guestKnown() {
        for (IpAddress address : List.of(GUEST, GUEST6, GUEST_LINK_LOCAL)) {
            host.learn(address, MacAddress.parse(GUEST_MAC).value());
        }
        return this;
    }

    /** Gives the host a frame; returns why it was dropped, or null. */
    @Nullable
    DropReason receive(ByteBuf bytes) {
        host.receive(frame.set(bytes));
        assertThat(bytes.refCnt()).as("references to a borrowed frame").isOne();
        return frame.dropReason();
    }

    /** Takes the only packet that a handler was given. */
    Received onlyReceived() {
        assertThat(received).hasSize(1);
        return received.remove(0);
    }

    void assertDropped(ByteBuf bytes, DropReason reason) {
        long before = drops.of(reason);
        assertThat(receive(bytes)).isEqualTo(reason);
        assertThat(drops.of(reason)).as("count of %s", reason).isEqualTo(before + 1);
        assertThat(received).as("packets handed up").isEmpty();
    }

    @Override
    public void close() {
        host.close();
    }
}
