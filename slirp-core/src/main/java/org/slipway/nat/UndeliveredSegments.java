package org.slipway.nat;

import org.jspecify.annotations.Nullable;
import org.slipway.ip.IpHost;
import org.slipway.ip.IpPacket;
import org.slipway.ip.IpProtocolHandler;
import org.slipway.tcp.TcpConnection;
import org.slipway.wire.DropReason;
import org.slipway.wire.IcmpError;
import org.slipway.wire.IcmpMessage;
import org.slipway.wire.IpProtocol;
import org.slipway.wire.QuotedPacket;

/**
 * What becomes of segments that do not reach their guest: nobody answers for its address, or an ICMP error of the guest's, or
 * of a router behind it, says so. On the network's loop only.
 */
final class UndeliveredSegments implements IpProtocolHandler {

    /** No packet is larger: a larger link is none that is too small. */
    private static final int MAX_MTU = 0xffff;

    private final IpHost ip;
    private final TcpFlowTable table;

    UndeliveredSegments(IpHost ip, TcpFlowTable table) {
        this.ip = ip;
        this.table = table;
    }

    /** A packet of the gateway's that was given up, as no station answers for where it is for. */
    void undeliverable(IpPacket packet) {
        QuotedPacket own = QuotedPacket.parse(packet.buf(), packet.header(), packet.length());
        TcpFlow flow = own == null ? null : flowOf(own);
        if (own != null && flow != null) {
            unreachable(flow, own.secondWord());
        }
    }

    /** An ICMP message of a guest's, verified, that is no echo request. */
    @Override
    public void receive(IpPacket packet) {
        int at = packet.payload();
        int type = IcmpMessage.type(packet.buf(), at);
        int code = IcmpMessage.code(packet.buf(), at);
        boolean ipv4 = packet.isIpv4();
        boolean tooBig =
                type == IcmpError.PACKET_TOO_BIG.type(ipv4) && (!ipv4 || code == IcmpError.PACKET_TOO_BIG.code(true));
        if (!tooBig && type != IcmpError.HOST_UNREACHABLE.type(ipv4)) {
            packet.drop(DropReason.ICMP_UNHANDLED);
            return;
        }
        QuotedPacket quoted = QuotedPacket.parse(
                packet.buf(), at + IcmpMessage.HEADER_LENGTH, packet.payloadLength() - IcmpMessage.HEADER_LENGTH);
        TcpFlow flow = quoted == null ? null : flowOf(quoted);
        boolean believed = quoted != null
                && flow != null
                && flow.share() == ip.share(packet.sourceMac())
                && (tooBig ? tooBig(flow, quoted, mtu(packet)) : unreachable(flow, quoted.secondWord()));
        if (!believed) {
            packet.drop(DropReason.ICMP_NO_FLOW);
        }
    }

    /** Of the link that is too small, in bytes: 16 bits in ICMP (RFC 1191 4), 32 in ICMPv6 (RFC 4443 3.2). */
    private static long mtu(IpPacket packet) {
        int rest = IcmpMessage.restOfHeader(packet.buf(), packet.payload());
        return packet.isIpv4() ? rest & 0xffff : Integer.toUnsignedLong(rest);
    }

    private static boolean tooBig(TcpFlow flow, QuotedPacket quoted, long mtu) {
        TcpConnection connection = flow.connectionOrNull();
        int overhead = quoted.source().isIpv4() ? TcpNat.IPV4_OVERHEAD : TcpNat.IPV6_OVERHEAD;
        // A router that does not say how small its link is (RFC 1191 5) would have us guess.
        if (connection == null
                || mtu == 0
                || mtu > MAX_MTU
                || !connection.packetTooBig(quoted.secondWord(), (int) mtu - overhead)) {
            return false;
        }
        flow.wake();
        return true;
    }

    private static boolean unreachable(TcpFlow flow, int sequence) {
        TcpConnection connection = flow.connectionOrNull();
        if (connection == null || !connection.unreachable(sequence)) {
            return false;
        }
        flow.wake();
        return true;
    }

    /** Whose segment the packet, one of the gateway's, is; null if of none. */
    private @Nullable TcpFlow flowOf(QuotedPacket own) {
        return own.protocol() != IpProtocol.TCP
                ? null
                : table.find(new FlowKey(own.destination(), own.destinationPort(), own.source(), own.sourcePort()));
    }
}
