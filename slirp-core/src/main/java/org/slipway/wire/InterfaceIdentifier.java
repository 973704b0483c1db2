package org.slipway.wire;

/** The low half of a station's IPv6 addresses, made of its MAC (RFC 4291 appendix A: modified EUI-64). */
public final class InterfaceIdentifier {

    /** Set in what is unique in the world, where a MAC has it set in what is not. */
    private static final long UNIVERSAL = 0x0200_0000_0000_0000L;

    private static final long MIDDLE = 0xff_fe00_0000L;

    private InterfaceIdentifier() {}

    private static long of(long mac) {
        return (mac >>> 24 << 40 | MIDDLE | mac & 0xff_ffff) ^ UNIVERSAL;
    }

    /** The address of the station {@code mac} in the /64 network {@code prefix}. */
    public static IpAddress address(IpPrefix prefix, MacAddress mac) {
        return new IpAddress(prefix.address().high(), of(mac.value()));
    }

    /** Whether {@code address} is one of the station with the MAC {@code mac} ({@link MacAddress#value}). */
    public static boolean isOf(IpAddress address, long mac) {
        return address.low() == of(mac);
    }
}
