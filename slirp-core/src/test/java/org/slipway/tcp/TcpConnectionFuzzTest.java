package org.slipway.tcp;

import static org.assertj.core.api.Assertions.assertThat;

import com.code_intelligence.jazzer.junit.FuzzTest;
import io.netty.buffer.ByteBuf;
import io.netty.buffer.PooledByteBufAllocator;
import java.util.concurrent.TimeUnit;
import org.slipway.fuzz.FuzzBuffers;
import org.slipway.fuzz.FuzzInput;
import org.slipway.wire.TcpHeader;

/**
 * Any segments in any state of a connection, whose user does anything. The peer's bytes are told by their sequence numbers, and
 * ours, too, so that a byte which is lost, repeated or in the wrong place is seen; and the connection must end when the peer
 * has gone silent.
 */
class TcpConnectionFuzzTest {

    private static final int MAX_STEPS = 300;
    private static final int MAX_TURNS = 3000;

    /** Two hours of keep-alive and its nine probes, and the longest retransmission before. */
    private static final long LONGEST_END = TimeUnit.HOURS.toNanos(4);

    private static final int[] NEAR = {
        0, 1, 2, -1, -2, 536, 1460, 1461, -1460, 65_535, 65_536, -65_536, 1 << 20, 1 << 30
    };

    @FuzzTest
    void streamIsInOrderAndEveryConnectionEnds(byte[] input) {
        FuzzBuffers buffers = new FuzzBuffers();
        Play play = new Play(new FuzzInput(input), buffers);
        play.open();
        play.run();
        play.peerGoesSilent();
        play.user.assertEnded();
        buffers.assertNothingHeld();
    }

    /** One connection between a fuzzer for a peer and a fuzzer for a user. */
    private static final class Play {

        private final FuzzInput in;
        private final FuzzBuffers buffers;
        private final Peer peer = new Peer();
        private final User user = new User();
        private final TcpConfig config;
        private final TcpConnection connection;
        private long now = TimeUnit.SECONDS.toNanos(1000);

        Play(FuzzInput in, FuzzBuffers buffers) {
            this.in = in;
            this.buffers = buffers;
            int kind = in.u8();
            config = new TcpConfig(
                    in.oneOf(1460, 88, 536, 65_495),
                    in.oneOf(65_536, 1, 1460, 1 << 20),
                    in.oneOf(65_536, 1, 4000),
                    65_415,
                    TimeUnit.SECONDS.toNanos(60));
            // At the turn of the sequence numbers, every other time.
            peer.start = (kind & 1) != 0 ? -1000 : 1000;
            user.start = (kind & 2) != 0 ? -1000 : 7000;
            user.first = peer.start + 1;
            if ((kind & 4) != 0) {
                connection = TcpConnection.active(config, user.start, now, user);
            } else {
                Segment syn = peer.segment(in, TcpHeader.SYN, peer.start, 0);
                connection = TcpConnection.passive(config, syn, user.start, now, user);
                syn.buf.release();
            }
            user.connection = connection;
            peer.received = user.start;
        }

        /** Most inputs should begin with a connection that stands. */
        void open() {
            int how = in.u8();
            transmit();
            if ((how & 1) != 0) {
                int flags = connection.state() == TcpState.SYN_SENT ? TcpHeader.SYN | TcpHeader.ACK : TcpHeader.ACK;
                int sequence = flags == TcpHeader.ACK ? peer.start + 1 : peer.start;
                receive(peer.segment(in, flags, sequence, user.start + 1));
            }
        }

        void run() {
            for (int step = 0; step < MAX_STEPS && in.hasMore(); step++) {
                step();
                assertThat(connection.sendQueued()).isBetween(0, config.sendBuffer() + User.LARGEST_SEND);
                assertThat(user.held).isBetween(0, config.receiveBuffer());
                long bound = 3L * (config.receiveBuffer() + config.sendBuffer() + User.LARGEST_SEND) + (1 << 20);
                assertThat(buffers.bytes()).as("bytes held").isLessThan(bound);
            }
        }

