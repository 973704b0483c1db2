package org.slipway.wire;

import io.netty.buffer.ByteBuf;
import org.jspecify.annotations.Nullable;

/**
 * Walks the extension headers of an IPv6 packet (RFC 8200 4): hop-by-hop options, destination options, routing, fragment.
 * An object that is used again for each packet; {@link #walk} or {@link #skip} first, then the others.
 *
 * <p>What the sender is to be told of (RFC 4443 3.4) is a {@link #problem}; everything else that is wrong is silent.
 */
public final class Ipv6Extensions {

    /** More headers than any sender has use for (RFC 8504 5.3 lets a host set a limit); hostile ones have hundreds. */
    public static final int MAX_HEADERS = 8;

    /** More options than any sender has use for, padding not counted (RFC 8504 5.3). */
    public static final int MAX_OPTIONS = 8;

    private static final int UNIT = 8;
    private static final int OPTION_PAD_1 = 0;
    private static final int OPTION_PAD_N = 1;
    private static final int ROUTING_TYPE = 2;
    private static final int SEGMENTS_LEFT = 3;

    private int protocol;
    private int upper;
    private int fragment;
    private int nextHeaderAt;
    private @Nullable IcmpError problem;
    private int pointer;

    /**
     * Walks from the header at {@code at}, for which {@link Ipv6Packet#check} returned null, to the upper header or the
     * fragment header.
     *
     * @return why the packet is to be dropped, or null
     */
    public @Nullable DropReason walk(ByteBuf buf, int at) {
        begin(buf, at);
        return walkFrom(buf, at, endOf(buf, at));
    }

    private void begin(ByteBuf buf, int at) {
        fragment = -1;
        problem = null;
        pointer = 0;
        nextHeaderAt = at + Ipv6Packet.NEXT_HEADER;
        protocol = Ipv6Packet.nextHeader(buf, at);
        upper = at + Ipv6Packet.HEADER_LENGTH;
    }

    private static int endOf(ByteBuf buf, int at) {
        return at + Ipv6Packet.HEADER_LENGTH + Ipv6Packet.payloadLength(buf, at);
    }

    /**
     * Walks on behind the fragment header of a first fragment: its headers up to the upper one must all be there (RFC 7112
     * 5). Afterwards {@link #protocol} and {@link #upper} are those of the upper header.
     */
    public @Nullable DropReason walkBehindFragment(ByteBuf buf, int at) {
        int header = fragment;
        protocol = Ipv6Fragment.nextHeader(buf, header);
        nextHeaderAt = header;
        upper = header + Ipv6Fragment.LENGTH;
        DropReason bad = walkFrom(buf, at, endOf(buf, at));
        return bad == null && fragment != header ? DropReason.IP_FRAGMENT_BAD : bad;
    }

    /**
     * Finds the upper header by the lengths of the headers alone, whatever is wrong with them, in the beginning of a packet
     * of which {@code available} bytes are at {@code at}, 40 at least. If it is not among them, or in another fragment,
     * {@link #upper} is their end, and {@link #protocol} what the last header names.
     */
    public void skip(ByteBuf buf, int at, int available) {
        int end = Math.min(at + available, endOf(buf, at));
        begin(buf, at);
        while (upper < end && isExtension(protocol)) {
            if (end - upper < UNIT) {
                upper = end;
                return;
            }
            boolean isFragment = protocol == IpProtocol.FRAGMENT;
            boolean elsewhere = isFragment && Ipv6Fragment.offset(buf, upper) != 0;
            int behind = upper + (isFragment ? Ipv6Fragment.LENGTH : length(buf));
            protocol = buf.getUnsignedByte(upper);
            upper = elsewhere ? end : Math.min(end, behind);
        }
    }

    private static boolean isExtension(int protocol) {
        return switch (protocol) {
            case IpProtocol.HOP_BY_HOP, IpProtocol.DESTINATION_OPTIONS, IpProtocol.ROUTING, IpProtocol.FRAGMENT -> true;
            default -> false;
        };
    }

