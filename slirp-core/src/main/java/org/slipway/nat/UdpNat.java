package org.slipway.nat;

import io.netty.buffer.ByteBuf;
import io.netty.util.collection.IntObjectHashMap;
import io.netty.util.collection.IntObjectMap;
import java.net.InetSocketAddress;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.Iterator;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.TimeUnit;
import org.jspecify.annotations.Nullable;
import org.slipway.ip.IpHost;
import org.slipway.ip.IpPacket;
import org.slipway.ip.IpProtocolHandler;
import org.slipway.ip.StationQuota;
import org.slipway.loop.Loop;
import org.slipway.loop.Timer;
import org.slipway.wire.DropCounters;
import org.slipway.wire.DropReason;
import org.slipway.wire.IcmpError;
import org.slipway.wire.InternetChecksum;
import org.slipway.wire.IpAddress;
import org.slipway.wire.IpProtocol;
import org.slipway.wire.UdpDatagram;

/**
 * The guests' UDP: one host socket for each port of a guest's address, whatever it talks to, so that the mapping is
 * endpoint-independent (RFC 4787 REQ-1); the filtering is by choice ({@link UdpFiltering}). And services of the gateway's own.
 * On the network's loop only.
 *
 * <p>The host picks the port, not the guest (RFC 4787 REQ-3 leaves that open): a guest must not be able to keep a service of
 * the host from its port, or to hear what is meant for one. No two mappings share a port, so that none is overloaded (REQ-3 a).
 * Broadcast and multicast of guests end here: they are dropped and counted, and nobody is told; but that multicast beyond the
 * link goes out where {@link GuestAccess#multicast} says so.
 */
public final class UdpNat implements IpProtocolHandler {

    /** A service of the gateway's own, asked before NAT. */
    @FunctionalInterface
    public interface Service {

        /**
         * One datagram, checked.
         *
         * @param payload its data; borrowed
         * @return why it goes no further, or null
         */
        @Nullable
        DropReason receive(IpPacket packet, int sourcePort, int destinationPort, ByteBuf payload);
    }

    /** As many as a host may have descriptors for. */
    static final int MAX_FLOWS = 4096;

    /** One guest may have half of them. */
    static final int MAX_FLOWS_OF_A_GUEST = MAX_FLOWS / 2;

    /** What the host puts on datagrams of its own: to itself nobody counts hops. */
    static final int HOST_TIME_TO_LIVE = 64;

    private static final long SWEEP_NANOS = TimeUnit.SECONDS.toNanos(5);

    private final Loop loop;
    private final IpHost ip;
    private final AddressPolicy policy;
    private final HostSockets hostSockets;
    private final UdpDatagramWriter writer;
    private final DropCounters drops;
    private final UdpFiltering filtering;
    private final RecentDatagrams recent = new RecentDatagrams();
    private final Map<Endpoint, Flow> flows = new LinkedHashMap<>(16, 0.75f, true);
    private final StationQuota quota = new StationQuota(MAX_FLOWS, MAX_FLOWS_OF_A_GUEST);
    private final StationQuota peerQuota = new StationQuota(UdpPeers.MAX_OF_ALL, UdpPeers.MAX_OF_ALL / 2);
    private final IntObjectMap<Map<IpAddress, Service>> services = new IntObjectHashMap<>();
    private final Map<Endpoint, UdpForward> forwards = new HashMap<>();
    private final List<Flow> unflushed = new ArrayList<>();
    private @Nullable Timer sweep;
    private @Nullable FlowListener flowListener;
    private long opened;

    /**
     * @param drops where drops of datagrams towards guests are counted
     * @param filtering who may send to the port of a guest
     */
    public UdpNat(
            Loop loop,
            IpHost ip,
            AddressPolicy policy,
            HostSockets hostSockets,
            UdpDatagramWriter writer,
            DropCounters drops,
            UdpFiltering filtering) {
        this.loop = loop;
        this.ip = ip;
        this.policy = policy;
        this.hostSockets = hostSockets;
        this.writer = writer;
        this.drops = drops;
        this.filtering = filtering;
    }

    /** A guest's address and port. */
    record Endpoint(IpAddress address, int port) {}

    /** Serves datagrams to an address of the gateway's own, or to the broadcast address. */
    public void listen(IpAddress address, int port, Service service) {
        services.computeIfAbsent(port, p -> new HashMap<>()).put(address, service);
    }

