package org.slipway.link;

import static org.assertj.core.api.Assertions.assertThat;

import com.code_intelligence.jazzer.junit.FuzzTest;
import io.netty.buffer.ByteBuf;
import io.netty.buffer.PooledByteBufAllocator;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import org.slipway.fuzz.FuzzBuffers;
import org.slipway.fuzz.FuzzInput;
import org.slipway.lan.Frame;
import org.slipway.lan.FrameReceiver;
import org.slipway.lan.TestPort;
import org.slipway.wire.DropCounters;
import org.slipway.wire.DropReason;
import org.slipway.wire.EthernetFrame;

/** QEMU's stream, cut anywhere, is the same frames as in one piece. */
class FrameSplitterFuzzTest {

    @FuzzTest
    void framesDoNotDependOnHowTheStreamIsCut(byte[] input) {
        FuzzBuffers buffers = new FuzzBuffers();
        FuzzInput in = new FuzzInput(input);
        byte[] cuts = in.bytes(in.below(16));
        byte[] stream = in.rest();
        List<byte[]> expected = new ArrayList<>();
        long expectedTooLong = cut(stream, expected);

        List<byte[]> seen = new ArrayList<>();
        DropCounters drops = new DropCounters();
        FrameSplitter splitter = new FrameSplitter(PooledByteBufAllocator.DEFAULT, drops);
        long tooLong = 0;
        int at = 0;
        for (int i = 0; at < stream.length && tooLong == 0; i++) {
            int step = cuts.length == 0 ? stream.length : 1 + (cuts[i % cuts.length] & 0xff);
            byte[] chunk = Arrays.copyOfRange(stream, at, Math.min(stream.length, at + step));
            at += chunk.length;
            ByteBuf buf = FuzzInput.inTheMiddle(chunk);
            tooLong = splitter.read(buf, new Receiver(seen));
            assertThat(buf.release()).as("nobody else keeps what was read").isTrue();
            assertThat(buffers.bytes()).as("bytes held").isLessThan(2L * FrameSplitter.MAX_FRAME_LENGTH);
        }
        splitter.close();
        assertThat(tooLong).isEqualTo(expectedTooLong);
        assertThat(seen).usingRecursiveFieldByFieldElementComparator().isEqualTo(expected);
        assertThat(drops.of(DropReason.FRAME_TOO_LONG)).isEqualTo(tooLong > 0 ? 1 : 0);
        buffers.assertNothingHeld();
    }

    /** The frames of {@code stream}; returns the length at which it makes no sense any more, or 0. */
    private static long cut(byte[] stream, List<byte[]> frames) {
        int at = 0;
        while (at + 4 <= stream.length) {
            long length = 0;
            for (int i = 0; i < 4; i++) {
                length = length << 8 | stream[at++] & 0xff;
            }
            if (length > 69_632) {
                return length;
            }
            int end = (int) Math.min(stream.length, at + length);
            if (end - at == length && length >= EthernetFrame.HEADER_LENGTH) {
                frames.add(Arrays.copyOfRange(stream, at, end));
            }
            at = end;
        }
        return 0;
    }

    private record Receiver(List<byte[]> seen) implements FrameReceiver {

        @Override
        public void receive(Frame frame) {
            seen.add(TestPort.bytes(frame));
        }

        @Override
        public void writable() {}
    }
}
