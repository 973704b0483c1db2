package org.slipway.gateway;

import static org.assertj.core.api.Assertions.assertThat;

import io.netty.buffer.ByteBuf;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.slipway.gateway.Transfers.Carried;
import org.slipway.nat.FakeHost;
import org.slipway.wire.EthernetFrame;
import org.slipway.wire.IpAddress;
import org.slipway.wire.Packets;

/** One guest pretends to be thousands of stations, or takes nothing that is sent to it; another one carries on. */
class SwitchBoundsTest {

    private static final int TIME = 128;

    /** A switch that has forgotten where somebody is sends to all: the other guest would hear everything. */
    @Test
    void stationsBeyondTheShareTakeThePlaceOfTheGuestsOwn() {
        Carried usual = TwoGuests.undisturbed(TIME);
        try (TwoGuests network = new TwoGuests()) {
            Carried carried = network.carry(TIME, time -> {
                for (int i = time * 100; i < (time + 1) * 100; i++) {
                    Packets name = Packets.from(0x5254_0100_0000L + i, IpAddress.parse("10.0.2.200"))
                            .to(TestNetwork.GATEWAY_MAC, "10.0.2.2");
                    network.fromGreedy(TwoGuests.arpRequest(name));
                }
            });

            carried.assertIsNearly(usual);
            for (ByteBuf frame : network.greedyMail) {
                assertThat(EthernetFrame.destination(frame, 0)).isNotEqualTo(network.busy.sourceMac());
            }
        }
    }

    @Test
    void guestThatTakesNothingHoldsUpItsOwnDownloadsAlone() {
        Carried usual = TwoGuests.undisturbed(TIME);
        try (TwoGuests network = new TwoGuests()) {
            GreedyTcp greedy = new GreedyTcp(network);
            List<FakeHost.Stream> servers = new ArrayList<>();
            for (int i = 0; i < 20; i++) {
                assertThat(greedy.syn(i, TestNetwork.OUTSIDE, 80)).isNull();
                servers.add(greedy.connected());
                greedy.acknowledge(i, TestNetwork.OUTSIDE, 80);
            }
            network.greedyMail.clear();
            network.greedyIsFull(true);
            Carried carried = network.carry(TIME, time -> {
                for (FakeHost.Stream server : servers) {
                    if (server.isReading()) {
                        server.receive(new byte[65_536]);
                    }
                }
            });

            carried.assertIsNearly(usual);
            assertThat(servers).as("that still read").noneMatch(FakeHost.Stream::isReading);
            network.greedyIsFull(false);
            network.hear();
            assertThat(network.greedyMail).hasSizeGreaterThanOrEqualTo(servers.size());
        }
    }
}