    /** Whether something serves datagrams to {@code address} and {@code port}. */
    public boolean isListening(IpAddress address, int port) {
        Map<IpAddress, Service> here = services.get(port);
        return here != null && here.containsKey(address);
    }

    /** Ends what {@link #listen} began. */
    public void unlisten(IpAddress address, int port) {
        Map<IpAddress, Service> here = services.get(port);
        if (here != null && here.remove(address) != null && here.isEmpty()) {
            services.remove(port);
        }
    }

    /** How many flows were ever opened. */
    public long opened() {
        return opened;
    }

    /** The flows that there are now. */
    public List<FlowSnapshot> flows() {
        return flows.values().stream().map(Flow::snapshot).toList();
    }

    /** Tells {@code listener} of flows from now on. */
    public void flowListener(FlowListener listener) {
        flowListener = listener;
    }

    /** Ends the flow of that {@link FlowSnapshot#number}; false if there is none. */
    public boolean kill(long number) {
        return flows.values().removeIf(flow -> {
            boolean meant = flow.number == number;
            if (meant) {
                end(flow);
            }
            return meant;
        });
    }

    /** How many flows there are. */
    public int size() {
        return flows.size();
    }

    /** The forward that leads to a guest's port, or null. */
    @Nullable
    UdpForward forward(IpAddress guest, int port) {
        return forwards.get(new Endpoint(guest, port));
    }

    void forward(IpAddress guest, int port, UdpForward forward) {
        forwards.put(new Endpoint(guest, port), forward);
    }

    /** Ends what {@link #forward(IpAddress, int, UdpForward)} began. */
    void unforward(IpAddress guest, int port) {
        forwards.remove(new Endpoint(guest, port));
    }

    @Override
    public void receive(IpPacket packet) {
        DropReason malformed = check(packet);
        if (malformed != null) {
            packet.drop(malformed);
            return;
        }
        ByteBuf buf = packet.buf();
        int at = packet.payload();
        int sourcePort = UdpDatagram.sourcePort(buf, at);
        int destinationPort = UdpDatagram.destinationPort(buf, at);
        int length = UdpDatagram.length(buf, at) - UdpDatagram.HEADER_LENGTH;
        ByteBuf payload = buf.retainedSlice(at + UdpDatagram.HEADER_LENGTH, length);
        try {
            DropReason dropped = dispatch(packet, sourcePort, destinationPort, payload);
            if (dropped != null) {
                packet.drop(dropped);
            }
        } finally {
            payload.release();
        }
    }

    private static @Nullable DropReason check(IpPacket packet) {
        ByteBuf buf = packet.buf();
        int at = packet.payload();
        DropReason malformed = UdpDatagram.check(buf, at, packet.payloadLength());
        if (malformed != null || packet.checksumVouched()) {
            return malformed;
        }
        if (UdpDatagram.checksum(buf, at) == 0) {
            // RFC 768: there is none; RFC 8200 8.1: there must be one.
            return packet.isIpv4() ? null : DropReason.UDP_BAD_CHECKSUM;
        }
        int length = UdpDatagram.length(buf, at);
        long sum = InternetChecksum.pseudoHeader(packet.source(), packet.destination(), IpProtocol.UDP, length)
                + InternetChecksum.sum(buf, at, length);
        return InternetChecksum.finish(sum) == 0 ? null : DropReason.UDP_BAD_CHECKSUM;
    }

    private @Nullable DropReason dispatch(IpPacket packet, int sourcePort, int destinationPort, ByteBuf payload) {
        Map<IpAddress, Service> here = services.get(destinationPort);
        Service service = here == null ? null : here.get(packet.destination());
        if (service != null) {
            return service.receive(packet, sourcePort, destinationPort, payload);
        }
        if (packet.source().isUnspecified() || sourcePort == 0 || destinationPort == 0) {
            return DropReason.UDP_MALFORMED;
        }
        // Who has written to the guest may be answered, wherever it is.
        UdpForward forward = forwards.isEmpty() ? null : forward(packet.source(), sourcePort);
        if (forward != null && forward.reply(packet, destinationPort, payload)) {
            return null;
        }
        return switch (policy.decide(packet.destination())) {
            case HOST_LOOPBACK -> relay(packet, sourcePort, destinationPort, payload);
            case OUTSIDE, GROUP -> {
                if (packet.timeToLive() > 1) {
                    yield relay(packet, sourcePort, destinationPort, payload);
                }
                ip.icmpError(packet, IcmpError.TIME_EXCEEDED, 0, policy.host(packet.source()));
                yield DropReason.IP_TTL_EXCEEDED;
            }
            case NOBODY -> {
                boolean ours = ip.isLocal(packet.destination());
                unreachable(packet, ours ? IcmpError.PORT_UNREACHABLE : IcmpError.HOST_UNREACHABLE);
                yield ours ? DropReason.UDP_NO_PORT : DropReason.IP_NO_ROUTE;
            }
            case DENIED -> {
                unreachable(packet, IcmpError.NET_UNREACHABLE);
                yield DropReason.POLICY_DENIED;
            }
            case PROHIBITED -> {
                unreachable(packet, IcmpError.PROHIBITED);
                yield DropReason.POLICY_DENIED;
            }
        };
    }

