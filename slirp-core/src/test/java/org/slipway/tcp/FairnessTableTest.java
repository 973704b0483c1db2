package org.slipway.tcp;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Locale;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Test;
import org.slipway.tcp.SimulatedLink.Conditions;

/** What each of ten flows gets of one bottleneck, and Jain's index of that: a golden table. */
class FairnessTableTest {

    private static final int FLOWS = 10;
    private static final long RATE = 20_000_000;
    private static final int QUEUE = 64 << 10;
    private static final int WARM_UP_SECONDS = 10;
    private static final int SECONDS = 30;

    private static double[] shares(int rttMillis, List<CongestionAlgorithm> algorithms) {
        SimulatedClock clock = new SimulatedClock(1);
        Conditions conditions = Conditions.latencyMicros(rttMillis * 500L).rate(RATE, QUEUE);
        SimulatedLink data = new SimulatedLink(clock, conditions);
        SimulatedLink acks = new SimulatedLink(clock, conditions);
        TcpConfig config = new TcpConfig(1460, 4 << 20, 4 << 20, 65_415, TimeUnit.SECONDS.toNanos(1));
        List<SimulatedWire> flows = new ArrayList<>();
        for (int i = 0; i < FLOWS; i++) {
            SimulatedWire flow = new SimulatedWire(clock, data, acks, config.with(algorithms.get(i)), config);
            flow.checksBytes = false;
            flow.client.toSend = 1L << 40;
            clock.at(clock.now() + TimeUnit.MILLISECONDS.toNanos(137L * i), flow::open);
            flows.add(flow);
        }
        clock.run(TimeUnit.SECONDS.toNanos(WARM_UP_SECONDS));
        double[] shares = new double[FLOWS];
        for (int i = 0; i < FLOWS; i++) {
            shares[i] = -flows.get(i).server.received;
        }
        clock.run(TimeUnit.SECONDS.toNanos(SECONDS));
        for (int i = 0; i < FLOWS; i++) {
            shares[i] = (shares[i] + flows.get(i).server.received) * 8 / SECONDS / 1e6;
            flows.get(i).client.connection().abort();
            flows.get(i).server.connection().abort();
        }
        return shares;
    }

    private static void row(StringBuilder text, String name, int rttMillis, CongestionAlgorithm... algorithms) {
        List<CongestionAlgorithm> all = new ArrayList<>();
        for (int i = 0; i < FLOWS; i++) {
            all.add(algorithms[i % algorithms.length]);
        }
        double[] shares = shares(rttMillis, all);
        double sum = Arrays.stream(shares).sum();
        double squares = Arrays.stream(shares).map(share -> share * share).sum();
        text.append(String.format(
                Locale.ROOT, "%-12s%4d ms%7.3f%7.1f ", name, rttMillis, sum * sum / FLOWS / squares, sum));
        for (double share : shares) {
            text.append(String.format(Locale.ROOT, "%6.2f", share));
        }
        text.append('\n');
    }

    @Test
    void tenFlowsShareAsInTheTable() {
        StringBuilder text = new StringBuilder(
                "Mbit/s of ten flows over one line of 20 Mbit/s with a queue of 64 KiB, started 137 ms"
                        + " apart,\nin the 30 s after the first 10 s; Jain's index, the sum, and each; in mixed rows CUBIC comes first\n\n");
        for (int rtt : new int[] {10, 50}) {
            row(text, "CUBIC", rtt, CongestionAlgorithm.CUBIC);
            row(text, "RENO", rtt, CongestionAlgorithm.RENO);
            row(text, "CUBIC, RENO", rtt, CongestionAlgorithm.CUBIC, CongestionAlgorithm.RENO);
        }
        GoldenTable.compare("fairness.txt", text.toString());
    }
}
