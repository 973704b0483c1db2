package org.slipway.ip;

import io.netty.buffer.ByteBuf;
import io.netty.buffer.PooledByteBufAllocator;
import org.slipway.lan.Frame;
import org.slipway.wire.EtherType;
import org.slipway.wire.Icmpv6Message;
import org.slipway.wire.IpAddress;
import org.slipway.wire.IpProtocol;
import org.slipway.wire.Ipv6Packet;
import org.slipway.wire.MacAddress;
import org.slipway.wire.NeighbourMessage;

/** What one host says by neighbor discovery of its own addresses and asks of others' (RFC 4861 7.2). */
final class NdpOutput implements Neighbours.Solicitor {

    /** RFC 4861 7.1: so that no message from beyond a router passes for one of the link. */
    static final int HOP_LIMIT = 255;

    private final LocalAddresses locals;
    private final EthernetOutput ethernet;
    private final Frame frame = new Frame();
    private boolean router;

    NdpOutput(LocalAddresses locals, EthernetOutput ethernet) {
        this.locals = locals;
        this.ethernet = ethernet;
    }

    /** Says from now on whether this host is a router. */
    void router(boolean isRouter) {
        router = isRouter;
    }

    @Override
    public void solicit(IpAddress target, long mac) {
        boolean toAll = mac == MacAddress.BROADCAST.value();
        IpAddress destination = toAll ? target.solicitedNode() : target;
        NeighbourMessage message = new NeighbourMessage(false, 0, target, ethernet.mac());
        send(message, locals.sourceFor(target), destination, toAll ? Ipv6Output.multicastMacOf(destination) : mac);
    }

    /** Says that a local address is here, to the station that asked (RFC 4861 7.2.4). */
    void reply(IpAddress local, IpAddress asker, long mac) {
        advertise(local, NeighbourMessage.SOLICITED, local, asker, mac);
    }

    /** Tells all that a local address is here: to one who is about to take it (RFC 4862 5.4.3), or unasked. */
    void announce(IpAddress local) {
        advertise(local, 0, local, IpAddress.ALL_NODES, Ipv6Output.multicastMacOf(IpAddress.ALL_NODES));
    }

    private void advertise(IpAddress target, int flags, IpAddress source, IpAddress destination, long mac) {
        int all = flags | NeighbourMessage.OVERRIDE | (router ? NeighbourMessage.ROUTER : 0);
        send(new NeighbourMessage(true, all, target, ethernet.mac()), source, destination, mac);
    }

    private void send(NeighbourMessage message, IpAddress source, IpAddress destination, long mac) {
        int length = message.length();
        int icmp = IpHost.HEADER_ROOM;
        ByteBuf buf = PooledByteBufAllocator.DEFAULT.directBuffer(icmp + length);
        try {
            message.emit(buf, icmp);
            Icmpv6Message.writeChecksum(buf, icmp, length, source, destination);
            int start = icmp - Ipv6Packet.HEADER_LENGTH;
            Ipv6Packet.write(buf, start, 0, length, IpProtocol.ICMPV6, HOP_LIMIT, source, destination);
            buf.setIndex(start, icmp + length);
            ethernet.send(frame.set(buf), EtherType.IPV6, mac);
        } finally {
            buf.release();
        }
    }
}
