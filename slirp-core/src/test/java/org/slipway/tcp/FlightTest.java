package org.slipway.tcp;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.Random;
import org.junit.jupiter.api.Test;

/** The pieces in flight against a model with one cell for each byte. */
class FlightTest {

    private static final int IN_NETWORK = 0;
    private static final int SACKED = 1;
    private static final int LOST = 2;

    @Test
    void anythingThatHappensIsCountedRight() {
        for (int seed = 0; seed < 300; seed++) {
            Random random = new Random(seed);
            int origin = random.nextInt();
            Flight flight = new Flight();
            flight.clear(origin);
            Rack rack = new Rack(new RttEstimator());
            rack.start(origin);
            int[] cells = new int[20_000];
            int una = 0;
            int next = 0;
            for (int step = 0; step < 300; step++) {
                int length = next - una;
                switch (random.nextInt(6)) {
                    case 0, 1 -> {
                        next = Math.min(cells.length, next + 1 + random.nextInt(100));
                        if (next - una > length) {
                            flight.sent(origin + next, step);
                        }
                    }
                    case 2 -> {
                        int from = una + 1 + (length > 2 ? random.nextInt(length - 2) : 0);
                        int to = Math.min(next, from + 1 + random.nextInt(60));
                        if (to > from) {
                            rack.begin(step, 0, -1);
                            flight.sack(origin + from, origin + to, rack);
                            int fresh = 0;
                            for (int i = from; i < to; i++) {
                                fresh += cells[i] == SACKED ? 0 : 1;
                                cells[i] = SACKED;
                            }
                            assertThat(rack.delivered()).isEqualTo(fresh);
                        }
                    }
                    case 3 -> {
                        if (length > 0) {
                            int piece = random.nextInt(flight.count());
                            if (flight.isInNetwork(piece)) {
                                for (int i = flight.start(piece); i != flight.end(piece); i++) {
                                    cells[i - origin] = LOST;
                                }
                                flight.lose(piece);
                            }
                        }
                    }
                    case 4 -> {
                        if (flight.lostBytes() > 0) {
                            int piece = flight.firstLost();
                            int from = flight.start(piece);
                            int all = flight.lostTo(piece, 1 + random.nextInt(200));
                            int to = from + 1 + random.nextInt(all - from);
                            assertThat(cells[from - origin]).isEqualTo(LOST);
                            flight.sentAgain(from, to, step);
                            for (int i = from; i != to; i++) {
                                cells[i - origin] = IN_NETWORK;
                            }
                        }
                    }
                    default -> {
                        if (random.nextInt(3) == 0 && length > 0) {
                            una += 1 + random.nextInt(length);
                            flight.acknowledge(origin + una, rack);
                            if (una < next && cells[una] == SACKED) {
                                for (int i = una; i < next; i++) {
                                    cells[i] = cells[i] == SACKED ? IN_NETWORK : cells[i];
                                }
                            }
                        }
                    }
                }
                int[] counts = new int[3];
                for (int i = una; i < next; i++) {
                    counts[cells[i]]++;
                }
                String where = "seed " + seed + " step " + step;
                assertThat(flight.sackedBytes()).as(where).isEqualTo(counts[SACKED]);
                assertThat(flight.lostBytes()).as(where).isEqualTo(counts[LOST]);
                assertThat(flight.pipe()).as(where).isEqualTo(counts[IN_NETWORK]);
            }
        }
    }

    /** One byte of two, up to more pieces than it holds: what cannot be kept is not taken, and nothing is miscounted. */
    @Test
    void morePiecesThanItHoldsAreBorne() {
        Flight flight = new Flight();
        flight.clear(0);
        Rack rack = new Rack(new RttEstimator());
        rack.start(0);
        flight.sent(100_000, 0);
        rack.begin(1, 0, -1);
        for (int i = 1; i < 99_999; i += 2) {
            flight.sack(i, i + 1, rack);
        }
        assertThat(flight.count()).isLessThanOrEqualTo(Flight.MAX_PIECES);
        assertThat(flight.sackedBytes()).isBetween(Flight.MAX_PIECES / 2 - 2, Flight.MAX_PIECES / 2 + 2);
        flight.sent(200_000, 2);
        assertThat(flight.count()).isLessThanOrEqualTo(Flight.MAX_PIECES);
        assertThat(flight.pipe() + flight.sackedBytes()).isEqualTo(200_000);
        flight.acknowledge(200_000, rack);
        assertThat(flight.pipe()).isZero();
        assertThat(flight.sackedBytes()).isZero();
    }
}
