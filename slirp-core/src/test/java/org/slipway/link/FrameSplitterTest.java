package org.slipway.link;

import static org.assertj.core.api.Assertions.assertThat;

import io.netty.buffer.ByteBuf;
import io.netty.buffer.PooledByteBufAllocator;
import java.io.ByteArrayOutputStream;
import java.nio.ByteBuffer;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Random;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;
import org.slipway.lan.Frame;
import org.slipway.lan.FrameReceiver;
import org.slipway.lan.TestPort;
import org.slipway.wire.DropCounters;
import org.slipway.wire.DropReason;

class FrameSplitterTest {

    private final DropCounters drops = new DropCounters();
    private final List<byte[]> frames = new ArrayList<>();
    private FrameSplitter splitter = new FrameSplitter(PooledByteBufAllocator.DEFAULT, drops);
    private Runnable onFrame = () -> {};
    private int lent;

    private final FrameReceiver receiver = new FrameReceiver() {
        @Override
        public void receive(Frame frame) {
            frames.add(TestPort.bytes(frame));
            if (frame.head().capacity() != frame.length()) {
                lent++;
            }
            onFrame.run();
        }

        @Override
        public void writable() {}
    };

    @AfterEach
    void close() {
        splitter.close();
    }

    @ParameterizedTest
    @ValueSource(ints = {14, 60, 1514, 65_535, 69_632})
    void frameOfLegalLengthPassesWholeOrInHalves(int length) {
        byte[] stream = stream(length);
        byte[] frame = Arrays.copyOfRange(stream, 4, stream.length);
        assertThat(read(stream)).isZero();
        assertThat(read(Arrays.copyOfRange(stream, 0, stream.length / 2))).isZero();
        assertThat(read(Arrays.copyOfRange(stream, stream.length / 2, stream.length)))
                .isZero();
        assertThat(frames).containsExactly(frame, frame);
        assertThat(drops.snapshot()).isEmpty();
    }

    @Test
    void lengthZeroIsCountedAndTheLinkGoesOn() {
        assertThat(read(stream(0, 60, 0, 0, 14))).isZero();
        assertThat(frames).extracting(f -> f.length).containsExactly(60, 14);
        assertThat(drops.of(DropReason.FRAME_EMPTY)).isEqualTo(3);
    }

    @Test
    void framesShorterThanAnEthernetHeaderAreCountedAndTheLinkGoesOn() {
        assertThat(read(stream(1, 13, 60, 7))).isZero();
        assertThat(read(stream(60))).isZero();
        assertThat(frames).extracting(f -> f.length).containsExactly(60, 60);
        assertThat(drops.of(DropReason.FRAME_TRUNCATED)).isEqualTo(3);
    }

    @ParameterizedTest
    @ValueSource(ints = {69_633, 0x7fff_ffff, 0x8000_0000, 0xffff_ffff})
    void tooLongALengthEndsTheStream(int length) {
        byte[] prefix = ByteBuffer.allocate(4).putInt(length).array();
        assertThat(read(concat(stream(60), prefix, stream(60)))).isEqualTo(Integer.toUnsignedLong(length));
        assertThat(frames).hasSize(1);
        assertThat(drops.of(DropReason.FRAME_TOO_LONG)).isOne();
        splitter = new FrameSplitter(PooledByteBufAllocator.DEFAULT, drops);
        assertThat(read(Arrays.copyOf(prefix, 3))).isZero();
        assertThat(read(Arrays.copyOfRange(prefix, 3, 4))).isEqualTo(Integer.toUnsignedLong(length));
    }

    @Test
    void streamMayBeCutAtEveryByte() {
        byte[] stream = stream(60, 0, 13, 14, 100, 1, 61);
        read(stream);
        List<byte[]> expected = List.copyOf(frames);
        for (int first = 0; first <= stream.length; first++) {
            for (int second = first; second <= stream.length; second += 7) {
                frames.clear();
                read(Arrays.copyOfRange(stream, 0, first));
                read(Arrays.copyOfRange(stream, first, second));
                read(Arrays.copyOfRange(stream, second, stream.length));
                assertThat(frames).as("%d %d", first, second).containsExactlyElementsOf(expected);
            }
        }
        frames.clear();
        for (byte b : stream) {
            read(new byte[] {b});
        }
        assertThat(frames).containsExactlyElementsOf(expected);
    }

