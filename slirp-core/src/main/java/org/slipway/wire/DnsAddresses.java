package org.slipway.wire;

import io.netty.buffer.ByteBuf;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;

/** What a client asks a resolver, and hears from it, about the addresses of a name (RFC 1035 3.4.1, 4.1; RFC 3596). */
public final class DnsAddresses {

    private static final int FLAG_RECURSION_DESIRED = 0x0100;
    private static final int ANSWER_COUNT = 6;

    private static final int TYPE_A = 1;
    private static final int TYPE_AAAA = 28;
    private static final int IPV6_LENGTH = 16;
    private static final int CLASS_INTERNET = 1;

    /** Behind a record's name: type, class, TTL and length of the data. */
    private static final int RECORD_FIXED_LENGTH = 10;

    private static final int MAX_LABEL_LENGTH = 63;

    /** RFC 1035 2.3.4, as the name is written: 255 bytes with the first length and the empty label at the end. */
    private static final int MAX_NAME_CHARACTERS = 253;

    private DnsAddresses() {}

    /** Whether {@code name} can be asked for: ASCII labels of 1 to 63 characters, 253 in all; a dot may end it. */
    public static boolean isName(String name) {
        String relative = withoutRoot(name);
        if (relative.length() > MAX_NAME_CHARACTERS
                || !StandardCharsets.US_ASCII.newEncoder().canEncode(relative)) {
            return false;
        }
        for (String label : relative.split("\\.", -1)) {
            if (label.isEmpty() || label.length() > MAX_LABEL_LENGTH) {
                return false;
            }
        }
        return true;
    }

    private static String withoutRoot(String name) {
        return name.endsWith(".") ? name.substring(0, name.length() - 1) : name;
    }

    /** Appends a recursive query for the IPv4 or else the IPv6 addresses of {@code name}, which {@link #isName}. */
    public static void writeQuery(ByteBuf out, int id, String name, boolean ipv4) {
        out.writeShort(id).writeShort(FLAG_RECURSION_DESIRED);
        out.writeShort(1).writeShort(0).writeInt(0);
        for (String label : withoutRoot(name).split("\\.", -1)) {
            out.writeByte(label.length()).writeCharSequence(label, StandardCharsets.US_ASCII);
        }
        out.writeByte(0).writeShort(ipv4 ? TYPE_A : TYPE_AAAA).writeShort(CLASS_INTERNET);
    }

    /**
     * The IPv4 or else the IPv6 addresses in the answer of {@code length} bytes at {@code at}, of whatever name: a resolver
     * that follows aliases sends the addresses of the last one. Null if there is not one question, or the records are
     * malformed.
     */
    public static @Nullable List<IpAddress> readAnswer(ByteBuf buf, int at, int length, boolean ipv4) {
        List<IpAddress> addresses = new ArrayList<>();
        int offset = DnsMessage.questionEnd(buf, at, length);
        int records = buf.getUnsignedShort(at + ANSWER_COUNT);
        for (int i = 0; i < records && offset >= 0; i++) {
            int fixed = DnsMessage.nameEnd(buf, at, offset, length);
            if (fixed < 0 || fixed + RECORD_FIXED_LENGTH > length) {
                return null;
            }
            int dataLength = buf.getUnsignedShort(at + fixed + RECORD_FIXED_LENGTH - 2);
            int data = fixed + RECORD_FIXED_LENGTH;
            if (data + dataLength > length) {
                return null;
            }
            if (buf.getUnsignedShort(at + fixed + 2) == CLASS_INTERNET) {
                addAddress(addresses, buf, buf.getUnsignedShort(at + fixed), at + data, dataLength, ipv4);
            }
            offset = data + dataLength;
        }
        return offset < 0 ? null : addresses;
    }

    private static void addAddress(
            List<IpAddress> addresses, ByteBuf buf, int type, int data, int dataLength, boolean ipv4) {
        if (ipv4 && type == TYPE_A && dataLength == Integer.BYTES) {
            addresses.add(IpAddress.readIpv4(buf, data));
        } else if (!ipv4 && type == TYPE_AAAA && dataLength == IPV6_LENGTH) {
            IpAddress address = IpAddress.readIpv6(buf, data);
            // In mapped form it would pass for IPv4.
            if (!address.isIpv4()) {
                addresses.add(address);
            }
        }
    }
}
