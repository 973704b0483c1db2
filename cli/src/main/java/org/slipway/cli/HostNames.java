package org.slipway.cli;

import java.net.Inet4Address;
import java.net.InetAddress;
import java.net.UnknownHostException;
import java.util.regex.Pattern;
import org.slipway.wire.IpAddress;

/** Turns the host names of PORT strings into addresses, once, at the start. */
@FunctionalInterface
interface HostNames {

    /** Which addresses will do. */
    enum Family {
        IPV4,
        IPV6,
        ANY;

        boolean takes(InetAddress address) {
            return this == ANY || address instanceof Inet4Address == (this == IPV4);
        }
    }

    /** What ends in a number is meant as an IPv4 address: no name's last label is (RFC 3696 2), and none need be asked for. */
    Pattern ENDS_IN_NUMBER = Pattern.compile("(.*\\.)?[0-9]+\\.?");

    /** All addresses of a name. */
    InetAddress[] lookUp(String name) throws UnknownHostException;

    /** Asks the system's resolver. */
    static HostNames ofSystem() {
        return HostNames::askSystem;
    }

    // The one place that may block on a name: nothing runs yet.
    @BlocksOnNames
    private static InetAddress[] askSystem(String name) throws UnknownHostException {
        return InetAddress.getAllByName(name);
    }

    /** The first address of {@code host}, a literal (brackets allowed) or a name, that is of {@code family}. */
    default InetAddress resolve(String host, Family family, PortOptions options) {
        boolean bracketed = host.startsWith("[") && host.endsWith("]");
        String bare = bracketed ? host.substring(1, host.length() - 1) : host;
        IpAddress literal = Literals.ip(bare);
        boolean namesAllowed = !Boolean.TRUE.equals(options.flag("addr.numeric"));
        try {
            InetAddress[] candidates = literal != null
                    ? new InetAddress[] {literal.toInetAddress()}
                    : bare.isEmpty()
                                    || bracketed
                                    || !namesAllowed
                                    || ENDS_IN_NUMBER.matcher(bare).matches()
                            ? new InetAddress[0]
                            : lookUp(bare);
            for (InetAddress candidate : candidates) {
                if (family.takes(candidate)) {
                    return candidate;
                }
            }
        } catch (UnknownHostException e) {
            throw options.error("can't resolve host address '" + host + "'");
        }
        throw options.error("can't resolve host address '" + host + "'"
                + (family == Family.ANY ? "" : " as " + (family == Family.IPV4 ? "IPv4" : "IPv6")));
    }
}
