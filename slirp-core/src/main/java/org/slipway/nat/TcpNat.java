package org.slipway.nat;

import io.netty.util.collection.IntObjectHashMap;
import io.netty.util.collection.IntObjectMap;
import java.net.InetSocketAddress;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.function.LongPredicate;
import java.util.random.RandomGenerator;
import org.jspecify.annotations.Nullable;
import org.slipway.ip.IpHost;
import org.slipway.ip.IpPacket;
import org.slipway.ip.IpProtocolHandler;
import org.slipway.loop.Loop;
import org.slipway.tcp.Segment;
import org.slipway.tcp.StreamListener;
import org.slipway.tcp.TcpConfig;
import org.slipway.tcp.TcpConnection;
import org.slipway.tcp.TcpState;
import org.slipway.wire.DropReason;
import org.slipway.wire.IcmpError;
import org.slipway.wire.InternetChecksum;
import org.slipway.wire.IpAddress;
import org.slipway.wire.IpProtocol;
import org.slipway.wire.TcpHeader;

/**
 * The guests' TCP connections: finds the flow of a segment, opens flows both ways, and lets each connection speak once a turn.
 * The host is connected before a guest's SYN is answered, so a guest hears what the host heard. On the network's loop only.
 */
public final class TcpNat implements IpProtocolHandler {

    /** IPv4 and TCP header without options (RFC 6691). */
    static final int IPV4_OVERHEAD = 40;

    static final int IPV6_OVERHEAD = 60;

    private final Loop loop;
    private final IpHost ip;
    private final AddressPolicy policy;
    private final HostSockets hostSockets;
    private final InitialSequence initialSequence;
    private final TcpConfig ipv4Config;
    private final TcpConfig ipv6Config;
    private final TcpSegmentWriter writer;
    private final TcpFlowTable table = new TcpFlowTable();
    private final TcpTurns turns;
    private final UndeliveredSegments undelivered;
    private final IntObjectMap<Map<IpAddress, StreamAcceptor>> services = new IntObjectHashMap<>();
    private final IntObjectMap<Map<IpAddress, HostConnector>> guestForwards = new IntObjectHashMap<>();
    private final FlowKey probe = new FlowKey(IpAddress.ipv4(0), 0, IpAddress.ipv4(0), 0);
    private final Segment in = new Segment();
    private final Segment reset = new Segment();

    /** The connection, over by now, whose place the SYN that is being received takes (RFC 9293 3.6.1). */
    private @Nullable TcpConnection replaced;

    /**
     * @param portWritable whether the port behind a station (its MAC) takes frames now; see {@link #portsWritable}
     * @param random unpredictable
     */
    public TcpNat(
            Loop loop,
            IpHost ip,
            AddressPolicy policy,
            HostSockets hostSockets,
            LongPredicate portWritable,
            RandomGenerator random) {
        this.loop = loop;
        this.ip = ip;
        this.policy = policy;
        this.hostSockets = hostSockets;
        initialSequence = new InitialSequence(random);
        ipv4Config = TcpConfig.ofMss(ip.mtu() - IPV4_OVERHEAD);
        ipv6Config = TcpConfig.ofMss(ip.mtu() - IPV6_OVERHEAD);
        writer = new TcpSegmentWriter(ip);
        turns = new TcpTurns(loop, ip, portWritable, table);
        undelivered = new UndeliveredSegments(ip, table);
    }

    Loop loop() {
        return loop;
    }

    /** Serves connections to an address of the gateway's own. */
    public void listen(IpAddress address, int port, StreamAcceptor acceptor) {
        services.computeIfAbsent(port, p -> new HashMap<>()).put(address, acceptor);
    }

    /** Leads connections to an address of the network's own to the host; what {@link #listen} serves there goes before. */
    public void forward(GuestForward forward) {
        guestForwards
                .computeIfAbsent(forward.port(), p -> new HashMap<>())
                .put(forward.server(), HostConnector.to(forward.target()));
    }

    /** How many flows were ever opened. */
    public long opened() {
        return table.opened();
    }

    /** The flows that there are now. */
    public List<TcpFlow> flows() {
        return table.flows();
    }

