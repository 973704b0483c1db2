package org.slipway.link;

import io.netty.buffer.ByteBuf;
import io.netty.buffer.ByteBufAllocator;
import io.netty.channel.ChannelConfig;
import io.netty.channel.RecvByteBufAllocator;
import io.netty.util.UncheckedBooleanSupplier;
import org.slipway.loop.Loop;

/**
 * How much of a guest's bytes is read in one turn: at most what is worked off in a millisecond. Frames differ in what they
 * cost, a thousandfold: a guest whose frames are dear, as those that make the host open and close sockets, is read in small
 * pieces, so that it cannot keep the loop from others for longer than its turn.
 *
 * <p>One for each channel; used on the loop's thread.
 */
final class ReadBudget implements RecvByteBufAllocator {

    /** Large reads, and up to half a megabyte a turn: one read a turn costs a third of the speed. */
    static final int MAX_READ_BYTES = 64 << 10;

    static final int MIN_READ_BYTES = 2 << 10;
    static final int MAX_READS = 8;
    static final long TURN_NANOS = 1_000_000;

    private final Loop loop;

    ReadBudget(Loop loop) {
        this.loop = loop;
    }

    @Override
    public ExtendedHandle newHandle() {
        return new TurnHandle();
    }

    private final class TurnHandle implements ExtendedHandle {

        private int size = MAX_READ_BYTES;
        private long turnBegan;
        private long readBegan;
        private int reads;
        private int attempted;
        private int last;

        @Override
        public void reset(ChannelConfig config) {
            turnBegan = loop.nanoTime();
            readBegan = turnBegan;
            reads = 0;
        }

        @Override
        public ByteBuf allocate(ByteBufAllocator allocator) {
            return allocator.ioBuffer(size);
        }

        @Override
        public int guess() {
            return size;
        }

        @Override
        public void attemptedBytesRead(int bytes) {
            attempted = bytes;
        }

        @Override
        public int attemptedBytesRead() {
            return attempted;
        }

        @Override
        public void lastBytesRead(int bytes) {
            last = bytes;
        }

        @Override
        public int lastBytesRead() {
            return last;
        }

        @Override
        public void incMessagesRead(int messages) {
            reads += messages;
        }

        @Override
        public boolean continueReading() {
            return continueReading(() -> last == attempted);
        }

        /** Asked when what was read last has been worked off. */
        @Override
        public boolean continueReading(UncheckedBooleanSupplier maybeMoreData) {
            long now = loop.nanoTime();
            long took = now - readBegan;
            readBegan = now;
            if (took > TURN_NANOS) {
                size = Math.max(MIN_READ_BYTES, size / 2);
            } else if (took < TURN_NANOS / MAX_READS && last == attempted) {
                size = Math.min(MAX_READ_BYTES, size * 2);
            }
            return last > 0 && reads < MAX_READS && now - turnBegan < TURN_NANOS && maybeMoreData.get();
        }

        @Override
        public void readComplete() {}
    }
}
