package org.slipway.nat;

import java.net.InetSocketAddress;
import org.jspecify.annotations.Nullable;
import org.slipway.wire.IpAddress;

/**
 * A datagram did not arrive: an ICMP error came back, or the host refused to send. In the words of an ICMP error of the
 * destination's family (RFC 792, RFC 4443).
 *
 * @param icmpType 0 to 255
 * @param icmpCode 0 to 255
 * @param mtu for "packet too big", the largest size of an IP packet in bytes; otherwise 0
 * @param offender who sent the error; null if it was the host itself
 * @param destination of the datagram, as the host knows it; port 0 if the host did not send it and does not say
 * @param payloadLength bytes of data in the datagram; fewer, if the error quoted only the beginning of it
 * @param quote the beginning of these data, as far as the error quoted it: senders tell by it which datagram it was
 */
public record UdpFailure(
        int icmpType,
        int icmpCode,
        int mtu,
        @Nullable IpAddress offender,
        InetSocketAddress destination,
        int payloadLength,
        byte[] quote) {

    private static final byte[] NOTHING = {};

    /** A failure that quotes no data. */
    public UdpFailure(
            int icmpType,
            int icmpCode,
            int mtu,
            @Nullable IpAddress offender,
            InetSocketAddress destination,
            int payloadLength) {
        this(icmpType, icmpCode, mtu, offender, destination, payloadLength, NOTHING);
    }

    /** Whether the host itself did not send a datagram that was too big. */
    boolean isTooBigForHost() {
        return offender == null && mtu > 0;
    }
}
