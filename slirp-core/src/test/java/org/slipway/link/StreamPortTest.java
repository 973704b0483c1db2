package org.slipway.link;

import static org.assertj.core.api.Assertions.assertThat;

import io.netty.buffer.ByteBuf;
import io.netty.buffer.Unpooled;
import io.netty.channel.ChannelHandlerContext;
import io.netty.channel.ChannelOutboundHandlerAdapter;
import io.netty.channel.embedded.EmbeddedChannel;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Random;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.slipway.lan.Port;
import org.slipway.lan.PortContract;
import org.slipway.loop.ManualLoop;
import org.slipway.wire.DropCounters;
import org.slipway.wire.DropReason;

class StreamPortTest extends PortContract {

    /** A socket that may stop taking bytes, and counts system calls. */
    private static final class Socket extends ChannelOutboundHandlerAdapter {
        private boolean stopped;
        private int flushes;

        @Override
        public void flush(ChannelHandlerContext context) {
            flushes++;
            if (!stopped) {
                context.flush();
            }
        }
    }

    private final ManualLoop loop = new ManualLoop();
    private final DropCounters drops = new DropCounters();
    private final Socket socket = new Socket();
    private final EmbeddedChannel channel = new EmbeddedChannel(false, false);
    private final List<String> owner = new ArrayList<>();
    private final ByteArrayOutputStream written = new ByteArrayOutputStream();

    @Override
    protected Port open() {
        StreamPort made = new StreamPort("guest1", channel, loop, drops, new StreamPort.Owner() {
            @Override
            public void up(StreamPort port) {
                owner.add("up");
            }

            @Override
            public void down(StreamPort port) {
                owner.add("down");
            }

            @Override
            public void warning(String text) {
                owner.add(text);
            }
        });
        channel.pipeline().addLast(socket, made);
        try {
            channel.register();
        } catch (Exception e) {
            throw new AssertionError(e);
        }
        return made;
    }

    @AfterEach
    void finish() {
        socket.stopped = false;
        channel.close();
        channel.runPendingTasks();
        collect();
        assertThat(owner).containsOnlyOnce("up").containsOnlyOnce("down");
    }

    @Override
    protected void endTurn() {
        loop.run();
        channel.runPendingTasks();
    }

    @Override
    protected void deviceSends(byte[] frame) {
        feed(framed(frame));
    }

    @Override
    protected List<byte[]> deviceGot() {
        collect();
        List<byte[]> frames = new ArrayList<>();
        ByteBuffer stream = ByteBuffer.wrap(written.toByteArray());
        while (stream.hasRemaining()) {
            byte[] frame = new byte[stream.getInt()];
            stream.get(frame);
            frames.add(frame);
        }
        return frames;
    }

    @Override
    protected void fill() {
        socket.stopped = true;
        while (send(frame(60_000)) == null) {
            endTurn();
        }
        while (send(frame(1514)) == null) {
            endTurn();
        }
    }

    @Override
    protected void drain() {
        socket.stopped = false;
        channel.flush();
        endTurn();
    }

    @Test
    void framesOfATurnAreOneFlush() {
        for (int i = 0; i < 200; i++) {
            send(frame(1514));
        }
        assertThat(socket.flushes).isZero();
        endTurn();
        assertThat(socket.flushes).isOne();
        assertThat(deviceGot()).hasSize(200);
    }

    @Test
    void framesThatOthersSendAtTheEndOfTheTurnGoWithTheSameFlush() {
        send(frame(100));
        loop.endOfTurn(() -> send(frame(60)));
        endTurn();
        assertThat(socket.flushes).isOne();
        assertThat(deviceGot()).hasSize(2);
    }

    @Test
    void shortFramesArePaddedWithZeros() {
        for (int length = 14; length < 60; length++) {
            send(frame(length));
        }
        endTurn();
        List<byte[]> got = deviceGot();
        for (int length = 14; length < 60; length++) {
            assertThat(got.get(length - 14)).isEqualTo(Arrays.copyOf(frame(length), 60));
        }
    }

    @Test
    void framesOfEveryLegalLengthPass() {
        for (int length : new int[] {60, 61, 1514, 9014, 65_535, 65_549, 69_632}) {
            send(frame(length));
        }
        assertThat(send(frame(69_633))).isEqualTo(DropReason.FRAME_TOO_LONG);
        endTurn();
        assertThat(deviceGot()).extracting(f -> f.length).containsExactly(60, 61, 1514, 9014, 65_535, 65_549, 69_632);
    }

