package org.slipway.link;

import static org.assertj.core.api.Assertions.assertThat;

import io.netty.channel.RecvByteBufAllocator.ExtendedHandle;
import io.netty.channel.embedded.EmbeddedChannel;
import java.time.Duration;
import org.junit.jupiter.api.Test;
import org.slipway.loop.ManualLoop;

/** A guest is read for a millisecond a turn, whatever its frames cost. */
class ReadBudgetTest {

    private static final long QUICK = 10_000;
    private static final long DEAR = 5_000_000;

    private final ManualLoop loop = new ManualLoop();
    private final ExtendedHandle handle = new ReadBudget(loop).newHandle();
    private int reads;

    @Test
    void cheapFramesAreReadInLargePiecesAndManyATurn() {
        turn(Integer.MAX_VALUE, QUICK);
        assertThat(reads).isEqualTo(ReadBudget.MAX_READS);
        assertThat(handle.guess()).isEqualTo(ReadBudget.MAX_READ_BYTES);
    }

    @Test
    void turnEndsWhenThereIsNoMore() {
        turn(3 * ReadBudget.MAX_READ_BYTES - 1, QUICK);
        assertThat(reads).isEqualTo(3);
    }

    @Test
    void turnEndsAfterAMillisecond() {
        turn(Integer.MAX_VALUE, ReadBudget.TURN_NANOS / 3 + 1);
        assertThat(reads).isEqualTo(3);
    }

    @Test
    void dearFramesAreReadInSmallPiecesOneATurn() {
        for (int turn = 0; turn < 20; turn++) {
            turn(Integer.MAX_VALUE, DEAR);
            assertThat(reads).isEqualTo(1);
        }
        assertThat(handle.guess()).isEqualTo(ReadBudget.MIN_READ_BYTES);
    }

    @Test
    void guestWhoseFramesBecomeCheapIsReadInLargePiecesAgain() {
        for (int turn = 0; turn < 20; turn++) {
            turn(Integer.MAX_VALUE, DEAR);
        }
        turn(Integer.MAX_VALUE, QUICK);
        assertThat(reads).isEqualTo(ReadBudget.MAX_READS);
        assertThat(handle.guess()).isEqualTo(ReadBudget.MAX_READ_BYTES);
    }

    @Test
    void endOfTheStreamEndsTheTurn() {
        begin();
        handle.attemptedBytesRead(handle.guess());
        handle.lastBytesRead(-1);
        assertThat(handle.continueReading()).isFalse();
    }

    /** Reads what there is of {@code bytes}, as Netty's channels do; each read takes {@code nanos} to work off. */
    private void turn(int bytes, long nanos) {
        begin();
        int left = bytes;
        reads = 0;
        do {
            int read = Math.min(left, handle.guess());
            handle.attemptedBytesRead(handle.guess());
            handle.lastBytesRead(read);
            handle.incMessagesRead(1);
            reads++;
            left -= read;
            loop.advance(Duration.ofNanos(nanos));
        } while (handle.continueReading());
        handle.readComplete();
    }

    private void begin() {
        handle.reset(new EmbeddedChannel().config());
    }
}
