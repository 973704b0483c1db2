package org.slipway.guest;

import static org.assertj.core.api.Assertions.assertThat;

import io.netty.buffer.ByteBuf;
import io.netty.buffer.PooledByteBufAllocator;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.slipway.lan.Frame;
import org.slipway.lan.Port;
import org.slipway.lan.PortContract;
import org.slipway.lan.TestPort;
import org.slipway.loop.ManualLoop;
import org.slipway.wire.DropCounters;
import org.slipway.wire.DropReason;

/** A guest's card keeps the promises of every port; its device is whoever takes the frames. */
class NicTest extends PortContract {

    private final ManualLoop loop = new ManualLoop();
    private final DropCounters drops = new DropCounters();
    private final List<byte[]> got = new ArrayList<>();

    @Override
    protected Port open() {
        return new Nic("vm1", loop, drops, frame -> got.add(TestPort.bytes(frame)));
    }

    @Override
    protected void endTurn() {
        loop.run();
    }

    @Override
    protected void deviceSends(byte[] frame) {
        ByteBuf buf = PooledByteBufAllocator.DEFAULT.directBuffer(frame.length);
        ((Nic) port).transmit(new Frame().set(buf.writeBytes(frame)));
        buf.release();
    }

    @Override
    protected List<byte[]> deviceGot() {
        return got;
    }

    @Override
    protected void fill() {
        for (int i = 0; i < 10_000 && send(frame(1514)) == null; i++) {}
    }

    @Override
    protected void drain() {
        loop.run();
    }

    @Test
    void floodOfTinyFramesIsBoundedToo() {
        int taken = 0;
        while (send(frame(60)) == null) {
            taken++;
        }
        assertThat(taken).isLessThan(Nic.MAX_QUEUED_BYTES / 128);
        assertThat(drops.of(DropReason.PORT_FULL)).isOne();
    }

    @Test
    void closedCardSendsNothing() {
        port.close();
        deviceSends(frame(60));
        assertThat(receiver.frames).isEmpty();
    }
}
