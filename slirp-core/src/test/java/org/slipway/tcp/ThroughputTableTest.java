package org.slipway.tcp;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.io.InputStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Locale;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Test;
import org.slipway.tcp.SimulatedWire.Conditions;

/**
 * Mbit/s by loss and round-trip time, as a table in the resources that a change of the sender changes visibly. If the change is
 * meant, take over {@code target/throughput.txt}.
 */
class ThroughputTableTest {

    private static final double[] LOSS_PERCENT = {0, 0.1, 1, 3, 10};
    private static final int[] RTT_MILLIS = {1, 10, 50};
    private static final long RATE = 50_000_000;
    private static final int SEEDS = 1;
    private static final int SECONDS = 5;

    private static double mbits(double lossPercent, int rttMillis) {
        double sum = 0;
        for (int seed = 0; seed < SEEDS; seed++) {
            Conditions data = new Conditions(rttMillis * 500_000L, RATE, 256 << 10, lossPercent / 100, 0, 0, 0);
            Conditions acks = new Conditions(rttMillis * 500_000L, RATE, 256 << 10, 0, 0, 0, 0);
            TcpConfig large = new TcpConfig(1460, 4 << 20, 4 << 20, 65_415, TimeUnit.SECONDS.toNanos(1));
            SimulatedWire wire = new SimulatedWire(seed, data, acks, large, large);
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

    private static String table() {
        StringBuilder table =
                new StringBuilder("Mbit/s over 50 Mbit/s, 256 KiB queue, MSS 1460, 5 s; rows: loss, columns: RTT\n\n");
        table.append("        ");
        for (int rtt : RTT_MILLIS) {
            table.append(String.format(Locale.ROOT, "%8s", rtt + " ms"));
        }
        for (double loss : LOSS_PERCENT) {
            table.append(String.format(Locale.ROOT, "\n%5.1f %% ", loss));
            for (int rtt : RTT_MILLIS) {
                table.append(String.format(Locale.ROOT, "%8.1f", mbits(loss, rtt)));
            }
        }
        return table.append('\n').toString();
    }

    @Test
    void throughputIsAsInTheTable() throws IOException {
        String actual = table();
        Files.writeString(Path.of("target", "throughput.txt"), actual);
        try (InputStream expected = ThroughputTableTest.class.getResourceAsStream("throughput.txt")) {
            assertThat(expected).as("the table in the resources").isNotNull();
            assertThat(actual).isEqualTo(new String(expected.readAllBytes(), StandardCharsets.UTF_8));
        }
    }
}
