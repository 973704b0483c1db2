package org.slipway.wire;

import io.netty.buffer.ByteBuf;
import io.netty.buffer.Unpooled;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Collection;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * Options of a DHCPv6 message, or within one of its options, in order (RFC 8415 21.1). A code may be there more than once.
 * An immutable value.
 * <pre>
 *  0                   1                   2                   3
 *  0 1 2 3 4 5 6 7 8 9 0 1 2 3 4 5 6 7 8 9 0 1 2 3 4 5 6 7 8 9 0 1
 * +-------------------------------+-------------------------------+
 * |          option-code          |           option-len          |
 * +-------------------------------+-------------------------------+
 * |                 option-data (option-len bytes)                |
 * +---------------------------------------------------------------+
 * </pre>
 */
public final class Dhcpv6Options {

    public static final int CLIENT_ID = 1;
    public static final int SERVER_ID = 2;
    public static final int IA_NA = 3;
    public static final int IA_TA = 4;
    public static final int IA_ADDRESS = 5;
    public static final int OPTION_REQUEST = 6;
    public static final int PREFERENCE = 7;
    public static final int ELAPSED_TIME = 8;
    public static final int STATUS_CODE = 13;
    public static final int RAPID_COMMIT = 14;
    public static final int DNS_SERVERS = 23;
    public static final int DOMAIN_LIST = 24;
    public static final int IA_PD = 25;
    public static final int SNTP_SERVERS = 31;
    public static final int INFORMATION_REFRESH_TIME = 32;
    public static final int CLIENT_FQDN = 39;
    public static final int NTP_SERVER = 56;
    public static final int BOOT_FILE_URL = 59;

    /** No options. */
    public static final Dhcpv6Options NONE = new Dhcpv6Options(List.of());

    /** More than any client has to say, with a hundred associations; bounds the work that a message makes. */
    public static final int MAX_COUNT = 256;

    private static final int HEADER_LENGTH = 4;

    private final List<Option> options;

    private Dhcpv6Options(List<Option> options) {
        this.options = options;
    }

    /** One option; its value is never changed. */
    private static final class Option {
        final int code;
        final byte[] value;

        Option(int code, byte[] value) {
            this.code = code;
            this.value = value;
        }

        @Override
        public boolean equals(@Nullable Object other) {
            return other instanceof Option option && code == option.code && Arrays.equals(value, option.value);
        }

        @Override
        public int hashCode() {
            return code * 31 + Arrays.hashCode(value);
        }
    }

    /** Collects options in the order in which they are added. */
    public static final class Builder {

        private final List<Option> options = new ArrayList<>();

        /** Adds an option with a value of 0 to 65,535 bytes. */
        public Builder add(int code, byte[] value) {
            if (code < 0 || code > 0xffff || value.length > 0xffff || options.size() == MAX_COUNT) {
                throw new IllegalArgumentException("option " + code + " of " + value.length + " bytes, behind "
                        + options.size() + " others, cannot be sent");
            }
            options.add(new Option(code, value.clone()));
            return this;
        }

        /** Adds the options of {@code others}. */
        public Builder addAll(Dhcpv6Options others) {
            others.options.forEach(option -> add(option.code, option.value));
            return this;
        }

        /** Adds the identifier of a client or server. */
        public Builder add(int code, Duid duid) {
            return add(code, duid.bytes());
        }

        /** Adds a value of one byte. */
        public Builder addByte(int code, int value) {
            return add(code, new byte[] {(byte) value});
        }

        /** Adds a value of four bytes. */
        public Builder addInt(int code, int value) {
            return add(code, bytes(Unpooled.buffer(Integer.BYTES).writeInt(value)));
        }

        /** Adds a list of codes (option 6). */
        public Builder addCodes(int code, int... values) {
            ByteBuf buf = Unpooled.buffer(2 * values.length);
            for (int value : values) {
                buf.writeShort(value);
            }
            return add(code, bytes(buf));
        }

        /** Adds a list of IPv6 addresses. */
        public Builder addAddresses(int code, Collection<IpAddress> addresses) {
            ByteBuf buf = Unpooled.buffer(16 * addresses.size());
            addresses.forEach(address -> buf.writeLong(address.high()).writeLong(address.low()));
            return add(code, bytes(buf));
        }

        /** Adds a list of domain names (RFC 8415 10). */
        public Builder addNames(int code, Collection<String> names) {
            ByteBuf buf = Unpooled.buffer();
            names.forEach(name -> DomainNames.write(buf, name));
            return add(code, bytes(buf));
        }

        /** Adds what {@code inner} has as one option's value. */
        public Builder addOptions(int code, Dhcpv6Options inner) {
            ByteBuf buf = Unpooled.buffer(inner.emittedLength());
            inner.emit(buf);
            return add(code, bytes(buf));
        }

        /** Adds text in UTF-8, without a terminating NUL. */
        public Builder addText(int code, String text) {
            return add(code, text.getBytes(StandardCharsets.UTF_8));
        }

