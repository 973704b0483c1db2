package org.slipway.gateway;

import static org.assertj.core.api.Assertions.assertThat;

import java.time.Duration;
import org.junit.jupiter.api.Test;
import org.slipway.gateway.Transfers.Carried;
import org.slipway.nat.FakeHost;
import org.slipway.wire.DropReason;

/** One guest has all the connections that it may have; another one carries on and opens more. */
class TcpFlowBoundsTest {

    /** What the busy guest has: its transfers, and one more in eight milliseconds. */
    private static final int BUSY_FLOWS = 2 + 16;

    /** As many as are left of 16,384. */
    private static final int FLOWS_OF_A_GUEST = (16_384 - BUSY_FLOWS) / 2;

    private static final int HALF_OPEN_OF_A_GUEST = 1024;
    private static final int TIME = 128;
    private static final String OUTSIDE = TestNetwork.OUTSIDE;

    @Test
    void connectionsBeyondTheShareAreReset() {
        Carried usual = TwoGuests.undisturbed(TIME);
        try (TwoGuests network = new TwoGuests()) {
            GreedyTcp greedy = new GreedyTcp(network);
            int perTime = 8192 / TIME + 8;
            Carried carried = network.carry(TIME, time -> {
                for (int i = time * perTime; i < (time + 1) * perTime; i++) {
                    if (greedy.syn(i, OUTSIDE, 80) == null) {
                        greedy.connected();
                        greedy.acknowledge(i, OUTSIDE, 80);
                    }
                }
                if (time % 8 == 0) {
                    greedy.assertBusyOpens(6000 + time);
                }
            });

            assertThat(network.net.host.streamCount())
                    .as("connections, with the busy guest's")
                    .isBetween(FLOWS_OF_A_GUEST + BUSY_FLOWS, FLOWS_OF_A_GUEST + BUSY_FLOWS + 2);
            assertThat(network.net.drops.of(DropReason.FLOW_TABLE_FULL))
                    .isEqualTo((long) perTime * TIME - (network.net.host.streamCount() - BUSY_FLOWS));
            assertThat(greedy.syn(500_000, OUTSIDE, 80)).isEqualTo(DropReason.FLOW_TABLE_FULL);
            greedy.assertReset(500_000, 80);
            carried.assertIsNearly(usual);
            greedy.assertBusyOpens(7000);
        }
    }

    @Test
    void hostsThatNeverAnswerHoldOnlyTheGuestsShareOfTheBacklog() {
        Carried usual = TwoGuests.undisturbed(TIME);
        try (TwoGuests network = new TwoGuests()) {
            GreedyTcp greedy = new GreedyTcp(network);
            FakeHost.Stream before = established(greedy);
            Carried carried = network.carry(TIME, time -> {
                for (int i = time * 100; i < (time + 1) * 100; i++) {
                    greedy.syn(1 + i, OUTSIDE, 80);
                }
                if (time % 8 == 0) {
                    greedy.assertBusyOpens(6000 + time);
                }
            });

            assertThat(network.net.drops.of(DropReason.TCP_BACKLOG_FULL)).isEqualTo(100 * TIME - HALF_OPEN_OF_A_GUEST);
            assertThat(greedy.syn(100 * TIME, OUTSIDE, 80)).isEqualTo(DropReason.TCP_BACKLOG_FULL);
            greedy.assertReset(100 * TIME, 80);
            carried.assertIsNearly(usual);
            greedy.assertBusyOpens(7000);
            assertGoesOn(network, before);
        }
    }

    @Test
    void handshakesThatTheGuestNeverEndsHoldOnlyItsShareOfTheBacklog() {
        Carried usual = TwoGuests.undisturbed(TIME);
        try (TwoGuests network = new TwoGuests()) {
            GreedyTcp greedy = new GreedyTcp(network);
            FakeHost.Stream before = established(greedy);
            Carried carried = network.carry(TIME, time -> {
                for (int i = time * 100; i < (time + 1) * 100; i++) {
                    if (greedy.syn(1 + i, OUTSIDE, 80) == null) {
                        greedy.connected();
                    }
                }
                if (time % 8 == 0) {
                    greedy.assertBusyOpens(6000 + time);
                }
            });

            assertThat(network.net.drops.of(DropReason.TCP_BACKLOG_FULL)).isEqualTo(100 * TIME - HALF_OPEN_OF_A_GUEST);
            assertThat(greedy.syn(100 * TIME, OUTSIDE, 80)).isEqualTo(DropReason.TCP_BACKLOG_FULL);
            greedy.assertReset(100 * TIME, 80);
            carried.assertIsNearly(usual);
            greedy.assertBusyOpens(7000);
            assertGoesOn(network, before);

            // They are given up, and the share is there again.
            network.net.advance(Duration.ofMinutes(10));
            assertThat(greedy.syn(400_000, OUTSIDE, 80)).isNull();
        }
    }

    @Test
    void handshakesThatTheGuestLeavesForASecondMakeWay() {
        try (TwoGuests network = new TwoGuests()) {
            GreedyTcp greedy = new GreedyTcp(network);
            for (int i = 0; i < HALF_OPEN_OF_A_GUEST; i++) {
                assertThat(greedy.syn(i, OUTSIDE, 80)).isNull();
                greedy.connected();
            }
            FakeHost.Stream second = network.net.host.recent(HALF_OPEN_OF_A_GUEST - 2);
            network.net.advance(Duration.ofMillis(999));
            assertThat(greedy.syn(400_000, OUTSIDE, 80)).isEqualTo(DropReason.TCP_BACKLOG_FULL);
            network.net.advance(Duration.ofMillis(1));

            assertThat(greedy.syn(400_000, OUTSIDE, 80)).isNull();
            assertThat(network.net.host.recent(HALF_OPEN_OF_A_GUEST).log()).containsExactly("reset");
            assertThat(second.log()).isEmpty();
            network.greedyMail.clear();
            greedy.connected();
            greedy.acknowledge(400_000, OUTSIDE, 80);
            assertThat(greedy.syn(400_001, OUTSIDE, 80)).isNull();
            assertThat(second.log()).isEmpty();
            assertThat(greedy.syn(400_002, OUTSIDE, 80)).isNull();
            assertThat(second.log()).containsExactly("reset");
        }
    }

    /** A connection of the greedy guest's own that is there before the flood. */
    private static FakeHost.Stream established(GreedyTcp greedy) {
        assertThat(greedy.syn(0, OUTSIDE, 80)).isNull();
        FakeHost.Stream stream = greedy.connected();
        greedy.acknowledge(0, OUTSIDE, 80);
        return stream;
    }

    private static void assertGoesOn(TwoGuests network, FakeHost.Stream stream) {
        network.greedyMail.clear();
        stream.receive("still there");
        network.hear();
        assertThat(network.greedyMail).hasSize(1);
    }
}
