package org.slipway.nat;

import io.netty.buffer.ByteBuf;
import io.netty.util.collection.IntObjectHashMap;
import io.netty.util.collection.IntObjectMap;
import java.net.InetSocketAddress;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;
import org.slipway.ip.IpHost;
import org.slipway.ip.IpPacket;
import org.slipway.ip.IpProtocolHandler;
import org.slipway.loop.Loop;
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

    /** What the host puts on datagrams of its own: to itself nobody counts hops. */
    static final int HOST_TIME_TO_LIVE = 64;

    private final IpHost ip;
    private final AddressPolicy policy;
    private final UdpFlowTable flows;
    private final IntObjectMap<Map<IpAddress, Service>> services = new IntObjectHashMap<>();
    private final Map<UdpEndpoint, UdpForward> forwards = new HashMap<>();

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
        this.ip = ip;
        this.policy = policy;
        flows = new UdpFlowTable(loop, ip, policy, hostSockets, writer, drops, filtering);
    }

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
        return flows.opened();
    }

    /** The flows that there are now. */
    public List<FlowSnapshot> flows() {
        return flows.snapshots();
    }

    /** Tells {@code listener} of flows from now on. */
    public void flowListener(FlowListener listener) {
        flows.listener(listener);
    }

    /** Ends the flow of that {@link FlowSnapshot#number}; false if there is none. */
    public boolean kill(long number) {
        return flows.kill(number);
    }

    /** How many flows there are. */
    public int size() {
        return flows.size();
    }

    /** The forward that leads to a guest's port, or null. */
    @Nullable
    UdpForward forward(IpAddress guest, int port) {
        return forwards.get(new UdpEndpoint(guest, port));
    }

    void forward(IpAddress guest, int port, UdpForward forward) {
        forwards.put(new UdpEndpoint(guest, port), forward);
    }

    /** Ends what {@link #forward(IpAddress, int, UdpForward)} began. */
    void unforward(IpAddress guest, int port) {
        forwards.remove(new UdpEndpoint(guest, port));
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
        UdpEndpoint guest = new UdpEndpoint(packet.source(), sourcePort);
        UdpFlow flow = flows.find(guest);
        if (flow == null) {
            long station = ip.share(packet.sourceMac());
            if (!flows.makeRoom(station)) {
                unreachable(packet, IcmpError.PROHIBITED);
                return DropReason.FLOW_TABLE_FULL;
            }
            flow = flows.open(guest, station);
            if (flow == null) {
                unreachable(packet, IcmpError.HOST_UNREACHABLE);
                return DropReason.UDP_HOST_REFUSED;
            }
        }
        flow.sends(packet.destination(), destinationPort);
        flows.begun(flow);
        IpAddress onHost = policy.toHost(packet.destination());
        flow.send(packet, payload, new InetSocketAddress(onHost.toInetAddress(), destinationPort));
        return null;
    }

    /** Closes all flows. */
    public void close() {
        flows.close();
    }
}
