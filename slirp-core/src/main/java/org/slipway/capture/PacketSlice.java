package org.slipway.capture;

import io.netty.buffer.ByteBuf;
import io.netty.buffer.ByteBufUtil;
import java.nio.charset.StandardCharsets;
import org.slipway.wire.IpAddress;
import org.slipway.wire.MacAddress;

/**
 * A part of a packet whose getters never read outside it, but throw {@link PacketEnd}. Offsets count from the slice's
 * first byte; numbers are big-endian.
 *
 * @param captured how many bytes there are at {@code at}
 * @param length how many bytes there were in the packet, at least {@code captured}
 */
record PacketSlice(ByteBuf buf, int at, int captured, int length) {

    /** Makes sure that {@code count} bytes are there at {@code offset}, so that a view over the buffer may read them. */
    void need(int offset, int count) {
        if (offset < 0 || count < 0 || offset > length - count) {
            throw PacketEnd.malformed();
        }
        if (offset > captured - count) {
            throw PacketEnd.limited();
        }
    }

    int u8(int offset) {
        need(offset, 1);
        return buf.getUnsignedByte(at + offset);
    }

    int u16(int offset) {
        need(offset, 2);
        return buf.getUnsignedShort(at + offset);
    }

    int u24(int offset) {
        need(offset, 3);
        return buf.getUnsignedMedium(at + offset);
    }

    int i32(int offset) {
        need(offset, 4);
        return buf.getInt(at + offset);
    }

    long u32(int offset) {
        return i32(offset) & 0xffff_ffffL;
    }

    String mac(int offset) {
        need(offset, MacAddress.LENGTH);
        return MacAddress.read(buf, at + offset).toString();
    }

    IpAddress ipv4(int offset) {
        need(offset, 4);
        return IpAddress.readIpv4(buf, at + offset);
    }

    IpAddress ipv6(int offset) {
        need(offset, 16);
        return IpAddress.readIpv6(buf, at + offset);
    }

    /** The IPv6 address in the words of {@code inet_ntop}, which shows IPv4 addresses in dotted quads where they may be. */
    String ipv6Text(int offset) {
        IpAddress address = ipv6(offset);
        if (address.isIpv4()) {
            return "::ffff:" + address;
        }
        boolean compatible = address.high() == 0 && address.low() >>> 32 == 0 && address.low() >>> 16 != 0;
        return compatible ? "::" + IpAddress.ipv4((int) address.low()) : address.toString();
    }

    /** {@code count} bytes in hexadecimal. */
    String hex(int offset, int count) {
        need(offset, count);
        return ByteBufUtil.hexDump(buf, at + offset, count);
    }

    /** {@code count} bytes as text, made safe to print. */
    String text(int offset, int count) {
        need(offset, count);
        return PrintableText.of(buf.toString(at + offset, count, StandardCharsets.ISO_8859_1));
    }

    /** The bytes up to the next zero, whose place must be inside. */
    int lengthUntilZero(int offset) {
        int count = 0;
        while (u8(offset + count) != 0) {
            count++;
        }
        return count;
    }

    /** Whether the bytes at {@code offset} are there and are these characters. */
    boolean startsWith(int offset, String characters) {
        if (offset > captured - characters.length()) {
            return false;
        }
        for (int i = 0; i < characters.length(); i++) {
            if (buf.getByte(at + offset + i) != (byte) characters.charAt(i)) {
                return false;
            }
        }
        return true;
    }

    /** All from {@code offset} on. */
    PacketSlice from(int offset) {
        return part(offset, length - offset);
    }

    /** {@code count} bytes at {@code offset}, or as many of them as the packet has. */
    PacketSlice part(int offset, int count) {
        if (offset < 0 || offset > length) {
            throw PacketEnd.malformed();
        }
        int length = Math.max(0, Math.min(count, this.length - offset));
        return new PacketSlice(
                buf, at + Math.min(offset, captured), Math.max(0, Math.min(captured - offset, length)), length);
    }
}
