package org.slipway.wire;

import io.netty.buffer.ByteBuf;
import org.jspecify.annotations.Nullable;

/**
 * A neighbor solicitation or advertisement (RFC 4861 4.3, 4.4), from the ICMPv6 header on.
 * <pre>
 *  0      7 8     15 16             31
 * +--------+--------+-----------------+
 * |  type  | code 0 |    checksum     |
 * +-+-+-+--+--------+-----------------+
 * |R|S|O|          reserved           |
 * +-+-+-+-----------------------------+
 * |      target address (16 bytes)    |
 * +-----------------------------------+
 * |  source or target link-layer address option
 * +----------------------- - - -
 * </pre>
 *
 * @param advertisement whether this is an advertisement; else a solicitation
 * @param flags of an advertisement: {@link #ROUTER}, {@link #SOLICITED}, {@link #OVERRIDE}; else 0
 * @param target whose station is asked for, or told
 * @param linkLayerAddress the sender's (solicitation) or the target's (advertisement), as {@link MacAddress#value}; -1 if
 *     it is not said
 */
public record NeighbourMessage(boolean advertisement, int flags, IpAddress target, long linkLayerAddress) {

    public static final int ROUTER = 0x8000_0000;
    public static final int SOLICITED = 0x4000_0000;
    public static final int OVERRIDE = 0x2000_0000;

    private static final int TARGET = 8;
    private static final int OPTIONS = 24;

    /**
     * Why the ICMPv6 message of {@code length} bytes at {@code at}, whose checksum is right and whose hop limit was 255, is
     * no such message, or null if it is one (RFC 4861 7.1). What depends on the addresses of the packet is not checked.
     */
    public static @Nullable DropReason check(ByteBuf buf, int at, int length) {
        return length < OPTIONS
                        || IcmpMessage.code(buf, at) != 0
                        || IpAddress.readIpv6(buf, at + TARGET).isMulticast()
                        || IpAddress.readIpv6(buf, at + TARGET).isIpv4()
                        || !NdpOptions.check(buf, at + OPTIONS, length - OPTIONS)
                ? DropReason.NDP_MALFORMED
                : null;
    }

    /** The message of {@code length} bytes at {@code at}, for which {@link #check} returned null. */
    public static NeighbourMessage parse(ByteBuf buf, int at, int length) {
        boolean advertisement = IcmpMessage.type(buf, at) == Icmpv6Message.NEIGHBOUR_ADVERTISEMENT;
        return new NeighbourMessage(
                advertisement,
                advertisement ? IcmpMessage.restOfHeader(buf, at) & (ROUTER | SOLICITED | OVERRIDE) : 0,
                IpAddress.readIpv6(buf, at + TARGET),
                NdpOptions.linkLayerAddress(buf, at + OPTIONS, length - OPTIONS, optionType(advertisement)));
    }

    private static int optionType(boolean advertisement) {
        return advertisement ? NdpOptions.TARGET_LINK_LAYER_ADDRESS : NdpOptions.SOURCE_LINK_LAYER_ADDRESS;
    }

    /** Bytes that {@link #emit} writes. */
    public int length() {
        return OPTIONS + (linkLayerAddress < 0 ? 0 : NdpOptions.UNIT);
    }

    /** Writes {@link #length} bytes at {@code at}; the checksum is left at zero. */
    public void emit(ByteBuf buf, int at) {
        int type = advertisement ? Icmpv6Message.NEIGHBOUR_ADVERTISEMENT : Icmpv6Message.NEIGHBOUR_SOLICITATION;
        IcmpMessage.write(buf, at, type, 0, flags);
        target.write(buf, at + TARGET);
        if (linkLayerAddress >= 0) {
            NdpOptions.writeLinkLayerAddress(buf, at + OPTIONS, optionType(advertisement), linkLayerAddress);
        }
    }
}