        private void step() {
            int action = in.u8();
            switch (action & 0xf) {
                case 0 -> transmit();
                case 1 -> advance(TimeUnit.MILLISECONDS.toNanos(1 + in.u8()));
                case 2 -> advance(TimeUnit.SECONDS.toNanos(1 + in.u8()));
                case 3 -> {
                    if (connection.sendSpace() > 0) {
                        user.send(1 + (in.u16() % User.LARGEST_SEND));
                    }
                }
                case 4 -> user.consume(1 + in.u16());
                case 5 -> {
                    user.closing = true;
                    connection.close();
                }
                case 6 -> {
                    if (in.u8() == 0xab) {
                        connection.abort();
                    }
                }
                case 7 -> user.lazy = in.flag();
                // What an honest peer says next.
                case 8, 9, 10 -> {
                    int length = in.u16() & 0xfff;
                    receive(peer.data(in, TcpHeader.ACK, user.next(), length));
                    transmit();
                }
                case 11 -> receive(peer.data(in, TcpHeader.ACK | TcpHeader.FIN, user.next(), in.u8()));
                default -> receive(anything());
            }
        }

        private Segment anything() {
            int flags = in.u8();
            int sequence = near(user.next());
            int acknowledgment = near(in.flag() ? peer.received : user.start);
            return peer.segment(in, flags, sequence, acknowledgment);
        }

        private int near(int base) {
            int choice = in.u8();
            if (choice == 0xff) {
                return in.i32();
            }
            return base + NEAR[choice % NEAR.length] + (choice >= 0x80 ? in.u8() : 0);
        }

        private void receive(Segment segment) {
            if (connection.state() == TcpState.SYN_SENT) {
                // Here the peer may still choose where its stream starts.
                user.first = segment.sequence + 1;
            }
            connection.receive(segment, now);
            segment.buf.release();
        }

        private void transmit() {
            connection.transmit(now, peer::hear);
        }

        private void advance(long nanos) {
            now += nanos;
            for (int turns = 0; connection.deadline() <= now; turns++) {
                transmit();
                assertThat(turns).as("turns without end at %s", connection).isLessThan(MAX_TURNS);
            }
        }

        /** Whatever has happened, without a peer it comes to an end. */
        void peerGoesSilent() {
            long silentSince = now;
            transmit();
            for (int turns = 0; connection.state() != TcpState.CLOSED; turns++) {
                long deadline = connection.deadline();
                assertThat(deadline).as("deadline of %s", connection).isNotEqualTo(TcpConnection.NEVER);
                assertThat(turns).as("turns without end at %s", connection).isLessThan(MAX_TURNS);
                now = Math.max(now, deadline);
                assertThat(now - silentSince).as("time of %s", connection).isLessThan(LONGEST_END);
                transmit();
            }
        }
    }

    /** Says what the fuzzer says, with the bytes that belong to its sequence numbers. */
    private static final class Peer {

        private final Segment segment = new Segment();
        int start;
        int received;
        private boolean heardFin;
        private int fin;

        static byte pattern(int sequence) {
            return (byte) (sequence * 31 + (sequence >> 8));
        }

        Segment segment(FuzzInput in, int flags, int sequence, int acknowledgment) {
            int extras = in.u8();
            int length = (extras & 1) == 0 ? 0 : in.u16() & 0x3fff;
            segment.clear();
            segment.flags = flags;
            segment.sequence = sequence;
            segment.acknowledgment = acknowledgment;
            segment.window = (extras & 2) == 0 ? 65_535 : in.u16();
            if ((extras & 4) != 0) {
                segment.options.mss = in.u16();
            }
            if ((extras & 8) != 0) {
                segment.options.windowScale = in.below(15);
            }
            segment.options.sackPermitted = (extras & 16) != 0;
            if ((extras & 32) != 0) {
                segment.options.timestamps = true;
                segment.options.timestampValue = in.flag() ? in.u8() : in.i32();
                segment.options.timestampEcho = in.flag() ? in.u8() : in.i32();
            }
            for (int blocks = (extras & 64) == 0 ? 0 : 1 + in.below(4); blocks > 0; blocks--) {
                int left = received + (short) in.u16();
                segment.options.addSack(left, left + (short) in.u16());
            }
            return fill(sequence + ((flags & TcpHeader.SYN) != 0 ? 1 : 0), length);
        }

