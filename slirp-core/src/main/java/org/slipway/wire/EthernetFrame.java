package org.slipway.wire;

import io.netty.buffer.ByteBuf;

/**
 * Fields of an Ethernet II header in a buffer (IEEE 802.3 3.2.6), without preamble and frame check sequence.
 * <pre>
 *  0               6              12      14
 * +---------------+---------------+-------+--------- - -
 * |  destination  |    source     | type  |  payload
 * +---------------+---------------+-------+--------- - -
 * </pre>
 * The buffer must hold at least {@link #HEADER_LENGTH} bytes at {@code at}; then no method reads outside it.
 */
public final class EthernetFrame {

    /** Bytes in front of the payload. */
    public static final int HEADER_LENGTH = 14;

    /** Least length of a frame without its check sequence; shorter ones are padded with zeros towards a guest. */
    public static final int MIN_LENGTH = 60;

    private static final int SOURCE = 6;
    private static final int TYPE = 12;

    private EthernetFrame() {}

    /** The destination, as {@link MacAddress#value}. */
    public static long destination(ByteBuf buf, int at) {
        return MacAddress.readValue(buf, at);
    }

    /** The source, as {@link MacAddress#value}. */
    public static long source(ByteBuf buf, int at) {
        return MacAddress.readValue(buf, at + SOURCE);
    }

    /** The EtherType, see {@link EtherType}. */
    public static int type(ByteBuf buf, int at) {
        return buf.getUnsignedShort(at + TYPE);
    }

    /** Writes the whole header. */
    public static void write(ByteBuf buf, int at, long destination, long source, int type) {
        MacAddress.writeValue(buf, at, destination);
        MacAddress.writeValue(buf, at + SOURCE, source);
        buf.setShort(at + TYPE, type);
    }
}
