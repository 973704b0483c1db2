package org.slipway.wire;

import io.netty.buffer.ByteBuf;
import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * A DHCPv6 message between client and server (RFC 8415 8).
 * <pre>
 *  0                   1                   2                   3
 *  0 1 2 3 4 5 6 7 8 9 0 1 2 3 4 5 6 7 8 9 0 1 2 3 4 5 6 7 8 9 0 1
 * +---------------+-----------------------------------------------+
 * |    msg-type   |               transaction-id                  |
 * +---------------+-----------------------------------------------+
 * |                       options (variable)                      |
 * +---------------------------------------------------------------+
 * </pre>
 * Messages of relays have another form (RFC 8415 9) and are none of these.
 *
 * @param type what it is for
 * @param transactionId 24 bits
 * @param options of the message
 */
public record Dhcpv6Message(Type type, int transactionId, Dhcpv6Options options) {

    public static final int SERVER_PORT = 547;
    public static final int CLIENT_PORT = 546;

    /** All relay agents and servers of a link (RFC 8415 7.1): where clients send to. */
    public static final IpAddress ALL_SERVERS = IpAddress.parse("ff02::1:2");

    /** Bytes in front of the options. */
    public static final int HEADER_LENGTH = 4;

    private static final int TRANSACTION_ID = 1;
    private static final int RELAY_FORWARD = 12;
    private static final int RELAY_REPLY = 13;

    /** RFC 8415 7.3. */
    public enum Type {
        /** A client looks for servers. */
        SOLICIT,
        /** A server proposes addresses. */
        ADVERTISE,
        /** A client takes what was advertised. */
        REQUEST,
        /** A client asks after a pause whether its addresses are still of this link. */
        CONFIRM,
        /** A client prolongs, with the server that it has. */
        RENEW,
        /** A client prolongs, with any server. */
        REBIND,
        /** A server answers. */
        REPLY,
        /** A client gives addresses back. */
        RELEASE,
        /** A client found addresses in use. */
        DECLINE,
        /** A server asks a client to ask. */
        RECONFIGURE,
        /** A client that needs no address asks for the rest. */
        INFORMATION_REQUEST;

        private static final Type[] VALUES = values();

        /** On the wire. */
        public int code() {
            return ordinal() + 1;
        }
    }

    /**
     * Why the {@code length} bytes at {@code at} are no message, or null if {@link #parse} gives one: too short, an unknown
     * type, an option past its end, a client or server identifier that is malformed, or there twice.
     */
    public static @Nullable DropReason check(ByteBuf buf, int at, int length) {
        return parse(buf, at, length) == null ? DropReason.DHCPV6_MALFORMED : null;
    }

    /** Whether the {@code length} bytes at {@code at} begin as a message from or to a relay. */
    public static boolean isRelayed(ByteBuf buf, int at, int length) {
        int code = length < HEADER_LENGTH ? 0 : buf.getUnsignedByte(at);
        return code == RELAY_FORWARD || code == RELAY_REPLY;
    }

    /** The message in the {@code length} bytes at {@code at}, or null if {@link #check} gives a reason. */
    public static @Nullable Dhcpv6Message parse(ByteBuf buf, int at, int length) {
        int code = length < HEADER_LENGTH ? 0 : buf.getUnsignedByte(at);
        if (code < 1 || code > Type.VALUES.length) {
            return null;
        }
        Dhcpv6Options options = Dhcpv6Options.parse(buf, at + HEADER_LENGTH, length - HEADER_LENGTH);
        if (options == null
                || !identifierHolds(options, Dhcpv6Options.CLIENT_ID)
                || !identifierHolds(options, Dhcpv6Options.SERVER_ID)
                || options.count(Dhcpv6Options.OPTION_REQUEST) > 1
                || !associationsHold(options)) {
            return null;
        }
        return new Dhcpv6Message(Type.VALUES[code - 1], buf.getUnsignedMedium(at + TRANSACTION_ID), options);
    }

    /** RFC 8415 21: once at most. */
    private static boolean identifierHolds(Dhcpv6Options options, int code) {
        int count = options.count(code);
        return count == 0 || count == 1 && options.duid(code) != null;
    }

    private static boolean associationsHold(Dhcpv6Options options) {
        for (int i = 0; i < options.size(); i++) {
            int code = options.code(i);
            if (Dhcpv6Association.is(code) && Dhcpv6Association.parse(code, options.value(i)) == null) {
                return false;
            }
        }
        return true;
    }

    /** The associations in it, of all kinds, in order. */
    public List<Dhcpv6Association> associations() {
        List<Dhcpv6Association> associations = new ArrayList<>();
        for (int i = 0; i < options.size(); i++) {
            int code = options.code(i);
            Dhcpv6Association association =
                    Dhcpv6Association.is(code) ? Dhcpv6Association.parse(code, options.value(i)) : null;
            if (association != null) {
                associations.add(association);
            }
        }
        return associations;
    }

    /** Bytes that {@link #emit} appends. */
    public int emittedLength() {
        return HEADER_LENGTH + options.emittedLength();
    }

    /** Appends the message at the writer index. */
    public void emit(ByteBuf buf) {
        buf.writeByte(type.code()).writeMedium(transactionId);
        options.emit(buf);
    }
}
