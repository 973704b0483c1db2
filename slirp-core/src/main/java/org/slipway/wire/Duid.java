package org.slipway.wire;

import java.util.Arrays;
import org.jspecify.annotations.Nullable;

/** What a DHCPv6 client or server is known by: opaque bytes, of which two say the type (RFC 8415 11). An immutable value. */
public final class Duid {

    /** RFC 8415 11.1: two bytes of type and 1 to 128 bytes of identifier. */
    public static final int MIN_LENGTH = 3;

    public static final int MAX_LENGTH = 130;

    /** A link-layer address alone (RFC 8415 11.4). */
    private static final int TYPE_LINK_LAYER = 3;

    private static final int ETHERNET = 1;

    private final byte[] bytes;

    private Duid(byte[] bytes) {
        this.bytes = bytes;
    }

    /** The identifier that consists of {@code bytes}, or null if that is too short or too long for one. */
    public static @Nullable Duid of(byte[] bytes) {
        return bytes.length < MIN_LENGTH || bytes.length > MAX_LENGTH ? null : new Duid(bytes.clone());
    }

    /** The identifier that is made of an Ethernet address: DUID-LL. */
    public static Duid ofEthernet(MacAddress mac) {
        byte[] bytes = new byte[4 + MacAddress.LENGTH];
        bytes[1] = TYPE_LINK_LAYER;
        bytes[3] = ETHERNET;
        for (int i = 0; i < MacAddress.LENGTH; i++) {
            bytes[4 + i] = (byte) (mac.value() >>> 8 * (MacAddress.LENGTH - 1 - i));
        }
        return new Duid(bytes);
    }

    /** A copy of the bytes. */
    public byte[] bytes() {
        return bytes.clone();
    }

    @Override
    public boolean equals(@Nullable Object other) {
        return other instanceof Duid duid && Arrays.equals(bytes, duid.bytes);
    }

    @Override
    public int hashCode() {
        return Arrays.hashCode(bytes);
    }

    /** {@code "00:03:00:01:52:55:0a:00:02:02"}. */
    @Override
    public String toString() {
        StringBuilder text = new StringBuilder();
        for (byte b : bytes) {
            text.append(text.isEmpty() ? "" : ":");
            text.append(Character.forDigit(b >> 4 & 0xf, 16)).append(Character.forDigit(b & 0xf, 16));
        }
        return text.toString();
    }
}
