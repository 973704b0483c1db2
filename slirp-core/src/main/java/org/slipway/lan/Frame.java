package org.slipway.lan;

import io.netty.buffer.ByteBuf;
import io.netty.buffer.Unpooled;
import org.jspecify.annotations.Nullable;
import org.slipway.wire.DropReason;

/**
 * One Ethernet frame on its way: bytes, and what has been left for a device to do (segmentation, checksum), as in the
 * header of virtio-net.
 *
 * <p>A frame is a <em>borrowed view</em>, valid only during the call that it is an argument of. Its owner (a port that
 * reads, the gateway that emits) sets the same object again for the next frame. Who wants to keep bytes retains a slice
 * of a buffer or copies; nobody else releases anything. The bytes stand in two buffers so that headers can be put in front
 * of a payload that others still hold: {@link #head} has all headers (and for short frames everything), {@link #body} the
 * rest, if any. The reader index and readable bytes of both delimit the frame.
 */
public final class Frame {

    /** What kind of packet a device has to cut this frame into; values of {@code gso_type} in virtio-net. */
    public enum Segmentation {
        NONE,
        TCP_IPV4,
        TCP_IPV6
    }

    private ByteBuf head = Unpooled.EMPTY_BUFFER;
    private @Nullable ByteBuf body;
    private Segmentation segmentation = Segmentation.NONE;
    private int segmentBytes;
    private int checksumStart;
    private int checksumOffset;
    private boolean checksumVouched;
    private @Nullable DropReason dropReason;

    /** Makes this the frame in {@code head}, with nothing left to do. Returns itself. */
    public Frame set(ByteBuf head) {
        return set(head, null);
    }

    /** Makes this the frame in {@code head} followed by {@code body}, with nothing left to do. Returns itself. */
    public Frame set(ByteBuf head, @Nullable ByteBuf body) {
        this.head = head;
        this.body = body;
        segmentation = Segmentation.NONE;
        segmentBytes = 0;
        checksumStart = 0;
        checksumOffset = 0;
        checksumVouched = false;
        dropReason = null;
        return this;
    }

    /**
     * Leaves the transport checksum to a device: from {@code start} (bytes from the frame's first) to the end, stored at
     * {@code start + offset}, where the folded, not inverted, sum of the pseudo header stands already.
     */
    public Frame needsChecksum(int start, int offset) {
        checksumStart = start;
        checksumOffset = offset;
        return this;
    }

    /** Leaves the cutting into segments of {@code segmentBytes} of payload to a device; needs a checksum to do, too. */
    public Frame needsSegmentation(Segmentation segmentation, int segmentBytes) {
        this.segmentation = segmentation;
        this.segmentBytes = segmentBytes;
        return this;
    }

    /** Says that a device has verified the transport checksum, or that the frame never left memory. */
    public Frame checksumVouched(boolean vouched) {
        checksumVouched = vouched;
        return this;
    }

    /** Headers, and in most frames everything. */
    public ByteBuf head() {
        return head;
    }

    /** The bytes behind {@link #head}, or null. */
    public @Nullable ByteBuf body() {
        return body;
    }

    /** Length of the whole frame in bytes. */
    public int length() {
        ByteBuf rest = body;
        return head.readableBytes() + (rest == null ? 0 : rest.readableBytes());
    }

    /** Whether the transport checksum is still to be filled in. */
    public boolean needsChecksum() {
        return checksumOffset != 0;
    }

    /** Where the sum starts, in bytes from the frame's first; meaningful if {@link #needsChecksum}. */
    public int checksumStart() {
        return checksumStart;
    }

    /** Where the checksum is stored, in bytes from {@link #checksumStart}. */
    public int checksumOffset() {
        return checksumOffset;
    }

    /** Whether nobody has to verify the transport checksum: vouched for, or not yet filled in. */
    public boolean isChecksumVouched() {
        return checksumVouched || needsChecksum();
    }

    /** How this frame is to be cut, or NONE. */
    public Segmentation segmentation() {
        return segmentation;
    }

    /** Payload bytes a segment (the MSS), if {@link #segmentation} is not NONE. */
    public int segmentBytes() {
        return segmentBytes;
    }

    /** Notes why this frame goes no further; the first reason stays. The recorder writes it beside the packet. */
    public void drop(DropReason reason) {
        if (dropReason == null) {
            dropReason = reason;
        }
    }

    /**
     * Why the port that the frame was just sent to dropped it, or null; forgets the reason, so that the next port of a
     * flood sees a frame that was not dropped.
     */
    @Nullable
    DropReason takeDropReason() {
        DropReason reason = dropReason;
        dropReason = null;
        return reason;
    }

    /** Why the frame was dropped, or null. */
    public @Nullable DropReason dropReason() {
        return dropReason;
    }
}
