package org.slipway.tcp;

import static org.assertj.core.api.Assertions.assertThat;

import io.netty.buffer.ByteBuf;
import io.netty.buffer.PooledByteBufAllocator;
import java.util.Random;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;
import org.slipway.wire.TcpHeader;

/** A peer that sends anything: nothing may be thrown, grow without bound, or never end. */
class HostileTest extends Scenario {

    private static final int[] NEAR = {-70_000, -1461, -2, -1, 0, 1, 2, 10, 1459, 1460, 1461, 65_535, 65_536, 1 << 20};

    private static int near(Random random, int base) {
        return switch (random.nextInt(8)) {
            case 0 -> random.nextInt();
            case 1 -> base + Integer.MIN_VALUE + random.nextInt(3) - 1;
            default -> base + NEAR[random.nextInt(NEAR.length)];
        };
    }

    private Segment anything(Random random, int seq, int ack) {
        Segment segment = new Segment();
        segment.sequence = near(random, seq);
        segment.acknowledgment = near(random, ack);
        segment.flags = random.nextInt(4) == 0 ? random.nextInt(256) : TcpHeader.ACK | random.nextInt(2) << 3;
        if (random.nextInt(10) > 0) {
            segment.flags &= ~TcpHeader.RST;
        }
        segment.window = random.nextBoolean() ? 65_535 : random.nextInt(65_536);
        if (random.nextInt(3) == 0) {
            segment.window = random.nextInt(3);
        }
        segment.options.mss = random.nextInt(4) == 0 ? random.nextInt(65_536) : -1;
        segment.options.windowScale = random.nextInt(4) == 0 ? random.nextInt(15) : -1;
        segment.options.sackPermitted = random.nextBoolean();
        segment.options.timestamps = random.nextInt(5) > 0;
        segment.options.timestampValue = near(random, 1000);
        segment.options.timestampEcho = near(random, ack);
        for (int i = random.nextInt(5); i > 0; i--) {
            segment.options.addSack(near(random, ack), near(random, ack));
        }
        int length = random.nextInt(3) == 0 ? 0 : random.nextInt(3000);
        return segment.payload(PooledByteBufAllocator.DEFAULT.directBuffer(3000).writeZero(3000), 0, length);
    }

    /** What it delivers is not the stream; all else must hold. */
    @Test
    void anySegmentsAreBorne() {
        for (int seed = 0; seed < 400; seed++) {
            Random random = new Random(seed);
            config = buffers(1 + random.nextInt(100_000), 50_000);
            Recorder recorder = new Recorder(random);
            long now = 1_000_000_000L;
            Segment syn = anything(random, PEER_ISS, OUR_ISS);
            syn.flags = TcpHeader.SYN;
            connection = random.nextBoolean()
                    ? TcpConnection.passive(config, syn, OUR_ISS, now, recorder)
                    : TcpConnection.active(config, OUR_ISS, now, recorder);
            recorder.connection = connection;
            syn.buf.release();
            recorder.peerNext = syn.sequence + 1;
            for (int i = 0; i < 300; i++) {
                Segment segment = anything(random, recorder.peerNext, recorder.sent);
                if (random.nextInt(4) == 0) {
                    segment.acknowledgment = recorder.sent;
                }
                connection.receive(segment, now);
                segment.buf.release();
                behave(random);
                connection.transmit(now, recorder::hear);
                assertThat(connection.sendQueued()).isBetween(0, 500_000);
                now += random.nextInt(20) == 0 ? 100_000_000L * random.nextInt(600) : random.nextInt(2_000_000);
                for (int turns = 0; connection.deadline() <= now; turns++) {
                    connection.transmit(now, recorder::hear);
                    assertThat(turns)
                            .as("seed %d: turns without end at %s", seed, connection)
                            .isLessThan(1000);
                }
                assertThat(recorder.packets).as("seed %d", seed).isLessThan(200_000);
            }
            leavesNoBuffers();
        }
    }

    private void behave(Random random) {
        switch (random.nextInt(12)) {
            case 0, 1 -> {
                if (connection.sendSpace() > 0) {
                    connection.send(Pattern.bytes(0, 1 + random.nextInt(20_000)));
                }
            }
            case 2 -> {
                if (random.nextInt(20) == 0) {
                    connection.close();
                }
            }
            case 3 -> {
                if (random.nextInt(60) == 0) {
                    connection.abort();
                }
            }
            default -> {}
        }
    }

    private static final class Recorder implements StreamListener {
        @Nullable
        TcpConnection connection;

