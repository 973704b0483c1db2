package org.slipway.cli;

import org.jspecify.annotations.Nullable;
import org.slipway.wire.IpAddress;

/** Addresses written out; names are never looked up here. */
final class Literals {

    private Literals() {}

    /** The IPv4 address {@code text} is, as QEMU reads it, or null. */
    static @Nullable IpAddress ipv4(String text) {
        return InetAton.parse(text);
    }

    /** The IPv6 address {@code text} is, without brackets, or null; mapped IPv4 addresses are none. */
    static @Nullable IpAddress ipv6(String text) {
        IpAddress address = ip(text);
        return address != null && !address.isIpv4() ? address : null;
    }

    /** The address of either family that {@code text} is, without brackets, or null. */
    static @Nullable IpAddress ip(String text) {
        try {
            return IpAddress.parse(text);
        } catch (IllegalArgumentException e) {
            return null;
        }
    }
}
