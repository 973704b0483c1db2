package org.slipway.guest;

import org.jspecify.annotations.Nullable;
import org.slipway.ip.IpPacket;
import org.slipway.wire.DropReason;
import org.slipway.wire.IcmpMessage;
import org.slipway.wire.Icmpv6Message;
import org.slipway.wire.IpProtocol;
import org.slipway.wire.QuotedPacket;

/** Tells whoever sent a packet that it went nowhere: an ICMP error says so, or no station answered ARP or NDP. */
final class Unreachables {

    private final Pinger pinger;
    private final TcpEndpoints tcp;

    Unreachables(Pinger pinger, TcpEndpoints tcp) {
        this.pinger = pinger;
        this.tcp = tcp;
    }

    /** An ICMP message, verified. */
    void receive(IpPacket packet) {
        int type = IcmpMessage.type(packet.buf(), packet.payload());
        int code = IcmpMessage.code(packet.buf(), packet.payload());
        if (type == (packet.isIpv4() ? IcmpMessage.ECHO_REPLY : Icmpv6Message.ECHO_REPLY)) {
            pinger.receive(packet);
            return;
        }
        String why = packet.isIpv4() ? reason(type, code) : ipv6Reason(type, code);
        QuotedPacket quoted = QuotedPacket.parse(
                packet.buf(),
                packet.payload() + IcmpMessage.HEADER_LENGTH,
                packet.payloadLength() - IcmpMessage.HEADER_LENGTH);
        if (why == null) {
            packet.drop(DropReason.ICMP_UNHANDLED);
        } else if (quoted == null || !tell(quoted, why + ", says " + packet.source())) {
            packet.drop(DropReason.ICMP_NO_FLOW);
        }
    }

    /** A packet of this guest's that was given up. */
    void undeliverable(IpPacket packet) {
        QuotedPacket quoted = QuotedPacket.parse(packet.buf(), packet.header(), packet.length());
        if (quoted != null) {
            tell(quoted, "host unreachable: nobody answers " + (packet.isIpv4() ? "ARP" : "NDP"));
        }
    }

    private boolean tell(QuotedPacket quoted, String why) {
        return switch (quoted.protocol()) {
            case IpProtocol.ICMP, IpProtocol.ICMPV6 -> pinger.unreachable(quoted, why);
            case IpProtocol.TCP -> tcp.unreachable(quoted, why);
            default -> false;
        };
    }

    /** RFC 792; null for what does not mean that the packet is lost for good. */
    private static @Nullable String reason(int type, int code) {
        if (type == IcmpMessage.TIME_EXCEEDED) {
            return "time to live exceeded";
        }
        if (type != IcmpMessage.DESTINATION_UNREACHABLE) {
            return null;
        }
        return switch (code) {
            case IcmpMessage.NET_UNREACHABLE -> "network unreachable";
            case IcmpMessage.HOST_UNREACHABLE -> "host unreachable";
            case IcmpMessage.PORT_UNREACHABLE -> "port unreachable";
            case IcmpMessage.FRAGMENTATION_NEEDED -> null;
            case IcmpMessage.ADMINISTRATIVELY_PROHIBITED -> "administratively prohibited";
            default -> "unreachable";
        };
    }

    /** RFC 4443 3, in the words for IPv4; null as there. */
    private static @Nullable String ipv6Reason(int type, int code) {
        if (type == Icmpv6Message.TIME_EXCEEDED) {
            return "time to live exceeded";
        }
        if (type != Icmpv6Message.DESTINATION_UNREACHABLE) {
            return null;
        }
        return switch (code) {
            case 0 -> "network unreachable";
            case 1 -> "administratively prohibited";
            case 2 -> "beyond the scope of the source address";
            case 3 -> "host unreachable";
            case 4 -> "port unreachable";
            default -> "unreachable";
        };
    }
}
