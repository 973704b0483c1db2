package org.slipway.service;

import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;
import org.slipway.wire.IpAddress;

/** Names under which the names of addresses are asked for (RFC 1035 3.5, RFC 3596 2.5). */
final class ReverseName {

    private static final Pattern IPV4 =
            Pattern.compile("(\\d{1,3})\\.(\\d{1,3})\\.(\\d{1,3})\\.(\\d{1,3})\\.in-addr\\.arpa");
    private static final Pattern IPV6 = Pattern.compile("(([0-9a-f]\\.){32})ip6\\.arpa");

    private ReverseName() {}

    /** The address that {@code name}, in lower case, is for; null if it is for none. */
    static @Nullable IpAddress address(String name) {
        Matcher ipv4 = IPV4.matcher(name);
        if (ipv4.matches()) {
            int bits = 0;
            for (int group = 4; group > 0; group--) {
                int octet = Integer.parseInt(ipv4.group(group));
                if (octet > 255) {
                    return null;
                }
                bits = bits << 8 | octet;
            }
            return IpAddress.ipv4(bits);
        }
        Matcher ipv6 = IPV6.matcher(name);
        if (!ipv6.matches()) {
            return null;
        }
        StringBuilder digits = new StringBuilder(ipv6.group(1).replace(".", "")).reverse();
        return new IpAddress(
                Long.parseUnsignedLong(digits.substring(0, 16), 16), Long.parseUnsignedLong(digits.substring(16), 16));
    }
}
