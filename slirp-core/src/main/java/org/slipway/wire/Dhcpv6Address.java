package org.slipway.wire;

import io.netty.buffer.ByteBuf;
import io.netty.buffer.Unpooled;
import org.jspecify.annotations.Nullable;

/**
 * The value of an IA Address option (RFC 8415 21.6).
 * <pre>
 *  0                   1                   2                   3
 *  0 1 2 3 4 5 6 7 8 9 0 1 2 3 4 5 6 7 8 9 0 1 2 3 4 5 6 7 8 9 0 1
 * +---------------------------------------------------------------+
 * |                    IPv6 address (16 octets)                   |
 * |               preferred-lifetime, valid-lifetime              |
 * |                       options (variable)                      |
 * +---------------------------------------------------------------+
 * </pre>
 *
 * @param address IPv6
 * @param preferredSeconds how long it may be used for new connections, unsigned
 * @param validSeconds how long it may be used at all, unsigned; 0: not any more
 * @param options a status, if any
 */
public record Dhcpv6Address(IpAddress address, int preferredSeconds, int validSeconds, Dhcpv6Options options) {

    private static final int PREFERRED = 16;
    private static final int VALID = 20;
    private static final int OPTIONS = 24;

    /** What {@code value} says, or null if it is malformed. */
    static @Nullable Dhcpv6Address parse(byte[] value) {
        ByteBuf buf = Unpooled.wrappedBuffer(value);
        Dhcpv6Options options =
                value.length < OPTIONS ? null : Dhcpv6Options.parse(buf, OPTIONS, value.length - OPTIONS);
        return options == null
                ? null
                : new Dhcpv6Address(IpAddress.readIpv6(buf, 0), buf.getInt(PREFERRED), buf.getInt(VALID), options);
    }

    /** Adds the option to {@code builder}. */
    public Dhcpv6Options.Builder addTo(Dhcpv6Options.Builder builder) {
        ByteBuf buf = Unpooled.buffer()
                .writeLong(address.high())
                .writeLong(address.low())
                .writeInt(preferredSeconds)
                .writeInt(validSeconds);
        options.emit(buf);
        return builder.add(Dhcpv6Options.IA_ADDRESS, Dhcpv6Options.bytes(buf));
    }
}
