package org.slipway.tcp;

import io.netty.buffer.ByteBuf;
import io.netty.buffer.ByteBufAllocator;
import java.util.ArrayList;
import java.util.List;
import org.slipway.wire.TcpOptions;

/**
 * Segments that came before their turn, sorted and without overlap. Their bytes are copied, so that one small segment does
 * not hold the large buffer that it was read into; out of order is rare.
 */
final class ReceiveAssembler {

    /** Most pieces held; with the receive window this bounds the memory. */
    static final int MAX_BLOCKS = 512;

    /** Segments in a row are put into one piece of up to as many bytes: many come behind one that was lost. */
    private static final int MAX_JOINED_BYTES = 65_536;

    private record Block(int start, ByteBuf bytes) {
        int end() {
            return start + bytes.readableBytes();
        }
    }

    private final ByteBufAllocator allocator;
    private final List<Block> blocks = new ArrayList<>(0);

    /** A sequence number in each of the ranges that came last, the latest first: the order of reports (RFC 2018 4). */
    private final int[] latest = new int[TcpOptions.MAX_SACK_BLOCKS];

    private int latestCount;
    private int held;

    ReceiveAssembler(ByteBufAllocator allocator) {
        this.allocator = allocator;
    }

    /** Of the last {@link #add}: the first part of it that was there already; empty if these are equal. */
    int doubledFrom;

    int doubledTo;

    /** Bytes held. */
    int bytes() {
        return held;
    }

    boolean isEmpty() {
        return blocks.isEmpty();
    }

    /** Keeps what is new in {@code length} bytes that start at sequence number {@code start}; false if it is full. */
    boolean add(int start, ByteBuf buf, int at, int length) {
        int from = start;
        int end = start + length;
        doubledFrom = start;
        doubledTo = start;
        int i = 0;
        while (from != end) {
            while (i < blocks.size() && Seq.atMost(blocks.get(i).end(), from)) {
                i++;
            }
            int to = i < blocks.size() ? Seq.min(end, blocks.get(i).start) : end;
            if (Seq.lessThan(from, to)) {
                if (!insert(i, from, buf, at + (from - start), to - from)) {
                    noteLatest(start);
                    return false;
                }
                from = to;
            } else {
                int heldTo = Seq.min(end, blocks.get(i).end());
                if (doubledFrom == doubledTo) {
                    doubledFrom = from;
                    doubledTo = heldTo;
                }
                from = heldTo;
            }
        }
        noteLatest(start);
        return true;
    }

    /** Puts {@code length} bytes before block {@code index}, at the end of the one before it if they follow on it. */
    private boolean insert(int index, int start, ByteBuf buf, int at, int length) {
        Block before = index == 0 ? null : blocks.get(index - 1);
        if (before != null && before.end() == start && before.bytes.readableBytes() + length <= MAX_JOINED_BYTES) {
            before.bytes.writeBytes(buf, at, length);
        } else if (blocks.size() < MAX_BLOCKS) {
            ByteBuf copy = allocator.directBuffer(length);
            copy.writeBytes(buf, at, length);
            blocks.add(index, new Block(start, copy));
        } else {
            return false;
        }
        held += length;
        return true;
    }

    /** The range of {@code seq} is the latest, if there is one; what else was noted of it goes. */
    private void noteLatest(int seq) {
        int index = rangeAt(seq);
        if (index < 0) {
            return;
        }
        int left = blocks.get(startOfRun(index)).start;
        int right = blocks.get(endOfRun(index)).end();
        int kept = 0;
        for (int i = 0; i < latestCount; i++) {
            if (!Seq.inWindow(latest[i], left, right - left)) {
                latest[kept++] = latest[i];
            }
        }
        kept = Math.min(kept, latest.length - 1);
        System.arraycopy(latest, 0, latest, 1, kept);
        latest[0] = seq;
        latestCount = kept + 1;
    }

    /** Hands the bytes that follow on {@code next} to {@code listener}; returns the sequence number behind them. */
    int deliver(int next, StreamListener listener) {
        int expected = next;
        while (!blocks.isEmpty() && Seq.atMost(blocks.get(0).start, expected)) {
            Block block = blocks.remove(0);
            held -= block.bytes.readableBytes();
            int skip = expected - block.start;
            int fresh = block.bytes.readableBytes() - skip;
            try {
                if (fresh > 0) {
                    expected += fresh;
                    listener.received(block.bytes, block.bytes.readerIndex() + skip, fresh);
                }
            } finally {
                block.bytes.release();
            }
        }
        return expected;
    }

    /** Adds what is held as SACK blocks: those that came last first (RFC 2018 4), then others from the first on. */
    void reportTo(TcpOptions options) {
        int before = options.sackCount;
        for (int i = 0; i < latestCount; i++) {
            addRange(options, before, rangeAt(latest[i]));
        }
        for (int i = 0; i < blocks.size() && options.sackCount < TcpOptions.MAX_SACK_BLOCKS; i = endOfRun(i) + 1) {
            addRange(options, before, i);
        }
    }

    /** Adds the range around block {@code index}, if there is one that is not reported yet; reports begin at {@code before}. */
    private void addRange(TcpOptions options, int before, int index) {
        if (index >= 0) {
            int left = blocks.get(startOfRun(index)).start;
            boolean reported = false;
            for (int i = before; i < options.sackCount; i++) {
                reported |= options.sackLeft(i) == left;
            }
            if (!reported) {
                options.addSack(left, blocks.get(endOfRun(index)).end());
            }
        }
    }

    private int rangeAt(int seq) {
        for (int i = 0; i < blocks.size(); i++) {
            if (Seq.atMost(blocks.get(i).start, seq)
                    && Seq.lessThan(seq, blocks.get(i).end())) {
                return i;
            }
        }
        return -1;
    }

    private int startOfRun(int index) {
        int first = index;
        while (first > 0 && blocks.get(first - 1).end() == blocks.get(first).start) {
            first--;
        }
        return first;
    }

    private int endOfRun(int index) {
        int last = index;
        while (last + 1 < blocks.size() && blocks.get(last).end() == blocks.get(last + 1).start) {
            last++;
        }
        return last;
    }

    /** Releases everything. */
    void clear() {
        blocks.forEach(block -> block.bytes.release());
        blocks.clear();
        held = 0;
    }
}
