package org.slipway.guest;

import io.netty.buffer.ByteBuf;
import io.netty.buffer.PooledByteBufAllocator;
import java.util.ArrayDeque;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;
import org.slipway.lan.Frame;
import org.slipway.lan.FrameReceiver;
import org.slipway.lan.Offload;
import org.slipway.lan.Port;
import org.slipway.loop.Loop;
import org.slipway.wire.DropCounters;
import org.slipway.wire.DropReason;

/**
 * The card of a guest. What the network sends waits here, copied and bounded, for the end of the turn: a guest that answers
 * from within {@link #send} would call the network back. What the guest sends goes out at once, ready for any wire.
 */
final class Nic implements Port {

    /** Room for the largest TCP window that the guest offers (a megabyte) and as much again for everything else. */
    static final int MAX_QUEUED_BYTES = 2 << 20;

    /** What a waiting frame costs besides its bytes, so that a flood of tiny frames is bounded, too. */
    private static final int FRAME_OVERHEAD = 128;

    private final String name;
    private final Loop loop;
    private final DropCounters drops;
    private final Consumer<Frame> guest;
    private final ArrayDeque<ByteBuf> queue = new ArrayDeque<>();
    private final Frame frame = new Frame();
    private @Nullable FrameReceiver network;
    private int queuedBytes;
    private boolean drainScheduled;
    private boolean full;
    private boolean closed;

    /** A card that gives each frame, borrowed, to {@code guest}. */
    Nic(String name, Loop loop, DropCounters drops, Consumer<Frame> guest) {
        this.name = name;
        this.loop = loop;
        this.drops = drops;
        this.guest = guest;
    }

    /** The guest sends a frame, borrowed, with its checksums in place and no longer than the MTU. */
    void transmit(Frame sent) {
        FrameReceiver receiver = network;
        if (receiver != null && !closed) {
            receiver.receive(sent);
        }
    }

    @Override
    public String name() {
        return name;
    }

    @Override
    public void receiver(FrameReceiver receiver) {
        network = receiver;
    }

    @Override
    public void send(Frame received) {
        if (closed) {
            drop(received, DropReason.PORT_DOWN);
        } else if (queuedBytes + received.length() + FRAME_OVERHEAD > MAX_QUEUED_BYTES) {
            drop(received, DropReason.PORT_FULL);
        } else {
            queue.add(copy(received));
            queuedBytes += received.length() + FRAME_OVERHEAD;
            full |= !writable();
            scheduleDrain();
        }
    }

    private void drop(Frame received, DropReason reason) {
        drops.count(reason);
        received.drop(reason);
    }

    private static ByteBuf copy(Frame received) {
        ByteBuf head = received.head();
        ByteBuf body = received.body();
        ByteBuf copy = PooledByteBufAllocator.DEFAULT.directBuffer(received.length());
        copy.writeBytes(head, head.readerIndex(), head.readableBytes());
        if (body != null) {
            copy.writeBytes(body, body.readerIndex(), body.readableBytes());
        }
        return copy;
    }

    private void scheduleDrain() {
        if (!drainScheduled) {
            drainScheduled = true;
            loop.endOfTurn(this::drain);
        }
    }

    /** What comes while the guest works waits for the next turn, so that two guests cannot keep the loop to themselves. */
    private void drain() {
        drainScheduled = false;
        for (int left = queue.size(); left > 0 && !queue.isEmpty(); left--) {
            ByteBuf bytes = queue.remove();
            queuedBytes -= bytes.readableBytes() + FRAME_OVERHEAD;
            try {
                guest.accept(frame.set(bytes));
            } finally {
                bytes.release();
            }
        }
        FrameReceiver receiver = network;
        if (full && writable() && receiver != null) {
            full = false;
            receiver.writable();
        }
    }

    @Override
    public boolean writable() {
        return !closed && queuedBytes < MAX_QUEUED_BYTES / 2;
    }

    /** What comes is verified, so checksums have to be there. */
    @Override
    public Offload offload() {
        return Offload.NONE;
    }

    @Override
    public void close() {
        closed = true;
        queue.forEach(ByteBuf::release);
        queue.clear();
        queuedBytes = 0;
    }
}
