package org.slipway.wire;

import io.netty.buffer.ByteBuf;

/**
 * A route that DHCP tells (RFC 3442): the length of the destination's prefix, as many of its bytes as that has bits in, and the
 * router, in network byte order.
 *
 * @param destination of IPv4
 * @param router on the client's link; of IPv4
 */
public record ClasslessRoute(IpPrefix destination, IpAddress router) {

    public ClasslessRoute {
        if (!destination.address().isIpv4() || !router.isIpv4()) {
            throw new IllegalArgumentException("route to " + destination + " by " + router + " is not of IPv4");
        }
    }

    private int significantBytes() {
        return (destination.length() + 7) / 8;
    }

    /** Appends the route at the writer index. */
    void write(ByteBuf buf) {
        buf.writeByte(destination.length());
        for (int i = 0; i < significantBytes(); i++) {
            buf.writeByte(destination.address().ipv4Bits() >>> 24 - 8 * i);
        }
        buf.writeInt(router.ipv4Bits());
    }
}
