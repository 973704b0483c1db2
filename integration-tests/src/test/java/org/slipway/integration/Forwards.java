package org.slipway.integration;

import java.net.InetSocketAddress;
import java.util.Map;
import java.util.TreeMap;

/** Free ports of the host, one for each of {@link TestNetwork#FORWARDED}. */
final class Forwards {

    private final Map<Integer, InetSocketAddress> hostByGuest = new TreeMap<>();

    Forwards() {
        TestNetwork.FORWARDED.forEach(port -> hostByGuest.put(port, Environment.freePort()));
    }

    int to(int guestPort) {
        return local(guestPort).getPort();
    }

    InetSocketAddress local(int guestPort) {
        InetSocketAddress local = hostByGuest.get(guestPort);
        if (local == null) {
            throw new IllegalArgumentException("no forward leads to port " + guestPort);
        }
        return local;
    }

    /** As an option of {@code user}. */
    String option(int guestPort) {
        return "hostfwd=tcp:127.0.0.1:" + to(guestPort) + "-:" + guestPort;
    }
}