    /** Tells {@code listener} of flows from now on. */
    public void flowListener(FlowListener listener) {
        table.listener(listener);
    }

    /** Resets the flow of that {@link FlowSnapshot#number}, both sides hearing of it; false if there is none. */
    public boolean kill(long number) {
        for (TcpFlow flow : flows()) {
            if (flow.number == number) {
                kill(flow);
                return true;
            }
        }
        return false;
    }

    private void kill(TcpFlow flow) {
        TcpConnection connection = flow.connectionOrNull();
        Segment syn = flow.pendingSyn;
        if (connection != null) {
            connection.abort();
            flow.wake();
            return;
        }
        flow.abandoned.run();
        remove(flow);
        if (syn != null) {
            sendReset(flow.key, syn);
        }
    }

    // ---- from the guest

    @Override
    public void receive(IpPacket packet) {
        DropReason malformed = check(packet);
        if (malformed != null) {
            packet.drop(malformed);
            return;
        }
        int at = packet.payload();
        in.read(packet.buf(), at, packet.payloadLength());
        probe.set(
                packet.source(),
                TcpHeader.sourcePort(packet.buf(), at),
                packet.destination(),
                TcpHeader.destinationPort(packet.buf(), at));
        TcpFlow flow = table.find(probe);
        replaced = null;
        if (flow != null && isOver(flow)) {
            replaced = flow.connectionOrNull();
            flow = null;
        }
        if (flow == null) {
            receiveWithoutFlow(packet);
        } else {
            receiveInFlow(packet, flow);
        }
        in.clear();
        replaced = null;
    }

    private static @Nullable DropReason check(IpPacket packet) {
        DropReason malformed = TcpHeader.check(packet.buf(), packet.payload(), packet.payloadLength());
        if (malformed != null || packet.checksumVouched()) {
            return malformed;
        }
        long sum = InternetChecksum.pseudoHeader(
                        packet.source(), packet.destination(), IpProtocol.TCP, packet.payloadLength())
                + InternetChecksum.sum(packet.buf(), packet.payload(), packet.payloadLength());
        return InternetChecksum.finish(sum) == 0 ? null : DropReason.TCP_BAD_CHECKSUM;
    }

    /** Whether the flow has made way for the new SYN that came (RFC 9293 3.6.1): it was in TIME-WAIT, or ended in this turn. */
    private boolean isOver(TcpFlow flow) {
        TcpConnection connection = flow.connectionOrNull();
        if (connection == null || !in.has(TcpHeader.SYN) || in.has(TcpHeader.ACK)) {
            return false;
        }
        if (connection.mayBeReplacedBy(in)) {
            connection.endTimeWait();
        }
        if (connection.state() != TcpState.CLOSED) {
            return false;
        }
        // Its reset, if one is due, must not hit the new connection.
        connection.transmit(loop.nanoTime(), flow);
        remove(flow);
        return true;
    }

    private void receiveInFlow(IpPacket packet, TcpFlow flow) {
        TcpConnection connection = flow.connectionOrNull();
        if (connection == null) {
            receiveWhileConnecting(packet, flow);
            return;
        }
        if (in.payloadLength > 0 && !table.mayGrow(flow, connection.receiveHeldBefore(in))) {
            // Or what is held would wait for what is dropped.
            connection.forgetOutOfOrder();
            table.account(flow);
            packet.drop(DropReason.TCP_MEMORY_FULL);
            return;
        }
        long now = loop.nanoTime();
        flow.traffic.fromGuest(in.payloadLength, now);
        DropReason reason = connection.receive(in, now);
        table.account(flow);
        if (reason != null) {
            packet.drop(reason);
        }
        if (flow.halfOpen && connection.state().isSynchronized()) {
            table.established(flow);
        }
        flow.wake();
    }

    /** The host has not answered yet: a repeated SYN is no news, a reset ends the attempt (RFC 9293 3.10.7.2). */
    private void receiveWhileConnecting(IpPacket packet, TcpFlow flow) {
        flow.traffic.fromGuest(in.payloadLength, loop.nanoTime());
        if (in.has(TcpHeader.RST)) {
            receiveResetWhileConnecting(packet, flow);
        } else if (in.has(TcpHeader.SYN) && !in.has(TcpHeader.ACK)) {
            flow.pendingSyn = copyOfSyn(in);
        } else {
            sendReset(packet);
            packet.drop(DropReason.TCP_NO_CONNECTION);
        }
    }

