package org.slipway.capture;

import org.slipway.wire.Icmpv6Message;
import org.slipway.wire.NdpOptions;

/** Neighbour discovery (RFC 4861), and inverse neighbour discovery (RFC 3122). */
final class NdpSummary {

    private static final int INVERSE_SOLICITATION = 141;
    private static final int INVERSE_ADVERTISEMENT = 142;

    private static final int FLAGS = 4;
    private static final int BODY = Icmpv6Message.HEADER_LENGTH;

    private static final int MAC_OPTION = NdpOptions.UNIT;

    /** As long as one with an EUI-64 and padding (RFC 4944 8). */
    private static final int EUI_64_OPTION = 2 * NdpOptions.UNIT;

    private NdpSummary() {}

    /** Appends what such a message says besides its type; of other types nothing. */
    static void describe(SummaryLine line, PacketSlice message, int type) {
        switch (type) {
            case Icmpv6Message.ROUTER_SOLICITATION, INVERSE_SOLICITATION, INVERSE_ADVERTISEMENT ->
                options(line, message.from(BODY));
            case Icmpv6Message.ROUTER_ADVERTISEMENT -> options(line, message.from(BODY + 8));
            case Icmpv6Message.NEIGHBOUR_SOLICITATION -> {
                line.add(" for ", message.ipv6Text(BODY));
                options(line, message.from(BODY + 16));
            }
            case Icmpv6Message.NEIGHBOUR_ADVERTISEMENT -> {
                line.add(" ", message.ipv6Text(BODY), " (", flags(message.u8(FLAGS)), ")");
                options(line, message.from(BODY + 16));
            }
            case Icmpv6Message.REDIRECT -> options(line, message.from(BODY + 32));
            default -> {}
        }
    }

    private static String flags(int flags) {
        String names = ((flags & 0x80) != 0 ? ", rtr" : "")
                + ((flags & 0x40) != 0 ? ", sol" : "")
                + ((flags & 0x20) != 0 ? ", ovr" : "");
        return names.isEmpty() ? "none" : names.substring(2);
    }

    private static void options(SummaryLine line, PacketSlice options) {
        int length;
        for (int at = 0; at < options.length(); at += length) {
            int type = options.u8(at);
            length = options.u8(at + 1) * NdpOptions.UNIT;
            if (length == 0) {
                return;
            }
            options.from(at + length);
            switch (type) {
                case NdpOptions.SOURCE_LINK_LAYER_ADDRESS -> address(line, " from ", options, at, length);
                case NdpOptions.TARGET_LINK_LAYER_ADDRESS -> address(line, " is at ", options, at, length);
                default -> {}
            }
        }
    }

    private static void address(SummaryLine line, String before, PacketSlice options, int at, int length) {
        switch (length) {
            case MAC_OPTION -> line.add(before, options.mac(at + 2));
            case EUI_64_OPTION ->
                line.add(before, options.mac(at + 2), ":", options.hex(at + 8, 1), ":", options.hex(at + 9, 1));
            default -> {}
        }
    }
}
