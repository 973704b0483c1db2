package org.slipway.guest;

import io.netty.util.collection.IntObjectHashMap;
import io.netty.util.collection.IntObjectMap;
import java.util.ArrayDeque;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.TimeUnit;
import java.util.function.Consumer;
import java.util.function.Function;
import java.util.random.RandomGenerator;
import org.jspecify.annotations.Nullable;
import org.slipway.ip.IpHost;
import org.slipway.ip.IpPacket;
import org.slipway.ip.IpProtocolHandler;
import org.slipway.loop.Loop;
import org.slipway.loop.Timer;
import org.slipway.tcp.Segment;
import org.slipway.tcp.StreamListener;
import org.slipway.tcp.TcpConfig;
import org.slipway.tcp.TcpConnection;
import org.slipway.tcp.TcpState;
import org.slipway.wire.DropReason;
import org.slipway.wire.InternetChecksum;
import org.slipway.wire.IpAddress;
import org.slipway.wire.IpProtocol;
import org.slipway.wire.Ipv4Packet;
import org.slipway.wire.Ipv6Packet;
import org.slipway.wire.QuotedPacket;
import org.slipway.wire.TcpHeader;

/** A guest's TCP: its connections, its listening ports, and the turn in which each connection speaks once. */
final class TcpEndpoints implements IpProtocolHandler {

    /** Bounds what peers can make a listening guest hold; beyond, a SYN is refused with a reset. */
    static final int MAX_CONNECTIONS = 4096;

    /** Four SYNs, at 0, 1, 3 and 7 s, had time to be answered. */
    private static final long CONNECT_TIMEOUT_NANOS = TimeUnit.SECONDS.toNanos(15);

    /** In a network in memory no segment lives longer than that. */
    private static final long TIME_WAIT_NANOS = TimeUnit.SECONDS.toNanos(1);

    /** IP and TCP header without options (RFC 6691). */
    private static final int IPV4_OVERHEAD = Ipv4Packet.MIN_HEADER_LENGTH + TcpHeader.MIN_LENGTH;

    private static final int IPV6_OVERHEAD = Ipv6Packet.HEADER_LENGTH + TcpHeader.MIN_LENGTH;

    private final Loop loop;
    private final IpHost ip;
    private final RandomGenerator random;
    private final SegmentWriter writer;
    private final Map<ConnectionKey, TcpEndpoint> endpoints = new HashMap<>();
    private final IntObjectMap<Consumer<GuestStream>> listeners = new IntObjectHashMap<>();
    private final ArrayDeque<TcpEndpoint> turn = new ArrayDeque<>();
    private final Segment in = new Segment();
    private final Segment reset = new Segment();
    private boolean turnScheduled;

    /** {@code random} gives initial sequence numbers and ports: it must be unpredictable where peers are hostile. */
    TcpEndpoints(Loop loop, IpHost ip, RandomGenerator random) {
        this.loop = loop;
        this.ip = ip;
        this.random = random;
        writer = new SegmentWriter(ip);
    }

    // ---- the guest's side

    void listen(int port, Consumer<GuestStream> acceptor) {
        listeners.put(port, acceptor);
    }

    CompletableFuture<GuestStream> connect(IpAddress remote, int port) {
        ConnectionKey key = freeKey(remote, port);
        if (key == null) {
            return CompletableFuture.failedFuture(
                    new GuestException("connect " + ConnectionKey.peer(remote, port) + ": too many connections"));
        }
        TcpConfig config = config(remote);
        TcpEndpoint endpoint =
                add(key, events -> TcpConnection.active(config, random.nextInt(), loop.nanoTime(), events));
        CompletableFuture<GuestStream> opened = endpoint.stream.opened();
        Timer timeout = loop.schedule(CONNECT_TIMEOUT_NANOS, () -> endpoint.fail("no answer"));
        opened.whenComplete((stream, failure) -> timeout.cancel());
        return opened;
    }

    private @Nullable ConnectionKey freeKey(IpAddress remote, int port) {
        IpAddress local = ip.sourceFor(remote);
        for (int tries = 0; tries < 64 && endpoints.size() < MAX_CONNECTIONS; tries++) {
            int localPort = random.nextInt(UdpPorts.FIRST_EPHEMERAL_PORT, 1 << 16);
            ConnectionKey key = new ConnectionKey(local, localPort, remote, port);
            if (!endpoints.containsKey(key)) {
                return key;
            }
        }
        return null;
    }

    /** As things are now: a lease or a router may have told another MTU. */
    private TcpConfig config(IpAddress remote) {
        int overhead = remote.isIpv4() ? IPV4_OVERHEAD : IPV6_OVERHEAD;
        TcpConfig usual = TcpConfig.ofMss(ip.mtuTowards(remote) - overhead);
        // The writer cuts, so a segment may be longer than an IP packet.
        int largestSegment = Math.max(usual.largestSegment(), usual.mss());
        return usual.with(largestSegment, TIME_WAIT_NANOS);
    }

    // ---- from the network

