package org.slipway.gateway;

import io.netty.buffer.ByteBuf;
import java.util.function.LongUnaryOperator;
import org.jspecify.annotations.Nullable;
import org.slipway.nat.UdpDatagramWriter;
import org.slipway.nat.UdpNat;
import org.slipway.service.Datagram;
import org.slipway.service.DatagramPorts;
import org.slipway.service.DatagramSender;
import org.slipway.service.DatagramService;
import org.slipway.wire.IpAddress;

/** The way of datagrams between guests and the gateway's services: asked before NAT, answered like NAT. */
final class DatagramServices implements DatagramSender, DatagramPorts {

    private final UdpNat udp;
    private final UdpDatagramWriter writer;
    private final LongUnaryOperator shares;

    /** {@code shares} names the share of a station. */
    DatagramServices(UdpNat udp, UdpDatagramWriter writer, LongUnaryOperator shares) {
        this.udp = udp;
        this.writer = writer;
        this.shares = shares;
    }

    void register(IpAddress address, int port, DatagramService service) {
        udp.listen(
                address,
                port,
                (packet, sourcePort, destinationPort, payload) -> service.receive(new Datagram(
                        packet.source(),
                        sourcePort,
                        packet.destination(),
                        destinationPort,
                        packet.sourceMac(),
                        shares.applyAsLong(packet.sourceMac()),
                        payload)));
    }

    @Override
    public @Nullable Runnable open(IpAddress address, int port, DatagramService service) {
        if (udp.isListening(address, port)) {
            return null;
        }
        register(address, port, service);
        return () -> udp.unlisten(address, port);
    }

    @Override
    public void send(
            IpAddress source,
            int sourcePort,
            IpAddress destination,
            int destinationPort,
            long destinationMac,
            ByteBuf payload) {
        try {
            writer.sendTo(destinationMac, source, sourcePort, destination, destinationPort, payload);
        } finally {
            payload.release();
        }
    }
}
