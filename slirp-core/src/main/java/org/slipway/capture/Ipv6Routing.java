package org.slipway.capture;

/** The routing header (RFC 8200 4.4) of the types that hold whole addresses. */
final class Ipv6Routing {

    private static final int UNIT = 8;
    private static final int ADDRESSES = 8;
    private static final int ADDRESS_LENGTH = 16;

    /** RFC 5095: deprecated, but still sent by attackers. */
    private static final int SOURCE_ROUTE = 0;

    /** RFC 6275 6.4. */
    private static final int HOME_ADDRESS = 2;

    /** RFC 6554 3; its addresses are whole only if nothing is elided of them. */
    private static final int RPL_SOURCE_ROUTE = 3;

    private static final int ELIDED = 4;

    /** RFC 8754 2. */
    private static final int SEGMENTS = 4;

    private Ipv6Routing() {}

    /** The header that is the beginning of {@code rest}. */
    static PacketSlice header(PacketSlice rest) {
        rest.i32(0);
        int length = UNIT + UNIT * rest.u8(1);
        if (length > rest.length()) {
            throw PacketEnd.tooLong();
        }
        return rest.part(0, length);
    }

    /** Offset of the address that the packet goes to in the end, or 0 if it has been there or it is not known. */
    static int finalDestination(PacketSlice header) {
        int type = header.u8(2);
        int segmentsLeft = header.u8(3);
        int addresses = (header.length() - ADDRESSES) / ADDRESS_LENGTH;
        if (segmentsLeft == 0) {
            return 0;
        }
        return switch (type) {
            case SOURCE_ROUTE, HOME_ADDRESS -> last(addresses);
            case RPL_SOURCE_ROUTE -> header.u8(ELIDED) == 0 ? last(addresses) : 0;
            // In reverse order: the last segment comes first.
            case SEGMENTS -> ADDRESSES;
            default -> 0;
        };
    }

    private static int last(int addresses) {
        return addresses == 0 ? 0 : ADDRESSES + ADDRESS_LENGTH * (addresses - 1);
    }
}
