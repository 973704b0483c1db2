package org.slipway.ip;

import io.netty.buffer.ByteBuf;
import io.netty.buffer.PooledByteBufAllocator;
import org.slipway.lan.Frame;
import org.slipway.wire.DropCounters;
import org.slipway.wire.DropReason;
import org.slipway.wire.IcmpError;
import org.slipway.wire.IcmpMessage;
import org.slipway.wire.IpAddress;

/** Sends the ICMP errors of one family, about packets of which the family allows it, and not too many. */
abstract class IcmpErrors {

    /** RFC 1812 4.2.2.9: the initial time to live of what a router originates; the recommended 64. */
    static final int TIME_TO_LIVE = 64;

    /** RFC 1812 4.3.2.5: the type of service of the packet in question; but ECN is not for ICMP (RFC 3168 5). */
    static final int TYPE_OF_SERVICE_MASK = 0xfc;

    final LocalAddresses locals;
    private final boolean ipv4;
    private final int maxQuote;
    private final DropCounters drops;
    private final RateLimiter limiter;
    private final Cause cause;
    private final Frame frame = new Frame();

    /** {@code maxQuote} bytes of the packet in question are quoted at most. */
    IcmpErrors(
            boolean ipv4, int maxQuote, DropCounters drops, LocalAddresses locals, RateLimiter limiter, Cause cause) {
        this.ipv4 = ipv4;
        this.maxQuote = maxQuote;
        this.drops = drops;
        this.locals = locals;
        this.limiter = limiter;
        this.cause = cause;
    }

    /** Who tells {@code peer} of a packet that was for {@code destination}: that, if it is local, or a router. */
    final IpAddress sourceFor(IpAddress peer, IpAddress destination) {
        return locals.contains(destination) ? destination : locals.sourceFor(peer);
    }

    /** Tells of {@code about} what {@link IcmpError} says, from who {@link #sourceFor} is. */
    final boolean send(IpPacket about, IcmpError error, int value) {
        return send(about, error, value, sourceFor(about.source(), about.destination()));
    }

    /** See {@link IpHost#icmpError}. */
    final boolean send(IpPacket about, IcmpError error, int value, IpAddress source) {
        return send(about.buf(), about.header(), about.length(), error, value, source);
    }

    /** See {@link IpHost#icmpError}. */
    final boolean send(ByteBuf about, int at, int length, IcmpError error, int value, IpAddress source) {
        return send(about, at, length, error.type(ipv4), error.code(ipv4), error.restOfHeader(ipv4, value), source);
    }

    /** See {@link IpHost#icmpError}. */
    final boolean send(ByteBuf about, int at, int length, int type, int code, int restOfHeader, IpAddress source) {
        if (source.isUnspecified() || source.isIpv4() != ipv4 || !mayBeReported(about, at, length, type, code)) {
            return false;
        }
        if (!limiter.take(cause.share())) {
            drops.count(DropReason.ICMP_RATE_LIMITED);
            return false;
        }
        int quote = Math.min(length, maxQuote);
        int icmp = IpHost.HEADER_ROOM;
        ByteBuf buf = PooledByteBufAllocator.DEFAULT.directBuffer(icmp + IcmpMessage.HEADER_LENGTH + quote);
        try {
            buf.setIndex(icmp, icmp + IcmpMessage.HEADER_LENGTH + quote);
            IcmpMessage.write(buf, icmp, type, code, restOfHeader);
            about.getBytes(at, buf, icmp + IcmpMessage.HEADER_LENGTH, quote);
            return output(source, sourceOf(about, at), typeOfService(about, at), frame.set(buf));
        } finally {
            buf.release();
        }
    }

    /** Whether an error of this type and code may be sent about the packet of which {@code length} bytes are at {@code at}. */
    abstract boolean mayBeReported(ByteBuf cause, int at, int length, int type, int code);

    /** The source of the packet at {@code at}. */
    abstract IpAddress sourceOf(ByteBuf cause, int at);

    /** DSCP and ECN of the packet at {@code at}. */
    abstract int typeOfService(ByteBuf cause, int at);

    /** Completes the checksum of the ICMP message in {@code upper} and sends it. */
    abstract boolean output(IpAddress source, IpAddress destination, int typeOfService, Frame upper);
}
