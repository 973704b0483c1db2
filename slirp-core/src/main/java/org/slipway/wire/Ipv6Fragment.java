package org.slipway.wire;

import io.netty.buffer.ByteBuf;

/**
 * Fields of IPv6's fragment header in a buffer (RFC 8200 4.5).
 * <pre>
 *  0               1               2               3
 * +---------------+---------------+-------------------------+---+-+
 * |  Next Header  |   Reserved    |     Fragment Offset     |Res|M|
 * +---------------+---------------+-------------------------+---+-+
 * |                         Identification                        |
 * +---------------------------------------------------------------+
 * </pre>
 * {@link Ipv6Extensions} has found eight bytes for it.
 */
public final class Ipv6Fragment {

    /** Bytes of the header. */
    public static final int LENGTH = 8;

    /** Where the fragment offset stands, from the header's first byte. */
    public static final int OFFSET = 2;

    private static final int IDENTIFICATION = 4;
    private static final int OFFSET_MASK = 0xfff8;
    private static final int MORE = 1;

    private Ipv6Fragment() {}

    /** The first header of the fragmentable part; that of the first fragment counts. */
    public static int nextHeader(ByteBuf buf, int at) {
        return buf.getUnsignedByte(at);
    }

    /** Where what follows stands in the whole packet's fragmentable part, in bytes. */
    public static int offset(ByteBuf buf, int at) {
        return buf.getUnsignedShort(at + OFFSET) & OFFSET_MASK;
    }

    /** Whether fragments follow this one. */
    public static boolean more(ByteBuf buf, int at) {
        return (buf.getUnsignedShort(at + OFFSET) & MORE) != 0;
    }

    /** What the fragments of one packet have in common, 32 bits. */
    public static int identification(ByteBuf buf, int at) {
        return buf.getInt(at + IDENTIFICATION);
    }

    /** Writes the header; {@code offset} is in bytes, a multiple of eight. */
    public static void write(ByteBuf buf, int at, int nextHeader, int offset, boolean more, int identification) {
        buf.setByte(at, nextHeader);
        buf.setByte(at + 1, 0);
        buf.setShort(at + OFFSET, offset & OFFSET_MASK | (more ? MORE : 0));
        buf.setInt(at + IDENTIFICATION, identification);
    }
}
