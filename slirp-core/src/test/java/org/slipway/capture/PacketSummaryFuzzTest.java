package org.slipway.capture;

import static org.assertj.core.api.Assertions.assertThat;

import com.code_intelligence.jazzer.junit.FuzzTest;
import io.netty.buffer.ByteBuf;
import org.slipway.fuzz.FrameMender;
import org.slipway.fuzz.FuzzInput;

/** Any frames, several in a row, are described in one line each that a terminal can show. */
class PacketSummaryFuzzTest {

    /** The words for a packet: what a line may have at most, with room. */
    private static final int LONGEST_LINE = 4000;

    @FuzzTest
    void everyFrameIsOnePrintableLine(byte[] input) {
        FuzzInput in = new FuzzInput(input);
        PacketSummary summary = new PacketSummary();
        for (int number = 1; in.hasMore(); number++) {
            int layers = in.u8();
            int cut = in.u8();
            byte[] bytes = in.longBytes(9000);
            ByteBuf frame = FuzzInput.inTheMiddle(bytes);
            try {
                FrameMender.mend(frame, layers);
                // Recordings and the live view may have the beginning of a frame only.
                int captured = (layers & 0x80) == 0 ? bytes.length : Math.min(bytes.length, cut);
                PacketSummary.Line line = summary.describe(frame, frame.readerIndex(), captured, bytes.length, number);
                String text = line.toString();
                assertThat(text.length()).as(text).isLessThan(LONGEST_LINE);
                for (int i = 0; i < text.length(); i++) {
                    assertThat(Character.isISOControl(text.charAt(i)))
                            .as("control character in %s", text)
                            .isFalse();
                }
            } finally {
                frame.release();
            }
        }
    }
}
