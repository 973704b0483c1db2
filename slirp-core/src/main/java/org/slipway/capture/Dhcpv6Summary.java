package org.slipway.capture;

import org.slipway.wire.Dhcpv6Message;
import org.slipway.wire.Dhcpv6Options;

/** DHCPv6 (RFC 8415), through relays, too: type, transaction, client and addresses of each message. */
final class Dhcpv6Summary {

    private static final String[] TYPES = {
        "",
        "Solicit",
        "Advertise",
        "Request",
        "Confirm",
        "Renew",
        "Rebind",
        "Reply",
        "Release",
        "Decline",
        "Reconfigure",
        "Information-request",
        "Relay-forw",
        "Relay-reply",
        "Leasequery",
        "Leasequery-reply",
        "Leasequery-done",
        "Leasequery-data",
        "Reconfigure-request",
        "Reconfigure-reply"
    };

    private static final int RELAY_FORWARD = 12;
    private static final int RELAY_REPLY = 13;
    private static final int LINK_ADDRESS = 2;
    private static final int RELAY_HEADER_LENGTH = 34;
    private static final int RELAY_MESSAGE = 9;
    private static final int IA_PREFIX = 26;
    private static final int OPTION_HEADER_LENGTH = 4;
    private static final int ADDRESS_LENGTH = 24;

    /** More than relays there may be (RFC 8415 7.6: 8), each with a message and an association in options. */
    private static final int MAX_DEPTH = 32;

    private final SummaryLine line;

    private Dhcpv6Summary(SummaryLine line) {
        this.line = line;
    }

    static void describe(SummaryLine line, PacketSlice message) {
        new Dhcpv6Summary(line.begin("DHCPv6")).message(message, 0);
    }

    /** Returns whether options that follow may be read: false if one in the message was longer than it. */
    private boolean message(PacketSlice message, int depth) {
        int type = message.u8(0);
        line.add(type > 0 && type < TYPES.length ? TYPES[type] : "Message Type " + type, " ");
        if (type == RELAY_FORWARD || type == RELAY_REPLY) {
            line.add("L: ", message.ipv6Text(LINK_ADDRESS), " ");
            return message.length() < RELAY_HEADER_LENGTH || options(message.from(RELAY_HEADER_LENGTH), depth);
        }
        int transaction = message.u24(1);
        line.add("XID: ").hex(transaction, 6).add(" ");
        return options(message.from(Dhcpv6Message.HEADER_LENGTH), depth);
    }

    private boolean options(PacketSlice options, int depth) {
        int at = 0;
        boolean well = depth < MAX_DEPTH;
        while (well && at < options.length()) {
            PacketSlice option = options.from(at);
            int end =
                    option.length() < OPTION_HEADER_LENGTH ? option.length() + 1 : OPTION_HEADER_LENGTH + option.u16(2);
            well = end <= option.length()
                    && option(option.u16(0), option.part(OPTION_HEADER_LENGTH, end - OPTION_HEADER_LENGTH), depth + 1);
            at += end;
        }
        return well;
    }

    private boolean option(int code, PacketSlice value, int depth) {
        switch (code) {
            case Dhcpv6Options.CLIENT_ID -> {
                if (value.length() > 0) {
                    line.add("CID: ", value.hex(0, value.length()), " ");
                }
                return true;
            }
            case Dhcpv6Options.IA_ADDRESS -> {
                if (value.length() >= ADDRESS_LENGTH) {
                    line.add("IAA: ", value.ipv6Text(0), " ");
                }
                return within(value, ADDRESS_LENGTH, depth);
            }
            case Dhcpv6Options.IA_NA, Dhcpv6Options.IA_PD -> {
                return within(value, 12, depth);
            }
            case Dhcpv6Options.IA_TA -> {
                return within(value, 4, depth);
            }
            case IA_PREFIX -> {
                return within(value, 25, depth);
            }
            case RELAY_MESSAGE -> {
                return value.length() == 0 || message(value, depth);
            }
            default -> {
                return true;
            }
        }
    }

    /** The options behind the first {@code fixed} bytes of an option. */
    private boolean within(PacketSlice value, int fixed, int depth) {
        return value.length() <= fixed || options(value.from(fixed), depth);
    }
}
