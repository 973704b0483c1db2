package org.slipway.gateway;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.slipway.gateway.Transfers.Carried;
import org.slipway.nat.FakeHost;
import org.slipway.nat.GuestForward;
import org.slipway.wire.DropReason;
import org.slipway.wire.IpAddress;
import org.slipway.wire.Packets;

/** One guest has all the processes that it may have; another one gets one for each of its connections. */
class ProcessBoundsTest {

    private static final int TIME = 100;
    /** Half of 128, or of what the busy guest leaves of these. */
    private static final int PROCESSES_OF_A_GUEST = 64;

    private static final String SERVER = "10.0.2.20";
    private static final GuestForward FORWARD =
            new GuestForward("cmd", IpAddress.parse(SERVER), 82, new GuestForward.Command(List.of("/bin/cat")));

    @Test
    void processesBeyondTheShareAreRefused() {
        Carried usual = TwoGuests.undisturbed(TIME);
        GatewayConfig config = new GatewayConfig(AddressPlan.IPV4_ONLY, GatewayConfig.DEFAULT_MTU, List.of(), List.of())
                .leading(List.of(FORWARD));
        try (TwoGuests network = new TwoGuests(config)) {
            GreedyTcp greedy = new GreedyTcp(network);
            List<FakeHost.Stream> processes = new ArrayList<>();
            Carried carried = network.carry(TIME, time -> {
                for (int i = 2 * time; i < 2 * (time + 1); i++) {
                    if (greedy.syn(i, SERVER, 82) == null) {
                        processes.add(greedy.connected());
                        greedy.acknowledge(i, SERVER, 82);
                    } else {
                        greedy.assertReset(i, 82);
                    }
                }
                if (time % 10 == 5) {
                    assertBusyHasOne(network, greedy, 7000 + time);
                }
            });

            assertThat(processes).hasSizeBetween(PROCESSES_OF_A_GUEST - TIME / 20, PROCESSES_OF_A_GUEST);
            assertThat(network.net.drops.of(DropReason.FLOW_TABLE_FULL)).isEqualTo(2 * TIME - processes.size());
            carried.assertIsNearly(usual);

            // They end, and there is room for others.
            processes.forEach(FakeHost.Stream::receiveReset);
            network.hear();
            assertThat(greedy.syn(2 * TIME, SERVER, 82)).isNull();
        }
    }

    private static void assertBusyHasOne(TwoGuests network, GreedyTcp greedy, int port) {
        Packets busy = network.busy.to(SERVER);
        assertThat(network.fromBusy(GreedyTcp.syn(busy, port, 82))).isNull();
        assertThat(greedy.connected().command()).containsExactly("/bin/cat");
        GreedyTcp.assertSynAck(network.nextForBusy());
    }
}
