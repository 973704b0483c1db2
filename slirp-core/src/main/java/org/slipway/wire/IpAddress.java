package org.slipway.wire;

import io.netty.buffer.ByteBuf;
import io.netty.util.NetUtil;
import java.net.InetAddress;
import java.net.UnknownHostException;

/**
 * An IPv4 or IPv6 address as two 64-bit halves in network byte order; IPv4 is held in its mapped form
 * {@code ::ffff:a.b.c.d} (RFC 4291 2.5.5.2). An IPv6 <em>packet</em> that carries a mapped address is refused at the
 * door, so within the network the form is unambiguous.
 */
public record IpAddress(long high, long low) implements Comparable<IpAddress> {

    /** All nodes of the link (RFC 4291 2.7.1). */
    public static final IpAddress ALL_NODES = new IpAddress(0xff02L << 48, 1);

    /** All routers of the link (RFC 4291 2.7.1). */
    public static final IpAddress ALL_ROUTERS = new IpAddress(0xff02L << 48, 2);

    private static final long MAPPED = 0x0000_ffff_0000_0000L;

    /** The IPv4 address whose four bytes are those of {@code bits}, first byte most significant. */
    public static IpAddress ipv4(int bits) {
        return new IpAddress(0, MAPPED | bits & 0xffff_ffffL);
    }

    /** Reads the four bytes at {@code at}. */
    public static IpAddress readIpv4(ByteBuf buf, int at) {
        return ipv4(buf.getInt(at));
    }

    /** Reads the sixteen bytes at {@code at}. */
    public static IpAddress readIpv6(ByteBuf buf, int at) {
        return new IpAddress(buf.getLong(at), buf.getLong(at + 8));
    }

    /** The address in a JDK object. */
    public static IpAddress of(InetAddress address) {
        byte[] bytes = address.getAddress();
        return bytes.length == 4 ? ipv4(intAt(bytes, 0)) : new IpAddress(longAt(bytes, 0), longAt(bytes, 8));
    }

    /** Parses a literal of either family; no name is ever looked up. Throws IllegalArgumentException on anything else. */
    public static IpAddress parse(String text) {
        byte[] bytes = NetUtil.createByteArrayFromIpAddressString(withoutQuad(text));
        if (bytes == null || text.indexOf('%') >= 0 || text.indexOf('[') >= 0) {
            throw new IllegalArgumentException("not an IP address: '" + text + "'");
        }
        return bytes.length == 4 ? ipv4(intAt(bytes, 0)) : new IpAddress(longAt(bytes, 0), longAt(bytes, 8));
    }

    /**
     * The text with a dotted quad at the end of an IPv6 address (RFC 4291 2.2) in hexadecimal: Netty knows it in mapped
     * addresses only, and takes {@code ::10.0.2.2} for one.
     */
    private static String withoutQuad(String text) {
        int quad = text.lastIndexOf(':') + 1;
        if (quad == 0 || text.indexOf('.') < quad) {
            return text;
        }
        byte[] bytes = NetUtil.createByteArrayFromIpAddressString(text.substring(quad));
        return bytes == null
                ? text
                : text.substring(0, quad)
                        + Integer.toHexString(intAt(bytes, 0) >>> 16)
                        + ':'
                        + Integer.toHexString(intAt(bytes, 0) & 0xffff);
    }

    /** Whether this is an IPv4 address. */
    public boolean isIpv4() {
        return high == 0 && low >>> 32 == 0xffff;
    }

    /** The four bytes of an IPv4 address. */
    public int ipv4Bits() {
        return (int) low;
    }

    /** 4 or 16: the length on the wire in bytes. */
    public int length() {
        return isIpv4() ? 4 : 16;
    }

    /** Writes the 4 or 16 bytes at {@code at}. */
    public void write(ByteBuf buf, int at) {
        if (isIpv4()) {
            buf.setInt(at, ipv4Bits());
        } else {
            buf.setLong(at, high);
            buf.setLong(at + 8, low);
        }
    }

    /** The same address as a JDK object. */
    public InetAddress toInetAddress() {
        byte[] bytes = new byte[length()];
        for (int i = 0; i < bytes.length; i++) {
            int fromEnd = bytes.length - 1 - i;
            bytes[i] = (byte) (fromEnd < 8 ? low >>> 8 * fromEnd : high >>> 8 * (fromEnd - 8));
        }
        try {
            return InetAddress.getByAddress(bytes);
        } catch (UnknownHostException e) {
            throw new AssertionError("4 or 16 bytes are always an address", e);
        }
    }

    /** Whether this is 224.0.0.0/4 or ff00::/8. */
    public boolean isMulticast() {
        return isIpv4() ? (ipv4Bits() & 0xf000_0000) == 0xe000_0000 : high >>> 56 == 0xff;
    }

    /** Whether this is 127.0.0.0/8 or ::1. */
    public boolean isLoopback() {
        return isIpv4() ? ipv4Bits() >>> 24 == 127 : high == 0 && low == 1;
    }

    /** Whether this is 169.254.0.0/16 or fe80::/10: of one link only. */
    public boolean isLinkLocal() {
        return isIpv4() ? ipv4Bits() >>> 16 == 0xa9fe : high >>> 54 == 0xfe80 >>> 6;
    }

    /** Whether this is ff02::/16: an IPv6 group of one link only (RFC 4291 2.7). */
    public boolean isLinkLocalGroup() {
        return high >>> 48 == 0xff02;
    }

    /** The group of an IPv6 address that neighbor solicitations for it are sent to (RFC 4291 2.7.1). */
    public IpAddress solicitedNode() {
        return new IpAddress(0xff02L << 48, 0x1_ff00_0000L | low & 0xff_ffff);
    }

    /** Whether this is 0.0.0.0 or ::. */
    public boolean isUnspecified() {
        return isIpv4() ? ipv4Bits() == 0 : high == 0 && low == 0;
    }

    /** Orders by value, IPv6 addresses unsigned. */
    @Override
    public int compareTo(IpAddress other) {
        int byHigh = Long.compareUnsigned(high, other.high);
        return byHigh != 0 ? byHigh : Long.compareUnsigned(low, other.low);
    }

    /** The usual text: dotted quad, or RFC 5952. */
    @Override
    public String toString() {
        return NetUtil.toAddressString(toInetAddress());
    }

    private static int intAt(byte[] bytes, int at) {
        return (bytes[at] & 0xff) << 24
                | (bytes[at + 1] & 0xff) << 16
                | (bytes[at + 2] & 0xff) << 8
                | bytes[at + 3] & 0xff;
    }

    private static long longAt(byte[] bytes, int at) {
        return (long) intAt(bytes, at) << 32 | intAt(bytes, at + 4) & 0xffff_ffffL;
    }
}
