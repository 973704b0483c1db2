package org.slipway.wire;

import io.netty.buffer.ByteBuf;
import java.nio.charset.StandardCharsets;
import org.jspecify.annotations.Nullable;

/**
 * A DHCP or BOOTP message of a client on Ethernet (RFC 2131 2, RFC 951 3).
 * <pre>
 *  0                   1                   2                   3
 *  0 1 2 3 4 5 6 7 8 9 0 1 2 3 4 5 6 7 8 9 0 1 2 3 4 5 6 7 8 9 0 1
 * +---------------+---------------+---------------+---------------+
 * |     op (1)    |   htype (1)   |   hlen (1)    |   hops (1)    |
 * +---------------+---------------+---------------+---------------+
 * |                            xid (4)                            |
 * +-------------------------------+-------------------------------+
 * |           secs (2)            |           flags (2)           |
 * +-------------------------------+-------------------------------+
 * |          ciaddr, yiaddr, siaddr, giaddr (4 each)              |
 * |          chaddr (16), sname (64), file (128)                  |
 * |          magic cookie (4), options (variable)                 |
 * +---------------------------------------------------------------+
 * </pre>
 * Options that stand in {@code sname} and {@code file} (option 52) are read into {@link #options}, and the field counts
 * as empty then.
 *
 * @param op {@link #REQUEST} or {@link #REPLY}
 * @param hops 0 to 255
 * @param transactionId xid
 * @param seconds since the client began, 0 to 65535
 * @param broadcast whether the client cannot take unicast before it is configured
 * @param clientAddress ciaddr: the client's address if it can answer ARP for it, else 0.0.0.0
 * @param yourAddress yiaddr
 * @param nextServer siaddr
 * @param relay giaddr
 * @param clientMac chaddr as {@link MacAddress#value}
 * @param serverName sname, at most 64 characters of ISO 8859-1
 * @param bootFile file, at most 128 characters of ISO 8859-1
 * @param options without PAD, END and OVERLOAD
 */
