package org.slipway.nat;

import io.netty.buffer.ByteBuf;
import io.netty.buffer.PooledByteBufAllocator;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.TimeUnit;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;
import org.slipway.ip.IpHost;
import org.slipway.ip.IpPacket;
import org.slipway.ip.IpProtocolHandler;
import org.slipway.ip.StationQuota;
import org.slipway.lan.Frame;
import org.slipway.loop.Loop;
import org.slipway.loop.Timer;
import org.slipway.wire.DropReason;
import org.slipway.wire.IcmpError;
import org.slipway.wire.IcmpMessage;
import org.slipway.wire.Icmpv6Message;
import org.slipway.wire.IpAddress;
import org.slipway.wire.IpProtocol;

/** The guests' pings to the outside, of both families, each (guest, identifier, destination) through a ping socket of its own. */
public final class EchoNat implements IpProtocolHandler {

    static final int MAX_FLOWS = 256;

    /** One guest may have half of them. */
    static final int MAX_FLOWS_OF_A_GUEST = MAX_FLOWS / 2;

    /** RFC 5508 REQ-2: at least 60 s. */
    static final long IDLE_NANOS = TimeUnit.SECONDS.toNanos(60);

    /** A traceroute has as many requests on their way at once. */
    private static final int REMEMBERED = 32;

    private static final long SWEEP_NANOS = TimeUnit.SECONDS.toNanos(10);

    private final Loop loop;
    private final IpHost ip;
    private final AddressPolicy policy;
    private final EchoSockets sockets;
    private final OutboundAddresses outbound;
    private final Consumer<String> hint;
    private final Map<Key, Flow> flows = new HashMap<>();
    private final StationQuota quota = new StationQuota(MAX_FLOWS, MAX_FLOWS_OF_A_GUEST);
    private final Frame frame = new Frame();
    private @Nullable Timer sweep;
    private @Nullable FlowListener flowListener;
    private boolean hinted;
    private long opened;

