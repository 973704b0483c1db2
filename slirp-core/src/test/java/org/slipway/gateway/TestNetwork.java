package org.slipway.gateway;

import static org.assertj.core.api.Assertions.assertThat;

import io.netty.buffer.ByteBuf;
import io.netty.buffer.PoolArenaMetric;
import io.netty.buffer.PooledByteBufAllocator;
import io.netty.buffer.Unpooled;
import java.net.InetSocketAddress;
import java.net.SocketAddress;
import java.time.Duration;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.List;
import java.util.Queue;
import java.util.Random;
import java.util.concurrent.atomic.AtomicBoolean;
import org.jspecify.annotations.Nullable;
import org.slipway.lan.Frame;
import org.slipway.lan.FrameReceiver;
import org.slipway.lan.SegmentingPort;
import org.slipway.lan.TestPort;
import org.slipway.loop.ManualLoop;
import org.slipway.nat.EchoListener;
import org.slipway.nat.EchoSocket;
import org.slipway.nat.EchoSockets;
import org.slipway.nat.FakeHost;
import org.slipway.nat.ForwardRule;
import org.slipway.service.DnsUpstream;
import org.slipway.wire.ArpPacket;
import org.slipway.wire.DropCounters;
import org.slipway.wire.DropReason;
import org.slipway.wire.IpAddress;
import org.slipway.wire.MacAddress;
import org.slipway.wire.PacketAssert;
import org.slipway.wire.Packets;

/** A whole gateway on a hand-moved clock, between raw frames of guests and a host that is not there. */
final class TestNetwork implements AutoCloseable {

    static final String GATEWAY_MAC = "52:55:0a:00:02:02";
    static final String GUEST_MAC = "52:54:00:12:34:56";
    static final String OUTSIDE = "93.184.216.34";

    /** A ping that left the host. */
    record Ping(int sequence, int timeToLive, int typeOfService, boolean dontFragment, byte[] payload) {}

    /** Ping sockets that the test answers. */
    static final class FakeEcho implements EchoSocket {
        final IpAddress destination;
        final @Nullable IpAddress source;
        final EchoListener listener;
        final List<Ping> sent = new ArrayList<>();
        boolean closed;

        FakeEcho(IpAddress destination, @Nullable IpAddress source, EchoListener listener) {
            this.destination = destination;
            this.source = source;
            this.listener = listener;
        }

        @Override
        public void send(int sequence, int timeToLive, int typeOfService, boolean dontFragment, ByteBuf payload) {
            sent.add(new Ping(sequence, timeToLive, typeOfService, dontFragment, Packets.bytesOf(payload)));
        }

        @Override
        public void close() {
            closed = true;
        }
    }

    /** A DNS query that left the host; {@code over} when nobody waits for an answer any more. */
    record Query(DnsUpstream.Transport transport, byte[] message, DnsUpstream.Listener listener, AtomicBoolean over) {}

    final ManualLoop loop = new ManualLoop();
    final DropCounters drops = new DropCounters();
    final FakeHost host = new FakeHost();
    final List<FakeEcho> echoes = new ArrayList<>();
    final List<Query> queries = new ArrayList<>();
    final List<String> news = new ArrayList<>();
    final Packets guest = Packets.from(GUEST_MAC, "10.0.2.15").to(GATEWAY_MAC, "10.0.2.2");
    final Gateway gateway;
    private final TestPort device = new TestPort("guest");
    private final SegmentingPort port = new SegmentingPort(device, drops);
    private final Queue<byte[]> seen = new ArrayDeque<>();
    private final Frame frame = new Frame();
    private final long buffersBefore = buffersInUse();
    private boolean pingSockets = true;
    private boolean writable = true;

    TestNetwork() {
        this(new GatewayConfig(AddressPlan.IPV4_ONLY, GatewayConfig.DEFAULT_MTU, List.of(), List.of()));
    }

    TestNetwork(GatewayConfig config) {
        this(config, null);
    }

