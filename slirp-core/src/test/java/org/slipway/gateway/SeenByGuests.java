package org.slipway.gateway;

import static org.assertj.core.api.Assertions.assertThat;

import io.netty.buffer.ByteBuf;
import java.util.HashMap;
import java.util.Map;
import org.slipway.wire.ArpPacket;
import org.slipway.wire.EtherType;
import org.slipway.wire.EthernetFrame;
import org.slipway.wire.IcmpMessage;
import org.slipway.wire.InternetChecksum;
import org.slipway.wire.IpAddress;
import org.slipway.wire.IpProtocol;
import org.slipway.wire.Ipv4Packet;
import org.slipway.wire.Ipv6Packet;
import org.slipway.wire.TcpHeader;
import org.slipway.wire.UdpDatagram;

/** Looks at every frame that guests are sent: all of them must be right, and what TCP said last is remembered. */
final class SeenByGuests {

    /** The gateway's side of the connection that a guest's port had last. */
    static final class Flow {
        int remotePort;
        /** What the guest has to send next, and what it has to acknowledge. */
        int acknowledged = 1000;

        int next;
    }

    private final Map<Integer, Flow> flows = new HashMap<>();

    Flow flow(int guestPort) {
        return flows.computeIfAbsent(guestPort, port -> new Flow());
    }

    void look(TestNetwork net) {
        while (net.count() > 0) {
            look(net.next());
        }
    }

    private void look(ByteBuf frame) {
        int at = EthernetFrame.HEADER_LENGTH;
        int available = frame.readableBytes() - at;
        if (EthernetFrame.type(frame, 0) == EtherType.ARP) {
            assertThat(ArpPacket.check(frame, at, available)).isNull();
            return;
        }
        if (EthernetFrame.type(frame, 0) == EtherType.IPV6) {
            look6(frame, at, available);
            return;
        }
        assertThat(EthernetFrame.type(frame, 0)).isEqualTo(EtherType.IPV4);
        assertThat(Ipv4Packet.check(frame, at, available)).isNull();
        assertThat(Ipv4Packet.totalLength(frame, at)).isLessThanOrEqualTo(GatewayConfig.DEFAULT_MTU);
        if (!Ipv4Packet.isFragment(frame, at)) {
            int headerLength = Ipv4Packet.headerLength(frame, at);
            upper(
                    frame,
                    Ipv4Packet.source(frame, at),
                    Ipv4Packet.destination(frame, at),
                    Ipv4Packet.protocol(frame, at),
                    at + headerLength,
                    Ipv4Packet.totalLength(frame, at) - headerLength);
        }
    }

    private void look6(ByteBuf frame, int at, int available) {
        assertThat(Ipv6Packet.check(frame, at, available)).isNull();
        int length = Ipv6Packet.payloadLength(frame, at);
        assertThat(Ipv6Packet.HEADER_LENGTH + length).isLessThanOrEqualTo(GatewayConfig.DEFAULT_MTU);
        int protocol = Ipv6Packet.nextHeader(frame, at);
        if (protocol != IpProtocol.FRAGMENT) {
            IpAddress source = Ipv6Packet.source(frame, at);
            upper(frame, source, Ipv6Packet.destination(frame, at), protocol, at + Ipv6Packet.HEADER_LENGTH, length);
        }
    }

    private void upper(ByteBuf frame, IpAddress source, IpAddress destination, int protocol, int at, int length) {
        long pseudoHeader = InternetChecksum.pseudoHeader(source, destination, protocol, length);
        int checksum = InternetChecksum.finish(pseudoHeader + InternetChecksum.sum(frame, at, length));
        switch (protocol) {
            case IpProtocol.ICMP ->
                assertThat(IcmpMessage.check(frame, at, length)).isNull();
            case IpProtocol.ICMPV6 ->
                assertThat(checksum).as("checksum of ICMPv6").isZero();
            case IpProtocol.UDP -> {
                assertThat(UdpDatagram.check(frame, at, length)).isNull();
                assertThat(checksum).as("checksum of UDP").isZero();
            }
            case IpProtocol.TCP -> {
                assertThat(TcpHeader.check(frame, at, length)).isNull();
                assertThat(checksum).as("checksum of TCP").isZero();
                segment(frame, at, length);
            }
            default -> throw new AssertionError("guests were sent protocol " + protocol);
        }
    }

    private void segment(ByteBuf frame, int at, int length) {
        Flow flow = flow(TcpHeader.destinationPort(frame, at));
        int flags = TcpHeader.flags(frame, at);
        flow.remotePort = TcpHeader.sourcePort(frame, at);
        flow.next = TcpHeader.sequence(frame, at) + length - TcpHeader.length(frame, at);
        if ((flags & (TcpHeader.SYN | TcpHeader.FIN)) != 0) {
            flow.next++;
        }
        if ((flags & TcpHeader.ACK) != 0) {
            flow.acknowledged = TcpHeader.acknowledgment(frame, at);
        }
    }
}
