package org.slipway.lan;

import io.netty.buffer.ByteBuf;
import io.netty.buffer.PooledByteBufAllocator;
import java.util.ArrayList;
import java.util.List;
import java.util.Objects;
import org.jspecify.annotations.Nullable;
import org.slipway.wire.DropReason;

/** A port whose device is the test: keeps copies of what is sent to it, and sends what the test hands to it. */
public final class TestPort implements Port {

    /**
     * A copy of a frame that was sent to the device.
     *
     * @param segmentBytes see {@link Frame#segmentBytes}
     * @param checksumStart see {@link Frame#checksumStart}
     * @param checksumOffset see {@link Frame#checksumOffset}; 0 if the checksum is complete
     */
    public record Sent(
            byte[] bytes, Frame.Segmentation segmentation, int segmentBytes, int checksumStart, int checksumOffset) {}

    private final String name;
    private final Offload offload;
    private final List<Sent> sent = new ArrayList<>();
    private final List<byte[]> refused = new ArrayList<>();
    private @Nullable FrameReceiver receiver;
    private @Nullable Runnable onSend;
    private boolean writable = true;
    private boolean closed;

    /** A port whose device takes ready frames only. */
    public TestPort(String name) {
        this(name, Offload.NONE);
    }

    public TestPort(String name, Offload offload) {
        this.name = name;
        this.offload = offload;
    }

    /** The bytes of {@code frame}, head and body. */
    public static byte[] bytes(Frame frame) {
        byte[] bytes = new byte[frame.length()];
        ByteBuf head = frame.head();
        ByteBuf body = frame.body();
        head.getBytes(head.readerIndex(), bytes, 0, head.readableBytes());
        if (body != null) {
            body.getBytes(body.readerIndex(), bytes, head.readableBytes(), body.readableBytes());
        }
        return bytes;
    }

    /** The device sends a frame. Returns why it was dropped, or null. */
    public @Nullable DropReason inject(byte[] bytes) {
        ByteBuf buf = PooledByteBufAllocator.DEFAULT.directBuffer(Math.max(1, bytes.length));
        try {
            return inject(new Frame().set(buf.writeBytes(bytes)));
        } finally {
            buf.release();
        }
    }

    /** The device sends a frame, which the caller keeps. Returns why it was dropped, or null. */
    public @Nullable DropReason inject(Frame frame) {
        Objects.requireNonNull(receiver, "not plugged in").receive(frame);
        return frame.dropReason();
    }

    /** Frames that were sent to the device, oldest first. */
    public List<byte[]> frames() {
        return sent.stream().map(Sent::bytes).toList();
    }

    /** Frames that were sent to the device, with what was left for it to do. */
    public List<Sent> sent() {
        return List.copyOf(sent);
    }

    /** Returns the frames that were sent, and forgets them. */
    public List<byte[]> take() {
        List<byte[]> frames = frames();
        sent.clear();
        return frames;
    }

    /** Frames that were dropped because the port was not writable or closed. */
    public List<byte[]> refused() {
        return List.copyOf(refused);
    }

    /** Makes the device full, or ready again, in which case the receiver is told. */
    public void writable(boolean writable) {
        boolean again = writable && !this.writable;
        this.writable = writable;
        FrameReceiver told = receiver;
        if (again && told != null) {
            told.writable();
        }
    }

    /** Runs {@code action} inside each {@link #send}. */
    public void onSend(Runnable action) {
        onSend = action;
    }

    public boolean isClosed() {
        return closed;
    }

    @Override
    public String name() {
        return name;
    }

    @Override
    public void receiver(FrameReceiver receiver) {
        this.receiver = receiver;
    }

    @Override
    public void send(Frame frame) {
        if (closed || !writable) {
            frame.drop(closed ? DropReason.PORT_DOWN : DropReason.PORT_FULL);
            refused.add(bytes(frame));
            return;
        }
        sent.add(new Sent(
                bytes(frame),
                frame.segmentation(),
                frame.segmentBytes(),
                frame.checksumStart(),
                frame.needsChecksum() ? frame.checksumOffset() : 0));
        if (onSend != null) {
            onSend.run();
        }
    }

    @Override
    public boolean writable() {
        return writable && !closed;
    }

    @Override
    public Offload offload() {
        return offload;
    }

    @Override
    public void close() {
        closed = true;
    }

    @Override
    public String toString() {
        return name;
    }
}
