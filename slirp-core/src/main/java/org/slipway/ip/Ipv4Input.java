package org.slipway.ip;

import io.netty.buffer.ByteBuf;
import org.jspecify.annotations.Nullable;
import org.slipway.lan.Frame;
import org.slipway.wire.DropCounters;
import org.slipway.wire.DropReason;
import org.slipway.wire.IcmpError;
import org.slipway.wire.IpAddress;
import org.slipway.wire.IpProtocol;
import org.slipway.wire.Ipv4Packet;

/** Takes IPv4 packets in: checks them, makes fragments whole, hands them to the upper protocols. */
final class Ipv4Input {

    private static final int LIMITED_BROADCAST = 0xffff_ffff;

    private final LocalAddresses locals;
    private final Reassembly reassembly;
    private final IcmpErrors errors;
    private final @Nullable IpProtocolHandler[] handlers;
    private final IpPacket packet;
    private SourceGuard guard = SourceGuard.NONE;
    private boolean forwarding;

    /** {@code handlers} are indexed by protocol, and filled by others. */
    Ipv4Input(
            DropCounters drops,
            LocalAddresses locals,
            Reassembly reassembly,
            IcmpErrors errors,
            @Nullable IpProtocolHandler[] handlers) {
        this.locals = locals;
        this.reassembly = reassembly;
        this.errors = errors;
        this.handlers = handlers;
        packet = new IpPacket(drops);
    }

    void forwarding(boolean forwarding) {
        this.forwarding = forwarding;
    }

    void guard(SourceGuard guard) {
        this.guard = guard;
    }

    /**
     * Handles the packet in the {@code available} bytes at {@code at}, which came in {@code frame}.
     *
     * @param toGroup whether the frame was sent to a group of stations
     * @return why the packet was dropped, or null if it was not or that is counted already
     */
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
        return forwarding || locals.contains(destination) ? null : DropReason.IP_NO_ROUTE;
    }

    private boolean isGoodSource(IpAddress source, IpAddress destination) {
        if (source.isUnspecified()) {
            // RFC 1122 3.2.1.3 (a): a host that does not know its address yet, asking DHCP.
            return destination.ipv4Bits() == LIMITED_BROADCAST && packet.protocol() == IpProtocol.UDP;
        }
        return locals.isForeignUnicast(source)
                && (!forwarding || locals.isOnLink(source))
                && guard.allows(source, packet.sourceMac());
    }

    private @Nullable DropReason reassemble(Frame frame, long sourceMac) {
        ByteBuf whole = reassembly.receive(packet);
        if (whole == null) {
            return reassembly.refusal();
        }
        try {
            packet.setIpv4(frame, whole, whole.readerIndex(), sourceMac, false);
            deliver();
        } finally {
            whole.release();
        }
        return null;
    }

    private void deliver() {
        IpProtocolHandler handler = handlers[packet.protocol()];
        if (handler != null) {
            handler.receive(packet);
            return;
        }
        packet.drop(DropReason.IP_PROTOCOL_UNKNOWN);
        errors.send(packet, IcmpError.PROTOCOL_UNREACHABLE, 0);
    }
}
