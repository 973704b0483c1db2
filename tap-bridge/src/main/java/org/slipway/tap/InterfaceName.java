package org.slipway.tap;

import org.jspecify.annotations.Nullable;

/** Names of network interfaces, as the kernel takes them (net/core/dev.c, dev_valid_name). */
public final class InterfaceName {

    /** IFNAMSIZ without the NUL at its end (linux/if.h). */
    public static final int MAX_LENGTH = 15;

    private InterfaceName() {}

    /**
     * Why {@code name} can be no interface's name, or null. The kernel would cut one that is too long, and so mean another
     * interface (CVE-2019-13164).
     */
    public static @Nullable String fault(String name) {
        if (name.isEmpty()) {
            return "an interface name is empty";
        }
        if (name.length() > MAX_LENGTH) {
            return "name `" + printable(name) + "' too long: " + name.length() + ", at most " + MAX_LENGTH;
        }
        if (name.equals(".") || name.equals("..") || !name.chars().allMatch(InterfaceName::isAllowed)) {
            return "name `" + printable(name) + "' is not of visible ASCII characters other than '/' and ':'";
        }
        return null;
    }

    private static boolean isAllowed(int character) {
        return character > ' ' && character < 0x7f && character != '/' && character != ':';
    }

    /** The name without what would disturb a terminal, and no longer than a line. */
    private static String printable(String name) {
        String cut = name.length() <= 64 ? name : name.substring(0, 64) + "...";
        return cut.replaceAll("[^\\x20-\\x7e]", "?");
    }
}
