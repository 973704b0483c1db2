package org.slipway.tcp;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;
import org.slipway.tcp.SimulatedLink.Conditions;

/** Whole transfers over bad wires: every byte arrives, in bounded time, and both ends come to an end. */
class TransferTest {

    private static final int MIB = 1 << 20;

    private static TcpConfig buffers(int receive, int send) {
        TcpConfig usual = TcpConfig.ofMss(1460);
        return new TcpConfig(1460, receive, send, usual.largestSegment(), usual.timeWaitNanos());
    }

    private static SimulatedWire wire(long seed, Conditions both) {
        return new SimulatedWire(seed, both, both, TcpConfig.ofMss(1460), TcpConfig.ofMss(1460));
    }

    private static void finishes(SimulatedWire wire, long withinSeconds) {
        long toServer = wire.client.toSend;
        long toClient = wire.server.toSend;
        wire.open();
        wire.run(TimeUnit.SECONDS.toNanos(withinSeconds));
        assertThat(wire.server.received).as("bytes at the server, %s", wire).isEqualTo(toServer);
        assertThat(wire.client.received).as("bytes at the client, %s", wire).isEqualTo(toClient);
        assertThat(wire.client.fin && wire.server.fin).as("%s", wire).isTrue();
        wire.run(TimeUnit.MINUTES.toNanos(15));
        assertThat(wire.isOver()).as("%s", wire).isTrue();
        assertThat(wire.client.leaked() + wire.server.leaked()).isZero();
    }

    @ParameterizedTest(name = "{0} MiB, {1} % lost, {2} ms")
    @CsvSource({
        "20, 0, 0, 1",
        "20, 0, 10, 8",
        "10, 1, 1, 60",
        "10, 1, 10, 60",
        "4, 5, 1, 120",
        "4, 5, 10, 240",
        "1, 10, 1, 120",
        "1, 10, 10, 240",
        "1, 20, 5, 900"
    })
    void oneWay(int mib, int lossPercent, int latencyMillis, int withinSeconds) {
        SimulatedWire wire = wire(
                1,
                Conditions.latencyMillis(latencyMillis)
                        .rate(1_000_000_000, 2 * MIB)
                        .losing(lossPercent / 100.0));
        wire.client.toSend = (long) mib * MIB;
        finishes(wire, withinSeconds);
    }

    @ParameterizedTest
    @ValueSource(ints = {0, 1, 5, 10})
    void bothWaysAtOnce(int lossPercent) {
        SimulatedWire wire =
                wire(2, Conditions.latencyMillis(2).rate(100_000_000, MIB).losing(lossPercent / 100.0));
        wire.client.toSend = 2 * MIB;
        wire.server.toSend = 2 * MIB;
        finishes(wire, 300);
    }

    @ParameterizedTest
    @CsvSource({"1, 0", "1000, 0", "1460, 0", "4096, 1", "16384, 5", "65535, 10"})
    void smallBuffers(int bytes, int lossPercent) {
        TcpConfig small = buffers(Math.max(bytes, 2), Math.max(bytes, 2));
        Conditions conditions = Conditions.latencyMillis(1).losing(lossPercent / 100.0);
        SimulatedWire wire = new SimulatedWire(3, conditions, conditions, small, small);
        wire.client.toSend = bytes < 1000 ? 200 : 200_000;
        wire.server.toSend = bytes < 1000 ? 200 : 100_000;
        finishes(wire, 1_200);
    }

    /** The reader is slower than the sender: the window closes and opens again and again. */
    @ParameterizedTest
    @CsvSource({"100, 0", "1000, 0", "1000, 5", "10000, 1", "333, 10"})
    void slowReader(int bytesPerMillisecond, int lossPercent) {
        Conditions conditions = Conditions.latencyMillis(3).losing(lossPercent / 100.0);
        SimulatedWire wire = new SimulatedWire(4, conditions, conditions, buffers(MIB, MIB), buffers(32_768, MIB));
        wire.client.toSend = 500_000;
        wire.server.readsPerMillisecond = bytesPerMillisecond;
        finishes(wire, 20 + 500 / bytesPerMillisecond * 4 + (lossPercent > 0 ? 200 : 0));
    }

