package org.slipway.ip;

import io.netty.buffer.ByteBuf;
import io.netty.buffer.ByteBufUtil;
import io.netty.buffer.PooledByteBufAllocator;
import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;
import org.slipway.wire.Ipv4Packet;
import org.slipway.wire.Ipv6Extensions;
import org.slipway.wire.Ipv6Fragment;
import org.slipway.wire.Ipv6Packet;

/** The fragments of one packet that came so far, in the order of their offsets. */
final class PartialPacket {

    /** What a fragment costs besides its bytes: so that many small ones meet the bound, too. */
    static final int FRAGMENT_OVERHEAD = 256;

    /** A copy of one fragment; the reader index is at its IP header. */
    private record Fragment(int offset, int length, ByteBuf packet) {
        int end() {
            return offset + length;
        }

        int payload() {
            return packet.writerIndex() - length;
        }
    }

    /** When the last fragment came. */
    long lastNanos;

    /** To which share it counts. */
    final long share;

    private final IcmpErrors errors;
    private final long deadlineNanos;
    private final List<Fragment> fragments = new ArrayList<>();
    private int payloadLength = -1;
    private int received;
    private int bytes;
    private boolean spoilt;

    /** A packet that has to be whole at {@code deadlineNanos}, or {@code errors} are to tell of it. */
    PartialPacket(long share, IcmpErrors errors, long deadlineNanos) {
        this.share = share;
        this.errors = errors;
        this.deadlineNanos = deadlineNanos;
    }

    /** By what its sender is told if it does not become whole: those of its family. */
    IcmpErrors errors() {
        return errors;
    }

    /** When to give it up. */
    long deadlineNanos() {
        return deadlineNanos;
    }

    /** What it costs in memory. */
    int bytes() {
        return bytes;
    }

    /** Whether a bad fragment came, so that all others are bad, too. */
    boolean isSpoilt() {
        return spoilt;
    }

    /**
     * Adds a copy of a fragment of more than zero bytes, unless it is a duplicate. One that does not fit spoils the
     * packet.
     *
     * @return whether the fragment is good
     */
    boolean add(IpPacket fragment) {
        if (!admits(fragment)) {
            spoil();
            return false;
        }
        int offset = fragment.fragmentOffset();
        int index = indexFor(offset);
        if (!isCopy(index, fragment)) {
            fragments.add(index, copy(fragment, offset));
            received += fragment.payloadLength();
            bytes += fragment.length() + FRAGMENT_OVERHEAD;
            if (!fragment.moreFragments()) {
                payloadLength = offset + fragment.payloadLength();
            }
        }
        return true;
    }

    /** Whether the fragment can be of this packet: it lacks there, or is a copy of one that came. */
    boolean admits(IpPacket fragment) {
        if (spoilt || !fits(fragment)) {
            return false;
        }
        int offset = fragment.fragmentOffset();
        int index = indexFor(offset);
        boolean overlaps = index > 0 && fragments.get(index - 1).end() > offset
                || index < fragments.size() && fragments.get(index).offset < offset + fragment.payloadLength();
        return !overlaps || isCopy(index, fragment);
    }

    /** Whether the fragment ends where the packet can: within 65,535 bytes, and before or at its known end. */
    private boolean fits(IpPacket fragment) {
        if (wholeLength(fragment) > Ipv4Packet.MAX_LENGTH) {
            return false;
        }
        int end = fragment.fragmentOffset() + fragment.payloadLength();
        if (fragment.moreFragments()) {
            return payloadLength < 0 || end < payloadLength;
        }
        return payloadLength < 0 ? fragments.isEmpty() || last().end() < end : payloadLength == end;
    }

    /**
     * What the length field of the whole packet would have to hold if it ended with this fragment and had its headers: in
     * IPv6 the fixed header does not count, and the fragment header will be gone.
     */
    static int wholeLength(IpPacket fragment) {
        int headers = fragment.payload() - fragment.header();
        if (!fragment.isIpv4()) {
            headers -= Ipv6Packet.HEADER_LENGTH + Ipv6Fragment.LENGTH;
        }
        return headers + fragment.fragmentOffset() + fragment.payloadLength();
    }