    @Test
    void randomFramesInRandomPiecesComeOutAsTheyWentIn() {
        for (int seed = 0; seed < 100; seed++) {
            Random random = new Random(seed);
            frames.clear();
            int[] lengths =
                    random.ints(20, 14, random.nextBoolean() ? 100 : 20_000).toArray();
            byte[] stream = stream(lengths);
            for (int at = 0; at < stream.length; ) {
                int end = Math.min(stream.length, at + 1 + random.nextInt(65_536));
                read(Arrays.copyOfRange(stream, at, end));
                at = end;
            }
            List<byte[]> expected = new ArrayList<>();
            int at = 0;
            for (int length : lengths) {
                expected.add(Arrays.copyOfRange(stream, at + 4, at + 4 + length));
                at += 4 + length;
            }
            assertThat(frames).as("seed %d", seed).containsExactlyElementsOf(expected);
        }
    }

    @Test
    void wholeFramesAreLentFromTheReadBuffer() {
        read(concat(stream(60, 1514, 60), Arrays.copyOf(stream(60), 10)));
        assertThat(lent).isEqualTo(3);
    }

    @Test
    void announcedLengthAllocatesNothing() {
        long before = PooledByteBufAllocator.DEFAULT.metric().usedDirectMemory();
        for (int i = 0; i < 1000; i++) {
            FrameSplitter one = new FrameSplitter(PooledByteBufAllocator.DEFAULT, drops);
            ByteBuf buf = PooledByteBufAllocator.DEFAULT.directBuffer(8).writeInt(69_632);
            one.read(buf, receiver);
            buf.release();
        }
        assertThat(PooledByteBufAllocator.DEFAULT.metric().usedDirectMemory() - before)
                .isLessThan(64 << 20);
    }

    @Test
    void closingFromWithinAFrameStopsAtOnce() {
        onFrame = splitter::close;
        read(concat(stream(60, 60), Arrays.copyOf(stream(60), 10)));
        assertThat(frames).hasSize(1);
    }

    @Test
    void closingForgetsThePartialFrame() {
        byte[] stream = stream(60);
        read(Arrays.copyOf(stream, 40));
        splitter.close();
        splitter.close();
        read(Arrays.copyOfRange(stream, 40, 64));
        assertThat(frames).isEmpty();
    }

    @Test
    void retainedSlicesOutliveTheRead() {
        List<ByteBuf> kept = new ArrayList<>();
        FrameReceiver keeper = new FrameReceiver() {
            @Override
            public void receive(Frame frame) {
                kept.add(frame.head().retainedSlice());
            }

            @Override
            public void writable() {}
        };
        byte[] stream = stream(60, 70, 80);
        for (byte[] piece : List.of(Arrays.copyOf(stream, 100), Arrays.copyOfRange(stream, 100, stream.length))) {
            ByteBuf buf = PooledByteBufAllocator.DEFAULT.directBuffer().writeBytes(piece);
            splitter.read(buf, keeper);
            buf.release();
        }
        assertThat(kept).extracting(ByteBuf::readableBytes).containsExactly(60, 70, 80);
        kept.forEach(slice -> {
            byte[] bytes = new byte[slice.readableBytes()];
            slice.readBytes(bytes).release();
            assertThat(stream).containsSequence(bytes);
        });
    }

    private long read(byte[] bytes) {
        ByteBuf buf = PooledByteBufAllocator.DEFAULT.directBuffer(1 + bytes.length + 16);
        try {
            return splitter.read(buf.writeZero(3).writeBytes(bytes).readerIndex(3), receiver);
        } finally {
            assertThat(buf.refCnt()).isOne();
            buf.release();
        }
    }

    /** The byte stream of frames of these lengths, each with other bytes. */
    static byte[] stream(int... lengths) {
        ByteArrayOutputStream out = new ByteArrayOutputStream();
        for (int i = 0; i < lengths.length; i++) {
            byte[] frame = new byte[lengths[i]];
            new Random(i).nextBytes(frame);
            out.writeBytes(ByteBuffer.allocate(4).putInt(lengths[i]).array());
            out.writeBytes(frame);
        }
        return out.toByteArray();
    }

    private static byte[] concat(byte[]... parts) {
        ByteArrayOutputStream out = new ByteArrayOutputStream();
        for (byte[] part : parts) {
            out.writeBytes(part);
        }
        return out.toByteArray();
    }
}
