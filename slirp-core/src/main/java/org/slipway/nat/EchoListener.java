package org.slipway.nat;

import io.netty.buffer.ByteBuf;
import org.jspecify.annotations.Nullable;
import org.slipway.wire.IpAddress;

/** Hears what comes back on an {@link EchoSocket}, on the network's loop. May close the socket from within. */
public interface EchoListener {

    /**
     * An echo reply came from the destination.
     *
     * @param sequence 0 to 65535
     * @param timeToLive of the packet as it arrived (the hop limit in IPv6), 0 to 255; or -1 if the host does not tell
     * @param payload what follows the echo header; borrowed: valid during this call, to be retained or copied by who needs it longer
     */
    void reply(int sequence, int timeToLive, ByteBuf payload);

    /**
     * An echo request did not arrive: an ICMP error came back, or the host refused to send.
     *
     * @param failure what the guest should be told
     */
    void failed(Failure failure);

    /**
     * Why an echo request did not arrive, in the words of an ICMP error of the destination's family (RFC 792, RFC 4443).
     *
     * @param icmpType 0 to 255
     * @param icmpCode 0 to 255
     * @param mtu for "packet too big", the largest size of an IP packet in bytes; otherwise 0
     * @param offender who sent the error; null if it was the host itself
     * @param sequence of the request, 0 to 65535; or -1 if the error did not quote it
     */
    record Failure(
            int icmpType, int icmpCode, int mtu, @Nullable IpAddress offender, int sequence) {}
}