    private Fragment last() {
        return fragments.get(fragments.size() - 1);
    }

    /** Where a fragment at {@code offset} belongs; most come in order, so the search starts at the end. */
    private int indexFor(int offset) {
        int index = fragments.size();
        while (index > 0 && fragments.get(index - 1).offset >= offset) {
            index--;
        }
        return index;
    }

    private boolean isCopy(int index, IpPacket fragment) {
        if (index == fragments.size()) {
            return false;
        }
        Fragment known = fragments.get(index);
        return known.offset == fragment.fragmentOffset()
                && known.length == fragment.payloadLength()
                && ByteBufUtil.equals(
                        known.packet, known.payload(), fragment.buf(), fragment.payload(), fragment.payloadLength());
    }

    private static Fragment copy(IpPacket fragment, int offset) {
        ByteBuf copy = PooledByteBufAllocator.DEFAULT.directBuffer(fragment.length());
        copy.writeBytes(fragment.buf(), fragment.header(), fragment.length());
        return new Fragment(offset, fragment.payloadLength(), copy);
    }

    private void spoil() {
        spoilt = true;
        release();
    }

    /** Whether nothing lacks. */
    boolean isWhole() {
        return payloadLength >= 0 && received == payloadLength;
    }

    /** The fragment with the first bytes of the payload, from its IP header on, or null. Still owned by this. */
    @Nullable
    ByteBuf firstFragment() {
        return fragments.isEmpty() || fragments.get(0).offset != 0 ? null : fragments.get(0).packet;
    }

    /** The whole packet in a buffer that the caller releases, or null if it is longer than a packet can be. */
    @Nullable
    ByteBuf assemble() {
        ByteBuf first = fragments.get(0).packet;
        try {
            return first.getUnsignedByte(first.readerIndex()) >>> 4 == 4 ? assembleIpv4(first) : assembleIpv6(first);
        } finally {
            release();
        }
    }

    private @Nullable ByteBuf assembleIpv4(ByteBuf first) {
        int headerLength = Ipv4Packet.headerLength(first, first.readerIndex());
        int length = headerLength + payloadLength;
        if (length > Ipv4Packet.MAX_LENGTH) {
            return null;
        }
        ByteBuf whole = join(first, headerLength);
        Ipv4Packet.rewriteFragment(whole, 0, length, 0);
        return whole;
    }

    /** RFC 8200 4.5: the headers in front of the first fragment's fragment header, and what that says comes next. */
    private @Nullable ByteBuf assembleIpv6(ByteBuf first) {
        int at = first.readerIndex();
        Ipv6Extensions extensions = new Ipv6Extensions();
        if (extensions.walk(first, at) != null || extensions.fragment() < 0) {
            return null;
        }
        int headersLength = extensions.fragment() - at;
        int length = headersLength - Ipv6Packet.HEADER_LENGTH + payloadLength;
        if (length > Ipv6Packet.MAX_PAYLOAD_LENGTH) {
            return null;
        }
        ByteBuf whole = join(first, headersLength);
        whole.setByte(extensions.nextHeaderAt() - at, Ipv6Fragment.nextHeader(first, extensions.fragment()));
        Ipv6Packet.rewritePayloadLength(whole, 0, length);
        return whole;
    }

    private ByteBuf join(ByteBuf first, int headersLength) {
        ByteBuf whole = PooledByteBufAllocator.DEFAULT.directBuffer(headersLength + payloadLength);
        whole.writeBytes(first, first.readerIndex(), headersLength);
        for (Fragment fragment : fragments) {
            whole.writeBytes(fragment.packet, fragment.payload(), fragment.length);
        }
        return whole;
    }

    /** Frees the fragments. */
    void release() {
        fragments.forEach(fragment -> fragment.packet.release());
        fragments.clear();
        bytes = 0;
    }
}
