package org.slipway.ip;

import io.netty.buffer.ByteBuf;
import org.jspecify.annotations.Nullable;
import org.slipway.loop.Loop;
import org.slipway.wire.ArpPacket;
import org.slipway.wire.DropReason;
import org.slipway.wire.IpAddress;
import org.slipway.wire.MacAddress;

/**
 * What one host hears by ARP (RFC 826). Answers for local addresses only. Learns from who asks for us, from who
 * announces itself, and from answers to our questions; other ARP only updates what is known. Nobody can claim an address
 * of ours.
 */
final class ArpInput {

    /** RFC 5227 2.4: DEFEND_INTERVAL, least time between two announcements against one who claims our address. */
    static final long DEFEND_NANOS = 10_000_000_000L;

    private final Loop loop;
    private final long mac;
    private final LocalAddresses locals;
    private final Neighbours neighbours;
    private final ArpOutput output;
    private SourceGuard guard = SourceGuard.NONE;
    private long defendedNanos;

    ArpInput(Loop loop, long mac, LocalAddresses locals, Neighbours neighbours, ArpOutput output) {
        this.loop = loop;
        this.mac = mac;
        this.locals = locals;
        this.neighbours = neighbours;
        this.output = output;
        defendedNanos = loop.nanoTime() - DEFEND_NANOS;
    }

    void guard(SourceGuard guard) {
        this.guard = guard;
    }

    /** Handles the ARP packet in the {@code available} bytes at {@code at}; returns why it was dropped, or null. */
    @Nullable
    DropReason receive(ByteBuf buf, int at, int available) {
        DropReason malformed = ArpPacket.check(buf, at, available);
        if (malformed != null) {
            return malformed;
        }
        ArpPacket packet = ArpPacket.parse(buf, at);
        if (locals.contains(packet.senderAddress())) {
            defend(packet.senderAddress());
            return DropReason.ARP_SPOOFED;
        }
        if (!isPlausible(packet)) {
            return DropReason.ARP_SPOOFED;
        }
        return packet.operation() == ArpPacket.REQUEST ? receiveRequest(packet) : receiveReply(packet);
    }

    private boolean isPlausible(ArpPacket packet) {
        long sender = packet.senderMac();
        if (sender == 0 || sender == mac || MacAddress.isGroup(sender)) {
            return false;
        }
        IpAddress address = packet.senderAddress();
        // A probe comes from nobody yet (RFC 5227 2.1.1).
        return address.isUnspecified()
                ? packet.operation() == ArpPacket.REQUEST
                : locals.isForeignUnicast(address) && guard.allows(address, sender);
    }

    private @Nullable DropReason receiveRequest(ArpPacket packet) {
        boolean forUs = locals.contains(packet.targetAddress());
        boolean announced = packet.isGratuitous() && !packet.senderAddress().isUnspecified();
        if (forUs || announced) {
            learn(packet);
        } else {
            neighbours.update(packet.senderAddress(), packet.senderMac());
        }
        if (forUs) {
            output.reply(packet.targetAddress(), packet.senderMac(), packet.senderAddress());
        }
        return forUs || announced ? null : DropReason.ARP_NOT_OURS;
    }

    private @Nullable DropReason receiveReply(ArpPacket packet) {
        if (packet.isGratuitous()) {
            learn(packet);
            return null;
        }
        return neighbours.update(packet.senderAddress(), packet.senderMac()) ? null : DropReason.ARP_UNSOLICITED;
    }

    private void learn(ArpPacket packet) {
        if (locals.isOnLink(packet.senderAddress())) {
            neighbours.learn(packet.senderAddress(), packet.senderMac());
        }
    }

    private void defend(IpAddress address) {
        long now = loop.nanoTime();
        if (now - defendedNanos >= DEFEND_NANOS) {
            defendedNanos = now;
            output.announce(address);
        }
    }
}
