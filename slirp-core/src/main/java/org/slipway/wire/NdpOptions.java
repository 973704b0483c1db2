package org.slipway.wire;

import io.netty.buffer.ByteBuf;

/**
 * The options of a neighbor discovery message (RFC 4861 4.6): each a type, a length in units of eight bytes, and data.
 * <pre>
 *  0      7 8     15 16
 * +--------+--------+--------+- - -
 * |  type  | length |  data
 * +--------+--------+--------+- - -
 * </pre>
 * After {@link #check} returned true, no other method here can read outside the options.
 */
public final class NdpOptions {

    /** Lengths are counted in units of so many bytes. */
    public static final int UNIT = 8;

    public static final int SOURCE_LINK_LAYER_ADDRESS = 1;
    public static final int TARGET_LINK_LAYER_ADDRESS = 2;
    public static final int PREFIX_INFORMATION = 3;
    public static final int MTU = 5;

    /** RFC 8106. */
    public static final int RECURSIVE_DNS_SERVER = 25;

    public static final int DNS_SEARCH_LIST = 31;

    private NdpOptions() {}

    /** Whether the {@code length} bytes at {@code at} are options, none of length zero. */
    public static boolean check(ByteBuf buf, int at, int length) {
        int i = at;
        int end = at + length;
        while (i < end) {
            if (end - i < UNIT || buf.getByte(i + 1) == 0 || length(buf, i) > end - i) {
                return false;
            }
            i += length(buf, i);
        }
        return true;
    }

    /** The type of the option at {@code at}. */
    public static int type(ByteBuf buf, int at) {
        return buf.getUnsignedByte(at);
    }

    /** Length of the option at {@code at} in bytes, type and length included. */
    public static int length(ByteBuf buf, int at) {
        return buf.getUnsignedByte(at + 1) * UNIT;
    }

    /** Index of the first option of {@code type} in the {@code length} bytes at {@code at}, or -1. */
    public static int find(ByteBuf buf, int at, int length, int type) {
        for (int i = at; i < at + length; i += length(buf, i)) {
            if (type(buf, i) == type) {
                return i;
            }
        }
        return -1;
    }

    /** The Ethernet address in the first option of {@code type}, as {@link MacAddress#value}, or -1 if there is none. */
    public static long linkLayerAddress(ByteBuf buf, int at, int length, int type) {
        int option = find(buf, at, length, type);
        return option < 0 ? -1 : MacAddress.readValue(buf, option + 2);
    }

    /** Writes an option with an Ethernet address; returns the index behind it. */
    static int writeLinkLayerAddress(ByteBuf buf, int at, int type, long mac) {
        writeHeader(buf, at, type, UNIT);
        MacAddress.writeValue(buf, at + 2, mac);
        return at + UNIT;
    }

    /** Writes type and length of an option of {@code length} bytes, a multiple of eight. */
    static void writeHeader(ByteBuf buf, int at, int type, int length) {
        buf.setByte(at, type);
        buf.setByte(at + 1, length / UNIT);
    }
}