        Segment data(FuzzInput in, int flags, int sequence, int length) {
            segment(in, flags, sequence, received);
            segment.buf.release();
            return fill(sequence, length);
        }

        private Segment fill(int first, int length) {
            byte[] bytes = new byte[length];
            for (int i = 0; i < length; i++) {
                bytes[i] = pattern(first + i);
            }
            ByteBuf buf =
                    PooledByteBufAllocator.DEFAULT.directBuffer(length + 1).writeBytes(bytes);
            return segment.payload(buf, 0, length);
        }

        /** What the connection says must be its user's stream, and well formed. */
        void hear(Segment told) {
            assertThat(told.window).isBetween(0, 65_535);
            assertThat(told.options.length()).isBetween(0, 40);
            assertThat(told.payloadLength).isBetween(0, 65_415);
            int first = told.sequence + (told.has(TcpHeader.SYN) ? 1 : 0);
            byte[] bytes = new byte[told.payloadLength];
            told.buf.getBytes(told.payload, bytes);
            for (int i = 0; i < bytes.length; i++) {
                if (bytes[i] != User.pattern(first + i)) {
                    throw new AssertionError("wrong byte at " + i + " of " + told);
                }
            }
            if (told.has(TcpHeader.FIN)) {
                int at = told.sequence + told.length();
                assertThat(heardFin && fin != at).as("a second FIN, %s", told).isFalse();
                heardFin = true;
                fin = at;
            }
            if (!told.has(TcpHeader.RST)) {
                received = Seq.max(received, told.sequence + told.length());
                assertThat(heardFin && Seq.lessThan(fin, received))
                        .as("bytes behind the FIN, %s", told)
                        .isFalse();
            }
        }
    }

    /** Checks what it is told, and holds it as long as the fuzzer wants. */
    private static final class User implements StreamListener {

        static final int LARGEST_SEND = 30_000;

        TcpConnection connection;
        int start;
        int first;
        int held;
        boolean lazy;
        boolean closing;
        private int sent;
        private int count;
        private boolean finished;
        private boolean established;
        private CloseCause cause;

        static byte pattern(int sequence) {
            return (byte) (sequence * 17 + (sequence >> 7));
        }

        /** The sequence number that the peer should go on with. */
        int next() {
            return first + count;
        }

        void send(int length) {
            if (closing) {
                return;
            }
            byte[] bytes = new byte[length];
            for (int i = 0; i < length; i++) {
                bytes[i] = pattern(start + 1 + sent + i);
            }
            sent += length;
            connection.send(PooledByteBufAllocator.DEFAULT.directBuffer(length).writeBytes(bytes));
        }

        void consume(int most) {
            int bytes = Math.min(held, most);
            if (bytes > 0) {
                held -= bytes;
                connection.consumed(bytes);
            }
        }

        @Override
        public void established() {
            assertOpen();
            assertThat(established).as("established twice").isFalse();
            established = true;
        }

        @Override
        public void received(ByteBuf buf, int at, int length) {
            assertOpen();
            assertThat(finished).as("bytes behind the FIN").isFalse();
            assertThat(length).isPositive();
            byte[] bytes = new byte[length];
            buf.getBytes(at, bytes);
            for (int i = 0; i < length; i++) {
                if (bytes[i] != Peer.pattern(first + count + i)) {
                    throw new AssertionError("wrong byte " + (count + i) + " of the stream");
                }
            }
            count += length;
            held += length;
            if (!lazy && connection != null) {
                consume(held);
            }
        }

        @Override
        public void receivedFin() {
            assertOpen();
            assertThat(finished).as("a second FIN").isFalse();
            finished = true;
        }

        @Override
        public void acknowledged() {
            assertOpen();
        }

        @Override
        public void closed(CloseCause cause) {
            assertOpen();
            this.cause = cause;
        }

        private void assertOpen() {
            assertThat(cause).as("told something after the end").isNull();
        }

        void assertEnded() {
            assertThat(cause).as("the cause of the end").isNotNull();
        }
    }
}
