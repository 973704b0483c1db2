package org.slipway.ip;

import io.netty.buffer.ByteBuf;
import org.jspecify.annotations.Nullable;
import org.slipway.loop.Loop;
import org.slipway.wire.DropReason;
import org.slipway.wire.IcmpMessage;
import org.slipway.wire.Icmpv6Message;
import org.slipway.wire.IpAddress;
import org.slipway.wire.MacAddress;
import org.slipway.wire.NeighbourMessage;
import org.slipway.wire.RouterAdvertisement;
import org.slipway.wire.RouterSolicitation;

/**
 * What one host hears by neighbor discovery (RFC 4861). Answers for local addresses only, those that ask before they take
 * an address among them (RFC 4862 5.4). Learns from who asks for us and from answers to our questions. Nobody can claim an
 * address of ours.
 */
final class NdpInput implements IpProtocolHandler {

    private final Loop loop;
    private final long mac;
    private final LocalAddresses locals;
    private final Neighbours neighbours;
    private final NdpOutput output;
    private SourceGuard guard = SourceGuard.NONE;
    private @Nullable NdpListener listener;
    private long defendedNanos;

    NdpInput(Loop loop, long mac, LocalAddresses locals, Neighbours neighbours, NdpOutput output) {
        this.loop = loop;
        this.mac = mac;
        this.locals = locals;
        this.neighbours = neighbours;
        this.output = output;
        defendedNanos = loop.nanoTime() - ArpInput.DEFEND_NANOS;
    }

    void guard(SourceGuard guard) {
        this.guard = guard;
    }

    void listener(NdpListener listener) {
        this.listener = listener;
    }

    /** Handles an ICMPv6 message with a right checksum. */
    @Override
    public void receive(IpPacket packet) {
        DropReason refused = handle(packet);
        if (refused != null) {
            packet.drop(refused);
        }
    }

    private @Nullable DropReason handle(IpPacket packet) {
        // RFC 6980 5: fragments hide what they say from those who watch.
        if (packet.timeToLive() != NdpOutput.HOP_LIMIT || packet.wasFragmented()) {
            return DropReason.NDP_MALFORMED;
        }
        ByteBuf buf = packet.buf();
        int at = packet.payload();
        int length = packet.payloadLength();
        int type = IcmpMessage.type(buf, at);
        DropReason malformed = switch (type) {
            case Icmpv6Message.NEIGHBOUR_SOLICITATION, Icmpv6Message.NEIGHBOUR_ADVERTISEMENT ->
                NeighbourMessage.check(buf, at, length);
            case Icmpv6Message.ROUTER_SOLICITATION -> RouterSolicitation.check(buf, at, length);
            case Icmpv6Message.ROUTER_ADVERTISEMENT -> RouterAdvertisement.check(buf, at, length);
            // Whom a guest would send elsewhere: nobody here is led by hosts.
            default -> DropReason.NDP_UNSOLICITED;
        };
        if (malformed != null) {
            return malformed;
        }
        return switch (type) {
            case Icmpv6Message.NEIGHBOUR_SOLICITATION -> solicited(packet, NeighbourMessage.parse(buf, at, length));
            case Icmpv6Message.NEIGHBOUR_ADVERTISEMENT -> advertised(packet, NeighbourMessage.parse(buf, at, length));
            case Icmpv6Message.ROUTER_SOLICITATION ->
                routerSolicited(packet, RouterSolicitation.parse(buf, at, length));
            default -> routerAdvertised(packet, RouterAdvertisement.parse(buf, at, length));
        };
    }

    private @Nullable DropReason solicited(IpPacket packet, NeighbourMessage message) {
        IpAddress target = message.target();
        if (packet.source().isUnspecified()) {
            return probed(packet, message);
        }
        if (!locals.contains(target)) {
            return DropReason.NDP_NOT_OURS;
        }
        DropReason refused = learn(packet.source(), message.linkLayerAddress());
        if (refused == null) {
            long asker = message.linkLayerAddress() < 0 ? packet.sourceMac() : message.linkLayerAddress();
            output.reply(target, packet.source(), asker);
        }
        return refused;
    }

