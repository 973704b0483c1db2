package org.slipway.cli.top;

import static org.assertj.core.api.Assertions.assertThat;
import static org.slipway.cli.top.Samples.flow;
import static org.slipway.cli.top.Samples.guest;
import static org.slipway.cli.top.Samples.snapshot;

import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.slipway.cli.top.View.FlowRow;

class TrafficTest {

    private final Traffic traffic = new Traffic();

    private static Snapshot at(double uptime, long bytesUp, Snapshot.Flow... flows) {
        return snapshot(uptime, List.of(guest(1, bytesUp, 0)), List.of(flows));
    }

    @Test
    void firstSnapshotHasNoRates() {
        View view = traffic.update(at(5, 1000, flow("tcp1", "192.0.2.1:80", 1000, 0)));
        assertThat(view.total().bitsUp()).isNaN();
        assertThat(view.guests().get(0).rates().bitsUp()).isNaN();
        assertThat(view.flows().get(0).rates().bits()).isNaN();
    }

    @Test
    void rateIsWhatCameByTheNetworksOwnClock() {
        traffic.update(at(5, 1000, flow("tcp1", "192.0.2.1:80", 1000, 500)));
        View view = traffic.update(at(7, 5000, flow("tcp1", "192.0.2.1:80", 3000, 1500)));
        assertThat(view.total().bitsUp()).isEqualTo(16_000);
        assertThat(view.guests().get(0).rates().bitsUp()).isEqualTo(16_000);
        assertThat(view.guests().get(0).rates().framesUp()).isEqualTo(2);
        assertThat(view.flows().get(0).rates().bitsUp()).isEqualTo(8_000);
        assertThat(view.flows().get(0).rates().bitsDown()).isEqualTo(4_000);
    }

    @Test
    void flowThatBeganSinceCountsFromZeroAndOneThatEndedIsGone() {
        traffic.update(at(5, 0, flow("tcp1", "192.0.2.1:80", 1000, 0)));
        View view = traffic.update(at(6, 0, flow("tcp2", "192.0.2.1:80", 500, 0)));
        assertThat(view.flows()).extracting(row -> row.flow().name()).containsExactly("tcp2");
        assertThat(view.flows().get(0).rates().bitsUp()).isEqualTo(4_000);
    }

    @Test
    void guestThatCameBackCountsFromZero() {
        traffic.update(at(5, 9000));
        View view = traffic.update(at(6, 100));
        assertThat(view.guests().get(0).rates().bitsUp()).isEqualTo(800);
    }

    @Test
    void networkThatWasRestartedHasNoRatesAtFirst() {
        traffic.update(at(5, 1000));
        traffic.update(at(6, 2000));
        View restarted = traffic.update(at(0.5, 9_000));
        assertThat(restarted.total().bitsUp()).isNaN();
        assertThat(traffic.update(at(1.5, 10_000)).total().bitsUp()).isEqualTo(8_000);
    }

    @Test
    void snapshotSoonAfterAnotherKeepsTheRatesOverALongerTime() {
        traffic.update(at(5, 0));
        traffic.update(at(6, 1000));
        View view = traffic.update(at(6.0625, 1125));
        assertThat(view.total().bitsUp()).isEqualTo(8 * 1125 / 1.0625);
        assertThat(view.now().uptime()).isEqualTo(6.0625);
    }

    @Test
    void reasonsThatStrikeNowStandFirst() {
        traffic.update(Samples.withDrops(at(5, 0), Map.of("old", 900L, "now", 1L)));
        View view = traffic.update(Samples.withDrops(at(7, 0), Map.of("old", 900L, "now", 2L, "new", 6L)));
        assertThat(view.drops()).extracting(View.Drop::reason).containsExactly("new", "now", "old");
        assertThat(view.drops()).extracting(View.Drop::rate).containsExactly(3.0, 0.5, 0.0);
        assertThat(view.dropped()).isEqualTo(908);
        assertThat(view.dropRate()).isEqualTo(3.5);
    }

    @Test
    void flowsThatAreAlikeStandInTheOrderOfTheirNumbers() {
        View view = traffic.update(at(
                5,
                0,
                flow("tcp10", "192.0.2.1:80", 0, 0),
                flow("udp1", "192.0.2.1:80", 0, 0),
                flow("tcp9", "b:1", 0, 0)));
        for (SortKey key : List.of(SortKey.RATE, SortKey.TOTAL, SortKey.AGE, SortKey.FLOW)) {
            assertThat(key.sorted(view.flows()))
                    .as(key.label())
                    .extracting(row -> row.flow().name())
                    .containsExactly("tcp9", "tcp10", "udp1");
        }
    }

    @Test
    void eachKeySortsByItsColumn() {
        View view = Samples.busy();
        assertThat(order(SortKey.RATE, view)).containsExactly("tcp3", "icmp9", "tcp7", "udp5");
        assertThat(order(SortKey.UP, view)).startsWith("tcp3");
        assertThat(order(SortKey.DOWN, view)).startsWith("tcp3", "icmp9");
        assertThat(order(SortKey.TOTAL, view)).containsExactly("tcp3", "icmp9", "tcp7", "udp5");
        assertThat(order(SortKey.RTT, view)).containsExactly("tcp7", "tcp3", "icmp9", "udp5");
        assertThat(order(SortKey.AGE, view)).startsWith("tcp7");
        assertThat(order(SortKey.FLOW, view)).containsExactly("icmp9", "tcp3", "tcp7", "udp5");
        assertThat(order(SortKey.GUEST, view)).endsWith("tcp7");
        assertThat(order(SortKey.DESTINATION, view)).containsExactly("icmp9", "udp5", "tcp3", "tcp7");
        assertThat(order(SortKey.STATE, view)).containsExactly("tcp3", "tcp7", "icmp9", "udp5");
    }

    private static List<String> order(SortKey key, View view) {
        return key.sorted(view.flows()).stream()
                .map(FlowRow::flow)
                .map(Snapshot.Flow::name)
                .toList();
    }
}