        private final Random random;
        int sent = OUR_ISS;
        int peerNext;
        int packets;
        private boolean closed;

        Recorder(Random random) {
            this.random = random;
        }

        void hear(Segment segment) {
            if (++packets > 200_000) {
                throw new AssertionError("sends without end: " + segment + " by " + connection);
            }
            assertThat(segment.window).isBetween(0, 65_535);
            assertThat(segment.options.length()).isBetween(0, 40);
            if (segment.payloadLength > 0) {
                assertThat(segment.segmentBytes).isBetween(24, 1460);
                assertThat(segment.buf.refCnt()).isPositive();
            }
            int end = segment.sequence + segment.length();
            if (!segment.has(TcpHeader.RST)) {
                sent = Seq.max(sent, end);
                if (segment.has(TcpHeader.ACK)) {
                    peerNext = segment.acknowledgment;
                }
            }
        }

        @Override
        public void established() {
            assertThat(closed).isFalse();
        }

        @Override
        public void received(ByteBuf buf, int at, int length) {
            assertThat(closed).isFalse();
            assertThat(length).isPositive();
            assertThat(at + length).isLessThanOrEqualTo(buf.capacity());
            TcpConnection user = connection;
            if (user != null && random.nextInt(3) > 0) {
                user.consumed(length);
            }
        }

        @Override
        public void receivedFin() {
            assertThat(closed).isFalse();
        }

        @Override
        public void acknowledged() {
            assertThat(closed).isFalse();
        }

        @Override
        public void closed(CloseCause cause) {
            assertThat(closed).isFalse();
            closed = true;
        }
    }

    @Test
    void synWithMoreDataThanTheBufferHoldsIsBorne() {
        config = buffers(1000, 1000);
        isOpenedBy("S 0:3000(3000) win 65535 <mss 1460>");
        user.isQuick = false;
        peer.ignoresAll();
        peer.sends(". 3001:3001(0) ack 1");
        peer.sends(". 1:1(0) ack 1");
        assertThat(user.received).isLessThanOrEqualTo(1000);
        after(seconds(5));
        for (Packet packet : peer.heard) {
            assertThat(packet.window).isLessThanOrEqualTo(1000);
        }
    }

    /** In the turn of the SYN, before our SYN-ACK has been sent. */
    @Test
    void acknowledgmentOfASynAckThatWasNotSentDoesNotOpen() {
        Segment syn = peer.segment("S 0:0(0) win 65535 <mss 1460>", true);
        Segment synAck = peer.segment("S. 0:0(0) ack 1 win 65535 <mss 1460>", true);
        connection = TcpConnection.passive(config, syn, OUR_ISS, 0, user);
        connection.receive(synAck, 0);
        syn.buf.release();
        synAck.buf.release();
        user.wasTold();
        assertThat(state()).isEqualTo(TcpState.SYN_RECEIVED);
    }

    @Test
    void acknowledgmentOfASynThatWasNotSentDoesNotOpen() {
        Segment synAck = peer.segment("S. 0:0(0) ack 1 win 65535 <mss 1460>", true);
        connection = TcpConnection.active(config, OUR_ISS, 0, user);
        connection.receive(synAck, 0);
        synAck.buf.release();
        user.wasTold();
        assertThat(state()).isEqualTo(TcpState.SYN_SENT);
    }

    /** A FIN at the very edge of a closed window. */
    @Test
    void finAtTheEdgeOfTheWindowLeavesTheWindowClosed() {
        config = buffers(1460, 1 << 20);
        established();
        user.isQuick = false;
        peer.sends("F. 1:1461(1460) ack 1");
        after(seconds(1));
        peer.ignoresAll();
        if (state() == TcpState.ESTABLISHED) {
            peer.sends("F. 1461:1461(0) ack 1");
            user.consumes(1460);
            peer.sends("F. 1461:1461(0) ack 1");
        }
        user.wasTold("fin");
        user.sends(100);
        assertThat(peer.heard.get(peer.heard.size() - 1).window).isBetween(0, 1460);
        peer.sends(". 1462:1462(0) ack 101");
        assertThat(connection.sendQueued()).isZero();
    }

    /** The window is full; the bare ACKs of its sender stand at the edge. */
    @Test
    void bareAckAtTheEdgeOfTheWindowCounts() {
        config = buffers(14_600, 1 << 20);
        established();
        user.sends(100);
        peer.sends(". 14601:14601(0) ack 101");
        assertThat(connection.sendQueued()).isZero();
    }
}
