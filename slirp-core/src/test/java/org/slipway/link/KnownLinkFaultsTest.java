package org.slipway.link;

import static org.assertj.core.api.Assertions.assertThat;

import io.netty.buffer.ByteBuf;
import io.netty.buffer.PooledByteBufAllocator;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Nested;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;
import org.slipway.fuzz.FuzzBuffers;
import org.slipway.lan.Frame;
import org.slipway.lan.FrameReceiver;
import org.slipway.lan.TestPort;
import org.slipway.wire.DropCounters;
import org.slipway.wire.DropReason;

/** Faults that QEMU's framing has had; others are in {@code gateway.KnownFaultsTest}. */
class KnownLinkFaultsTest {

    private static final int FRAME = 60;

    private final FuzzBuffers buffers = new FuzzBuffers();
    private final DropCounters drops = new DropCounters();
    private final FrameSplitter splitter = new FrameSplitter(PooledByteBufAllocator.DEFAULT, drops);
    private final List<byte[]> frames = new ArrayList<>();

    @AfterEach
    void nothingIsHeld() {
        splitter.close();
        buffers.assertNothingHeld();
    }

    /** The stream says {@code length}, and then so many of the {@code sent} bytes come. */
    private long read(int length, int sent) {
        ByteBuf buf = PooledByteBufAllocator.DEFAULT.directBuffer(4 + sent);
        buf.writeInt(length).writeZero(sent);
        try {
            return splitter.read(buf, new FrameReceiver() {
                @Override
                public void receive(Frame frame) {
                    frames.add(TestPort.bytes(frame));
                }

                @Override
                public void writable() {}
            });
        } finally {
            buf.release();
        }
    }

    @Nested
    @DisplayName("CVE-2007-5730: a length prefix that is larger than the buffer")
    class Cve20075730 {

        @ParameterizedTest
        @ValueSource(ints = {0, 1, 13})
        void shortFramesAreSkippedAndTheNextIsRead(int length) {
            assertThat(read(length, length)).isZero();
            assertThat(frames).isEmpty();
            assertThat(drops.of(length == 0 ? DropReason.FRAME_EMPTY : DropReason.FRAME_TRUNCATED))
                    .isOne();
            assertThat(read(FRAME, FRAME)).isZero();
            assertThat(frames).hasSize(1);
        }

        @ParameterizedTest
        @ValueSource(ints = {69_633, 0x7fff_ffff, 0xffff_ffff, 0x8000_0000})
        void longerThanAnyFrameEndsTheStreamBeforeAByteIsTaken(int length) {
            assertThat(read(length, FRAME)).isEqualTo(Integer.toUnsignedLong(length));
            assertThat(frames).isEmpty();
            assertThat(buffers.bytes()).isZero();
            assertThat(drops.of(DropReason.FRAME_TOO_LONG)).isOne();
        }

        /** The length is only what the guest claims: no room is made for what has not come. */
        @ParameterizedTest
        @ValueSource(ints = {1000, 69_632})
        void roomIsMadeForWhatHasCome(int length) {
            assertThat(read(length, 20)).isZero();
            assertThat(buffers.bytes()).isBetween(1L, 8192L);
        }
    }
}
