package org.slipway.wire;

import io.netty.buffer.ByteBuf;
import io.netty.buffer.Unpooled;
import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * The value of an identity association option: of addresses (IA_NA), temporary addresses (IA_TA, which has no times) or
 * prefixes (IA_PD), RFC 8415 21.4, 21.5, 21.21.
 * <pre>
 *  0                   1                   2                   3
 *  0 1 2 3 4 5 6 7 8 9 0 1 2 3 4 5 6 7 8 9 0 1 2 3 4 5 6 7 8 9 0 1
 * +---------------------------------------------------------------+
 * |                          IAID (4 octets)                      |
 * |                              T1, T2                           |
 * |                         options (variable)                    |
 * +---------------------------------------------------------------+
 * </pre>
 *
 * @param code {@link Dhcpv6Options#IA_NA}, {@link Dhcpv6Options#IA_TA} or {@link Dhcpv6Options#IA_PD}
 * @param id tells the associations of one kind and client apart
 * @param renewSeconds T1: when the client asks this server to prolong, unsigned; 0 leaves it to the client
 * @param rebindSeconds T2: when it asks any server, unsigned; 0 leaves it to the client
 * @param options addresses, or why there are none
 */
public record Dhcpv6Association(int code, int id, int renewSeconds, int rebindSeconds, Dhcpv6Options options) {

    private static final int TIMES_LENGTH = 8;

    /** Whether options of this code are associations. */
    public static boolean is(int code) {
        return code == Dhcpv6Options.IA_NA || code == Dhcpv6Options.IA_TA || code == Dhcpv6Options.IA_PD;
    }

    /** An association that says why it has nothing. */
    public static Dhcpv6Association refused(int code, int id, Dhcpv6Status status) {
        return new Dhcpv6Association(
                code, id, 0, 0, status.addTo(new Dhcpv6Options.Builder()).build());
    }

    /** What an option of {@code code} with {@code value} says, or null if it is malformed, within addresses too. */
    static @Nullable Dhcpv6Association parse(int code, byte[] value) {
        ByteBuf buf = Unpooled.wrappedBuffer(value);
        int fixed = fixedLength(code);
        Dhcpv6Options options = value.length < fixed ? null : Dhcpv6Options.parse(buf, fixed, value.length - fixed);
        if (options == null || !addressesHold(options)) {
            return null;
        }
        boolean hasTimes = fixed > Integer.BYTES;
        return new Dhcpv6Association(
                code, buf.getInt(0), hasTimes ? buf.getInt(4) : 0, hasTimes ? buf.getInt(8) : 0, options);
    }

    private static int fixedLength(int code) {
        return code == Dhcpv6Options.IA_TA ? Integer.BYTES : Integer.BYTES + TIMES_LENGTH;
    }

    private static boolean addressesHold(Dhcpv6Options options) {
        for (int i = 0; i < options.size(); i++) {
            if (options.code(i) == Dhcpv6Options.IA_ADDRESS && Dhcpv6Address.parse(options.value(i)) == null) {
                return false;
            }
        }
        return true;
    }

    /** The addresses in it. */
    public List<Dhcpv6Address> addresses() {
        List<Dhcpv6Address> addresses = new ArrayList<>();
        for (int i = 0; i < options.size(); i++) {
            Dhcpv6Address address =
                    options.code(i) == Dhcpv6Options.IA_ADDRESS ? Dhcpv6Address.parse(options.value(i)) : null;
            if (address != null) {
                addresses.add(address);
            }
        }
        return addresses;
    }

    /** Adds the option to {@code builder}. */
    public Dhcpv6Options.Builder addTo(Dhcpv6Options.Builder builder) {
        ByteBuf buf = Unpooled.buffer().writeInt(id);
        if (fixedLength(code) > Integer.BYTES) {
            buf.writeInt(renewSeconds).writeInt(rebindSeconds);
        }
        options.emit(buf);
        return builder.add(code, Dhcpv6Options.bytes(buf));
    }
}
