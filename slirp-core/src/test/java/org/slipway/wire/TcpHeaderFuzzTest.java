package org.slipway.wire;

import static org.assertj.core.api.Assertions.assertThat;

import com.code_intelligence.jazzer.junit.FuzzTest;
import io.netty.buffer.ByteBuf;
import io.netty.buffer.Unpooled;

/** Any bytes as a TCP segment with its options. */
class TcpHeaderFuzzTest {

    private final TcpOptions options = new TcpOptions();
    private final TcpOptions reread = new TcpOptions();

    @FuzzTest
    void optionsThatAreParsedAreEmittedAgain(byte[] input) {
        ByteBuf buf = Unpooled.wrappedBuffer(input);
        if (TcpHeader.check(buf, 0, input.length) != null) {
            return;
        }
        int length = TcpHeader.length(buf, 0);
        assertThat(length).isBetween(TcpHeader.MIN_LENGTH, Math.min(TcpHeader.MAX_LENGTH, input.length));
        options.parse(buf, TcpHeader.MIN_LENGTH, length - TcpHeader.MIN_LENGTH);
        assertThat(options.mss).isBetween(-1, 65_535);
        assertThat(options.windowScale).isBetween(-1, TcpOptions.MAX_WINDOW_SCALE);
        assertThat(options.sackCount).isBetween(0, TcpOptions.MAX_SACK_BLOCKS);

        int room = options.length();
        assertThat(room).isBetween(0, TcpHeader.MAX_LENGTH - TcpHeader.MIN_LENGTH);
        assertThat(room % 4).isZero();
        ByteBuf again = Unpooled.buffer(TcpHeader.MIN_LENGTH + room, TcpHeader.MIN_LENGTH + room);
        TcpHeader.write(
                again,
                0,
                TcpHeader.sourcePort(buf, 0),
                TcpHeader.destinationPort(buf, 0),
                TcpHeader.sequence(buf, 0),
                TcpHeader.acknowledgment(buf, 0),
                TcpHeader.MIN_LENGTH + room,
                TcpHeader.flags(buf, 0),
                TcpHeader.window(buf, 0));
        options.emit(again, TcpHeader.MIN_LENGTH);
        assertThat(again.slice(0, 12)).isEqualTo(buf.slice(0, 12));
        assertThat(again.getInt(12) & 0x00ff_ffff).isEqualTo(buf.getInt(12) & 0x00ff_ffff);

        reread.parse(again, TcpHeader.MIN_LENGTH, room);
        assertThat(reread.mss).isEqualTo(options.mss);
        assertThat(reread.windowScale).isEqualTo(options.windowScale);
        assertThat(reread.sackPermitted).isEqualTo(options.sackPermitted);
        assertThat(reread.timestamps).isEqualTo(options.timestamps);
        if (options.timestamps) {
            assertThat(reread.timestampValue).isEqualTo(options.timestampValue);
            assertThat(reread.timestampEcho).isEqualTo(options.timestampEcho);
        }
        assertThat(reread.sackCount).isLessThanOrEqualTo(options.sackCount);
        for (int i = 0; i < reread.sackCount; i++) {
            assertThat(reread.sackLeft(i)).isEqualTo(options.sackLeft(i));
            assertThat(reread.sackRight(i)).isEqualTo(options.sackRight(i));
        }
    }
}
