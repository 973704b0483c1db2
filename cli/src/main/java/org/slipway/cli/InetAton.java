package org.slipway.cli;

import org.jspecify.annotations.Nullable;
import org.slipway.wire.IpAddress;

/**
 * IPv4 addresses as C's {@code inet_aton} reads them, for QEMU does: one to four numbers, each decimal, {@code 0x…} or octal
 * with a leading 0, of which the last fills what is left: {@code 127.1} is 127.0.0.1.
 */
final class InetAton {

    private static final int PARTS = 4;

    private InetAton() {}

    /** The address that {@code text} is, or null. */
    static @Nullable IpAddress parse(String text) {
        String[] parts = text.split("\\.", -1);
        if (parts.length > PARTS) {
            return null;
        }
        long bits = 0;
        for (int i = 0; i < parts.length; i++) {
            boolean isLast = i == parts.length - 1;
            int width = isLast ? 8 * (PARTS - i) : 8;
            long number = CNumber.parse(parts[i]);
            if (number < 0 || number >>> width != 0) {
                return null;
            }
            bits = bits << width | number;
        }
        return IpAddress.ipv4((int) bits);
    }
}
