package org.slipway.cli;

import java.util.Arrays;
import java.util.Locale;
import java.util.stream.Collectors;
import org.slipway.nat.GuestAccess;
import org.slipway.nat.UdpFiltering;

/** Reads {@code restrict=}, {@code host-loopback=}, {@code multicast=} and {@code udp-filtering=}: what guests may reach, and who them. */
final class AccessOptions {

    private static final String FILTERING = "udp-filtering";

    private AccessOptions() {}

    static GuestAccess access(PortOptions options) {
        boolean outside = !flag(options, "restrict", !GuestAccess.DEFAULT.outside());
        return new GuestAccess(
                outside,
                flag(options, "host-loopback", GuestAccess.DEFAULT.hostLoopback()),
                flag(options, "multicast", GuestAccess.DEFAULT.multicast()));
    }

    private static boolean flag(PortOptions options, String key, boolean absent) {
        Boolean given = options.flag(key);
        return given == null ? absent : given;
    }

    static UdpFiltering filtering(PortOptions options) {
        String value = options.value(FILTERING);
        if (value == null) {
            return UdpFiltering.ENDPOINT_INDEPENDENT;
        }
        return Arrays.stream(UdpFiltering.values())
                .filter(filtering -> word(filtering).equals(value))
                .findFirst()
                .orElseThrow(() -> options.error("Parameter '" + FILTERING + "' expects "
                        + Arrays.stream(UdpFiltering.values())
                                .map(AccessOptions::word)
                                .collect(Collectors.joining(", "))
                        + ", not '" + value + "'"));
    }

    private static String word(UdpFiltering filtering) {
        return filtering.name().toLowerCase(Locale.ROOT).replace('_', '-');
    }
}
