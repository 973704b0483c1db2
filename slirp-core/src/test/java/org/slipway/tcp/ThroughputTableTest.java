package org.slipway.tcp;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.Locale;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Test;
import org.slipway.tcp.SimulatedLink.Conditions;

/** Mbit/s by loss and round-trip time: a golden table. */
class ThroughputTableTest {

    private static final double[] LOSS_PERCENT = {0, 0.1, 1, 2, 5, 10};
    private static final int[] RTT_MILLIS = {1, 10, 50, 100, 200};
    private static final long RATE = 10_000_000;
    private static final int QUEUE = 64 << 10;
    private static final int SEEDS = 2;
    private static final int SECONDS = 10;

    private static double mbits(CongestionAlgorithm algorithm, double lossPercent, int rttMillis) {
        double sum = 0;
        for (int seed = 0; seed < SEEDS; seed++) {
            Conditions acks = Conditions.latencyMicros(rttMillis * 500L).rate(RATE, QUEUE);
            TcpConfig large = new TcpConfig(1460, 4 << 20, 4 << 20, 65_415, TimeUnit.SECONDS.toNanos(1));
            SimulatedWire wire =
                    new SimulatedWire(seed, acks.losing(lossPercent / 100), acks, large.with(algorithm), large);
            wire.checksBytes = false;
            wire.client.toSend = 1L << 40;
            wire.open();
            wire.run(TimeUnit.SECONDS.toNanos(SECONDS));
            sum += wire.server.received * 8.0 / SECONDS / 1e6;
            wire.client.connection().abort();
            wire.server.connection().abort();
            assertThat(wire.client.leaked()).isZero();
        }
        return sum / SEEDS;
    }

    private static void table(StringBuilder text, CongestionAlgorithm algorithm) {
        text.append('\n').append(String.format(Locale.ROOT, "%-8s", algorithm));
        for (int rtt : RTT_MILLIS) {
            text.append(String.format(Locale.ROOT, "%8s", rtt + " ms"));
        }
        for (double loss : LOSS_PERCENT) {
            text.append(String.format(Locale.ROOT, "\n%5.1f %% ", loss));
            for (int rtt : RTT_MILLIS) {
                text.append(String.format(Locale.ROOT, "%8.2f", mbits(algorithm, loss, rtt)));
            }
        }
        text.append('\n');
    }

    @Test
    void throughputIsAsInTheTable() {
        StringBuilder text =
                new StringBuilder("Mbit/s of one flow over 10 Mbit/s with a queue of 64 KiB, MSS 1460, 10 s,\n"
                        + "mean of two runs; rows: loss of data packets at random, columns: round-trip time\n");
        table(text, CongestionAlgorithm.CUBIC);
        table(text, CongestionAlgorithm.RENO);
        GoldenTable.compare("throughput.txt", text.toString());
    }
}
