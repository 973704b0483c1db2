package org.slipway.gateway;

import static org.assertj.core.api.Assertions.assertThat;

import io.netty.buffer.PooledByteBufAllocator;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.slipway.gateway.Transfers.Carried;
import org.slipway.nat.FakeHost;
import org.slipway.wire.DropReason;

/** One guest has TCP hold for it all that it can; another one carries on. Memory is what the allocator says is in use. */
class TcpMemoryBoundsTest {

    private static final int TIME = 200;

    /** Of a guest. */
    private static final long BOUND = 32 << 20;

    private static final int PIECE = 65_536;
    private static final long LEAST = BOUND - 4 * PIECE;

    /** Buffers are up to a quarter larger than what is in them; and what the busy guest and a turn need. */
    private static final long SPARE = BOUND / 4 + (4 << 20);

    private static final String OUTSIDE = TestNetwork.OUTSIDE;

    private final long before = PooledByteBufAllocator.DEFAULT.pinnedDirectMemory();
    private long most;

    private void measure() {
        most = Math.max(most, PooledByteBufAllocator.DEFAULT.pinnedDirectMemory() - before);
    }

    /** So many connections of the greedy guest, as the acknowledgments that it sends. */
    private static List<Integer> open(TwoGuests network, GreedyTcp greedy, int connections) {
        List<Integer> acknowledgments = new ArrayList<>();
        for (int i = 0; i < connections; i++) {
            assertThat(greedy.syn(i, OUTSIDE, 80)).isNull();
            greedy.connected();
            acknowledgments.add(greedy.acknowledge(i, OUTSIDE, 80));
        }
        network.greedyMail.clear();
        return acknowledgments;
    }

    private static List<FakeHost.Stream> streamsOf(TwoGuests network, int connections) {
        List<FakeHost.Stream> all = network.net.host.streams();
        return all.subList(all.size() - connections, all.size());
    }

    @Test
    void downloadsThatAreNeverAcknowledgedHoldTheGuestsShare() {
        Carried usual = TwoGuests.undisturbed(TIME);
        try (TwoGuests network = new TwoGuests()) {
            GreedyTcp greedy = new GreedyTcp(network);
            int connections = 1000;
            open(network, greedy, connections);
            List<FakeHost.Stream> servers = streamsOf(network, connections);
            Carried carried = network.carry(TIME, time -> {
                for (int i = time * 10; i < (time + 1) * 10; i++) {
                    FakeHost.Stream server = servers.get(i % connections);
                    if (server.isReading()) {
                        server.receive(new byte[PIECE]);
                    }
                }
                measure();
            });

            assertThat(most).isBetween(LEAST, BOUND + SPARE);
            assertThat(servers).noneMatch(FakeHost.Stream::isReading);
            carried.assertIsNearly(usual);
            greedy.assertBusyOpens(6000);
        }
    }

    @Test
    void fewDownloadsThatStandStillLeaveTheGuestsOthersAlone() {
        try (TwoGuests network = new TwoGuests()) {
            GreedyTcp greedy = new GreedyTcp(network);
            int connections = 100;
            open(network, greedy, connections);
            List<FakeHost.Stream> servers = streamsOf(network, connections);
            for (int i = 0; i < 10_000; i++) {
                FakeHost.Stream server = servers.get(1 + i % (connections - 1));
                if (server.isReading()) {
                    server.receive(new byte[PIECE]);
                }
                measure();
            }

            assertThat(most).isBetween(LEAST, BOUND + SPARE);
            assertThat(servers).filteredOn(FakeHost.Stream::isReading).containsExactly(servers.get(0));
            network.hear();
            network.greedyMail.clear();
            servers.get(0).receive("hello");
            network.hear();
            assertThat(network.greedyMail).hasSize(1);
        }
    }

    @Test
    void uploadsToHostsThatTakeNothingHoldTheGuestsShare() {
        Carried usual = TwoGuests.undisturbed(TIME);
        try (TwoGuests network = new TwoGuests()) {
            GreedyTcp greedy = new GreedyTcp(network);
            int connections = 1000;
            List<Integer> acknowledgments = open(network, greedy, connections);
            List<FakeHost.Stream> hosts = streamsOf(network, connections);
            hosts.forEach(host -> host.stalled(true));
            byte[] data = new byte[PIECE / 4];
            Carried carried = network.carry(TIME, time -> {
                for (int i = time * 20; i < (time + 1) * 20; i++) {
                    int flow = i % connections;
                    greedy.send(flow, OUTSIDE, 80, i / connections * data.length, acknowledgments.get(flow), data);
                }
                measure();
            });

            assertThat(most).isBetween(LEAST, BOUND + SPARE);
            assertThat(network.net.drops.of(DropReason.TCP_MEMORY_FULL)).isGreaterThan(1000);
            carried.assertIsNearly(usual);

            // The hosts take it, and the guest may go on.
            hosts.forEach(host -> host.stalled(false));
            network.hear();
            assertThat(greedy.send(
                            connections - 1, OUTSIDE, 80, 3 * data.length, acknowledgments.get(connections - 1), data))
                    .isNull();
        }
    }

    @Test
    void dataBeforeTheirTurnHoldTheGuestsShare() {
        Carried usual = TwoGuests.undisturbed(TIME);
        try (TwoGuests network = new TwoGuests()) {
            GreedyTcp greedy = new GreedyTcp(network);
            int connections = 1000;
            List<Integer> acknowledgments = open(network, greedy, connections);
            byte[] data = new byte[PIECE / 4];
            Carried carried = network.carry(TIME, time -> {
                for (int i = time * 20; i < (time + 1) * 20; i++) {
                    int flow = i % connections;
                    int offset = 1 + i / connections * data.length;
                    greedy.send(flow, OUTSIDE, 80, offset, acknowledgments.get(flow), data);
                }
                measure();
            });

            assertThat(most).isBetween(LEAST, BOUND + SPARE);
            assertThat(network.net.drops.of(DropReason.TCP_MEMORY_FULL)).isPositive();
            carried.assertIsNearly(usual);

            // What was forgotten is sent again, and nothing waits for ever.
            assertThat(greedy.send(0, OUTSIDE, 80, 0, acknowledgments.get(0), new byte[1 + 3 * data.length]))
                    .isNull();
        }
    }

    @Test
    void smallDataOfLargeReadsDoNotHoldThem() {
        try (TwoGuests network = new TwoGuests()) {
            GreedyTcp greedy = new GreedyTcp(network);
            open(network, greedy, 1);
            FakeHost.Stream server = network.net.host.recent(0);
            for (int i = 0; i < 1000 && server.isReading(); i++) {
                server.receiveInto(PIECE, new byte[5000]);
                measure();
            }
            assertThat(server.isReading()).isFalse();
            assertThat(most).isBetween(1L << 20, 3L << 20);
        }
    }
}