    private @Nullable DropReason walkFrom(ByteBuf buf, int at, int end) {
        for (int headers = 0; ; headers++) {
            switch (protocol) {
                case IpProtocol.HOP_BY_HOP -> {
                    if (upper != at + Ipv6Packet.HEADER_LENGTH) {
                        // RFC 8200 4: it may only stand first.
                        return problem(IcmpError.PROTOCOL_UNREACHABLE, nextHeaderAt - at, DropReason.IP_BAD_EXTENSION);
                    }
                }
                case IpProtocol.DESTINATION_OPTIONS, IpProtocol.ROUTING -> {}
                case IpProtocol.FRAGMENT -> {
                    if (end - upper < Ipv6Fragment.LENGTH) {
                        return DropReason.IP_MALFORMED;
                    }
                    fragment = upper;
                    return null;
                }
                default -> {
                    return null;
                }
            }
            DropReason bad = headers == MAX_HEADERS ? DropReason.IP_BAD_EXTENSION : check(buf, at, end);
            if (bad != null) {
                return bad;
            }
            nextHeaderAt = upper;
            protocol = buf.getUnsignedByte(upper);
            upper += length(buf);
        }
    }

    /** Length of the header at {@link #upper} in bytes. */
    private int length(ByteBuf buf) {
        return (buf.getUnsignedByte(upper + 1) + 1) * UNIT;
    }

    private @Nullable DropReason check(ByteBuf buf, int at, int end) {
        if (end - upper < UNIT || end - upper < length(buf)) {
            return DropReason.IP_MALFORMED;
        }
        return protocol == IpProtocol.ROUTING ? checkRouting(buf, at) : checkOptions(buf, at);
    }

    /** No routing type is known here, and type 0 never will be (RFC 5095): refused if there is way to go (RFC 8200 4.4). */
    private @Nullable DropReason checkRouting(ByteBuf buf, int at) {
        return buf.getByte(upper + SEGMENTS_LEFT) == 0
                ? null
                : problem(IcmpError.PARAMETER_PROBLEM, upper + ROUTING_TYPE - at, DropReason.IP_BAD_OPTION);
    }

    private @Nullable DropReason checkOptions(ByteBuf buf, int at) {
        int end = upper + length(buf);
        int options = 0;
        for (int i = upper + 2; i < end; ) {
            int type = buf.getUnsignedByte(i);
            if (type == OPTION_PAD_1) {
                i++;
                continue;
            }
            if (end - i < 2 || end - i < 2 + buf.getUnsignedByte(i + 1)) {
                return DropReason.IP_BAD_EXTENSION;
            }
            if (type != OPTION_PAD_N) {
                DropReason unknown =
                        ++options > MAX_OPTIONS ? DropReason.IP_BAD_EXTENSION : checkOption(buf, at, i, type);
                if (unknown != null) {
                    return unknown;
                }
            }
            i += 2 + buf.getUnsignedByte(i + 1);
        }
        return null;
    }

    /** RFC 8200 4.2: no option is known here, so the two highest bits of each say what to do. */
    private @Nullable DropReason checkOption(ByteBuf buf, int at, int option, int type) {
        return switch (type >>> 6) {
            // Router alert (RFC 2711) among them, which says nothing to a host.
            case 0 -> null;
            case 1 -> DropReason.IP_BAD_OPTION;
            case 2 -> problem(IcmpError.UNKNOWN_OPTION, option - at, DropReason.IP_BAD_OPTION);
            default ->
                Ipv6Packet.destination(buf, at).isMulticast()
                        ? DropReason.IP_BAD_OPTION
                        : problem(IcmpError.UNKNOWN_OPTION, option - at, DropReason.IP_BAD_OPTION);
        };
    }

    private DropReason problem(IcmpError error, int offset, DropReason reason) {
        problem = error;
        pointer = offset;
        return reason;
    }

    /** The protocol of the upper header; {@link IpProtocol#FRAGMENT} if a fragment header came before. */
    public int protocol() {
        return protocol;
    }

    /** Index of the upper header, or of the fragment header. */
    public int upper() {
        return upper;
    }

    /** Index of the fragment header, or -1 if there is none. */
    public int fragment() {
        return fragment;
    }

    /** Index of the "next header" byte that names what stands at {@link #upper}. */
    public int nextHeaderAt() {
        return nextHeaderAt;
    }

    /** What to tell the sender of the packet that was to be dropped, or null if nothing. */
    public @Nullable IcmpError problem() {
        return problem;
    }

    /** Where the {@link #problem} is, in bytes from the packet's first. */
    public int pointer() {
        return pointer;
    }
}
