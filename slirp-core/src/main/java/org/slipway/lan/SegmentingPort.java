package org.slipway.lan;

import io.netty.buffer.ByteBuf;
import io.netty.buffer.PooledByteBufAllocator;
import org.jspecify.annotations.Nullable;
import org.slipway.wire.DropCounters;
import org.slipway.wire.DropReason;

/**
 * A port around a port whose device takes ready frames only: cuts large TCP packets and completes checksums, so that the
 * inner port sees frames exactly as they will be on the wire. It pads nothing. Frames that are ready pass untouched.
 */
public final class SegmentingPort implements Port {

    // Room for one frame of an ordinary MTU; grows for larger ones.
    private static final int INITIAL_BYTES = 2048;

    private final Port inner;
    private final DropCounters drops;
    private final Segmenter segmenter = new Segmenter();
    private final Frame ready = new Frame();
    private @Nullable ByteBuf spare;
    private boolean closed;

    /** A port around {@code inner}, which is closed with it. */
    public SegmentingPort(Port inner, DropCounters drops) {
        this.inner = inner;
        this.drops = drops;
    }

    @Override
    public void send(Frame frame) {
        if (frame.segmentation() != Frame.Segmentation.NONE) {
            sendSegments(frame);
        } else if (frame.needsChecksum()) {
            sendChecksummed(frame);
        } else {
            inner.send(frame);
        }
    }

    private void sendSegments(Frame frame) {
        DropReason malformed = segmenter.start(frame);
        if (malformed != null) {
            drop(frame, malformed);
            return;
        }
        while (segmenter.hasNext()) {
            int length = segmenter.nextLength();
            ByteBuf buf = take(length);
            segmenter.writeNext(buf);
            send(buf, length, frame);
        }
    }

    private void sendChecksummed(Frame frame) {
        int length = frame.length();
        ByteBuf buf = take(length);
        ByteBuf head = frame.head();
        ByteBuf body = frame.body();
        buf.setBytes(0, head, head.readerIndex(), head.readableBytes());
        if (body != null) {
            buf.setBytes(head.readableBytes(), body, body.readerIndex(), body.readableBytes());
        }
        if (Segmenter.completeChecksum(buf, length, frame.checksumStart(), frame.checksumOffset())) {
            send(buf, length, frame);
        } else {
            giveBack(buf);
            drop(frame, DropReason.FRAME_TRUNCATED);
        }
    }

    private void send(ByteBuf buf, int length, Frame original) {
        inner.send(ready.set(buf.setIndex(0, length)).checksumVouched(true));
        DropReason reason = ready.dropReason();
        if (reason != null) {
            original.drop(reason);
        }
        giveBack(buf);
    }

    private void drop(Frame frame, DropReason reason) {
        drops.count(reason);
        frame.drop(reason);
    }

    /** A buffer with room for {@code length} bytes, of which the caller owns one reference. */
    private ByteBuf take(int length) {
        ByteBuf buf = spare;
        spare = null;
        if (buf == null) {
            buf = PooledByteBufAllocator.DEFAULT.directBuffer(Math.max(length, INITIAL_BYTES));
        }
        buf.clear().ensureWritable(length);
        return buf;
    }

    /** Keeps {@code buf} for the next frame, unless somebody retained a part of it. */
    private void giveBack(ByteBuf buf) {
        if (closed || buf.refCnt() > 1) {
            buf.release();
        } else {
            spare = buf;
        }
    }

    @Override
    public String name() {
        return inner.name();
    }

    @Override
    public void receiver(FrameReceiver receiver) {
        inner.receiver(receiver);
    }

    @Override
    public boolean writable() {
        return inner.writable();
    }

    @Override
    public Offload offload() {
        return Offload.ALL;
    }

    @Override
    public void close() {
        closed = true;
        inner.close();
        ByteBuf buf = spare;
        spare = null;
        if (buf != null) {
            buf.release();
        }
    }

    @Override
    public String toString() {
        return inner.toString();
    }
}