    @Test
    void producersAreToldToWaitLongBeforeFramesAreDropped() {
        socket.stopped = true;
        int untilUnwritable = 0;
        while (port.writable()) {
            assertThat(send(frame(1514))).isNull();
            untilUnwritable++;
        }
        endTurn();
        assertThat(untilUnwritable * 1518).isBetween(FrameQueue.HIGH_WATER, FrameQueue.HIGH_WATER + 1518);
        // A burst of 64 KiB in segments that began just below the mark still fits.
        for (int i = 0; i < 45; i++) {
            assertThat(send(frame(1514))).isNull();
        }
        drain();
        assertThat(receiver.writableEvents).isOne();
        assertThat(deviceGot()).hasSize(untilUnwritable + 45);
    }

    @Test
    void queueOfASlowGuestPinsLittleMoreMemoryThanItHolds() {
        socket.stopped = true;
        int buffers = 0;
        for (int i = 0; i < 10_000; i++) {
            send(frame(60));
            endTurn();
        }
        drain();
        endTurn();
        for (Object message = channel.readOutbound(); message != null; message = channel.readOutbound()) {
            ByteBuf buf = (ByteBuf) message;
            written.writeBytes(bytes(buf));
            buf.release();
            buffers++;
        }
        assertThat(deviceGot()).hasSize(10_000);
        assertThat(buffers).isLessThanOrEqualTo(2 + 10_000 * 64 / 65_000);
    }

    @Test
    void framesQueuedByASlowGuestComeOutInOrder() {
        Random random = new Random(7);
        List<byte[]> sent = new ArrayList<>();
        for (int turn = 0; turn < 2000; turn++) {
            socket.stopped = random.nextInt(4) != 0;
            for (int i = random.nextInt(5); i > 0; i--) {
                byte[] frame = frame(60 + random.nextInt(3000));
                if (send(frame) == null) {
                    sent.add(frame);
                }
            }
            endTurn();
        }
        drain();
        assertThat(deviceGot()).containsExactlyElementsOf(sent);
    }

    @Test
    void tooLongAnAnnouncementDisconnectsWithOneWarning() {
        feed(ByteBuffer.allocate(4).putInt(69_633).array());
        feed(ByteBuffer.allocate(4).putInt(69_633).array());
        channel.runPendingTasks();
        assertThat(channel.isOpen()).isFalse();
        assertThat(owner)
                .containsExactly(
                        "up",
                        "guest1 is disconnected: it announced a frame of 69633 bytes, the limit is 69632",
                        "down");
        assertThat(drops.of(DropReason.FRAME_TOO_LONG)).isOne();
    }

    @Test
    void guestThatLeavesInMidFrameTakesThePortDown() {
        feed(Arrays.copyOf(framed(frame(1514)), 700));
        channel.close();
        channel.runPendingTasks();
        assertThat(receiver.frames).isEmpty();
        assertThat(port.writable()).isFalse();
        assertThat(send(frame(60))).isEqualTo(DropReason.PORT_DOWN);
        assertThat(drops.of(DropReason.PORT_DOWN)).isOne();
        assertThat(owner).containsExactly("up", "down");
    }

    @Test
    void connectionResetIsNoNews() {
        channel.pipeline().fireExceptionCaught(new IOException("Connection reset by peer"));
        channel.runPendingTasks();
        assertThat(owner).containsExactly("up", "down");
    }

    @Test
    void faultAboveDisconnectsThatGuestWithOneWarning() {
        channel.pipeline().fireExceptionCaught(new IllegalStateException("a\nb"));
        channel.runPendingTasks();
        assertThat(owner).containsExactly("up", "guest1 is disconnected: IllegalStateException: a b", "down");
    }

    @Test
    void framesQueuedAtCloseAreReleased() {
        socket.stopped = true;
        for (int i = 0; i < 100; i++) {
            send(frame(1514));
        }
        endTurn();
        send(frame(1514));
        port.close();
        endTurn();
        assertThat(port.writable()).isFalse();
        assertThat(receiver.writableEvents).isZero();
    }

    private void feed(byte[] bytes) {
        if (channel.isOpen()) {
            channel.writeInbound(Unpooled.directBuffer().writeBytes(bytes));
        }
    }

    private void collect() {
        for (Object message = channel.readOutbound(); message != null; message = channel.readOutbound()) {
            ByteBuf buf = (ByteBuf) message;
            written.writeBytes(bytes(buf));
            buf.release();
        }
    }

    private static byte[] bytes(ByteBuf buf) {
        byte[] bytes = new byte[buf.readableBytes()];
        buf.getBytes(buf.readerIndex(), bytes);
        return bytes;
    }

    private static byte[] framed(byte[] frame) {
        return ByteBuffer.allocate(4 + frame.length)
                .putInt(frame.length)
                .put(frame)
                .array();
    }
}