    @Test
    void halfClose() {
        SimulatedWire wire = wire(5, Conditions.latencyMillis(5).losing(0.05));
        wire.client.toSend = 10_000;
        wire.server.closes = false;
        wire.server.onEvent = end -> {
            if (end.fin && !end.closes) {
                end.toSend = MIB;
                end.closes = true;
            }
        };
        wire.open();
        wire.run(TimeUnit.SECONDS.toNanos(300));
        assertThat(wire.server.received).isEqualTo(10_000);
        assertThat(wire.client.received).isEqualTo(MIB);
        assertThat(wire.client.cause).as("%s", wire).isEqualTo(CloseCause.FINISHED);
        assertThat(wire.server.cause).as("%s", wire).isEqualTo(CloseCause.FINISHED);
    }

    @ParameterizedTest
    @CsvSource({"0.01, 0, 0", "0, 0.05, 0", "0, 0.3, 0", "0, 0, 0.3", "0.01, 0.2, 0.2"})
    void burstsAndDisorder(double bursts, double reorder, double duplicate) {
        SimulatedWire wire = wire(
                6,
                Conditions.latencyMillis(5)
                        .rate(200_000_000, MIB)
                        .burstsOf(bursts)
                        .disorder(reorder, duplicate));
        wire.client.toSend = 4 * MIB;
        finishes(wire, 240);
    }

    /** A bottleneck with a small queue loses what the sender sends too fast. */
    @ParameterizedTest
    @CsvSource({"10, 20000", "10, 60000", "100, 60000", "1, 8000"})
    void bottleneck(int mbit, int queue) {
        SimulatedWire wire = wire(7, Conditions.latencyMillis(10).rate(mbit * 1_000_000L, queue));
        wire.client.toSend = (long) Math.max(1, mbit / 3) * MIB;
        long atLineRate = wire.client.toSend * 8 / (mbit * 1_000_000L);
        finishes(wire, 2 * atLineRate + 10);
    }

    @ParameterizedTest
    @ValueSource(ints = {536, 1400, 8960, 65_480})
    void unlikeSegmentSizes(int mss) {
        Conditions conditions = Conditions.latencyMillis(2).losing(0.01);
        SimulatedWire wire = new SimulatedWire(8, conditions, conditions, TcpConfig.ofMss(mss), TcpConfig.ofMss(1460));
        wire.client.toSend = MIB;
        wire.server.toSend = MIB;
        finishes(wire, 120);
    }

    /** One user aborts in the middle: the other learns of it, also if the reset is lost. */
    @ParameterizedTest
    @ValueSource(ints = {0, 10, 30})
    void abortIsLearned(int lossPercent) {
        for (int seed = 0; seed <= 20; seed++) {
            SimulatedWire wire = wire(seed, Conditions.latencyMillis(5).losing(lossPercent / 100.0));
            wire.client.toSend = 10L * MIB;
            wire.server.onEvent = end -> {
                if (end.received > 200_000) {
                    end.connection().abort();
                }
            };
            wire.open();
            wire.run(TimeUnit.HOURS.toNanos(1));
            assertThat(wire.isOver()).as("seed %d, %s", seed, wire).isTrue();
            assertThat(wire.server.cause).as("seed %d, %s", seed, wire).isEqualTo(CloseCause.ABORTED);
            assertThat(wire.client.cause).isEqualTo(CloseCause.RESET);
            assertThat(wire.client.leaked() + wire.server.leaked()).isZero();
        }
    }

    /** A wire that is cut ends both sides in their own time. */
    @Test
    void cutWireEndsBothSides() {
        SimulatedWire wire = wire(9, Conditions.latencyMillis(5).losing(1));
        wire.client.toSend = 1000;
        wire.open();
        wire.run(TimeUnit.MINUTES.toNanos(10));
        assertThat(wire.client.cause).isEqualTo(CloseCause.TIMED_OUT);
    }
}