    private void unreachable(IpPacket packet, IcmpError error) {
        IpAddress destination = packet.destination();
        ip.icmpError(packet, error, 0, ip.isLocal(destination) ? destination : policy.host(packet.source()));
    }

    private @Nullable DropReason relay(IpPacket packet, int sourcePort, int destinationPort, ByteBuf payload) {
        Endpoint guest = new Endpoint(packet.source(), sourcePort);
        Flow flow = flows.get(guest);
        if (flow == null) {
            long station = ip.share(packet.sourceMac());
            if (!makeRoom(station)) {
                unreachable(packet, IcmpError.PROHIBITED);
                return DropReason.FLOW_TABLE_FULL;
            }
            flow = open(guest, station);
            if (flow == null) {
                unreachable(packet, IcmpError.HOST_UNREACHABLE);
                return DropReason.UDP_HOST_REFUSED;
            }
        }
        IpAddress onHost = policy.toHost(packet.destination());
        flow.remote = packet.destination();
        flow.remotePort = destinationPort;
        if (flow.number == 0) {
            begin(flow);
        }
        flow.send(packet, payload, new InetSocketAddress(onHost.toInetAddress(), destinationPort));
        return null;
    }

    private void begin(Flow flow) {
        flow.number = ++opened;
        FlowListener told = flowListener;
        if (told != null) {
            told.began(flow.snapshot());
        }
    }

    /** A guest that has its share gives up the flow that it has not used for longest; false if others have filled the table. */
    private boolean makeRoom(long station) {
        if (!quota.isUsedUp(station)) {
            return quota.hasRoom(station);
        }
        for (Iterator<Flow> oldestFirst = flows.values().iterator(); oldestFirst.hasNext(); ) {
            Flow flow = oldestFirst.next();
            if (flow.station == station) {
                oldestFirst.remove();
                end(flow);
                return true;
            }
        }
        return false;
    }

    private void end(Flow flow) {
        FlowListener told = flowListener;
        if (told != null) {
            told.ended(flow.snapshot());
        }
        flow.close();
        quota.giveBack(flow.station);
    }

    private @Nullable Flow open(Endpoint guest, long station) {
        Flow flow = new Flow(guest, station);
        try {
            flow.socket = hostSockets.openUdpPreferring(guest.port, guest.address.isIpv4(), flow);
        } catch (HostSocketException e) {
            return null;
        }
        flows.put(guest, flow);
        quota.take(station);
        if (sweep == null) {
            sweep = loop.schedule(SWEEP_NANOS, this::sweep);
        }
        return flow;
    }

    /** Ends the flows that nobody uses. */
    private void sweep() {
        long now = loop.nanoTime();
        flows.values().removeIf(flow -> {
            boolean idle = now - flow.traffic.usedAt > flow.lifetime.idleNanos();
            if (idle) {
                end(flow);
            }
            return idle;
        });
        sweep = flows.isEmpty() ? null : loop.schedule(SWEEP_NANOS, this::sweep);
    }

    private void flush() {
        unflushed.forEach(Flow::flush);
        unflushed.clear();
    }

    /** Closes all flows and forwards. */
    public void close() {
        Timer armed = sweep;
        if (armed != null) {
            armed.cancel();
        }
        flows.values().forEach(this::end);
        flows.clear();
    }

    /** One port of a guest and its host socket. */
    private final class Flow implements HostUdpListener {

