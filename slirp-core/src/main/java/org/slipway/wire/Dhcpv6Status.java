package org.slipway.wire;

import io.netty.buffer.Unpooled;
import java.nio.charset.StandardCharsets;
import org.jspecify.annotations.Nullable;

/** What a DHCPv6 Status Code option may say (RFC 8415 21.13). */
public enum Dhcpv6Status {
    SUCCESS("done"),
    UNSPECIFIED_FAILURE("failed"),
    NO_ADDRESSES_AVAILABLE("no address left"),
    NO_BINDING("no such association"),
    NOT_ON_LINK("the address is of another link"),
    /** Obsolete as an answer since nobody offers unicast any more; clients know it all the same. */
    USE_MULTICAST("to be sent to ff02::1:2"),
    NO_PREFIX_AVAILABLE("no prefix to delegate");

    private static final Dhcpv6Status[] VALUES = values();

    private final String text;

    Dhcpv6Status(String text) {
        this.text = text;
    }

    /** Adds the option, with a few words for people, to {@code builder}. */
    public Dhcpv6Options.Builder addTo(Dhcpv6Options.Builder builder) {
        byte[] value = Dhcpv6Options.bytes(
                Unpooled.buffer().writeShort(ordinal()).writeBytes(text.getBytes(StandardCharsets.UTF_8)));
        return builder.add(Dhcpv6Options.STATUS_CODE, value);
    }

    /** The status in {@code options}; success if none is there (RFC 8415 21.13); null if it is malformed or unknown. */
    public static @Nullable Dhcpv6Status of(Dhcpv6Options options) {
        byte[] value = options.bytes(Dhcpv6Options.STATUS_CODE);
        if (value == null) {
            return SUCCESS;
        }
        int code = value.length < 2 ? -1 : (value[0] & 0xff) << 8 | value[1] & 0xff;
        return code >= 0 && code < VALUES.length ? VALUES[code] : null;
    }
}
