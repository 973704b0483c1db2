package org.slipway.fuzz;

import io.netty.buffer.ByteBuf;
import org.slipway.wire.EtherType;
import org.slipway.wire.EthernetFrame;
import org.slipway.wire.InternetChecksum;
import org.slipway.wire.IpAddress;
import org.slipway.wire.IpProtocol;
import org.slipway.wire.Ipv4Packet;
import org.slipway.wire.Ipv6Extensions;
import org.slipway.wire.Ipv6Packet;

/**
 * Makes frames right in one layer or another, because a fuzzer hits upon no checksum by itself. What is not mended stays as
 * the input has it.
 */
public final class FrameMender {

    /** Version, header length (if it is nonsense), total length and checksum of the IPv4 header; version and length of IPv6's. */
    public static final int NETWORK = 1;

    /** The length field of UDP. */
    public static final int LENGTH = 2;

    /** The checksum of TCP, UDP, ICMP, ICMPv6. */
    public static final int CHECKSUM = 4;

    private static final int IP = EthernetFrame.HEADER_LENGTH;

    private static final Ipv6Extensions EXTENSIONS = new Ipv6Extensions();

    private FrameMender() {}

    /** Mends {@code layers} (bits of the constants here) of the frame in the readable bytes of {@code frame}. */
    public static void mend(ByteBuf frame, int layers) {
        int at = frame.readerIndex();
        int length = frame.readableBytes();
        if (length >= IP + Ipv4Packet.MIN_HEADER_LENGTH && EthernetFrame.type(frame, at) == EtherType.IPV4) {
            mendIpv4(frame, at + IP, length - IP, layers);
        } else if (length >= IP + Ipv6Packet.HEADER_LENGTH && EthernetFrame.type(frame, at) == EtherType.IPV6) {
            mendIpv6(frame, at + IP, length - IP, layers);
        }
    }

    private static void mendIpv6(ByteBuf buf, int at, int available, int layers) {
        if ((layers & NETWORK) != 0) {
            buf.setByte(at, 0x60 | buf.getByte(at) & 0xf);
            buf.setShort(at + Ipv6Packet.PAYLOAD_LENGTH, available - Ipv6Packet.HEADER_LENGTH);
        }
        if (Ipv6Packet.check(buf, at, available) == null && EXTENSIONS.walk(buf, at) == null) {
            int upper = EXTENSIONS.upper();
            int length = at + Ipv6Packet.HEADER_LENGTH + Ipv6Packet.payloadLength(buf, at) - upper;
            int protocol = EXTENSIONS.protocol();
            IpAddress source = Ipv6Packet.source(buf, at);
            IpAddress destination = Ipv6Packet.destination(buf, at);
            mendUpper(
                    buf,
                    upper,
                    length,
                    protocol,
                    InternetChecksum.pseudoHeader(source, destination, protocol, length),
                    layers);
        }
    }

    private static void mendIpv4(ByteBuf buf, int at, int available, int layers) {
        if ((layers & NETWORK) != 0) {
            int words = buf.getByte(at) & 0xf;
            buf.setByte(at, 0x40 | (words < 5 || words * 4 > available ? 5 : words));
            buf.setShort(at + 2, available);
            Ipv4Packet.writeChecksum(buf, at);
        }
        int headerLength = Ipv4Packet.headerLength(buf, at);
        if (headerLength <= available && !Ipv4Packet.isFragment(buf, at)) {
            int protocol = Ipv4Packet.protocol(buf, at);
            int length = available - headerLength;
            long pseudoHeader = protocol == IpProtocol.ICMP
                    ? 0
                    : InternetChecksum.pseudoHeader(
                            Ipv4Packet.source(buf, at), Ipv4Packet.destination(buf, at), protocol, length);
            mendUpper(buf, at + headerLength, length, protocol, pseudoHeader, layers);
        }
    }

    private static void mendUpper(ByteBuf buf, int at, int length, int protocol, long pseudoHeader, int layers) {
        if (protocol == IpProtocol.UDP && (layers & LENGTH) != 0 && length >= 8) {
            buf.setShort(at + 4, length);
        }
        int checksum = switch (protocol) {
            case IpProtocol.ICMP, IpProtocol.ICMPV6 -> 2;
            case IpProtocol.UDP -> 6;
            case IpProtocol.TCP -> 16;
            default -> -1;
        };
        if (checksum >= 0 && (layers & CHECKSUM) != 0 && length >= checksum + 2) {
            buf.setShort(at + checksum, 0);
            buf.setShort(at + checksum, InternetChecksum.finish(pseudoHeader + InternetChecksum.sum(buf, at, length)));
        }
    }
}
