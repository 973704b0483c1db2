package org.slipway.nat;

import java.net.InetSocketAddress;
import org.jspecify.annotations.Nullable;

/** Where the datagrams last sent went, to tell which one the host refused: Netty does not say. */
final class SentDatagrams {

    /** A power of two, and as many as Netty hands to the kernel at once. */
    private static final int REMEMBERED = 64;

    private final @Nullable InetSocketAddress[] destinations = new @Nullable InetSocketAddress[REMEMBERED];
    private final int[] lengths = new int[REMEMBERED];
    private int count;

    /** One more was queued, with so many bytes of data. */
    void add(InetSocketAddress destination, int length) {
        int at = count++ & REMEMBERED - 1;
        destinations[at] = destination;
        lengths[at] = length;
    }

    /**
     * The failure of the datagram that {@code after} others followed, or null if that is forgotten or {@code reason} (the
     * host's words) says nothing that the sender should know.
     */
    @Nullable
    UdpFailure failure(int after, String reason) {
        int at = count - 1 - after & REMEMBERED - 1;
        InetSocketAddress destination = after < 0 || after >= REMEMBERED ? null : destinations[at];
        if (destination == null) {
            return null;
        }
        boolean ipv4 = destination.getAddress().getAddress().length == 4;
        int code = switch (reason) {
            case "Network is unreachable" -> 0;
            case "No route to host", "Host is unreachable" -> ipv4 ? 1 : 3;
            case "Permission denied", "Operation not permitted" -> ipv4 ? 13 : 1;
            default -> -1;
        };
        return code < 0 ? null : new UdpFailure(ipv4 ? 3 : 1, code, 0, null, destination, lengths[at]);
    }
}
