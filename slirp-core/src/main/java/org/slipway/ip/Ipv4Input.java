package org.slipway.ip;

import io.netty.buffer.ByteBuf;
import org.jspecify.annotations.Nullable;
import org.slipway.lan.Frame;
import org.slipway.wire.DropCounters;
import org.slipway.wire.DropReason;
import org.slipway.wire.IpAddress;
import org.slipway.wire.IpProtocol;
import org.slipway.wire.Ipv4Packet;

/** Takes IPv4 packets in (RFC 791, RFC 1122 3.2). */
final class Ipv4Input extends IpInput {

    private static final int LIMITED_BROADCAST = 0xffff_ffff;

    /** Where the protocol stands in the header. */
    private static final int PROTOCOL = 9;

    Ipv4Input(DropCounters drops, LocalAddresses locals, Reassembly reassembly, IcmpErrors errors) {
        super(drops, locals, reassembly, errors);
    }

    @Override
    @Nullable
    DropReason receive(Frame frame, ByteBuf buf, int at, int available, long sourceMac, boolean toGroup) {
        DropReason bad = Ipv4Packet.check(buf, at, available);
        if (bad == null && Ipv4Packet.headerLength(buf, at) > Ipv4Packet.MIN_HEADER_LENGTH) {
            bad = Ipv4Options.check(buf, at);
        }
        if (bad != null) {
            return bad;
        }
        packet.setIpv4(frame, buf, at, sourceMac, frame.isChecksumVouched());
        bad = checkAddresses(toGroup);
        if (bad == null) {
            if (Ipv4Packet.isFragment(buf, at)) {
                bad = reassemble(frame, sourceMac);
            } else {
                deliver();
            }
        }
        packet.clear();
        return bad;
    }

    private @Nullable DropReason checkAddresses(boolean toGroup) {
        IpAddress source = packet.source();
        IpAddress destination = packet.destination();
        if (!isGoodSource(source, destination)) {
            return DropReason.IP_BAD_SOURCE;
        }
        if (destination.isMulticast() || locals.isBroadcast(destination)) {
            return null;
        }
        if (toGroup) {
            // RFC 1122 3.3.6, RFC 1812 5.3.4: sent to all stations, yet for one host.
            return DropReason.FRAME_NOT_FOR_US;
        }
        return isForwarding() || locals.contains(destination) ? null : DropReason.IP_NO_ROUTE;
    }

    private boolean isGoodSource(IpAddress source, IpAddress destination) {
        boolean mayAskDhcp = destination.ipv4Bits() == LIMITED_BROADCAST && packet.protocol() == IpProtocol.UDP;
        if (source.isUnspecified()) {
            // RFC 1122 3.2.1.3 (a): a host that does not know its address yet.
            return mayAskDhcp;
        }
        // RFC 2131 4.3.2: a host in state REBINDING may have come from another network.
        return mayAskDhcp ? isGoodForeignSource(source) : isGoodUnicastSource(source);
    }

    @Override
    @Nullable
    DropReason receiveWhole(Frame frame, ByteBuf whole, long sourceMac) {
        packet.setIpv4(frame, whole, whole.readerIndex(), sourceMac, false);
        deliver();
        return null;
    }

    @Override
    int protocolField() {
        return PROTOCOL;
    }
}
