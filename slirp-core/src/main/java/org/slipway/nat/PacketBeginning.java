package org.slipway.nat;

import io.netty.buffer.ByteBuf;
import io.netty.buffer.Unpooled;
import org.slipway.ip.IpHost;
import org.slipway.ip.IpPacket;
import org.slipway.wire.IcmpError;
import org.slipway.wire.IpAddress;

/** The beginning of a guest's packet, kept so that an ICMP error that comes later can quote it (RFC 792). */
final class PacketBeginning {

    /** The largest IPv4 header and 64 bits behind it; in IPv6 room for extension headers, too. */
    private static final int MAX_LENGTH = 128;

    private final ByteBuf bytes;

    private PacketBeginning(ByteBuf bytes) {
        this.bytes = bytes;
    }

    static PacketBeginning of(IpPacket packet) {
        byte[] copy = new byte[Math.min(packet.length(), MAX_LENGTH)];
        packet.buf().getBytes(packet.header(), copy);
        return new PacketBeginning(Unpooled.wrappedBuffer(copy));
    }

    void icmpError(IpHost ip, IcmpError error, IpAddress source) {
        boolean ipv4 = bytes.getUnsignedByte(0) >>> 4 == 4;
        icmpError(ip, error.type(ipv4), error.code(ipv4), 0, source);
    }

    void icmpError(IpHost ip, int type, int code, int restOfHeader, IpAddress source) {
        ip.icmpError(bytes, 0, bytes.readableBytes(), type, code, restOfHeader, source);
    }
}