        private final Endpoint guest;
        private final long station;
        private final UdpPeers peers;
        private final UdpLifetime lifetime = new UdpLifetime();
        private final LastDatagram last = new LastDatagram();

        /** The name by which the guest calls the gateway. */
        private IpAddress gateway;

        private final FlowTraffic traffic = new FlowTraffic(loop.nanoTime());

        /** Whom the guest wrote to last. */
        private IpAddress remote;

        private int remotePort;

        /** 0 until that is known. */
        private long number;

        private @Nullable HostUdpSocket socket;
        private boolean flushDue;

        Flow(Endpoint guest, long station) {
            this.guest = guest;
            this.station = station;
            gateway = policy.host(guest.address);
            remote = gateway;
            peers = new UdpPeers(filtering, peerQuota, station);
        }

        FlowSnapshot snapshot() {
            return FlowSnapshot.ofDatagrams(
                    FlowSnapshot.Protocol.UDP,
                    number,
                    guest.address,
                    guest.port,
                    remote,
                    remotePort,
                    station,
                    traffic,
                    loop.nanoTime());
        }

        void send(IpPacket packet, ByteBuf payload, InetSocketAddress to) {
            HostUdpSocket open = socket;
            if (open == null) {
                return;
            }
            traffic.fromGuest(payload.readableBytes(), loop.nanoTime());
            lifetime.sent(to.getPort());
            peers.sent(to);
            recent.add(packet);
            last.set(packet);
            int hops = packet.timeToLive() - 1;
            if (to.getAddress().isLoopbackAddress()) {
                gateway = packet.destination();
                // That is the gateway itself, where nobody counts hops.
                hops = HOST_TIME_TO_LIVE;
            }
            open.mark(hops, packet.typeOfService(), packet.dontFragment());
            open.send(payload.retain(), to);
            if (!flushDue) {
                flushDue = true;
                if (unflushed.isEmpty()) {
                    loop.endOfTurn(UdpNat.this::flush);
                }
                unflushed.add(this);
            }
        }

        void flush() {
            flushDue = false;
            HostUdpSocket open = socket;
            if (open != null) {
                open.flush();
            }
        }

        @Override
        public void received(ByteBuf payload, InetSocketAddress from) {
            if (!peers.mayAnswer(from)) {
                drops.count(DropReason.UDP_FILTERED);
                return;
            }
            traffic.toGuest(payload.readableBytes(), loop.nanoTime());
            lifetime.received();
            IpAddress source = toGuest(IpAddress.of(from.getAddress()));
            long before = ip.onBehalfOf(station);
            try {
                writer.send(source, from.getPort(), guest.address, guest.port, payload);
            } finally {
                ip.onBehalfOf(before);
            }
        }

        private IpAddress toGuest(IpAddress address) {
            return address.isLoopback() ? gateway : policy.toGuest(address, guest.address);
        }

        @Override
        public void failed(UdpFailure failure) {
            long before = ip.onBehalfOf(station);
            try {
                tell(failure);
            } finally {
                ip.onBehalfOf(before);
            }
        }

        private void tell(UdpFailure failure) {
            IpAddress destination = toGuest(IpAddress.of(failure.destination().getAddress()));
            int port = failure.destination().getPort();
            ByteBuf sent = recent.find(guest.address, guest.port, destination, port, failure.payloadLength());
            if (sent == null) {
                sent = last.find(destination, port, failure.payloadLength());
            }
            IpAddress offender = offender(failure, destination);
            if (sent == null) {
                writer.sendError(failure, offender, guest.address, guest.port, destination);
            } else {
                writer.sendError(failure, offender, sent);
            }
        }

        /** Who tells the guest: only a destination itself may say that it has no such port. */
        private IpAddress offender(UdpFailure failure, IpAddress destination) {
            IpAddress offender = failure.offender();
            if (offender != null && !offender.isLoopback()) {
                return policy.toGuest(offender, guest.address);
            }
            boolean ipv4 = guest.address.isIpv4();
            boolean noPort = failure.icmpType() == IcmpError.PORT_UNREACHABLE.type(ipv4)
                    && failure.icmpCode() == IcmpError.PORT_UNREACHABLE.code(ipv4);
            return noPort ? destination : policy.host(guest.address);
        }

        void close() {
            peers.clear();
            HostUdpSocket open = socket;
            socket = null;
            if (open != null) {
                open.close();
            }
        }
    }
}
