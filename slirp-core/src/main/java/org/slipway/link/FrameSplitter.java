package org.slipway.link;

import io.netty.buffer.ByteBuf;
import io.netty.buffer.ByteBufAllocator;
import org.jspecify.annotations.Nullable;
import org.slipway.lan.Frame;
import org.slipway.lan.FrameReceiver;
import org.slipway.wire.DropCounters;
import org.slipway.wire.DropReason;
import org.slipway.wire.EthernetFrame;

/**
 * Cuts QEMU's byte stream into frames: a 32-bit big-endian length, then that many bytes, cut and joined anywhere. A frame
 * that lies whole in what was read is lent from there; only one that is split is copied.
 */
final class FrameSplitter {

    /** The longest frame that QEMU takes or sends (NET_BUFSIZE: 4096 + 65,536 bytes). */
    static final int MAX_FRAME_LENGTH = 69_632;

    /** Bytes of the length in front of a frame. */
    static final int PREFIX_LENGTH = 4;

    // A split frame's buffer starts with this and grows as bytes come: its length is only what the guest claims.
    private static final int INITIAL_PARTIAL = 2048;

    private final ByteBufAllocator allocator;
    private final DropCounters drops;
    private final Frame frame = new Frame();
    private @Nullable ByteBuf partial;
    private int prefix;
    private int prefixBytes;
    private int missing;
    private boolean skipping;
    private boolean closed;

    FrameSplitter(ByteBufAllocator allocator, DropCounters drops) {
        this.allocator = allocator;
        this.drops = drops;
    }

    /**
     * Hands the frames that end in {@code in} to {@code receiver} and remembers the rest. The caller keeps {@code in},
     * whose indices are undefined afterwards.
     *
     * @return the announced length, if it is more than a frame may have, after which the stream makes no sense; else 0
     */
    long read(ByteBuf in, FrameReceiver receiver) {
        int at = in.readerIndex();
        int end = in.writerIndex();
        while (at < end && !closed) {
            if (missing > 0) {
                int take = Math.min(missing, end - at);
                take(in, at, take, receiver);
                at += take;
            } else if (prefixBytes == 0 && end - at >= PREFIX_LENGTH) {
                if (!begin(in.getInt(at))) {
                    return in.getUnsignedInt(at);
                }
                at += PREFIX_LENGTH;
            } else {
                prefix = prefix << 8 | in.getUnsignedByte(at++);
                if (++prefixBytes == PREFIX_LENGTH) {
                    prefixBytes = 0;
                    if (!begin(prefix)) {
                        return Integer.toUnsignedLong(prefix);
                    }
                }
            }
        }
        return 0;
    }

    /** Forgets what is incomplete; nothing is handed on any more, not even from within {@link #read}. */
    void close() {
        closed = true;
        ByteBuf buf = partial;
        partial = null;
        if (buf != null) {
            buf.release();
        }
    }

    /** Begins a frame of {@code length} bytes, an unsigned number; false if that is too long. */
    private boolean begin(int length) {
        if (Integer.compareUnsigned(length, MAX_FRAME_LENGTH) > 0) {
            drops.count(DropReason.FRAME_TOO_LONG);
            return false;
        }
        missing = length;
        skipping = length < EthernetFrame.HEADER_LENGTH;
        if (skipping) {
            drops.count(length == 0 ? DropReason.FRAME_EMPTY : DropReason.FRAME_TRUNCATED);
        }
        return true;
    }

    /** Takes the next {@code length} bytes of the frame, at most those that are missing. */
    private void take(ByteBuf in, int at, int length, FrameReceiver receiver) {
        missing -= length;
        if (skipping) {
            return;
        }
        ByteBuf buf = partial;
        if (buf == null && missing == 0) {
            receiver.receive(frame.set(in.setIndex(at, at + length)));
            return;
        }
        if (buf == null) {
            buf = allocator.directBuffer(Math.max(INITIAL_PARTIAL, length), MAX_FRAME_LENGTH);
            partial = buf;
        }
        buf.writeBytes(in, at, length);
        if (missing == 0) {
            partial = null;
            try {
                receiver.receive(frame.set(buf));
            } finally {
                buf.release();
            }
        }
    }
}