    /** {@code hint} is told once, in a sentence, why pings to the outside are not answered. */
    public EchoNat(
            Loop loop,
            IpHost ip,
            AddressPolicy policy,
            EchoSockets sockets,
            OutboundAddresses outbound,
            Consumer<String> hint) {
        this.loop = loop;
        this.ip = ip;
        this.policy = policy;
        this.sockets = sockets;
        this.outbound = outbound;
        this.hint = hint;
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
                flow.close();
            }
            return meant;
        });
    }

    /** What was asked, to be quoted if it fails. */
    private record Request(int sequence, PacketBeginning packet) {}

    private record Key(IpAddress guest, int identifier, IpAddress destination) {}

    @Override
    public void receive(IpPacket packet) {
        DropReason dropped = forward(packet);
        if (dropped != null) {
            packet.drop(dropped);
        }
    }

    private @Nullable DropReason forward(IpPacket packet) {
        switch (policy.decide(packet.destination())) {
            case NOBODY -> {
                unreachable(packet, IcmpError.HOST_UNREACHABLE);
                return DropReason.IP_NO_ROUTE;
            }
            case GROUP, DENIED -> {
                unreachable(packet, IcmpError.NET_UNREACHABLE);
                return DropReason.POLICY_DENIED;
            }
            case PROHIBITED -> {
                unreachable(packet, IcmpError.PROHIBITED);
                return DropReason.POLICY_DENIED;
            }
            default -> {}
        }
        if (packet.timeToLive() <= 1) {
            ip.icmpError(packet, IcmpError.TIME_EXCEEDED, 0, policy.host(packet.source()));
            return DropReason.IP_TTL_EXCEEDED;
        }
        ByteBuf buf = packet.buf();
        int at = packet.payload();
        Key key = new Key(packet.source(), IcmpMessage.identifier(buf, at), packet.destination());
        Flow flow = flows.get(key);
        if (flow == null) {
            long station = ip.share(packet.sourceMac());
            if (!quota.hasRoom(station)) {
                return DropReason.FLOW_TABLE_FULL;
            }
            flow = open(key, station);
            if (flow == null) {
                return DropReason.POLICY_DENIED;
            }
        }
        flow.send(packet);
        return null;
    }

    private void unreachable(IpPacket packet, IcmpError error) {
        ip.icmpError(packet, error, 0, policy.host(packet.source()));
    }

    private @Nullable Flow open(Key key, long station) {
        Flow flow = new Flow(key, station);
        IpAddress destination = policy.toHost(key.destination);
        EchoSocket socket = sockets.open(destination, outbound.toward(destination), flow);
        if (socket == null) {
            if (!hinted) {
                hinted = true;
                hint.accept(sockets.unavailableHint());
            }
            return null;
        }
        flow.socket = socket;
        flows.put(key, flow);
        quota.take(station);
        flow.number = ++opened;
        FlowListener told = flowListener;
        if (told != null) {
            told.began(flow.snapshot());
        }
        if (sweep == null) {
            sweep = loop.schedule(SWEEP_NANOS, this::sweep);
        }
        return flow;
    }

    private void sweep() {
        long now = loop.nanoTime();
        flows.values().removeIf(flow -> {
            boolean idle = now - flow.traffic.usedAt > IDLE_NANOS;
            if (idle) {
                flow.close();
            }
            return idle;
        });
        sweep = flows.isEmpty() ? null : loop.schedule(SWEEP_NANOS, this::sweep);
    }

    /** Closes all sockets. */
    public void close() {
        Timer armed = sweep;
        if (armed != null) {
            armed.cancel();
        }
        flows.values().forEach(Flow::close);
        flows.clear();
    }

    private final class Flow implements EchoListener {

        private final Key key;
        private final long station;
        private @Nullable EchoSocket socket;
        private final @Nullable Request[] requests = new @Nullable Request[REMEMBERED];
        private final FlowTraffic traffic = new FlowTraffic(loop.nanoTime());
        private int lastSequence;
        private long number;

        Flow(Key key, long station) {
            this.key = key;
            this.station = station;
        }

        FlowSnapshot snapshot() {
            return FlowSnapshot.ofDatagrams(
                    FlowSnapshot.Protocol.ICMP,
                    number,
                    key.guest,
                    key.identifier,
                    key.destination,
                    0,
                    station,
                    traffic,
                    loop.nanoTime());
        }

        void send(IpPacket packet) {
            traffic.fromGuest(packet.payloadLength() - IcmpMessage.HEADER_LENGTH, loop.nanoTime());
            int at = packet.payload();
            lastSequence = IcmpMessage.sequence(packet.buf(), at);
            requests[lastSequence % REMEMBERED] = new Request(lastSequence, PacketBeginning.of(packet));
            ByteBuf payload = packet.buf()
                    .slice(at + IcmpMessage.HEADER_LENGTH, packet.payloadLength() - IcmpMessage.HEADER_LENGTH);
            EchoSocket open = socket;
            if (open != null) {
                open.send(
                        lastSequence, packet.timeToLive() - 1, packet.typeOfService(), packet.dontFragment(), payload);
            }
        }

        @Override
        public void reply(int sequence, int timeToLive, ByteBuf payload) {
            traffic.toGuest(payload.readableBytes(), loop.nanoTime());
            boolean ipv4 = key.guest.isIpv4();
            int length = IcmpMessage.HEADER_LENGTH + payload.readableBytes();
            ByteBuf head = PooledByteBufAllocator.DEFAULT.directBuffer(IpHost.HEADER_ROOM + length);
            int at = IpHost.HEADER_ROOM;
            int type = ipv4 ? IcmpMessage.ECHO_REPLY : Icmpv6Message.ECHO_REPLY;
            IcmpMessage.write(head, at, type, 0, key.identifier << 16 | sequence);
            head.setBytes(at + IcmpMessage.HEADER_LENGTH, payload, payload.readerIndex(), payload.readableBytes());
            if (ipv4) {
                IcmpMessage.writeChecksum(head, at, length);
            } else {
                Icmpv6Message.writeChecksum(head, at, length, key.destination, key.guest);
            }
            head.setIndex(at, at + length);
            // A hop further away than it was for the host.
            int hops = timeToLive > 1 ? timeToLive - 1 : timeToLive == -1 ? 64 : 1;
            int protocol = ipv4 ? IpProtocol.ICMP : IpProtocol.ICMPV6;
            long before = ip.onBehalfOf(station);
            try {
                ip.send(key.destination, key.guest, protocol, hops, 0, false, frame.set(head));
            } finally {
                ip.onBehalfOf(before);
                head.release();
            }
        }

        @Override
        public void failed(Failure failure) {
            int sequence = failure.sequence() == -1 ? lastSequence : failure.sequence();
            Request request = requests[sequence % REMEMBERED];
            if (request != null && request.sequence == sequence) {
                IpAddress offender = failure.offender();
                IpAddress from = offender == null ? policy.host(key.guest) : policy.toGuest(offender, key.guest);
                long before = ip.onBehalfOf(station);
                try {
                    request.packet.icmpError(ip, failure.icmpType(), failure.icmpCode(), failure.mtu(), from);
                } finally {
                    ip.onBehalfOf(before);
                }
            }
        }

        void close() {
            FlowListener told = flowListener;
            if (told != null) {
                told.ended(snapshot());
            }
            quota.giveBack(station);
            EchoSocket open = socket;
            if (open != null) {
                open.close();
            }
        }
    }
}
