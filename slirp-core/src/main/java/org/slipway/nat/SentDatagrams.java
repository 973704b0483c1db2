package org.slipway.nat;

import io.netty.buffer.ByteBuf;
import java.net.InetSocketAddress;
import java.util.List;
import org.jspecify.annotations.Nullable;

/** The datagrams last sent, to tell which one the host refused, or to send it again: Netty does neither. */
final class SentDatagrams {

    /** A power of two, and as many as Netty hands to the kernel at once. */
    private static final int REMEMBERED = 64;

    private final @Nullable InetSocketAddress[] destinations = new @Nullable InetSocketAddress[REMEMBERED];
    private final int[] lengths = new int[REMEMBERED];
    private final @Nullable ByteBuf[] payloads = new @Nullable ByteBuf[REMEMBERED];
    private int count;

    /** How many of the last may have a payload here. */
    private int held;

    /** One more was queued. {@code payload}, which is borrowed, is kept until {@link #release} if {@code hold}. */
    void add(InetSocketAddress destination, ByteBuf payload, boolean hold) {
        int at = count++ & REMEMBERED - 1;
        release(at);
        destinations[at] = destination;
        lengths[at] = payload.readableBytes();
        payloads[at] = hold ? payload.retain() : null;
        held = Math.min(held + 1, REMEMBERED);
    }

    private void release(int at) {
        ByteBuf payload = payloads[at];
        if (payload != null) {
            payload.release();
            payloads[at] = null;
        }
    }

    /** Gives back the payloads that are held. */
    void release() {
        for (; held > 0; held--) {
            release(count - held & REMEMBERED - 1);
        }
    }

    /** Where the datagram went that {@code after} others followed, or null if that is forgotten. */
    @Nullable
    InetSocketAddress destination(int after) {
        return after < 0 || after >= REMEMBERED ? null : destinations[count - 1 - after & REMEMBERED - 1];
    }

    /** The payload of the datagram that {@code after} others followed, if it is held: borrowed. */
    @Nullable
    ByteBuf payload(int after) {
        return after < 0 || after >= REMEMBERED ? null : payloads[count - 1 - after & REMEMBERED - 1];
    }

    /**
     * The failure of the datagram that {@code after} others followed, or null if that is forgotten or {@code reason} (the
     * host's words) says nothing that the sender should know.
     */
    @Nullable
    UdpFailure failure(int after, String reason) {
        InetSocketAddress destination = destination(after);
        if (destination == null) {
            return null;
        }
        boolean ipv4 = destination.getAddress().getAddress().length == 4;
        int code = switch (reason) {
            // The last is a host's without an address of the family.
            case "Network is unreachable", "Cannot assign requested address" -> 0;
            case "No route to host", "Host is unreachable" -> ipv4 ? 1 : 3;
            case "Permission denied", "Operation not permitted" -> ipv4 ? 13 : 1;
            default -> -1;
        };
        return code < 0 ? null : new UdpFailure(ipv4 ? 3 : 1, code, 0, null, destination, length(after));
    }

    private int length(int after) {
        return lengths[count - 1 - after & REMEMBERED - 1];
    }

    /** The failure of the datagram that {@code after} others followed, if it is one of {@code failures} of the host's own. */
    @Nullable
    UdpFailure tooBig(int after, List<UdpFailure> failures) {
        InetSocketAddress destination = destination(after);
        for (UdpFailure failure : failures) {
            if (destination != null
                    && failure.isTooBigForHost()
                    && failure.destination().getAddress().equals(destination.getAddress())) {
                return new UdpFailure(
                        failure.icmpType(), failure.icmpCode(), failure.mtu(), null, destination, length(after));
            }
        }
        return null;
    }
}
