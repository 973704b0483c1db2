package org.slipway.ip;

import io.netty.buffer.ByteBuf;
import org.jspecify.annotations.Nullable;
import org.slipway.lan.Frame;
import org.slipway.wire.DropCounters;
import org.slipway.wire.DropReason;
import org.slipway.wire.IcmpError;
import org.slipway.wire.IpAddress;
import org.slipway.wire.IpProtocol;
import org.slipway.wire.Ipv6Extensions;
import org.slipway.wire.Ipv6Fragment;
import org.slipway.wire.Ipv6Packet;

/** Takes IPv6 packets in (RFC 8200), and tells the senders of what is wrong with their extension headers. */
final class Ipv6Input extends IpInput {

    private final Ipv6Extensions extensions = new Ipv6Extensions();

    Ipv6Input(DropCounters drops, LocalAddresses locals, Reassembly reassembly, IcmpErrors errors) {
        super(drops, locals, reassembly, errors);
        // RFC 8200 4.7.
        handler(IpProtocol.NO_NEXT_HEADER, none -> none.drop(DropReason.IP_NO_NEXT_HEADER));
    }

    @Override
    @Nullable
    DropReason receive(Frame frame, ByteBuf buf, int at, int available, long sourceMac, boolean toGroup) {
        DropReason bad = Ipv6Packet.check(buf, at, available);
        if (bad != null) {
            return bad;
        }
        DropReason badExtension = extensions.walk(buf, at);
        packet.setIpv6(frame, buf, at, extensions, sourceMac, frame.isChecksumVouched());
        bad = checkAddresses(toGroup);
        if (bad == null && badExtension != null) {
            report();
            bad = badExtension;
        }
        if (bad == null) {
            if (extensions.fragment() < 0) {
                deliver();
            } else if (isAtomic(buf)) {
                bad = deliverAtomic(frame, buf, at, sourceMac);
            } else {
                bad = receiveFragment(frame, sourceMac);
            }
        }
        packet.clear();
        return bad;
    }

    /** Tells the sender what the extension headers have for a problem, if it is to be told. */
    private void report() {
        IcmpError problem = extensions.problem();
        if (problem != null) {
            errors.send(packet, problem, extensions.pointer());
        }
    }

    private @Nullable DropReason checkAddresses(boolean toGroup) {
        IpAddress source = packet.source();
        IpAddress destination = packet.destination();
        if (!isGoodSource(source, destination)) {
            return DropReason.IP_BAD_SOURCE;
        }
        if (destination.isMulticast()) {
            return isForwarding() || isOurGroup(destination) ? null : DropReason.FRAME_NOT_FOR_US;
        }
        if (toGroup) {
            return DropReason.FRAME_NOT_FOR_US;
        }
        if (locals.contains(destination)) {
            return null;
        }
        if (!isForwarding() || destination.isUnspecified()) {
            return DropReason.IP_NO_ROUTE;
        }
        if (source.isLinkLocal()) {
            // RFC 4291 2.5.6: it does not leave the link.
            errors.send(packet, IcmpError.BEYOND_SCOPE, 0);
            return DropReason.IP_BAD_SOURCE;
        }
        return null;
    }

    private boolean isOurGroup(IpAddress group) {
        return group.equals(IpAddress.ALL_NODES) || locals.isSolicitedNode(group);
    }

    private boolean isGoodSource(IpAddress source, IpAddress destination) {
        if (source.isUnspecified()) {
            // RFC 4861, RFC 4862, RFC 3810: a host without an address asks for routers and whether an address is free.
            return destination.isMulticast() && packet.protocol() == IpProtocol.ICMPV6;
        }
        return isGoodUnicastSource(source);
    }

    /** A fragment that is a whole packet (RFC 6946). */
    private boolean isAtomic(ByteBuf buf) {
        int fragment = extensions.fragment();
        return Ipv6Fragment.offset(buf, fragment) == 0 && !Ipv6Fragment.more(buf, fragment);
    }

    /** RFC 6946 4: processed by itself, whatever other fragments there are. */
    private @Nullable DropReason deliverAtomic(Frame frame, ByteBuf buf, int at, long sourceMac) {
        DropReason bad = extensions.walkBehindFragment(buf, at);
        if (bad != null) {
            report();
            return bad;
        }
        packet.setIpv6Whole(frame, buf, at, extensions, sourceMac, frame.isChecksumVouched());
        deliver();
        return null;
    }

    private @Nullable DropReason receiveFragment(Frame frame, long sourceMac) {
        DropReason bad = checkFragment();
        return bad == null ? reassemble(frame, sourceMac) : bad;
    }

    @Override
    @Nullable
    DropReason receiveWhole(Frame frame, ByteBuf whole, long sourceMac) {
        DropReason bad = extensions.walk(whole, whole.readerIndex());
        if (bad == null && extensions.fragment() >= 0) {
            bad = DropReason.IP_FRAGMENT_BAD;
        }
        packet.setIpv6(frame, whole, whole.readerIndex(), extensions, sourceMac, false);
        packet.setReassembled();
        if (bad == null) {
            deliver();
        } else {
            report();
        }
        return bad;
    }

    private @Nullable DropReason checkFragment() {
        int fragment = extensions.fragment();
        if (packet.moreFragments() && packet.payloadLength() % 8 != 0) {
            // RFC 8200 4.5.
            errors.send(packet, IcmpError.PARAMETER_PROBLEM, Ipv6Packet.PAYLOAD_LENGTH);
            return DropReason.IP_FRAGMENT_BAD;
        }
        if (PartialPacket.wholeLength(packet) > Ipv6Packet.MAX_PAYLOAD_LENGTH) {
            int offsetField = fragment + Ipv6Fragment.OFFSET - packet.header();
            errors.send(packet, IcmpError.PARAMETER_PROBLEM, offsetField);
            return DropReason.IP_FRAGMENT_BAD;
        }
        if (packet.fragmentOffset() == 0) {
            return checkFirstFragment();
        }
        return null;
    }

    /** RFC 7112 5: all headers, the upper one included, are in the first fragment. */
    private @Nullable DropReason checkFirstFragment() {
        DropReason bad = extensions.walkBehindFragment(packet.buf(), packet.header());
        boolean complete = bad != DropReason.IP_MALFORMED
                && extensions.upper() + minLength(extensions.protocol()) <= packet.header() + packet.length();
        if (!complete) {
            errors.send(packet, IcmpError.INCOMPLETE_HEADERS, 0);
            return DropReason.IP_FRAGMENT_BAD;
        }
        if (bad != null) {
            report();
        }
        return bad;
    }

    private static int minLength(int protocol) {
        return switch (protocol) {
            case IpProtocol.TCP -> 20;
            case IpProtocol.UDP, IpProtocol.ICMPV6 -> 8;
            default -> 0;
        };
    }

    @Override
    int protocolField() {
        return extensions.nextHeaderAt() - packet.header();
    }
}
