package org.slipway.gateway;

import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.api.Test;
import org.slipway.gateway.Transfers.Carried;
import org.slipway.wire.DropReason;
import org.slipway.wire.Packets;

/** One guest provokes ICMP errors without end; another one is told of all its own. */
class IcmpErrorBoundsTest {

    private static final int TIME = 300;
    private static final int BURST = 50;
    private static final int PER_SECOND = 100;

    @Test
    void errorsBeyondTheRateAreNotSentToThatGuestAlone() {
        Carried usual = TwoGuests.undisturbed(TIME);
        try (TwoGuests network = new TwoGuests()) {
            Carried carried = network.carry(TIME, time -> {
                for (int i = 0; i < 100; i++) {
                    Packets greedy = network.greedy(i);
                    network.fromGreedy(
                            greedy.to(TestNetwork.OUTSIDE).timeToLive(1).udp(1024, 33_434, new byte[8]));
                }
                if (time % 10 == 0) {
                    network.fromBusy(
                            network.busy.to(TestNetwork.OUTSIDE).timeToLive(1).udp(7000, 33_434, new byte[8]));
                }
            });

            long told = BURST + PER_SECOND * TIME / 1000;
            assertThat(network.net.drops.of(DropReason.ICMP_RATE_LIMITED))
                    .isBetween(100L * TIME - told - 1, 100L * TIME - told + 1);
            carried.assertIsNearly(usual);
            assertThat(network.busyMail).hasSize(TIME / 10);
        }
    }
}
