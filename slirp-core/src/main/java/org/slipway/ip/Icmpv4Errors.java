package org.slipway.ip;

import io.netty.buffer.ByteBuf;
import org.slipway.lan.Frame;
import org.slipway.wire.DropCounters;
import org.slipway.wire.IcmpMessage;
import org.slipway.wire.IpAddress;
import org.slipway.wire.IpProtocol;
import org.slipway.wire.Ipv4Packet;

/** The errors of ICMP, within the rules of RFC 1122 3.2.2 and RFC 1812 4.3.2. */
final class Icmpv4Errors extends IcmpErrors {

    /** RFC 1812 4.3.2.3: the error should not be longer than the 576 bytes that any host takes. */
    static final int MAX_QUOTE = 576 - Ipv4Packet.MIN_HEADER_LENGTH - IcmpMessage.HEADER_LENGTH;

    private final Ipv4Output output;

    Icmpv4Errors(DropCounters drops, LocalAddresses locals, RateLimiter limiter, Cause cause, Ipv4Output output) {
        super(true, MAX_QUOTE, drops, locals, limiter, cause);
        this.output = output;
    }

    /** RFC 1122 3.2.2: what an error must not be sent about. */
    @Override
    boolean mayBeReported(ByteBuf cause, int at, int length, int type, int code) {
        if (length < Ipv4Packet.MIN_HEADER_LENGTH
                || length < Ipv4Packet.headerLength(cause, at)
                || Ipv4Packet.fragmentOffset(cause, at) != 0) {
            return false;
        }
        IpAddress destination = Ipv4Packet.destination(cause, at);
        return !isIcmpError(cause, at, length)
                && !destination.isMulticast()
                && !locals.isBroadcast(destination)
                && locals.isForeignUnicast(Ipv4Packet.source(cause, at));
    }

    /** What is too short to tell counts as an error. */
    private static boolean isIcmpError(ByteBuf cause, int at, int length) {
        int headerLength = Ipv4Packet.headerLength(cause, at);
        return Ipv4Packet.protocol(cause, at) == IpProtocol.ICMP
                && (length <= headerLength || IcmpMessage.isError(IcmpMessage.type(cause, at + headerLength)));
    }

    @Override
    IpAddress sourceOf(ByteBuf cause, int at) {
        return Ipv4Packet.source(cause, at);
    }

    @Override
    int typeOfService(ByteBuf cause, int at) {
        return Ipv4Packet.typeOfService(cause, at);
    }

    @Override
    boolean output(IpAddress source, IpAddress destination, int typeOfService, Frame upper) {
        IcmpMessage.writeChecksum(
                upper.head(), upper.head().readerIndex(), upper.head().readableBytes());
        int dscp = typeOfService & TYPE_OF_SERVICE_MASK;
        return output.send(source, destination, IpProtocol.ICMP, TIME_TO_LIVE, dscp, false, upper);
    }
}