    /** RFC 5961 3.2: a reset counts at exactly the next sequence number, or any other guest could send it. */
    private void receiveResetWhileConnecting(IpPacket packet, TcpFlow flow) {
        Segment syn = flow.pendingSyn;
        if (syn != null && in.sequence != syn.sequence + 1) {
            packet.drop(DropReason.TCP_BAD_RESET);
        } else {
            flow.abandoned.run();
            remove(flow);
        }
    }

    private void receiveWithoutFlow(IpPacket packet) {
        if (packet.source().isUnspecified() || probe.guestPort() == 0) {
            packet.drop(DropReason.TCP_MALFORMED);
        } else if (in.has(TcpHeader.RST)) {
            packet.drop(DropReason.TCP_NO_CONNECTION);
        } else if (probe.remotePort() == 0) {
            // Nobody can listen there, which is refused as any port is where nobody does.
            refuse(packet, DropReason.TCP_MALFORMED);
        } else if (!in.has(TcpHeader.SYN) || in.has(TcpHeader.ACK) || in.has(TcpHeader.FIN)) {
            refuse(packet, DropReason.TCP_NO_CONNECTION);
        } else {
            open(packet);
        }
    }

    private void open(IpPacket packet) {
        Map<IpAddress, StreamAcceptor> here = services.get(probe.remotePort());
        StreamAcceptor service = here == null ? null : here.get(packet.destination());
        HostConnector connector = service == null ? connector(packet) : null;
        if (service == null && connector == null) {
            return;
        }
        long share = ip.share(packet.sourceMac());
        boolean noProcess = connector != null && connector.isProcess() && !table.mayHaveProcess(share);
        DropReason full = noProcess ? DropReason.FLOW_TABLE_FULL : table.refusal(share);
        if (full != null && !(full == DropReason.TCP_BACKLOG_FULL && giveUpHandshake(share))) {
            refuse(packet, full);
            return;
        }
        if (service != null) {
            openToService(packet, service);
        } else if (connector != null) {
            openToHost(packet, connector);
        }
    }

    /** A handshake that a guest does not go on with makes way for another of the same guest. False if there is none. */
    private boolean giveUpHandshake(long share) {
        TcpFlow flow = table.abandonedHandshake(share, loop.nanoTime());
        if (flow == null) {
            return false;
        }
        TcpConnection connection = flow.connection();
        connection.abort();
        connection.transmit(loop.nanoTime(), flow);
        remove(flow);
        return table.refusal(share) == null;
    }

    /** What leads to where the packet is for, or null if that is nowhere, and its sender was told. */
    private @Nullable HostConnector connector(IpPacket packet) {
        Map<IpAddress, HostConnector> here = guestForwards.get(probe.remotePort());
        HostConnector forward = here == null ? null : here.get(packet.destination());
        if (forward != null) {
            return forward;
        }
        if (!mayPass(packet)) {
            return null;
        }
        IpAddress onHost = policy.toHost(packet.destination());
        InetSocketAddress remote = new InetSocketAddress(onHost.toInetAddress(), probe.remotePort());
        // The gateway itself is the end of the way to the host's loopback, and nobody counts hops there.
        int hops = onHost.isLoopback() ? HostSockets.DEFAULT_HOPS : packet.timeToLive() - 1;
        return (sockets, listener) -> sockets.connect(remote, hops, listener);
    }

