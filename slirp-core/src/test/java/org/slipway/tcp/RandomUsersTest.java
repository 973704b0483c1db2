package org.slipway.tcp;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.Random;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;
import org.slipway.tcp.SimulatedLink.Conditions;
import org.slipway.tcp.SimulatedWire.End;

/** Short connections over any wire with users that do anything: what arrives is right, and both ends reach CLOSED. */
class RandomUsersTest {

    private static final int SEEDS_A_BLOCK = 100;

    private static Conditions anyConditions(Random random) {
        Conditions conditions = Conditions.latencyMillis(random.nextInt(4) == 0 ? 0 : random.nextInt(60));
        if (random.nextBoolean()) {
            conditions = conditions.rate(500_000L << random.nextInt(10), 4_000 << random.nextInt(8));
        }
        if (random.nextBoolean()) {
            conditions = conditions.losing(random.nextDouble() * 0.15);
        }
        if (random.nextInt(4) == 0) {
            conditions = conditions.burstsOf(0.02);
        }
        if (random.nextInt(3) == 0) {
            conditions = conditions.disorder(random.nextDouble() * 0.3, random.nextDouble() * 0.1);
        }
        return conditions;
    }

    private static TcpConfig anyConfig(Random random) {
        int mss = new int[] {88, 536, 1200, 1460, 8960, 65_480}[random.nextInt(6)];
        int receive = 1_000 << random.nextInt(10);
        int send = 1_000 << random.nextInt(10);
        int largest = random.nextBoolean() ? Math.max(mss, 65_415) : mss;
        return new TcpConfig(mss, receive, send, largest, TimeUnit.SECONDS.toNanos(1 + random.nextInt(60)));
    }

    private static void anyUser(SimulatedWire wire, End end, Random random) {
        end.toSend = random.nextInt(4) == 0 ? 0 : random.nextInt(1 << random.nextInt(18));
        end.pieceBytes = 1 << random.nextInt(17);
        end.readsPerMillisecond = random.nextInt(3) == 0 ? 1 + random.nextInt(3_000) : 0;
        if (random.nextInt(6) == 0) {
            wire.schedule(TimeUnit.MILLISECONDS.toNanos(random.nextInt(3_000)), () -> {
                if (end.connection != null && !end.isClosed()) {
                    end.connection.abort();
                    end.endOfTurn();
                }
            });
        } else if (random.nextInt(4) == 0) {
            end.closes = false;
            wire.schedule(TimeUnit.MILLISECONDS.toNanos(random.nextInt(20_000)), () -> {
                end.closes = true;
                if (end.connection != null && !end.isClosed()) {
                    end.endOfTurn();
                }
            });
        }
    }

    @ParameterizedTest
    @ValueSource(ints = {0, 1, 2, 3, 4, 5})
    void anyUsersOverAnyWire(int block) {
        for (int seed = block * SEEDS_A_BLOCK; seed < (block + 1) * SEEDS_A_BLOCK; seed++) {
            Random random = new Random(seed);
            SimulatedWire wire = new SimulatedWire(
                    seed, anyConditions(random), anyConditions(random), anyConfig(random), anyConfig(random));
            anyUser(wire, wire.client, random);
            anyUser(wire, wire.server, random);
            long toServer = wire.client.toSend;
            long toClient = wire.server.toSend;
            wire.open();
            wire.run(TimeUnit.HOURS.toNanos(2));
            String run = "seed " + seed + ", " + wire;
            assertThat(wire.isOver()).as(run).isTrue();
            assertThat(wire.client.connection().state()).as(run).isEqualTo(TcpState.CLOSED);
            assertThat(wire.server.received).as(run).isLessThanOrEqualTo(toServer);
            assertThat(wire.client.received).as(run).isLessThanOrEqualTo(toClient);
            if (wire.client.cause == CloseCause.FINISHED && wire.server.cause == CloseCause.FINISHED) {
                assertThat(wire.server.received).as(run).isEqualTo(toServer);
                assertThat(wire.client.received).as(run).isEqualTo(toClient);
            }
            assertThat(wire.client.cause == CloseCause.TIMED_OUT && wire.server.cause == CloseCause.TIMED_OUT)
                    .as(run)
                    .isFalse();
            assertThat(wire.client.leaked() + wire.server.leaked()).as(run).isZero();
        }
    }
}