    /** Somebody is about to take an address, and asks whether it is free (RFC 4862 5.4). */
    private @Nullable DropReason probed(IpPacket packet, NeighbourMessage message) {
        // RFC 4861 7.1.1.
        if (!packet.destination().equals(message.target().solicitedNode()) || message.linkLayerAddress() >= 0) {
            return DropReason.NDP_MALFORMED;
        }
        if (contested(message.target())) {
            return null;
        }
        if (!locals.contains(message.target())) {
            return DropReason.NDP_NOT_OURS;
        }
        output.announce(message.target());
        return null;
    }

    /** Whether {@code target} is one that we were about to take; if so, the listener hears of it. */
    private boolean contested(IpAddress target) {
        boolean wanted = locals.isTentative(target);
        NdpListener told = listener;
        if (wanted && told != null) {
            told.addressContested(target);
        }
        return wanted;
    }

    private @Nullable DropReason advertised(IpPacket packet, NeighbourMessage message) {
        boolean solicited = (message.flags() & NeighbourMessage.SOLICITED) != 0;
        if (packet.source().isUnspecified() || solicited && packet.destination().isMulticast()) {
            return DropReason.NDP_MALFORMED;
        }
        IpAddress target = message.target();
        if (locals.contains(target)) {
            defend(target);
            return DropReason.NDP_SPOOFED;
        }
        if (contested(target)) {
            return null;
        }
        long known = neighbours.peek(target);
        // RFC 4861 7.2.5: without the address, it can only confirm what is known.
        long told = message.linkLayerAddress() < 0 ? known : message.linkLayerAddress();
        if (told == IpHost.UNKNOWN) {
            return DropReason.NDP_UNSOLICITED;
        }
        if (!isPlausible(target, told)) {
            return DropReason.NDP_SPOOFED;
        }
        boolean override = (message.flags() & NeighbourMessage.OVERRIDE) != 0;
        if (known != IpHost.UNKNOWN && known != told && !override) {
            return DropReason.NDP_UNSOLICITED;
        }
        return neighbours.update(target, told) ? null : DropReason.NDP_UNSOLICITED;
    }

    private @Nullable DropReason routerSolicited(IpPacket packet, RouterSolicitation message) {
        boolean unspecified = packet.source().isUnspecified();
        if (unspecified && message.linkLayerAddress() >= 0) {
            // RFC 4861 6.1.1.
            return DropReason.NDP_MALFORMED;
        }
        NdpListener told = listener;
        if (told == null) {
            return DropReason.NDP_UNSOLICITED;
        }
        DropReason refused = unspecified ? null : learn(packet.source(), message.linkLayerAddress());
        if (refused == null) {
            told.routerSolicited(packet.source(), packet.sourceMac());
        }
        return refused;
    }

    private @Nullable DropReason routerAdvertised(IpPacket packet, RouterAdvertisement message) {
        if (!packet.source().isLinkLocal()) {
            // RFC 4861 6.1.2.
            return DropReason.NDP_MALFORMED;
        }
        NdpListener told = listener;
        if (told == null) {
            return DropReason.NDP_UNSOLICITED;
        }
        DropReason refused = learn(packet.source(), message.linkLayerAddress());
        if (refused != null) {
            return refused;
        }
        return told.routerAdvertised(packet.source(), message) ? null : DropReason.NDP_UNSOLICITED;
    }

    /** Notes that {@code station} has {@code address}; -1 tells nothing. Returns why that cannot be, or null. */
    private @Nullable DropReason learn(IpAddress address, long station) {
        if (station < 0) {
            return null;
        }
        if (!isPlausible(address, station)) {
            return DropReason.NDP_SPOOFED;
        }
        if (locals.isOnLink(address)) {
            neighbours.learn(address, station);
        }
        return null;
    }

    private boolean isPlausible(IpAddress address, long station) {
        return station != 0
                && station != mac
                && !MacAddress.isGroup(station)
                && locals.isForeignUnicast(address)
                && guard.allows(address, station);
    }

    private void defend(IpAddress address) {
        long now = loop.nanoTime();
        if (now - defendedNanos >= ArpInput.DEFEND_NANOS) {
            defendedNanos = now;
            output.announce(address);
        }
    }
}
