package org.slipway.ip;

import io.netty.buffer.ByteBuf;
import io.netty.buffer.PooledByteBufAllocator;
import org.slipway.lan.Frame;
import org.slipway.loop.Loop;
import org.slipway.wire.DropCounters;
import org.slipway.wire.DropReason;
import org.slipway.wire.IcmpMessage;
import org.slipway.wire.IpAddress;
import org.slipway.wire.IpProtocol;
import org.slipway.wire.Ipv4Packet;

/** Sends ICMP errors, within the rules of RFC 1122 3.2.2 and RFC 1812 4.3.2, and not too many. */
final class IcmpErrors {

    /** RFC 1812 4.3.2.3: the error should not be longer than the 576 bytes that any host takes. */
    static final int MAX_QUOTE = 576 - Ipv4Packet.MIN_HEADER_LENGTH - IcmpMessage.HEADER_LENGTH;

    /** RFC 1812 4.2.2.9: the initial time to live of what a router originates; the recommended 64. */
    static final int TIME_TO_LIVE = 64;

    /** RFC 1812 4.3.2.5: the type of service of the packet in question; but ECN is not for ICMP (RFC 3168 5). */
    private static final int TYPE_OF_SERVICE_MASK = 0xfc;

    private final DropCounters drops;
    private final LocalAddresses locals;
    private final Ipv4Output output;
    private final RateLimiter limiter;
    private final Frame frame = new Frame();

    IcmpErrors(Loop loop, DropCounters drops, LocalAddresses locals, Ipv4Output output) {
        this.drops = drops;
        this.locals = locals;
        this.output = output;
        limiter = new RateLimiter(loop);
    }

    /** Who tells {@code peer} of a packet that was for {@code destination}: that, if it is local, or a router. */
    IpAddress sourceFor(IpAddress peer, IpAddress destination) {
        return locals.contains(destination) ? destination : locals.sourceFor(peer);
    }

    /** See {@link IpHost#icmpError}. */
    boolean send(IpPacket cause, int type, int code, int restOfHeader, IpAddress source) {
        return send(cause.buf(), cause.header(), cause.length(), type, code, restOfHeader, source);
    }

    /** See {@link IpHost#icmpError}. */
    boolean send(ByteBuf cause, int at, int length, int type, int code, int restOfHeader, IpAddress source) {
        if (source.isUnspecified() || !mayBeReported(cause, at, length)) {
            return false;
        }
        IpAddress destination = Ipv4Packet.source(cause, at);
        if (!limiter.take(destination)) {
            drops.count(DropReason.ICMP_RATE_LIMITED);
            return false;
        }
        int quote = Math.min(length, MAX_QUOTE);
        int icmp = IpHost.HEADER_ROOM;
        ByteBuf buf = PooledByteBufAllocator.DEFAULT.directBuffer(icmp + IcmpMessage.HEADER_LENGTH + quote);
        try {
            buf.setIndex(icmp, icmp + IcmpMessage.HEADER_LENGTH + quote);
            IcmpMessage.write(buf, icmp, type, code, restOfHeader);
            cause.getBytes(at, buf, icmp + IcmpMessage.HEADER_LENGTH, quote);
            IcmpMessage.writeChecksum(buf, icmp, buf.readableBytes());
            int typeOfService = Ipv4Packet.typeOfService(cause, at) & TYPE_OF_SERVICE_MASK;
            return output.send(
                    source, destination, IpProtocol.ICMP, TIME_TO_LIVE, typeOfService, false, frame.set(buf));
        } finally {
            buf.release();
        }
    }

    /** RFC 1122 3.2.2: what an error must not be sent about. */
    private boolean mayBeReported(ByteBuf cause, int at, int length) {
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
}
