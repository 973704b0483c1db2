package org.slipway.lan;

import static org.assertj.core.api.Assertions.assertThat;

import io.netty.buffer.ByteBuf;
import io.netty.buffer.PooledByteBufAllocator;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.slipway.wire.DropReason;

/** What every {@link Port} promises. A subclass says how its device is watched and moved. */
public abstract class PortContract {

    /** Keeps copies of what a port hands up. */
    protected static final class Receiver implements FrameReceiver {
        public final List<byte[]> frames = new ArrayList<>();
        public int writableEvents;

        @Override
        public void receive(Frame frame) {
            frames.add(TestPort.bytes(frame));
        }

        @Override
        public void writable() {
            writableEvents++;
        }
    }

    protected final Receiver receiver = new Receiver();
    protected Port port;

    /** A new port whose device is up and reads. */
    protected abstract Port open();

    /** Ends the turn: what was sent reaches the device. */
    protected abstract void endTurn();

    /** The device sends a frame of at least 60 bytes. */
    protected abstract void deviceSends(byte[] frame);

    /** All frames that the device got so far. */
    protected abstract List<byte[]> deviceGot();

    /** The device stops reading; enough is sent to it that the port's queue is full. */
    protected abstract void fill();

    /** The device reads everything. */
    protected abstract void drain();

    @BeforeEach
    void openPort() {
        port = open();
        port.receiver(receiver);
    }

    @AfterEach
    void closePort() {
        port.close();
        endTurn();
    }

    /** A frame of {@code length} bytes from 02:…:01 to 02:…:02 whose payload counts up. */
    protected static byte[] frame(int length) {
        byte[] frame = new byte[length];
        frame[0] = 2;
        frame[5] = 2;
        frame[6] = 2;
        frame[11] = 1;
        frame[12] = (byte) 0x88;
        frame[13] = (byte) 0xb5;
        for (int i = 14; i < length; i++) {
            frame[i] = (byte) i;
        }
        return frame;
    }

    /** Sends {@code bytes} through the port as a frame of one buffer. Returns why it was dropped, or null. */
    protected final @Nullable DropReason send(byte[] bytes) {
        ByteBuf buf = PooledByteBufAllocator.DEFAULT.directBuffer(bytes.length);
        Frame frame = new Frame().set(buf.writeBytes(bytes));
        port.send(frame);
        assertThat(TestPort.bytes(frame)).as("the borrowed frame").isEqualTo(bytes);
        // Overwritten, as the owner may: the port has copied what it keeps, or holds a reference of its own.
        if (buf.refCnt() == 1) {
            buf.setZero(0, buf.capacity());
        }
        buf.release();
        return frame.dropReason();
    }

    @Test
    void framesReachTheDeviceInOrder() {
        byte[] first = frame(60);
        byte[] second = frame(1514);
        assertThat(send(first)).isNull();
        assertThat(send(second)).isNull();
        endTurn();
        assertThat(deviceGot()).containsExactly(first, second);
    }

    @Test
    void headAndBodyReachTheDeviceAsOneFrame() {
        byte[] bytes = frame(200);
        ByteBuf room = PooledByteBufAllocator.DEFAULT.directBuffer(256).writeZero(10);
        ByteBuf head = room.writeBytes(bytes, 0, 54).readerIndex(10);
        ByteBuf body = PooledByteBufAllocator.DEFAULT.directBuffer(256).writeBytes(bytes);
        Frame frame = new Frame().set(head, body.readerIndex(54));
        port.send(frame);
        endTurn();
        assertThat(deviceGot()).containsExactly(bytes);
        assertThat(head.readerIndex()).isEqualTo(10);
        assertThat(body.readerIndex()).isEqualTo(54);
        head.release();
        body.release();
    }

    @Test
    void framesFromTheDeviceReachTheReceiverInOrder() {
        byte[] first = frame(60);
        byte[] second = frame(1514);
        deviceSends(first);
        deviceSends(second);
        assertThat(receiver.frames).containsExactly(first, second);
    }

    @Test
    void fullPortIsNotWritableAndDropsUntilItsDeviceReads() {
        assertThat(port.writable()).isTrue();
        fill();
        assertThat(port.writable()).isFalse();
        assertThat(send(frame(1514))).isEqualTo(DropReason.PORT_FULL);
        assertThat(receiver.writableEvents).isZero();
        drain();
        assertThat(port.writable()).isTrue();
        assertThat(receiver.writableEvents).isPositive();
        byte[] last = frame(77);
        assertThat(send(last)).isNull();
        endTurn();
        List<byte[]> got = deviceGot();
        assertThat(got.get(got.size() - 1)).isEqualTo(last);
    }

    @Test
    void closedPortDropsAndIsNotWritable() {
        send(frame(60));
        port.close();
        port.close();
        endTurn();
        assertThat(port.writable()).isFalse();
        assertThat(send(frame(60))).isEqualTo(DropReason.PORT_DOWN);
        endTurn();
    }

    @Test
    void nameIsForPeople() {
        assertThat(port.name()).isNotBlank().doesNotContain(" ");
        assertThat(Arrays.asList(Offload.NONE, Offload.ALL, new Offload(true, false)))
                .contains(port.offload());
    }
}