    private boolean mayPass(IpPacket packet) {
        switch (policy.decide(packet.destination())) {
            case HOST_LOOPBACK -> {
                return true;
            }
            case OUTSIDE -> {
                if (packet.timeToLive() > 1) {
                    return true;
                }
                ip.icmpError(packet, IcmpError.TIME_EXCEEDED, 0, policy.host(packet.source()));
                packet.drop(DropReason.IP_TTL_EXCEEDED);
            }
            case NOBODY -> {
                if (ip.isLocal(packet.destination())) {
                    refuse(packet, DropReason.TCP_NO_CONNECTION);
                } else {
                    unreachable(packet, IcmpError.HOST_UNREACHABLE);
                    packet.drop(DropReason.IP_NO_ROUTE);
                }
            }
            case GROUP, DENIED -> {
                unreachable(packet, IcmpError.NET_UNREACHABLE);
                packet.drop(DropReason.POLICY_DENIED);
            }
            // As libslirp has it: applications give up at once.
            case PROHIBITED -> refuse(packet, DropReason.POLICY_DENIED);
        }
        return false;
    }

    private void unreachable(IpPacket packet, IcmpError error) {
        ip.icmpError(packet, error, 0, policy.host(packet.source()));
    }

    private void openToHost(IpPacket packet, HostConnector connector) {
        TcpFlow flow = add(probe.copy(), ip.share(packet.sourceMac()), false);
        if (connector.isProcess()) {
            table.takesProcess(flow);
        }
        flow.traffic.fromGuest(0, loop.nanoTime());
        flow.replaced = replaced;
        flow.pendingSyn = copyOfSyn(in);
        HostRelay relay = new HostRelay(this, flow);
        relay.connect(hostSockets, connector, PacketBeginning.of(packet));
    }

    private void openToService(IpPacket packet, StreamAcceptor service) {
        TcpFlow flow = new TcpFlow(this, probe.copy(), ip.share(packet.sourceMac()));
        flow.traffic.fromGuest(0, loop.nanoTime());
        flow.replaced = replaced;
        StreamListener listener = service.accept(flow);
        if (listener == null) {
            refuse(packet, DropReason.TCP_NO_CONNECTION);
            return;
        }
        table.add(flow);
        answer(flow, in, listener);
    }

    /** The other end is there: the guest's SYN gets its answer. */
    void answer(TcpFlow flow, Segment syn, StreamListener listener) {
        flow.pendingSyn = null;
        flow.connection(TcpConnection.passive(config(flow), syn, newSequence(flow), loop.nanoTime(), listener));
        table.answered(flow, loop.nanoTime());
        flow.wake();
    }

    private TcpConfig config(TcpFlow flow) {
        return flow.guest().isIpv4() ? ipv4Config : ipv6Config;
    }

    /**
     * The other end is not there: the guest's SYN is refused, in the words of {@code told}, if the host was told by ICMP.
     */
    void refusePending(TcpFlow flow, ConnectFailure failure, @Nullable UdpFailure told, PacketBeginning cause) {
        Segment syn = flow.pendingSyn;
        remove(flow);
        if (syn == null) {
            return;
        }
        long before = ip.onBehalfOf(flow.share());
        try {
            if (failure == ConnectFailure.REFUSED) {
                sendReset(flow.key, syn);
            } else if (told != null) {
                cause.icmpError(ip, told.icmpType(), told.icmpCode(), 0, offender(told, flow.guest()));
            } else {
                cause.icmpError(ip, error(failure), policy.host(flow.guest()));
            }
        } finally {
            ip.onBehalfOf(before);
        }
    }

    private IpAddress offender(UdpFailure told, IpAddress guest) {
        IpAddress offender = told.offender();
        return offender == null || offender.isLoopback() ? policy.host(guest) : policy.toGuest(offender, guest);
    }

    private static IcmpError error(ConnectFailure failure) {
        return switch (failure) {
            case NET_UNREACHABLE -> IcmpError.NET_UNREACHABLE;
            case PROHIBITED -> IcmpError.PROHIBITED;
            default -> IcmpError.HOST_UNREACHABLE;
        };
    }

    private static Segment copyOfSyn(Segment syn) {
        Segment copy = new Segment();
        copy.sequence = syn.sequence;
        copy.flags = TcpHeader.SYN;
        copy.window = syn.window;
        copy.options.mss = syn.options.mss;
        copy.options.windowScale = syn.options.windowScale;
        copy.options.sackPermitted = syn.options.sackPermitted;
        copy.options.timestamps = syn.options.timestamps;
        copy.options.timestampValue = syn.options.timestampValue;
        return copy;
    }

    // ---- towards the guest

