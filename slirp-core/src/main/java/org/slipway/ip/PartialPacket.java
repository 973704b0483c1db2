package org.slipway.ip;

import io.netty.buffer.ByteBuf;
import io.netty.buffer.ByteBufUtil;
import io.netty.buffer.PooledByteBufAllocator;
import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;
import org.slipway.wire.Ipv4Packet;

/** The fragments of one IPv4 packet that came so far, in the order of their offsets. */
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

    private final long deadlineNanos;
    private final List<Fragment> fragments = new ArrayList<>();
    private int payloadLength = -1;
    private int received;
    private int bytes;
    private boolean spoilt;

    PartialPacket(long deadlineNanos) {
        this.deadlineNanos = deadlineNanos;
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
        if (spoilt || !fits(fragment)) {
            spoil();
            return false;
        }
        int offset = Ipv4Packet.fragmentOffset(fragment.buf(), fragment.header());
        int end = offset + fragment.payloadLength();
        int index = indexFor(offset);
        if (index < fragments.size() && isCopy(fragments.get(index), fragment, offset)) {
            return true;
        }
        boolean overlaps = index > 0 && fragments.get(index - 1).end() > offset
                || index < fragments.size() && fragments.get(index).offset < end;
        if (overlaps) {
            spoil();
            return false;
        }
        fragments.add(index, copy(fragment, offset));
        received += fragment.payloadLength();
        bytes += fragment.length() + FRAGMENT_OVERHEAD;
        if (!Ipv4Packet.moreFragments(fragment.buf(), fragment.header())) {
            payloadLength = end;
        }
        return true;
    }

    /** Whether the fragment ends where the packet can: within 65,535 bytes, and before or at its known end. */
    private boolean fits(IpPacket fragment) {
        int end = Ipv4Packet.fragmentOffset(fragment.buf(), fragment.header()) + fragment.payloadLength();
        if (end + fragment.payload() - fragment.header() > Ipv4Packet.MAX_LENGTH) {
            return false;
        }
        if (Ipv4Packet.moreFragments(fragment.buf(), fragment.header())) {
            return payloadLength < 0 || end < payloadLength;
        }
        return payloadLength < 0 ? fragments.isEmpty() || last().end() < end : payloadLength == end;
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

    private static boolean isCopy(Fragment known, IpPacket fragment, int offset) {
        return known.offset == offset
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
        int headerLength = Ipv4Packet.headerLength(first, first.readerIndex());
        int length = headerLength + payloadLength;
        try {
            if (length > Ipv4Packet.MAX_LENGTH) {
                return null;
            }
            ByteBuf whole = PooledByteBufAllocator.DEFAULT.directBuffer(length);
            whole.writeBytes(first, first.readerIndex(), headerLength);
            for (Fragment fragment : fragments) {
                whole.writeBytes(fragment.packet, fragment.payload(), fragment.length);
            }
            Ipv4Packet.rewriteFragment(whole, 0, length, 0);
            return whole;
        } finally {
            release();
        }
    }

    /** Frees the fragments. */
    void release() {
        fragments.forEach(fragment -> fragment.packet.release());
        fragments.clear();
        bytes = 0;
    }
}