    /** With {@code stations}, or if they are null with one port for all guests, see {@link #writable}. */
    TestNetwork(GatewayConfig config, @Nullable Stations stations) {
        HostAccess access = new HostAccess(
                host,
                new EchoSockets() {
                    @Override
                    public @Nullable EchoSocket open(
                            IpAddress destination, @Nullable IpAddress source, EchoListener listener) {
                        if (!pingSockets) {
                            return null;
                        }
                        FakeEcho echo = new FakeEcho(destination, source, listener);
                        echoes.add(echo);
                        return echo;
                    }

                    @Override
                    public String unavailableHint() {
                        return "no ping sockets";
                    }
                },
                (transport, resolver, query, listener) -> {
                    AtomicBoolean over = new AtomicBoolean();
                    queries.add(new Query(transport, Packets.bytesOf(query), listener, over));
                    return () -> over.set(true);
                },
                () -> List.of(new InetSocketAddress("127.0.0.53", 53)));
        gateway = new Gateway(
                config, loop, drops, access, stations != null ? stations : mac -> writable, new Random(1), news::add);
        gateway.receiver(new FrameReceiver() {
            @Override
            public void receive(Frame emitted) {
                port.send(emitted);
            }

            @Override
            public void writable() {}
        });
        meet(guest);
    }

    /** Pooled buffers that somebody holds. */
    static long buffersInUse() {
        PooledByteBufAllocator.DEFAULT.trimCurrentThreadCache();
        return PooledByteBufAllocator.DEFAULT.metric().directArenas().stream()
                .mapToLong(PoolArenaMetric::numActiveAllocations)
                .sum();
    }

    /** The gateway learns who {@code station} is, from an ARP request. */
    void meet(Packets station) {
        ArpPacket request =
                new ArpPacket(ArpPacket.REQUEST, station.sourceMac(), station.source(), 0, IpAddress.parse("10.0.2.2"));
        assertThat(send(Packets.arp(MacAddress.BROADCAST.value(), request))).isNull();
        next();
    }

    /** A guest sends a frame. Returns why it was dropped, or null. */
    @Nullable
    DropReason send(ByteBuf bytes) {
        DropReason dropped = sendInTurn(bytes);
        loop.run();
        return dropped;
    }

    /** As {@link #send}, but the turn goes on. */
    @Nullable
    DropReason sendInTurn(ByteBuf bytes) {
        // As a link has it: in the middle of a larger buffer.
        ByteBuf read = PooledByteBufAllocator.DEFAULT.directBuffer(bytes.readableBytes() + 200);
        read.writeZero(77).writeBytes(bytes, bytes.readerIndex(), bytes.readableBytes());
        read.writeZero(50).readerIndex(77).writerIndex(read.writerIndex() - 50);
        try {
            gateway.send(frame.set(read));
            return frame.dropReason();
        } finally {
            read.release();
        }
    }

    private Queue<byte[]> seen() {
        seen.addAll(device.take());
        return seen;
    }

    /** The oldest frame for guests that was not yet looked at. */
    ByteBuf next() {
        byte[] bytes = seen().poll();
        assertThat(bytes).as("a frame to the guest").isNotNull();
        return Unpooled.wrappedBuffer(bytes);
    }

    PacketAssert nextPacket() {
        return PacketAssert.packet(next()).ipv4();
    }

    /** How many frames to guests were not yet looked at. */
    int count() {
        return seen().size();
    }

    void assertSilent() {
        assertThat(seen().stream().map(bytes -> Packets.hexOf(Unpooled.wrappedBuffer(bytes))))
                .as("frames to the guest")
                .isEmpty();
    }

    /** Forgets what the guest was sent; returns how many frames that were. */
    int skip() {
        int count = seen().size();
        seen().clear();
        return count;
    }

    void advance(Duration time) {
        loop.advance(time);
    }

    void noPingSockets() {
        pingSockets = false;
    }

    /** The guest's port is full, or takes frames again. */
    void writable(boolean now) {
        writable = now;
        if (now) {
            gateway.portsWritable();
            loop.run();
        }
    }

    /** Opens a forward of TCP or Unix. */
    FakeHost.Server forward(ForwardRule.Protocol protocol, SocketAddress local, int guestPort) {
        gateway.forward(new ForwardRule("test", protocol, local, null, guestPort));
        List<FakeHost.Server> servers = host.servers();
        return servers.get(servers.size() - 1);
    }

    /** Opens a forward of UDP. */
    FakeHost.Udp forwardUdp(InetSocketAddress local, int guestPort) {
        gateway.forward(new ForwardRule("test", ForwardRule.Protocol.UDP, local, null, guestPort));
        List<FakeHost.Udp> udps = host.udps();
        return udps.get(udps.size() - 1);
    }

    /** Ends the network; all buffers must have been given back. */
    @Override
    public void close() {
        gateway.close();
        loop.run();
        port.close();
        assertThat(drops.of(DropReason.INTERNAL_ERROR)).as("faults: %s", news).isZero();
        assertThat(buffersInUse()).as("pooled buffers in use").isEqualTo(buffersBefore);
    }
}