    /**
     * Opens a connection from the host's side to a guest.
     *
     * @return the flow, whose connection sends its SYN at the end of the turn, or null if there is no room for it
     */
    @Nullable
    TcpFlow openToGuest(IpAddress guest, int guestPort, IpAddress client, int clientPort) {
        FlowKey key = new FlowKey(guest, guestPort, client, clientPort);
        long share = ip.share(guest);
        return table.find(key) != null || table.refusal(share) != null ? null : add(key, share, true);
    }

    /** Gives a flow of {@link #openToGuest} its connection. */
    void connect(TcpFlow flow, StreamListener listener) {
        flow.connection(TcpConnection.active(config(flow), newSequence(flow), loop.nanoTime(), listener));
        flow.wake();
    }

    /** A packet of the gateway's that was given up, because no station answers for its destination. */
    public void undeliverable(IpPacket packet) {
        undelivered.undeliverable(packet);
    }

    /** Takes the guests' ICMP messages that are no echo requests, verified. */
    public IpProtocolHandler icmpListener() {
        return undelivered;
    }

    private int newSequence(TcpFlow flow) {
        int sequence =
                initialSequence.next(flow.remote(), flow.remotePort(), flow.guest(), flow.guestPort(), loop.nanoTime());
        TcpConnection former = flow.replaced;
        flow.replaced = null;
        return former == null ? sequence : former.initialSequenceBehind(sequence);
    }

    private void refuse(IpPacket packet, DropReason reason) {
        sendReset(packet);
        packet.drop(reason);
    }

    private void sendReset(IpPacket packet) {
        if (mayAnswer(packet.destination())) {
            sendReset(probe, in);
        }
    }

    /** A reset comes from somebody: not from a group, a broadcast address, or where guests may not send. */
    private boolean mayAnswer(IpAddress destination) {
        return switch (policy.decide(destination)) {
            case HOST_LOOPBACK, OUTSIDE, PROHIBITED -> true;
            case NOBODY -> ip.isLocal(destination);
            case GROUP, DENIED -> false;
        };
    }

    /** RFC 9293 3.10.7.1: the reset that a segment for no connection gets. */
    private void sendReset(FlowKey key, Segment cause) {
        reset.clear();
        if (cause.has(TcpHeader.ACK)) {
            reset.sequence = cause.acknowledgment;
            reset.flags = TcpHeader.RST;
        } else {
            reset.acknowledgment = cause.sequence + cause.length();
            reset.flags = TcpHeader.RST | TcpHeader.ACK;
        }
        writer.send(key.remote(), key.remotePort(), key.guest(), key.guestPort(), reset);
    }

    void send(TcpFlow flow, Segment segment) {
        flow.traffic.toGuest(segment.payloadLength, loop.nanoTime());
        writer.send(flow.remote(), flow.remotePort(), flow.guest(), flow.guestPort(), segment);
    }

    // ---- the turn

    void enqueue(TcpFlow flow) {
        turns.enqueue(flow);
    }

    /** Some port takes frames again: those who waited for one try once more. */
    public void portsWritable() {
        turns.portsWritable();
    }

    // ---- the table

    private TcpFlow add(FlowKey key, long share, boolean fromHost) {
        TcpFlow flow = new TcpFlow(this, key, share);
        flow.fromHost = fromHost;
        table.add(flow);
        return flow;
    }

    /** Whether a flow that holds {@code held} bytes in one direction may take more there. */
    boolean mayGrow(TcpFlow flow, int held) {
        return table.mayGrow(flow, held);
    }

    /** Accounts for what a flow holds now. */
    void account(TcpFlow flow) {
        table.account(flow);
    }

    /** Takes a flow out of the table, if it is there. */
    void remove(TcpFlow flow) {
        table.remove(flow);
    }

    /** Resets all connections, guests and hosts hearing of it, and frees everything. */
    public void close() {
        turns.close();
        for (TcpFlow flow : flows()) {
            TcpConnection connection = flow.connectionOrNull();
            if (connection == null) {
                flow.abandoned.run();
            } else {
                connection.abort();
                connection.transmit(loop.nanoTime(), flow);
            }
        }
        flows().forEach(table::remove);
        writer.close();
    }
}