public record DhcpMessage(
        int op,
        int hops,
        int transactionId,
        int seconds,
        boolean broadcast,
        IpAddress clientAddress,
        IpAddress yourAddress,
        IpAddress nextServer,
        IpAddress relay,
        long clientMac,
        String serverName,
        String bootFile,
        DhcpOptions options) {

    public static final int SERVER_PORT = 67;
    public static final int CLIENT_PORT = 68;

    /** {@code op} of what clients send (BOOTREQUEST). */
    public static final int REQUEST = 1;

    /** {@code op} of what servers send (BOOTREPLY). */
    public static final int REPLY = 2;

    /** A message has at least this many bytes when it is sent: relays and clients drop shorter ones (RFC 1542 2.1). */
    public static final int MIN_EMITTED_LENGTH = 300;

    /** What every client takes, in bytes of the message: 576 with IP and UDP headers (RFC 2131 2). */
    public static final int DEFAULT_MAX_LENGTH = 576 - 28;

    /** Bytes in front of the options: the fixed fields and the magic cookie. */
    public static final int OPTIONS = 240;

    private static final int HARDWARE_TYPE = 1;
    private static final int HARDWARE_LENGTH = 2;
    private static final int HOPS = 3;
    private static final int TRANSACTION_ID = 4;
    private static final int SECONDS = 8;
    private static final int FLAGS = 10;
    private static final int CLIENT_ADDRESS = 12;
    private static final int YOUR_ADDRESS = 16;
    private static final int NEXT_SERVER = 20;
    private static final int RELAY = 24;
    private static final int CLIENT_HARDWARE = 28;
    private static final int SERVER_NAME = 44;
    private static final int SERVER_NAME_LENGTH = 64;
    private static final int BOOT_FILE = 108;
    private static final int BOOT_FILE_LENGTH = 128;
    private static final int COOKIE = 236;

    private static final int MAGIC_COOKIE = 0x6382_5363;
    private static final int FLAG_BROADCAST = 0x8000;
    private static final int ETHERNET = 1;

    private static final int OVERLOADS_FILE = 1;
    private static final int OVERLOADS_SERVER_NAME = 2;

    /** Checks what will be sent; {@link #parse} never makes a message that fails here. */
    public DhcpMessage {
        if (serverName.length() > SERVER_NAME_LENGTH || bootFile.length() > BOOT_FILE_LENGTH) {
            throw new IllegalArgumentException("server name '" + serverName + "' or boot file '" + bootFile
                    + "' is longer than " + SERVER_NAME_LENGTH + " or " + BOOT_FILE_LENGTH + " characters");
        }
    }

    /** What the message is for (option 53, RFC 2132 9.6). */
    public enum Type {
        /** Plain BOOTP: no option 53. */
        BOOTP,
        /** A client looks for servers. */
        DISCOVER,
        /** A server proposes an address. */
        OFFER,
        /** A client takes an offer, checks an address after a restart, or prolongs a lease. */
        REQUEST,
        /** A client found the address in use. */
        DECLINE,
        /** A server grants a request. */
        ACK,
        /** A server refuses a request. */
        NAK,
        /** A client gives its address back. */
        RELEASE,
        /** A client that has an address asks for the rest. */
        INFORM;

        private static final Type[] VALUES = values();

        /** The value of option 53; not to be sent for BOOTP. */
        public int code() {
            return ordinal();
        }
    }

    /**
     * Why the {@code length} bytes at {@code at} are no message that this program reads, or null if {@link #parse} gives
     * one: too short, not Ethernet, an option past the end, no END, a fixed-size option of another size, an unknown type.
     */
    public static @Nullable DropReason check(ByteBuf buf, int at, int length) {
        return parse(buf, at, length) == null ? DropReason.DHCP_MALFORMED : null;
    }

    /** The message in the {@code length} bytes at {@code at}, or null if {@link #check} gives a reason. */
    public static @Nullable DhcpMessage parse(ByteBuf buf, int at, int length) {
        if (length < OPTIONS
                || buf.getByte(at + HARDWARE_TYPE) != ETHERNET
                || buf.getByte(at + HARDWARE_LENGTH) != MacAddress.LENGTH) {
            return null;
        }
        DhcpOptions.Builder collected = new DhcpOptions.Builder();
        // RFC 1497: without the cookie, what follows is none of our vendor extensions.
        boolean hasOptions = buf.getInt(at + COOKIE) == MAGIC_COOKIE;
        if (hasOptions && !collected.parse(buf, at + OPTIONS, length - OPTIONS)) {
            return null;
        }
        int overload = collected.removeOverload();
        // RFC 3396 5: the option field first, then file, then sname.
        if (overload < 0
                || (overload & OVERLOADS_FILE) != 0 && !collected.parse(buf, at + BOOT_FILE, BOOT_FILE_LENGTH)
                || (overload & OVERLOADS_SERVER_NAME) != 0
                        && !collected.parse(buf, at + SERVER_NAME, SERVER_NAME_LENGTH)
                || collected.contains(DhcpOptions.OVERLOAD)) {
            return null;
        }
        DhcpOptions options = collected.build();
        if (!fixedSizesHold(options)) {
            return null;
        }
        return new DhcpMessage(
                buf.getUnsignedByte(at),
                buf.getUnsignedByte(at + HOPS),
                buf.getInt(at + TRANSACTION_ID),
                buf.getUnsignedShort(at + SECONDS),
                (buf.getUnsignedShort(at + FLAGS) & FLAG_BROADCAST) != 0,
                IpAddress.readIpv4(buf, at + CLIENT_ADDRESS),
                IpAddress.readIpv4(buf, at + YOUR_ADDRESS),
                IpAddress.readIpv4(buf, at + NEXT_SERVER),
                IpAddress.readIpv4(buf, at + RELAY),
                MacAddress.readValue(buf, at + CLIENT_HARDWARE),
                (overload & OVERLOADS_SERVER_NAME) != 0 ? "" : text(buf, at + SERVER_NAME, SERVER_NAME_LENGTH),
                (overload & OVERLOADS_FILE) != 0 ? "" : text(buf, at + BOOT_FILE, BOOT_FILE_LENGTH),
                options);
    }

    /** RFC 2132: the options that a server decides by have one size each. */
    private static boolean fixedSizesHold(DhcpOptions options) {
        return hasSize(options, DhcpOptions.MESSAGE_TYPE, 1)
                && hasSize(options, DhcpOptions.REQUESTED_ADDRESS, 4)
                && hasSize(options, DhcpOptions.LEASE_TIME, 4)
                && hasSize(options, DhcpOptions.SERVER_IDENTIFIER, 4)
                && hasSize(options, DhcpOptions.MAX_MESSAGE_SIZE, 2)
                && typeOf(options) != null;
    }

    private static boolean hasSize(DhcpOptions options, int code, int size) {
        int length = options.length(code);
        return length < 0 || length == size;
    }

    private static @Nullable Type typeOf(DhcpOptions options) {
        long code = options.number(DhcpOptions.MESSAGE_TYPE, 0);
        boolean known = code < Type.VALUES.length && (code > 0 || !options.contains(DhcpOptions.MESSAGE_TYPE));
        return known ? Type.VALUES[(int) code] : null;
    }

    private static String text(ByteBuf buf, int at, int size) {
        int nul = buf.indexOf(at, at + size, (byte) 0);
        return buf.toString(at, nul < 0 ? size : nul - at, StandardCharsets.ISO_8859_1);
    }

    /** What the message is for; BOOTP if option 53 is not there or not known. */
    public Type type() {
        Type type = typeOf(options);
        return type == null ? Type.BOOTP : type;
    }

    /** Bytes that {@link #emit} appends. */
    public int emittedLength() {
        return Math.max(OPTIONS + options.emittedLength() + 1, MIN_EMITTED_LENGTH);
    }

    /** Appends the message at the writer index, padded to {@link #MIN_EMITTED_LENGTH}. */
    public void emit(ByteBuf buf) {
        int at = buf.writerIndex();
        buf.writeZero(OPTIONS);
        buf.setByte(at, op);
        buf.setByte(at + HARDWARE_TYPE, ETHERNET);
        buf.setByte(at + HARDWARE_LENGTH, MacAddress.LENGTH);
        buf.setByte(at + HOPS, hops);
        buf.setInt(at + TRANSACTION_ID, transactionId);
        buf.setShort(at + SECONDS, seconds);
        buf.setShort(at + FLAGS, broadcast ? FLAG_BROADCAST : 0);
        clientAddress.write(buf, at + CLIENT_ADDRESS);
        yourAddress.write(buf, at + YOUR_ADDRESS);
        nextServer.write(buf, at + NEXT_SERVER);
        relay.write(buf, at + RELAY);
        MacAddress.writeValue(buf, at + CLIENT_HARDWARE, clientMac);
        buf.setCharSequence(at + SERVER_NAME, serverName, StandardCharsets.ISO_8859_1);
        buf.setCharSequence(at + BOOT_FILE, bootFile, StandardCharsets.ISO_8859_1);
        buf.setInt(at + COOKIE, MAGIC_COOKIE);
        options.emit(buf);
        buf.writeZero(Math.max(0, MIN_EMITTED_LENGTH - (buf.writerIndex() - at)));
    }
}
