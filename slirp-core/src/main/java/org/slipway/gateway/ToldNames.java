package org.slipway.gateway;

import java.util.List;
import org.slipway.wire.DnsAddresses;

/**
 * Names that guests are told by DHCP, DHCPv6 and router advertisements.
 *
 * @param host what a guest is to call itself; empty: what it likes
 * @param domain the guest's own domain; empty: none
 * @param search domains in which guests complete names, in the order of trying; at most {@link #MAX_SEARCH}, of
 *     {@link #MAX_SEARCH_BYTES} in all
 */
public record ToldNames(String host, String domain, List<String> search) {

    /** Nothing is told. */
    public static final ToldNames NONE = new ToldNames("", "", List.of());

    /** No client takes more. */
    public static final int MAX_SEARCH = 16;

    /** On the wire, so that a router advertisement with all of them fits into the smallest MTU of IPv6. */
    public static final int MAX_SEARCH_BYTES = 512;

    /** What one instance of a DHCP option takes; resolvers take no longer names either. */
    private static final int MAX_LENGTH = 255;

    public ToldNames {
        requireLength("vhostname", host);
        requireLength("domainname", domain);
        if (!isVisible(host)) {
            throw new IllegalArgumentException("hostname=" + host + " is not of printable characters without blanks");
        }
        if (!domain.isEmpty() && !isDomain(domain)) {
            throw new IllegalArgumentException("domainname=" + domain + " is not a domain name");
        }
        int bytes = 0;
        for (String name : search) {
            if (!isDomain(name)) {
                throw new IllegalArgumentException("dnssearch=" + name + " is not a domain name");
            }
            // A length byte in front of each label, and the empty label behind the last.
            bytes += name.length() + 2;
        }
        if (search.size() > MAX_SEARCH || bytes > MAX_SEARCH_BYTES) {
            throw new IllegalArgumentException("dnssearch= has " + search.size() + " domains of " + bytes
                    + " bytes, which is more than " + MAX_SEARCH + " of " + MAX_SEARCH_BYTES);
        }
        search = List.copyOf(search);
    }

    /** In QEMU's words, with its name for the first. */
    private static void requireLength(String parameter, String name) {
        if (name.length() > MAX_LENGTH) {
            throw new IllegalArgumentException(
                    "'" + parameter + "' parameter cannot exceed " + MAX_LENGTH + " bytes, and has " + name.length());
        }
    }

    /** Names end up as text in a resolver's file. */
    private static boolean isDomain(String name) {
        return DnsAddresses.isName(name) && isVisible(name) && !name.endsWith(".");
    }

    private static boolean isVisible(String text) {
        return text.chars().allMatch(c -> c > ' ' && c < 0x7f);
    }
}
