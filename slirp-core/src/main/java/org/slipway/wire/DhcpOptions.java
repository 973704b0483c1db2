package org.slipway.wire;

import io.netty.buffer.ByteBuf;
import io.netty.buffer.ByteBufUtil;
import io.netty.buffer.Unpooled;
import java.nio.charset.StandardCharsets;
import java.util.Arrays;
import java.util.Collection;
import java.util.Collections;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/**
 * The options of a DHCP message (RFC 2132), in order. Each code is there at most once: instances that repeat are
 * concatenated, as RFC 3396 5 says, across the option field and the overloaded fields. An immutable value.
 */
public final class DhcpOptions {

    public static final int PAD = 0;
    public static final int SUBNET_MASK = 1;
    public static final int ROUTER = 3;
    public static final int DNS_SERVER = 6;
    public static final int HOST_NAME = 12;
    public static final int DOMAIN_NAME = 15;
    public static final int INTERFACE_MTU = 26;
    public static final int BROADCAST_ADDRESS = 28;
    public static final int NTP_SERVERS = 42;
    public static final int REQUESTED_ADDRESS = 50;
    public static final int LEASE_TIME = 51;
    public static final int OVERLOAD = 52;
    public static final int MESSAGE_TYPE = 53;
    public static final int SERVER_IDENTIFIER = 54;
    public static final int PARAMETER_REQUEST_LIST = 55;
    public static final int MESSAGE = 56;
    public static final int MAX_MESSAGE_SIZE = 57;
    public static final int RENEWAL_TIME = 58;
    public static final int REBINDING_TIME = 59;
    public static final int VENDOR_CLASS = 60;
    public static final int CLIENT_IDENTIFIER = 61;
    public static final int TFTP_SERVER_NAME = 66;
    public static final int BOOT_FILE_NAME = 67;
    public static final int DOMAIN_SEARCH = 119;
    public static final int CLASSLESS_STATIC_ROUTE = 121;
    public static final int END = 255;

    /** No options. */
    public static final DhcpOptions NONE = new DhcpOptions(Map.of());

    /** The length field of one instance is one byte; longer values are split (RFC 3396 6). */
    private static final int MAX_INSTANCE_LENGTH = 255;

    private final Map<Integer, byte[]> values;

    private DhcpOptions(Map<Integer, byte[]> values) {
        this.values = values;
    }

    /** Collects options in the order in which they are put. */
    public static final class Builder {

        private final Map<Integer, byte[]> values = new LinkedHashMap<>();

        /** Sets the value of option {@code code}, 1 to 254; one that is set already keeps its place. */
        public Builder put(int code, byte[] value) {
            if (code <= PAD || code >= END) {
                throw new IllegalArgumentException("option " + code + " is not 1 to 254");
            }
            values.put(code, value.clone());
            return this;
        }

        /** Sets the value of each option of {@code others}. */
        public Builder putAll(DhcpOptions others) {
            values.putAll(others.values);
            return this;
        }

        /** Sets a value of one byte. */
        public Builder putByte(int code, int value) {
            return put(code, new byte[] {(byte) value});
        }

        /** Sets a value of two bytes. */
        public Builder putShort(int code, int value) {
            return put(code, new byte[] {(byte) (value >>> 8), (byte) value});
        }

        /** Sets a value of four bytes. */
        public Builder putInt(int code, int value) {
            return put(
                    code,
                    new byte[] {(byte) (value >>> 24), (byte) (value >>> 16), (byte) (value >>> 8), (byte) value});
        }

        /** Sets a value of one IPv4 address. */
        public Builder putAddress(int code, IpAddress address) {
            return putInt(code, address.ipv4Bits());
        }

        /** Sets a value of IPv4 addresses, four bytes each. */
        public Builder putAddresses(int code, Collection<IpAddress> addresses) {
            byte[] value = new byte[4 * addresses.size()];
            int at = 0;
            for (IpAddress address : addresses) {
                for (int shift = 24; shift >= 0; shift -= 8) {
                    value[at++] = (byte) (address.ipv4Bits() >>> shift);
                }
            }
            return put(code, value);
        }

        /** Sets a value of ISO 8859-1 text, without a terminating NUL. */
        public Builder putText(int code, String text) {
            return put(code, text.getBytes(StandardCharsets.ISO_8859_1));
        }

        /** Sets a value of domain names, uncompressed (RFC 3397 2 leaves that to the sender). */
        public Builder putNames(int code, Collection<String> names) {
            ByteBuf value = Unpooled.buffer();
            names.forEach(name -> DomainNames.write(value, name));
            return put(code, ByteBufUtil.getBytes(value));
        }

        /** Sets a value of routes (RFC 3442). */
        public Builder putRoutes(int code, Collection<ClasslessRoute> routes) {
            ByteBuf value = Unpooled.buffer();
            routes.forEach(route -> route.write(value));
            return put(code, ByteBufUtil.getBytes(value));
        }

        /** Whether option {@code code} is set. */
        public boolean contains(int code) {
            return values.containsKey(code);
        }

        /** Bytes on the wire of what was put so far, without END. */
        public int emittedLength() {
            return DhcpOptions.emittedLength(values);
        }

        /** What was put so far. */
        public DhcpOptions build() {
            return new DhcpOptions(new LinkedHashMap<>(values));
        }

