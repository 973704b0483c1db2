package org.slipway.tcp;

import static org.assertj.core.api.Assertions.assertThat;

import com.sun.management.ThreadMXBean;
import io.netty.buffer.ByteBuf;
import io.netty.buffer.Unpooled;
import java.lang.management.ManagementFactory;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/**
 * A connection allocates nothing a segment once its arrays have grown. The bytes that this thread allocates are counted around
 * the calls of each side alone; what is between them is allocated before.
 */
class AllocationTest {

    private static final int MSS = 1460;
    private static final int CHUNKS = 1024;
    private static final int WARM_UP = 20_000;
    private static final int PACKETS = 100_000;

    /** Bytes a packet: an array that grows once more is less than one, the smallest object sixteen. */
    private static final double LIMIT = 4;

    private static final ThreadMXBean THREADS = (ThreadMXBean) ManagementFactory.getThreadMXBean();

    /** Packets under way in one direction, none of which is made on the way. */
    private static final class Line {
        private final Segment[] packets = new Segment[4096];
        private int first;
        private int count;
        private long carried;

        Line() {
            for (int i = 0; i < packets.length; i++) {
                packets[i] = new Segment();
            }
        }

        /** Takes {@code segment} cut into packets, as a device does it. */
        void carry(Segment segment) {
            int offset = 0;
            do {
                int length = Math.min(Math.max(1, segment.segmentBytes), segment.payloadLength - offset);
                Segment packet = packets[(first + count++) % packets.length].clear();
                packet.sequence = segment.sequence + offset;
                packet.acknowledgment = segment.acknowledgment;
                packet.flags = segment.flags;
                packet.window = segment.window;
                packet.options.mss = segment.options.mss;
                packet.options.windowScale = segment.options.windowScale;
                packet.options.sackPermitted = segment.options.sackPermitted;
                packet.options.timestamps = segment.options.timestamps;
                packet.options.timestampValue = segment.options.timestampValue;
                packet.options.timestampEcho = segment.options.timestampEcho;
                packet.payload(segment.buf, segment.payload + offset, length);
                offset += length;
            } while (offset < segment.payloadLength);
        }

        Segment take() {
            Segment packet = packets[first];
            first = (first + 1) % packets.length;
            count--;
            carried++;
            return packet;
        }
    }

    private static final class Side implements StreamListener {
        private TcpConnection connection;
        private final Line out = new Line();
        private final SegmentSink sink = out::carry;
        private long allocated;

        @SuppressWarnings("NullAway")
        Side() {}

        /** Takes what has come, and says all that is due. */
        void turn(Line in, int batch, long now) {
            long before = THREADS.getCurrentThreadAllocatedBytes();
            for (int i = 0; i < batch && in.count > 0; i++) {
                connection.receive(in.take(), now);
            }
            connection.transmit(now, sink);
            allocated += THREADS.getCurrentThreadAllocatedBytes() - before;
        }

        @Override
        public void established() {}

        @Override
        public void received(ByteBuf buf, int at, int length) {
            connection.consumed(length);
        }

        @Override
        public void receivedFin() {}

        @Override
        public void acknowledged() {}

        @Override
        public void closed(CloseCause cause) {}
    }

    private final Side sender = new Side();
    private final Side receiver = new Side();
    private final ByteBuf[] chunks = new ByteBuf[CHUNKS];
    private int given;
    private long now = 1_000_000_000;

    private void open() {
        sender.connection = TcpConnection.active(TcpConfig.ofMss(MSS), 1, now, sender);
        sender.connection.transmit(now, sender.sink);
        receiver.connection = TcpConnection.passive(TcpConfig.ofMss(MSS), sender.out.take(), 2, now, receiver);
    }

    /** One turn of each side, {@code batch} packets at once; the sender's user keeps its buffer full. */
    private void turn(int batch, int chunkBytes) {
        now += 10_000;
        receiver.turn(sender.out, batch, now);
        long before = THREADS.getCurrentThreadAllocatedBytes();
        while (sender.connection.sendSpace() > 0) {
            // Each is acknowledged long before its turn comes again.
            sender.connection.send(chunks[given++ % CHUNKS].setIndex(0, chunkBytes));
        }
        sender.allocated += THREADS.getCurrentThreadAllocatedBytes() - before;
        sender.turn(receiver.out, batch, now);
    }

    private void carry(int packets, int batch, int chunkBytes) {
        long end = sender.out.carried + packets;
        while (sender.out.carried < end) {
            turn(batch, chunkBytes);
        }
    }

    @ParameterizedTest
    @CsvSource({"1, 65536", "2, 65536", "40, 65536", "40, 5000"})
    void steadyTransferAllocatesNothing(int batch, int chunkBytes) {
        for (int i = 0; i < CHUNKS; i++) {
            chunks[i] = Unpooled.unreleasableBuffer(Unpooled.wrappedBuffer(new byte[chunkBytes]));
        }
        open();
        carry(WARM_UP, batch, chunkBytes);
        sender.allocated = 0;
        receiver.allocated = 0;
        carry(PACKETS, batch, chunkBytes);
        assertThat(sender.connection.state()).isEqualTo(TcpState.ESTABLISHED);
        assertThat((double) sender.allocated / PACKETS)
                .as("bytes a packet that the sender allocates")
                .isLessThan(LIMIT);
        assertThat((double) receiver.allocated / PACKETS)
                .as("bytes a packet that the receiver allocates")
                .isLessThan(LIMIT);
    }
}
