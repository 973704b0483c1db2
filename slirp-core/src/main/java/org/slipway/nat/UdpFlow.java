package org.slipway.nat;

import io.netty.buffer.ByteBuf;
import java.net.InetSocketAddress;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;
import org.slipway.ip.IpHost;
import org.slipway.ip.IpPacket;
import org.slipway.loop.Loop;
import org.slipway.wire.DropCounters;
import org.slipway.wire.DropReason;
import org.slipway.wire.IcmpError;
import org.slipway.wire.IpAddress;

/** One port of a guest and its host socket. On the network's loop only. */
final class UdpFlow implements HostUdpListener {

    /**
     * What flows have in common.
     *
     * @param recent what guests sent of late, to be quoted in errors
     * @param unflushed told of a flow that has something to flush at the end of the turn
     */
    record Surroundings(
            Loop loop,
            IpHost ip,
            AddressPolicy policy,
            UdpDatagramWriter writer,
            DropCounters drops,
            RecentDatagrams recent,
            Consumer<UdpFlow> unflushed) {}

    private final Surroundings around;
    private final UdpEndpoint guest;
    private final long station;
    private final UdpPeers peers;
    private final UdpLifetime lifetime = new UdpLifetime();
    private final LastDatagram last = new LastDatagram();

    /** The name by which the guest calls the gateway. */
    private IpAddress gateway;

    private final FlowTraffic traffic;

    /** Whom the guest wrote to last. */
    private IpAddress remote;

    private int remotePort;

    /** 0 until that is known. */
    private long number;

    private @Nullable HostUdpSocket socket;
    private boolean flushDue;

    /** {@code station} is the share of the guest's station; {@code peers} are of this flow alone. */
    UdpFlow(Surroundings around, UdpEndpoint guest, long station, UdpPeers peers) {
        this.around = around;
        this.guest = guest;
        this.station = station;
        this.peers = peers;
        traffic = new FlowTraffic(around.loop.nanoTime());
        gateway = around.policy.host(guest.address());
        remote = gateway;
    }

    /** Gives it its host socket, which it closes. */
    void socket(HostUdpSocket opened) {
        socket = opened;
    }

    long station() {
        return station;
    }

    /** {@link FlowSnapshot#number}; 0 before {@link #number(long)}. */
    long number() {
        return number;
    }

    void number(long number) {
        this.number = number;
    }

    /** Whether nothing has passed for so long that it is over. */
    boolean isIdle(long nowNanos) {
        return nowNanos - traffic.usedAt > lifetime.idleNanos();
    }

    /** What it is now. */
    FlowSnapshot snapshot() {
        return FlowSnapshot.ofDatagrams(
                FlowSnapshot.Protocol.UDP,
                number,
                guest.address(),
                guest.port(),
                remote,
                remotePort,
                station,
                traffic,
                around.loop.nanoTime());
    }

    /** The guest sends to {@code destination}, which is {@link #send}'s {@code to} for the host. */
    void sends(IpAddress destination, int port) {
        remote = destination;
        remotePort = port;
    }

    /** Sends {@code payload} of {@code packet}, borrowed; it leaves when the flow is flushed. */
    void send(IpPacket packet, ByteBuf payload, InetSocketAddress to) {
        HostUdpSocket open = socket;
        if (open == null) {
            return;
        }
        traffic.fromGuest(payload.readableBytes(), around.loop.nanoTime());
        lifetime.sent(to.getPort());
        peers.sent(to);
        around.recent.add(packet);
        last.set(packet);
        int hops = packet.timeToLive() - 1;
        if (to.getAddress().isLoopbackAddress()) {
            gateway = packet.destination();
            // That is the gateway itself, where nobody counts hops.
            hops = UdpNat.HOST_TIME_TO_LIVE;
        }
        open.mark(hops, packet.typeOfService(), packet.dontFragment());
        open.send(payload.retain(), to);
        if (!flushDue) {
            flushDue = true;
            around.unflushed.accept(this);
        }
    }

    /** Sends what is to be sent. */
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
            around.drops.count(DropReason.UDP_FILTERED);
            return;
        }
        traffic.toGuest(payload.readableBytes(), around.loop.nanoTime());
        lifetime.received();
        IpAddress source = toGuest(IpAddress.of(from.getAddress()));
        long before = around.ip.onBehalfOf(station);
        try {
            around.writer.send(source, from.getPort(), guest.address(), guest.port(), payload);
        } finally {
            around.ip.onBehalfOf(before);
        }
    }

    private IpAddress toGuest(IpAddress address) {
        return address.isLoopback() ? gateway : around.policy.toGuest(address, guest.address());
    }

    @Override
    public void failed(UdpFailure failure) {
        long before = around.ip.onBehalfOf(station);
        try {
            tell(failure);
        } finally {
            around.ip.onBehalfOf(before);
        }
    }

    private void tell(UdpFailure failure) {
        IpAddress destination = toGuest(IpAddress.of(failure.destination().getAddress()));
        int port = failure.destination().getPort();
        ByteBuf sent = around.recent.find(guest.address(), guest.port(), destination, port, failure.payloadLength());
        if (sent == null) {
            sent = last.find(destination, port, failure.payloadLength());
        }
        IpAddress offender = offender(failure, destination);
        if (sent == null) {
            around.writer.sendError(failure, offender, guest.address(), guest.port(), destination);
        } else {
            around.writer.sendError(failure, offender, sent);
        }
    }

    /** Who tells the guest: only a destination itself may say that it has no such port. */
    private IpAddress offender(UdpFailure failure, IpAddress destination) {
        IpAddress offender = failure.offender();
        if (offender != null && !offender.isLoopback()) {
            return around.policy.toGuest(offender, guest.address());
        }
        boolean ipv4 = guest.address().isIpv4();
        boolean noPort = failure.icmpType() == IcmpError.PORT_UNREACHABLE.type(ipv4)
                && failure.icmpCode() == IcmpError.PORT_UNREACHABLE.code(ipv4);
        return noPort ? destination : around.policy.host(guest.address());
    }

    /** Closes its socket. */
    void close() {
        peers.clear();
        HostUdpSocket open = socket;
        socket = null;
        if (open != null) {
            open.close();
        }
    }
}
