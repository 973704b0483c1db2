package org.slipway.ip;

import io.netty.buffer.ByteBuf;
import io.netty.buffer.PooledByteBufAllocator;
import org.slipway.lan.Frame;
import org.slipway.wire.ArpPacket;
import org.slipway.wire.EtherType;
import org.slipway.wire.EthernetFrame;
import org.slipway.wire.IpAddress;
import org.slipway.wire.MacAddress;

/** What one host says by ARP (RFC 826, RFC 5227): questions, answers, announcements. */
final class ArpOutput implements Neighbours.Solicitor {

    private final LocalAddresses locals;
    private final EthernetOutput ethernet;
    private final Frame frame = new Frame();

    ArpOutput(LocalAddresses locals, EthernetOutput ethernet) {
        this.locals = locals;
        this.ethernet = ethernet;
    }

    @Override
    public void solicit(IpAddress target, long mac) {
        send(mac, new ArpPacket(ArpPacket.REQUEST, ethernet.mac(), locals.sourceFor(target), 0, target));
    }

    /** Says that a local address is here, to the station that asked. */
    void reply(IpAddress local, long mac, IpAddress asker) {
        send(mac, new ArpPacket(ArpPacket.REPLY, ethernet.mac(), local, mac, asker));
    }

    /** Tells all that a local address is here. */
    void announce(IpAddress local) {
        send(MacAddress.BROADCAST.value(), new ArpPacket(ArpPacket.REQUEST, ethernet.mac(), local, 0, local));
    }

    private void send(long destination, ArpPacket packet) {
        ByteBuf buf = PooledByteBufAllocator.DEFAULT.directBuffer(EthernetFrame.HEADER_LENGTH + ArpPacket.LENGTH);
        try {
            buf.setIndex(EthernetFrame.HEADER_LENGTH, EthernetFrame.HEADER_LENGTH + ArpPacket.LENGTH);
            packet.emit(buf, EthernetFrame.HEADER_LENGTH);
            ethernet.send(frame.set(buf), EtherType.ARP, destination);
        } finally {
            buf.release();
        }
    }
}