        /** What was added so far. */
        public Dhcpv6Options build() {
            return new Dhcpv6Options(List.copyOf(options));
        }
    }

    /** The readable bytes of a heap buffer that nobody else uses. */
    static byte[] bytes(ByteBuf buf) {
        byte[] bytes = new byte[buf.readableBytes()];
        buf.readBytes(bytes);
        return bytes;
    }

    /** The options that fill {@code length} bytes at {@code at}; null if one reaches beyond, or there are too many. */
    static @Nullable Dhcpv6Options parse(ByteBuf buf, int at, int length) {
        int end = at + length;
        List<Option> options = new ArrayList<>();
        while (at < end) {
            if (end - at < HEADER_LENGTH || options.size() == MAX_COUNT) {
                return null;
            }
            int valueLength = buf.getUnsignedShort(at + 2);
            int value = at + HEADER_LENGTH;
            if (valueLength > end - value) {
                return null;
            }
            byte[] bytes = new byte[valueLength];
            buf.getBytes(value, bytes);
            options.add(new Option(buf.getUnsignedShort(at), bytes));
            at = value + valueLength;
        }
        return new Dhcpv6Options(List.copyOf(options));
    }

    /** How many options there are. */
    public int size() {
        return options.size();
    }

    /** The code of option {@code index}, 0 to {@link #size} - 1. */
    public int code(int index) {
        return options.get(index).code;
    }

    /** A copy of the value of option {@code index}. */
    public byte[] value(int index) {
        return options.get(index).value.clone();
    }

    /** How often option {@code code} is there. */
    public int count(int code) {
        int count = 0;
        for (Option option : options) {
            count += option.code == code ? 1 : 0;
        }
        return count;
    }

    /** Whether option {@code code} is there. */
    public boolean contains(int code) {
        return count(code) > 0;
    }

    /** A copy of the value of the first option {@code code}, or null. */
    public byte @Nullable [] bytes(int code) {
        for (Option option : options) {
            if (option.code == code) {
                return option.value.clone();
            }
        }
        return null;
    }

    /** The identifier in option {@code code}, or null if it is not there or malformed. */
    public @Nullable Duid duid(int code) {
        byte[] value = bytes(code);
        return value == null ? null : Duid.of(value);
    }

    /** The addresses in option {@code code}; empty if it is not there; a rest of less than an address does not count. */
    public List<IpAddress> addresses(int code) {
        byte[] value = bytes(code);
        List<IpAddress> addresses = new ArrayList<>();
        ByteBuf buf = Unpooled.wrappedBuffer(value == null ? new byte[0] : value);
        while (buf.readableBytes() >= 16) {
            addresses.add(new IpAddress(buf.readLong(), buf.readLong()));
        }
        return addresses;
    }

    /** The names in option {@code code}, or null if it is not there or malformed. */
    public @Nullable List<String> names(int code) {
        byte[] value = bytes(code);
        return value == null ? null : DomainNames.read(Unpooled.wrappedBuffer(value), 0, value.length);
    }

    /** The text in option {@code code}; empty if it is not there. */
    public String text(int code) {
        byte[] value = bytes(code);
        return value == null ? "" : new String(value, StandardCharsets.UTF_8);
    }

    /** Whether the client asks for option {@code wanted} (RFC 8415 21.7); one that says nothing asks for everything. */
    public boolean isRequested(int wanted) {
        byte[] codes = bytes(OPTION_REQUEST);
        if (codes == null) {
            return true;
        }
        for (int i = 0; i + 1 < codes.length; i += 2) {
            if (((codes[i] & 0xff) << 8 | codes[i + 1] & 0xff) == wanted) {
                return true;
            }
        }
        return false;
    }

    /** Bytes that {@link #emit} appends. */
    public int emittedLength() {
        int length = 0;
        for (Option option : options) {
            length += HEADER_LENGTH + option.value.length;
        }
        return length;
    }

    /** Appends all options at the writer index. */
    void emit(ByteBuf buf) {
        for (Option option : options) {
            buf.writeShort(option.code).writeShort(option.value.length).writeBytes(option.value);
        }
    }

    /** Whether {@code other} has the same options in the same order. */
    @Override
    public boolean equals(@Nullable Object other) {
        return other instanceof Dhcpv6Options that && options.equals(that.options);
    }

    @Override
    public int hashCode() {
        return options.hashCode();
    }

    /** {@code "1=00030001525400123456 8=0000"}: codes and values in hexadecimal. */
    @Override
    public String toString() {
        StringBuilder text = new StringBuilder();
        for (Option option : options) {
            text.append(text.isEmpty() ? "" : " ").append(option.code).append('=');
            for (byte b : option.value) {
                text.append(Character.forDigit(b >> 4 & 0xf, 16)).append(Character.forDigit(b & 0xf, 16));
            }
        }
        return text.toString();
    }
}
