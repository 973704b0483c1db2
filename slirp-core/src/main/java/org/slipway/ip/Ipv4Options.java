package org.slipway.ip;

import io.netty.buffer.ByteBuf;
import org.jspecify.annotations.Nullable;
import org.slipway.wire.DropReason;
import org.slipway.wire.Ipv4Packet;

/**
 * Looks at the options of an IPv4 header (RFC 791 3.1). Source routes are refused (RFC 7126 4.3, 4.4: they lead around
 * any policy), all others are of no consequence here.
 */
final class Ipv4Options {

    private static final int END = 0;
    private static final int NO_OPERATION = 1;
    private static final int LOOSE_SOURCE_ROUTE = 131;
    private static final int STRICT_SOURCE_ROUTE = 137;

    private Ipv4Options() {}

    /** Why the options of the header at {@code at} are refused, or null. */
    static @Nullable DropReason check(ByteBuf buf, int at) {
        int end = at + Ipv4Packet.headerLength(buf, at);
        int i = at + Ipv4Packet.MIN_HEADER_LENGTH;
        while (i < end) {
            int type = buf.getUnsignedByte(i);
            if (type == END) {
                return null;
            }
            if (type == LOOSE_SOURCE_ROUTE || type == STRICT_SOURCE_ROUTE) {
                return DropReason.IP_BAD_OPTION;
            }
            int length = 1;
            if (type != NO_OPERATION) {
                length = i + 1 < end ? buf.getUnsignedByte(i + 1) : 0;
                if (length < 2 || i + length > end) {
                    return DropReason.IP_BAD_OPTION;
                }
            }
            i += length;
        }
        return null;
    }
}
