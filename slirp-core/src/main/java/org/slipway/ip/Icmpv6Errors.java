package org.slipway.ip;

import io.netty.buffer.ByteBuf;
import org.slipway.lan.Frame;
import org.slipway.wire.DropCounters;
import org.slipway.wire.IcmpError;
import org.slipway.wire.IcmpMessage;
import org.slipway.wire.Icmpv6Message;
import org.slipway.wire.IpAddress;
import org.slipway.wire.IpProtocol;
import org.slipway.wire.Ipv6Extensions;
import org.slipway.wire.Ipv6Packet;

/** The errors of ICMPv6, within the rules of RFC 4443 2.4. */
final class Icmpv6Errors extends IcmpErrors {

    /** RFC 4443 2.4 (c): as much as fits into the least MTU. */
    static final int MAX_QUOTE = Ipv6Packet.MIN_MTU - Ipv6Packet.HEADER_LENGTH - Icmpv6Message.HEADER_LENGTH;

    private final Ipv6Output output;
    private final Ipv6Extensions extensions = new Ipv6Extensions();

    Icmpv6Errors(DropCounters drops, LocalAddresses locals, RateLimiter limiter, Cause cause, Ipv6Output output) {
        super(false, MAX_QUOTE, drops, locals, limiter, cause);
        this.output = output;
    }

    /** RFC 4443 2.4 (e): what an error must not be sent about. */
    @Override
    boolean mayBeReported(ByteBuf cause, int at, int length, int type, int code) {
        if (length < Ipv6Packet.HEADER_LENGTH || isIcmpError(cause, at, length)) {
            return false;
        }
        return locals.isForeignUnicast(Ipv6Packet.source(cause, at))
                && (!Ipv6Packet.destination(cause, at).isMulticast() || isForMulticast(type, code));
    }

    /** RFC 4443 2.4 (e.3): path MTU discovery works for groups, and an option may ask for a report. */
    private static boolean isForMulticast(int type, int code) {
        return type == Icmpv6Message.PACKET_TOO_BIG
                || type == IcmpError.UNKNOWN_OPTION.type(false) && code == IcmpError.UNKNOWN_OPTION.code(false);
    }

    /** However bad its headers are (RFC 4443 2.4 (e.1)); of ICMPv6 what cannot be told counts as an error. */
    private boolean isIcmpError(ByteBuf cause, int at, int length) {
        extensions.skip(cause, at, length);
        int end = at + length;
        return extensions.protocol() == IpProtocol.ICMPV6
                && (extensions.upper() >= end || Icmpv6Message.isError(IcmpMessage.type(cause, extensions.upper())));
    }

    @Override
    IpAddress sourceOf(ByteBuf cause, int at) {
        return Ipv6Packet.source(cause, at);
    }

    @Override
    int typeOfService(ByteBuf cause, int at) {
        return Ipv6Packet.trafficClass(cause, at);
    }

    @Override
    boolean output(IpAddress source, IpAddress destination, int typeOfService, Frame upper) {
        ByteBuf icmp = upper.head();
        Icmpv6Message.writeChecksum(icmp, icmp.readerIndex(), icmp.readableBytes(), source, destination);
        int dscp = typeOfService & TYPE_OF_SERVICE_MASK;
        return output.send(IpHost.UNKNOWN, source, destination, IpProtocol.ICMPV6, TIME_TO_LIVE, dscp, false, upper);
    }
}
