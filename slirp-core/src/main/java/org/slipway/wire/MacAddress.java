package org.slipway.wire;

import io.netty.buffer.ByteBuf;

/** A 48-bit Ethernet address, in the low bits of {@code value}; the first byte on the wire is the most significant. */
public record MacAddress(long value) {

    /** Length on the wire in bytes. */
    public static final int LENGTH = 6;

    public static final MacAddress BROADCAST = new MacAddress(0xffff_ffff_ffffL);
    public static final MacAddress ZERO = new MacAddress(0);

    /** Reads the six bytes at {@code at}. */
    public static MacAddress read(ByteBuf buf, int at) {
        return new MacAddress(readValue(buf, at));
    }

    /** Reads the six bytes at {@code at} without making an object. */
    public static long readValue(ByteBuf buf, int at) {
        return (long) buf.getUnsignedShort(at) << 32 | buf.getUnsignedInt(at + 2);
    }

    /** Writes the six bytes of {@code value} at {@code at}. */
    public static void writeValue(ByteBuf buf, int at, long value) {
        buf.setShort(at, (int) (value >>> 32));
        buf.setInt(at + 2, (int) value);
    }

    /** Whether {@code value} is a group (multicast or broadcast) address. */
    public static boolean isGroup(long value) {
        return (value & 0x0100_0000_0000L) != 0;
    }

    /** Parses {@code "52:55:0a:00:02:02"}; throws IllegalArgumentException on anything else. */
    public static MacAddress parse(String text) {
        long value = 0;
        boolean valid = text.length() == 3 * LENGTH - 1;
        for (int i = 0; valid && i < text.length(); i++) {
            char c = text.charAt(i);
            if (i % 3 == 2) {
                valid = c == ':';
            } else {
                // Character.digit would take the digits of every script.
                int digit = c < 0x80 ? Character.digit(c, 16) : -1;
                valid = digit >= 0;
                value = value << 4 | digit;
            }
        }
        if (!valid) {
            throw new IllegalArgumentException("not a MAC address: '" + text + "'");
        }
        return new MacAddress(value);
    }

    /** Writes the six bytes at {@code at}. */
    public void write(ByteBuf buf, int at) {
        writeValue(buf, at, value);
    }

    @Override
    public String toString() {
        StringBuilder text = new StringBuilder(17);
        for (int shift = 40; shift >= 0; shift -= 8) {
            int octet = (int) (value >>> shift) & 0xff;
            text.append(Character.forDigit(octet >> 4, 16)).append(Character.forDigit(octet & 0xf, 16));
            if (shift > 0) {
                text.append(':');
            }
        }
        return text.toString();
    }
}