    @Override
    public void receive(IpPacket packet) {
        DropReason bad = check(packet);
        if (bad != null) {
            packet.drop(bad);
            return;
        }
        in.read(packet.buf(), packet.payload(), packet.payloadLength());
        ConnectionKey key = new ConnectionKey(
                packet.destination(),
                TcpHeader.destinationPort(packet.buf(), packet.payload()),
                packet.source(),
                TcpHeader.sourcePort(packet.buf(), packet.payload()));
        TcpEndpoint endpoint = endpoints.get(key);
        TcpConnection former = null;
        if (endpoint != null && endpoint.connection.mayBeReplacedBy(in)) {
            former = endpoint.connection;
            endpoint.connection.abort();
            remove(endpoint);
            endpoint = null;
        }
        bad = endpoint == null ? receiveWithoutEndpoint(key, former) : endpoint.connection.receive(in, loop.nanoTime());
        if (bad != null) {
            packet.drop(bad);
        }
        if (endpoint != null) {
            endpoint.wake();
        }
        in.clear();
    }

    private static @Nullable DropReason check(IpPacket packet) {
        DropReason malformed = TcpHeader.check(packet.buf(), packet.payload(), packet.payloadLength());
        if (malformed != null) {
            return malformed;
        }
        long sum = InternetChecksum.pseudoHeader(
                        packet.source(), packet.destination(), IpProtocol.TCP, packet.payloadLength())
                + InternetChecksum.sum(packet.buf(), packet.payload(), packet.payloadLength());
        return InternetChecksum.finish(sum) == 0 ? null : DropReason.TCP_BAD_CHECKSUM;
    }

    private @Nullable DropReason receiveWithoutEndpoint(ConnectionKey key, @Nullable TcpConnection former) {
        if (in.has(TcpHeader.RST) || !ip.isLocal(key.local())) {
            return DropReason.TCP_NO_CONNECTION;
        }
        Consumer<GuestStream> acceptor = listeners.get(key.localPort());
        boolean opens = in.has(TcpHeader.SYN) && !in.has(TcpHeader.ACK);
        if (acceptor == null || !opens || endpoints.size() >= MAX_CONNECTIONS) {
            sendReset(key);
            return acceptor == null || !opens ? DropReason.TCP_NO_CONNECTION : DropReason.FLOW_TABLE_FULL;
        }
        TcpConfig config = config(key.remote());
        int proposed = random.nextInt();
        int sequence = former == null ? proposed : former.initialSequenceBehind(proposed);
        TcpEndpoint endpoint = add(key, events -> TcpConnection.passive(config, in, sequence, loop.nanoTime(), events));
        endpoint.stream.opened().thenAccept(acceptor).whenComplete((accepted, failure) -> {
            if (failure != null) {
                endpoint.stream.abort();
            }
        });
        return null;
    }

    /** RFC 9293 3.10.7.1: the reset that a segment for no connection gets. */
    private void sendReset(ConnectionKey key) {
        reset.clear();
        if (in.has(TcpHeader.ACK)) {
            reset.sequence = in.acknowledgment;
            reset.flags = TcpHeader.RST;
        } else {
            reset.acknowledgment = in.sequence + in.length();
            reset.flags = TcpHeader.RST | TcpHeader.ACK;
        }
        writer.send(key, reset);
    }

    /** A segment went nowhere: the end of a connection that is not open yet (RFC 1122 4.2.3.9); false if there is none. */
    boolean unreachable(QuotedPacket quoted, String why) {
        ConnectionKey key =
                new ConnectionKey(quoted.source(), quoted.sourcePort(), quoted.destination(), quoted.destinationPort());
        TcpEndpoint endpoint = endpoints.get(key);
        if (endpoint != null && endpoint.connection.state() == TcpState.SYN_SENT) {
            endpoint.fail(why);
        }
        return endpoint != null;
    }

    // ---- the table and the turn

    private TcpEndpoint add(ConnectionKey key, Function<StreamListener, TcpConnection> open) {
        TcpEndpoint endpoint = new TcpEndpoint(this, key, open);
        endpoints.put(key, endpoint);
        endpoint.wake();
        return endpoint;
    }

    private void remove(TcpEndpoint endpoint) {
        endpoint.cancelTimer();
        endpoints.remove(endpoint.key, endpoint);
    }

    @Nullable
    DropReason send(ConnectionKey key, Segment segment) {
        return writer.send(key, segment);
    }

    void enqueue(TcpEndpoint endpoint) {
        if (!endpoint.queued) {
            endpoint.queued = true;
            turn.add(endpoint);
            if (!turnScheduled) {
                turnScheduled = true;
                loop.endOfTurn(this::endOfTurn);
            }
        }
    }

    private void endOfTurn() {
        turnScheduled = false;
        for (int left = turn.size(); left > 0 && !turn.isEmpty(); left--) {
            TcpEndpoint endpoint = turn.remove();
            endpoint.queued = false;
            endpoint.transmit(loop);
            if (endpoint.connection.state() == TcpState.CLOSED) {
                remove(endpoint);
            }
        }
    }

    /** Ends all connections without a word to the peers, as pulling the plug does. */
    void close() {
        for (TcpEndpoint endpoint : List.copyOf(endpoints.values())) {
            endpoint.fail(Guest.UNPLUGGED);
            remove(endpoint);
        }
        turn.clear();
    }
}
