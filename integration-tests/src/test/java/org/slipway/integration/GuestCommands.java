package org.slipway.integration;

/** Shell commands that several scenarios use. */
final class GuestCommands {

    /** Asks for a lease and configures the card. */
    static final String LEASE = "udhcpc -i eth0 -n -q";

    /** Brings the card up and waits until it has made an IPv6 address. */
    static final String AWAIT_IPV6 = "ip link set lo up; ip link set eth0 up; for i in $(seq 100); do "
            + "ip -6 address show dev eth0 scope global | grep inet6 | grep -qv tentative && exit 0; "
            + "usleep 100000; done; exit 1";

    private GuestCommands() {}

    /** Makes a file of 20 MiB that has never been before, and prints its SHA-256. */
    static String makeBulk(String file) {
        return "dd if=/dev/urandom of=" + file + " bs=1M count=20 2> /dev/null && sha256sum " + file;
    }

    /** Waits until something that was just started in the background listens on a TCP port. */
    static String awaitListener(int port) {
        return "for i in $(seq 100); do netstat -ltn | grep -q ':" + port + " ' && exit 0; usleep 20000; done; exit 1";
    }
}
