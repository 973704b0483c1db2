package org.slipway.ip;

import static org.assertj.core.api.Assertions.assertThat;

import io.netty.buffer.ByteBuf;
import io.netty.buffer.Unpooled;
import java.util.ArrayDeque;
import java.util.Queue;
import java.util.function.Consumer;
import org.slipway.lan.Frame;
import org.slipway.wire.PacketAssert;

/** Keeps copies of the frames that somebody sends, with what they leave to a device. Needs no release. */
public final class SentFrames implements Consumer<Frame> {

    private final Queue<Frame> frames = new ArrayDeque<>();

    @Override
    public void accept(Frame frame) {
        ByteBuf copy = Unpooled.buffer(frame.length());
        copy.writeBytes(frame.head().slice());
        ByteBuf body = frame.body();
        if (body != null) {
            copy.writeBytes(body.slice());
        }
        Frame kept = new Frame()
                .set(copy)
                .needsChecksum(frame.checksumStart(), frame.checksumOffset())
                .needsSegmentation(frame.segmentation(), frame.segmentBytes())
                .checksumVouched(frame.isChecksumVouched());
        frames.add(kept);
    }

    /** The oldest frame not yet taken, in one buffer; fails if there is none. */
    public Frame next() {
        Frame frame = frames.poll();
        assertThat(frame).as("a frame was sent").isNotNull();
        return frame;
    }

    /** Looks at the oldest frame not yet taken. */
    public PacketAssert nextPacket() {
        return PacketAssert.packet(next().head());
    }

    /** How many frames have not been taken. */
    public int count() {
        return frames.size();
    }

    /** Fails if there is a frame that has not been taken. */
    public void assertNone() {
        assertThat(frames).as("frames sent").isEmpty();
    }

    /** Forgets all that was sent. */
    public void clear() {
        frames.clear();
    }
}
