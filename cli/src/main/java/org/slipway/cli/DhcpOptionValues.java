package org.slipway.cli;

import io.netty.buffer.ByteBuf;
import io.netty.buffer.ByteBufUtil;
import io.netty.buffer.Unpooled;
import java.nio.charset.StandardCharsets;
import java.util.LinkedHashMap;
import java.util.Map;
import org.jspecify.annotations.Nullable;
import org.slipway.wire.DhcpOptions;
import org.slipway.wire.Dhcpv6Options;
import org.slipway.wire.DnsAddresses;
import org.slipway.wire.DomainNames;
import org.slipway.wire.IpAddress;

/**
 * Reads options of DHCP as users give them: {@code CODE=KIND:VALUE}, where KIND is {@code hex}, {@code text}, {@code ip},
 * {@code name}, {@code u8}, {@code u16} or {@code u32}. What is given for a code again is added to its value.
 */
final class DhcpOptionValues {

    private static final String SYNTAX = "CODE=KIND:VALUE with KIND hex, text, ip, name, u8, u16 or u32";

    private final PortOptions options;
    private final String key;
    private final int maxCode;
    private final boolean ipv4;
    private final Map<Integer, ByteBuf> values = new LinkedHashMap<>();

    private DhcpOptionValues(PortOptions options, String key, int maxCode, boolean ipv4) {
        this.options = options;
        this.key = key;
        this.maxCode = maxCode;
        this.ipv4 = ipv4;
    }

    static DhcpOptions dhcpv4(PortOptions options, String key) {
        DhcpOptions.Builder read = new DhcpOptions.Builder();
        new DhcpOptionValues(options, key, DhcpOptions.END - 1, true)
                .read()
                .forEach((code, value) -> read.put(code, ByteBufUtil.getBytes(value)));
        return read.build();
    }

    static Dhcpv6Options dhcpv6(PortOptions options, String key) {
        Dhcpv6Options.Builder read = new Dhcpv6Options.Builder();
        new DhcpOptionValues(options, key, 0xffff, false)
                .read()
                .forEach((code, value) -> read.add(code, ByteBufUtil.getBytes(value)));
        return read.build();
    }

    private Map<Integer, ByteBuf> read() {
        options.values(key).forEach(this::add);
        return values;
    }

    private void add(String text) {
        int equals = text.indexOf('=');
        int colon = text.indexOf(':', equals);
        long code = equals < 0 ? CNumber.INVALID : CNumber.parse(text.substring(0, equals));
        if (code < 1 || code > maxCode || colon < 0) {
            throw options.error(
                    "Parameter '" + key + "' expects " + SYNTAX + ", CODE 1 to " + maxCode + ", not '" + text + "'");
        }
        String kind = text.substring(equals + 1, colon);
        String value = text.substring(colon + 1);
        boolean valid = append(values.computeIfAbsent((int) code, first -> Unpooled.buffer()), kind, value);
        if (!valid) {
            throw options.error("Parameter '" + key + "': '" + value + "' is no " + kind + " in '" + text
                    + "'; expected is " + SYNTAX);
        }
    }

    /** False if {@code value} is not of the kind. */
    private boolean append(ByteBuf to, String kind, String value) {
        return switch (kind) {
            case "hex" -> appendHex(to, value);
            case "text" -> to.writeCharSequence(value, StandardCharsets.UTF_8) >= 0;
            case "ip" -> appendAddress(to, Literals.ip(value));
            case "name" -> appendName(to, value);
            case "u8" -> appendNumber(to, 1, CNumber.parse(value));
            case "u16" -> appendNumber(to, 2, CNumber.parse(value));
            case "u32" -> appendNumber(to, 4, CNumber.parse(value));
            default -> false;
        };
    }

    /** Bytes, which may be set apart by colons as most tools print them. */
    private static boolean appendHex(ByteBuf to, String value) {
        try {
            to.writeBytes(ByteBufUtil.decodeHexDump(value.replace(":", "")));
            return true;
        } catch (IllegalArgumentException e) {
            return false;
        }
    }

    private boolean appendAddress(ByteBuf to, @Nullable IpAddress address) {
        if (address == null || address.isIpv4() != ipv4) {
            return false;
        }
        to.writeBytes(address.toInetAddress().getAddress());
        return true;
    }

    private static boolean appendName(ByteBuf to, String name) {
        if (!DnsAddresses.isName(name)) {
            return false;
        }
        DomainNames.write(to, name);
        return true;
    }

    private static boolean appendNumber(ByteBuf to, int bytes, long number) {
        if (number < 0 || number >= 1L << 8 * bytes) {
            return false;
        }
        for (int shift = 8 * (bytes - 1); shift >= 0; shift -= 8) {
            to.writeByte((int) (number >>> shift));
        }
        return true;
    }
}
