package org.slipway.capture;

import java.util.List;
import org.jspecify.annotations.Nullable;
import org.slipway.lan.Frame;
import org.slipway.lan.FrameReceiver;
import org.slipway.lan.Offload;
import org.slipway.lan.Port;
import org.slipway.loop.Loop;
import org.slipway.wire.DropReason;

/**
 * A port around a port that counts what passes and shows it to sinks, in the order in which it passes: a request stands
 * before the replies that are sent while it is being worked on. Why a frame was dropped is known only once it has been
 * worked on, so the sinks hear of it afterwards.
 */
public final class RecordingPort implements Port {

    private final Port inner;
    private final Loop loop;
    private PacketSink[] sinks;
    private final LoopCounter framesFromDevice = new LoopCounter();
    private final LoopCounter bytesFromDevice = new LoopCounter();
    private final LoopCounter framesToDevice = new LoopCounter();
    private final LoopCounter bytesToDevice = new LoopCounter();

    /** A port like {@code inner} that also tells {@code sinks} (none: it only counts); closing it closes {@code inner}. */
    public RecordingPort(Port inner, Loop loop, List<PacketSink> sinks) {
        this.inner = inner;
        this.loop = loop;
        this.sinks = sinks.toArray(PacketSink[]::new);
    }

    /** From now on tells {@code sinks}, and no others. On the loop, while no frame passes. */
    public void sinks(List<PacketSink> sinks) {
        this.sinks = sinks.toArray(PacketSink[]::new);
    }

    /** Frames that the device sent. Any thread. */
    public long framesFromDevice() {
        return framesFromDevice.value();
    }

    /** Bytes of the frames that the device sent. Any thread. */
    public long bytesFromDevice() {
        return bytesFromDevice.value();
    }

    /** Frames that were sent to the device and that it did not drop at once. Any thread. */
    public long framesToDevice() {
        return framesToDevice.value();
    }

    /** Bytes of the frames that {@link #framesToDevice} counts. Any thread. */
    public long bytesToDevice() {
        return bytesToDevice.value();
    }

    @Override
    public String name() {
        return inner.name();
    }

    @Override
    public void receiver(FrameReceiver receiver) {
        inner.receiver(new FrameReceiver() {
            @Override
            public void receive(Frame frame) {
                framesFromDevice.add(1);
                bytesFromDevice.add(frame.length());
                pass(frame, Direction.INBOUND, sinks.length == 0 ? 0 : loop.epochNanos(), 0, receiver);
            }

            @Override
            public void writable() {
                receiver.writable();
            }
        });
    }

    @Override
    public void send(Frame frame) {
        int length = frame.length();
        DropReason before = frame.dropReason();
        pass(frame, Direction.OUTBOUND, sinks.length == 0 ? 0 : loop.epochNanos(), 0, null);
        if (frame.dropReason() == before) {
            framesToDevice.add(1);
            bytesToDevice.add(length);
        }
    }

    /**
     * Tells the sinks from number {@code sink} on, hands the frame on, and tells them what became of it. It recurs into
     * itself, once a sink, so that the marks need no memory but the stack, however calls nest.
     */
    private void pass(Frame frame, Direction direction, long epochNanos, int sink, @Nullable FrameReceiver receiver) {
        if (sink == sinks.length) {
            if (receiver == null) {
                inner.send(frame);
            } else {
                receiver.receive(frame);
            }
            return;
        }
        DropReason before = frame.dropReason();
        long mark = sinks[sink].packet(frame, direction, epochNanos);
        pass(frame, direction, epochNanos, sink + 1, receiver);
        DropReason reason = frame.dropReason();
        // A frame that is flooded passes many ports: what one of them dropped is not this one's doing.
        if (mark != PacketSink.NO_MARK && reason != null && reason != before) {
            sinks[sink].dropped(mark, reason);
        }
    }

    @Override
    public boolean writable() {
        return inner.writable();
    }

    @Override
    public Offload offload() {
        return inner.offload();
    }

    @Override
    public void close() {
        inner.close();
    }
}
