package org.slipway.ip;

import io.netty.buffer.ByteBuf;
import org.jspecify.annotations.Nullable;
import org.slipway.lan.Frame;
import org.slipway.wire.DropCounters;
import org.slipway.wire.DropReason;
import org.slipway.wire.IcmpError;
import org.slipway.wire.IpAddress;

/** Takes the packets of one family in: checks them, makes fragments whole, hands them to the upper protocols. */
abstract class IpInput {

    final LocalAddresses locals;
    final IcmpErrors errors;
    final IpPacket packet;
    private final Reassembly reassembly;
    private final @Nullable IpProtocolHandler[] handlers = new @Nullable IpProtocolHandler[256];
    private SourceGuard guard = SourceGuard.NONE;
    private boolean forwarding;

    IpInput(DropCounters drops, LocalAddresses locals, Reassembly reassembly, IcmpErrors errors) {
        this.locals = locals;
        this.reassembly = reassembly;
        this.errors = errors;
        packet = new IpPacket(drops);
    }

    /** See {@link IpHost#handler}. */
    final void handler(int protocol, IpProtocolHandler handler) {
        handlers[protocol] = handler;
    }

    /** See {@link IpHost#forwarding}. */
    final void forwarding(boolean forwarding) {
        this.forwarding = forwarding;
    }

    final boolean isForwarding() {
        return forwarding;
    }

    /** See {@link IpHost#guard}. */
    final void guard(SourceGuard guard) {
        this.guard = guard;
    }

    /**
     * Handles the packet in the {@code available} bytes at {@code at}, which came in {@code frame}.
     *
     * @param toGroup whether the frame was sent to a group of stations
     * @return why the packet was dropped, or null if it was not or that is counted already
     */
    abstract @Nullable DropReason receive(
            Frame frame, ByteBuf buf, int at, int available, long sourceMac, boolean toGroup);

    /** Whether the station that sent the packet may have {@code source}: a router takes packets of its own networks only. */
    final boolean isGoodUnicastSource(IpAddress source) {
        return (!forwarding || locals.isOnLink(source)) && isGoodForeignSource(source);
    }

    /** As {@link #isGoodUnicastSource}, of whatever network. */
    final boolean isGoodForeignSource(IpAddress source) {
        return locals.isForeignUnicast(source) && guard.allows(source, packet.sourceMac());
    }

    /** Handles the packet, which is a fragment of a larger one; returns as {@link #receive}. */
    final @Nullable DropReason reassemble(Frame frame, long sourceMac) {
        ByteBuf whole = reassembly.receive(packet, errors);
        if (whole == null) {
            return reassembly.refusal();
        }
        try {
            return receiveWhole(frame, whole, sourceMac);
        } finally {
            whole.release();
        }
    }

    /** Handles the packet at the reader index of {@code whole}, of which {@code frame} was the last fragment to come. */
    abstract @Nullable DropReason receiveWhole(Frame frame, ByteBuf whole, long sourceMac);

    /** Hands the packet to its upper protocol. */
    final void deliver() {
        IpProtocolHandler handler = handlers[packet.protocol()];
        if (handler != null) {
            handler.receive(packet);
            return;
        }
        packet.drop(DropReason.IP_PROTOCOL_UNKNOWN);
        errors.send(packet, IcmpError.PROTOCOL_UNREACHABLE, protocolField());
    }

    /** What {@link IcmpError#PROTOCOL_UNREACHABLE} tells of the packet: where the field is that names its protocol. */
    abstract int protocolField();

    /** Frees fragments that wait for others. */
    final void close() {
        reassembly.close();
    }
}