        /** Takes option 52 out: bit 0 is file, bit 1 is sname, 0 if it was not there, -1 if it is none of 1 to 3. */
        int removeOverload() {
            byte[] value = values.remove(OVERLOAD);
            if (value == null) {
                return 0;
            }
            return value.length == 1 && value[0] >= 1 && value[0] <= 3 ? value[0] : -1;
        }

        private void append(int code, byte[] instance) {
            values.merge(code, instance, DhcpOptions::concatenate);
        }

        /**
         * Adds the options in {@code length} bytes at {@code at}, up to END. False if they are malformed: an option
         * reaches beyond the end, or END is not there (RFC 2131 4.1), unless all is PAD, as some BOOTP clients have it.
         */
        boolean parse(ByteBuf buf, int at, int length) {
            int end = at + length;
            boolean any = false;
            while (at < end) {
                int code = buf.getUnsignedByte(at++);
                if (code == END) {
                    return true;
                }
                if (code == PAD) {
                    continue;
                }
                if (at >= end || buf.getUnsignedByte(at) > end - at - 1) {
                    return false;
                }
                byte[] instance = new byte[buf.getUnsignedByte(at)];
                buf.getBytes(at + 1, instance);
                append(code, instance);
                at += 1 + instance.length;
                any = true;
            }
            return !any && length > 0;
        }
    }

    /** The codes that are there, in order. */
    public Set<Integer> codes() {
        return Collections.unmodifiableSet(values.keySet());
    }

    /** Whether option {@code code} is there. */
    public boolean contains(int code) {
        return values.containsKey(code);
    }

    /** Length of the value of option {@code code} in bytes, or -1 if it is not there. */
    public int length(int code) {
        byte[] value = values.get(code);
        return value == null ? -1 : value.length;
    }

    /** A copy of the value of option {@code code}, or null if it is not there. */
    public byte @Nullable [] bytes(int code) {
        byte[] value = values.get(code);
        return value == null ? null : value.clone();
    }

    /** The value of option {@code code} as an unsigned number, or {@code absent} if it is not 1, 2 or 4 bytes long. */
    public long number(int code, long absent) {
        byte[] value = values.get(code);
        if (value == null || value.length != 1 && value.length != 2 && value.length != 4) {
            return absent;
        }
        long number = 0;
        for (byte b : value) {
            number = number << 8 | b & 0xff;
        }
        return number;
    }

    /** The value of option {@code code} as one IPv4 address, or null if it is not four bytes long. */
    public @Nullable IpAddress address(int code) {
        return length(code) == 4 ? IpAddress.ipv4((int) number(code, 0)) : null;
    }

    /** The value of option {@code code} as ISO 8859-1 text, as it stands; empty if it is not there. */
    public String text(int code) {
        byte[] value = values.get(code);
        return value == null ? "" : new String(value, StandardCharsets.ISO_8859_1);
    }

    /** Appends all options and END at the writer index. */
    void emit(ByteBuf buf) {
        values.forEach((code, value) -> emit(buf, code, value));
        buf.writeByte(END);
    }

    private static void emit(ByteBuf buf, int code, byte[] value) {
        int from = 0;
        do {
            int length = Math.min(value.length - from, MAX_INSTANCE_LENGTH);
            buf.writeByte(code).writeByte(length).writeBytes(value, from, length);
            from += length;
        } while (from < value.length);
    }

    /** Bytes on the wire, without END. */
    public int emittedLength() {
        return emittedLength(values);
    }

    /** Bytes on the wire of an option whose value has {@code valueLength} bytes. */
    public static int emittedLength(int valueLength) {
        int instances = Math.max(1, (valueLength + MAX_INSTANCE_LENGTH - 1) / MAX_INSTANCE_LENGTH);
        return 2 * instances + valueLength;
    }

    private static int emittedLength(Map<Integer, byte[]> values) {
        int length = 0;
        for (byte[] value : values.values()) {
            length += emittedLength(value.length);
        }
        return length;
    }

    private static byte[] concatenate(byte[] first, byte[] second) {
        byte[] whole = Arrays.copyOf(first, first.length + second.length);
        System.arraycopy(second, 0, whole, first.length, second.length);
        return whole;
    }

    /** Whether {@code other} has the same options with the same values, in whatever order. */
    @Override
    public boolean equals(@Nullable Object other) {
        return other instanceof DhcpOptions options
                && values.keySet().equals(options.values.keySet())
                && values.entrySet().stream()
                        .allMatch(entry -> Arrays.equals(entry.getValue(), options.values.get(entry.getKey())));
    }

    @Override
    public int hashCode() {
        int hash = 0;
        for (Map.Entry<Integer, byte[]> entry : values.entrySet()) {
            hash += entry.getKey() * 31 ^ Arrays.hashCode(entry.getValue());
        }
        return hash;
    }

    /** {@code "53=01 50=0a00020f"}: codes and values in hexadecimal. */
    @Override
    public String toString() {
        StringBuilder text = new StringBuilder();
        values.forEach((code, value) -> {
            text.append(text.isEmpty() ? "" : " ").append(code).append('=');
            for (byte b : value) {
                text.append(Character.forDigit(b >> 4 & 0xf, 16)).append(Character.forDigit(b & 0xf, 16));
            }
        });
        return text.toString();
    }
}
