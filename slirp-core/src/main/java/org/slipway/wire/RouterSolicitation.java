package org.slipway.wire;

import io.netty.buffer.ByteBuf;
import org.jspecify.annotations.Nullable;

/**
 * A router solicitation (RFC 4861 4.1), from the ICMPv6 header on: eight bytes and options.
 *
 * @param linkLayerAddress the sender's, as {@link MacAddress#value}; -1 if it is not said
 */
public record RouterSolicitation(long linkLayerAddress) {

    private static final int OPTIONS = 8;

    /**
     * Why the ICMPv6 message of {@code length} bytes at {@code at}, whose checksum is right and whose hop limit was 255, is
     * no router solicitation, or null if it is one (RFC 4861 6.1.1).
     */
    public static @Nullable DropReason check(ByteBuf buf, int at, int length) {
        return length < OPTIONS
                        || IcmpMessage.code(buf, at) != 0
                        || !NdpOptions.check(buf, at + OPTIONS, length - OPTIONS)
                ? DropReason.NDP_MALFORMED
                : null;
    }

    /** The message of {@code length} bytes at {@code at}, for which {@link #check} returned null. */
    public static RouterSolicitation parse(ByteBuf buf, int at, int length) {
        return new RouterSolicitation(
                NdpOptions.linkLayerAddress(buf, at + OPTIONS, length - OPTIONS, NdpOptions.SOURCE_LINK_LAYER_ADDRESS));
    }

    /** Bytes that {@link #emit} writes. */
    public int length() {
        return OPTIONS + (linkLayerAddress < 0 ? 0 : NdpOptions.UNIT);
    }

    /** Writes {@link #length} bytes at {@code at}; the checksum is left at zero. */
    public void emit(ByteBuf buf, int at) {
        IcmpMessage.write(buf, at, Icmpv6Message.ROUTER_SOLICITATION, 0, 0);
        if (linkLayerAddress >= 0) {
            NdpOptions.writeLinkLayerAddress(buf, at + OPTIONS, NdpOptions.SOURCE_LINK_LAYER_ADDRESS, linkLayerAddress);
        }
    }
}
