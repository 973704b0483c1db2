package org.slipway.capture;

import static org.assertj.core.api.Assertions.assertThat;

import io.netty.buffer.Unpooled;
import java.util.ArrayList;
import java.util.List;
import java.util.function.Consumer;
import org.junit.jupiter.api.Test;
import org.slipway.lan.Frame;
import org.slipway.lan.FrameReceiver;
import org.slipway.lan.Offload;
import org.slipway.lan.Port;
import org.slipway.loop.ManualLoop;
import org.slipway.wire.DropReason;

class RecordingPortTest {

    private final ManualLoop loop = new ManualLoop();
    private final TestPort device = new TestPort();
    private final List<String> log = new ArrayList<>();

    /** A device whose frames the test makes, and which treats what it is sent as the test says. */
    private static final class TestPort implements Port {
        private FrameReceiver receiver = RecordingPortTest.receiver(frame -> {}, () -> {});
        private Consumer<Frame> onSend = frame -> {};
        private boolean closed;

        @Override
        public String name() {
            return "guest1";
        }

        @Override
        public void receiver(FrameReceiver receiver) {
            this.receiver = receiver;
        }

        @Override
        public void send(Frame frame) {
            onSend.accept(frame);
        }

        @Override
        public boolean writable() {
            return false;
        }

        @Override
        public Offload offload() {
            return Offload.ALL;
        }

        @Override
        public void close() {
            closed = true;
        }
    }

    private final class LogSink implements PacketSink {
        private final String name;
        private long marks;

        LogSink(String name) {
            this.name = name;
        }

        @Override
        public long packet(Frame frame, Direction direction, long epochNanos) {
            log.add(name + " " + direction + " " + frame.length() + " @" + (epochNanos - ManualLoop.EPOCH_NANOS));
            return marks++;
        }

        @Override
        public void dropped(long mark, DropReason reason) {
            log.add(name + " dropped " + mark + " " + reason.label());
        }
    }

    private static Frame frame(int length) {
        return new Frame().set(Unpooled.wrappedBuffer(new byte[length]));
    }

    private static FrameReceiver receiver(Consumer<Frame> onFrame, Runnable onWritable) {
        return new FrameReceiver() {
            @Override
            public void receive(Frame frame) {
                onFrame.accept(frame);
            }

            @Override
            public void writable() {
                onWritable.run();
            }
        };
    }

    @Test
    void requestStandsBeforeTheReplyAndItsDropReasonFollows() {
        RecordingPort port = new RecordingPort(device, loop, List.of(new LogSink("a"), new LogSink("b")));
        port.receiver(receiver(
                frame -> {
                    port.send(frame(70));
                    frame.drop(DropReason.UDP_NO_PORT);
                },
                () -> {}));

        device.receiver.receive(frame(60));

        assertThat(log)
                .containsExactly(
                        "a INBOUND 60 @0",
                        "b INBOUND 60 @0",
                        "a OUTBOUND 70 @0",
                        "b OUTBOUND 70 @0",
                        "b dropped 0 udp no port",
                        "a dropped 0 udp no port");
    }

    @Test
    void fullDeviceMarksTheFrameThatItDropped() {
        RecordingPort port = new RecordingPort(device, loop, List.of(new LogSink("a")));
        device.onSend = frame -> frame.drop(DropReason.PORT_FULL);

        port.send(frame(60));

        assertThat(log).containsExactly("a OUTBOUND 60 @0", "a dropped 0 port full");
        assertThat(port.framesToDevice()).isZero();
    }

    @Test
    void dropByAnEarlierPortOfAFloodIsNotThisPortsDrop() {
        RecordingPort port = new RecordingPort(device, loop, List.of(new LogSink("a")));
        Frame flooded = frame(60);
        flooded.drop(DropReason.PORT_FULL);

        port.send(flooded);

        assertThat(log).containsExactly("a OUTBOUND 60 @0");
        assertThat(port.framesToDevice()).isEqualTo(1);
    }

    @Test
    void countsFramesAndBytesOfBothDirectionsEvenWithoutSinks() {
        RecordingPort port = new RecordingPort(device, loop, List.of());
        port.receiver(receiver(frame -> {}, () -> {}));

        device.receiver.receive(frame(60));
        device.receiver.receive(frame(100));
        port.send(frame(1514));

        assertThat(port.framesFromDevice()).isEqualTo(2);
        assertThat(port.bytesFromDevice()).isEqualTo(160);
        assertThat(port.framesToDevice()).isEqualTo(1);
        assertThat(port.bytesToDevice()).isEqualTo(1514);
    }

    @Test
    void handsOnWhatItDoesNotChange() {
        RecordingPort port = new RecordingPort(device, loop, List.of());
        List<String> heard = new ArrayList<>();
        port.receiver(receiver(frame -> {}, () -> heard.add("writable")));

        device.receiver.writable();
        port.close();

        assertThat(heard).containsExactly("writable");
        assertThat(port.name()).isEqualTo("guest1");
        assertThat(port.writable()).isFalse();
        assertThat(port.offload()).isEqualTo(Offload.ALL);
        assertThat(device.closed).isTrue();
    }
}
