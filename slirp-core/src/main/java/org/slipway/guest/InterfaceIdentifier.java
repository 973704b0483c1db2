package org.slipway.guest;

import org.slipway.wire.IpAddress;
import org.slipway.wire.IpPrefix;
import org.slipway.wire.MacAddress;

/** The low half of a station's IPv6 addresses, made of its MAC (RFC 4291 appendix A: modified EUI-64). */
final class InterfaceIdentifier {

    /** The network of all link-local addresses (RFC 4291 2.5.6). */
    static final IpPrefix LINK_LOCAL = IpPrefix.of(IpAddress.parse("fe80::"), 64);

    /** Set in what is unique in the world, where a MAC has it set in what is not. */
    private static final long UNIVERSAL = 0x0200_0000_0000_0000L;

    private static final long MIDDLE = 0xff_fe00_0000L;

    private InterfaceIdentifier() {}

    /** The address of the station {@code mac} in the /64 network {@code prefix}. */
    static IpAddress address(IpPrefix prefix, MacAddress mac) {
        long company = mac.value() >>> 24 << 40;
        return new IpAddress(prefix.address().high(), (company | MIDDLE | mac.value() & 0xff_ffff) ^ UNIVERSAL);
    }
}
