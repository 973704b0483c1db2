package org.slipway.gateway;

import static org.assertj.core.api.Assertions.assertThat;

import java.net.InetSocketAddress;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;
import org.slipway.gateway.Transfers.Carried;
import org.slipway.nat.FakeHost;
import org.slipway.nat.ForwardRule;
import org.slipway.wire.DropReason;
import org.slipway.wire.IpAddress;
import org.slipway.wire.IpPrefix;
import org.slipway.wire.PacketAssert;
import org.slipway.wire.Packets;

/** One guest has the gateway search for stations that are not there, or claims more addresses than it has. */
class NeighbourBoundsTest {

    private static final int TIME = 100;
    private static final InetSocketAddress LISTEN = new InetSocketAddress("127.0.0.1", 9);
    private static final InetSocketAddress CLIENT = new InetSocketAddress("127.0.0.1", 50_000);

    /** A network with more addresses than the table. */
    private static TwoGuests network() {
        Ipv4Plan plan = Ipv4Plan.of(IpPrefix.of(IpAddress.parse("10.0.0.0"), 16), null, null, null);
        return new TwoGuests(
                new GatewayConfig(new AddressPlan(plan, null), GatewayConfig.DEFAULT_MTU, List.of(), List.of()));
    }

    private static FakeHost.Udp forwardToBusy(TwoGuests network) {
        network.net.gateway.forward(
                new ForwardRule("test", ForwardRule.Protocol.UDP, LISTEN, network.busyNext.source(), 7000));
        return network.net.host.udps().get(0);
    }

    /** The greedy guest with address number {@code i} of its many. */
    private static Packets claiming(TwoGuests network, int i) {
        return network.greedy(i).source("10.0." + (3 + i / 250) + "." + (1 + i % 250));
    }

    @ParameterizedTest
    @ValueSource(ints = {1, 30_000})
    void searchesAndWaitingBytesBeyondTheShareTakeThePlaceOfTheGuestsOwn(int bytes) {
        Carried usual = TwoGuests.undisturbed(TIME);
        try (TwoGuests network = network()) {
            FakeHost.Udp socket = forwardToBusy(network);
            Carried carried = network.carry(TIME, time -> {
                if (time == TIME / 2) {
                    socket.receive("hello", CLIENT);
                }
                // The gateway has to ask for each before it can answer, and nobody is there.
                for (int i = time * 20; i < (time + 1) * 20; i++) {
                    network.fromGreedy(claiming(network, i).echoRequest(1, 1, new byte[bytes]));
                }
                if (time == TIME - 1) {
                    // Found only now, with the flood going on all the while.
                    network.answerArp(network.busyNext);
                }
            });

            assertThat(network.net.drops.of(DropReason.NEIGHBOUR_QUEUE_FULL)).isGreaterThan(1000);
            carried.assertIsNearly(usual);
            PacketAssert.packet(network.nextForBusy()).ipv4().udp(50_000, 7000).data(Packets.bytes("hello"));
        }
    }

    @Test
    void claimsBeyondTheShareTakeThePlaceOfTheGuestsOwn() {
        Carried usual = TwoGuests.undisturbed(TIME);
        try (TwoGuests network = network()) {
            FakeHost.Udp socket = forwardToBusy(network);
            network.fromBusy(TwoGuests.arpRequest(network.busyNext));
            Carried carried = network.carry(TIME, time -> {
                for (int i = time * 20; i < (time + 1) * 20; i++) {
                    network.fromGreedy(TwoGuests.arpRequest(claiming(network, i)));
                }
            });

            carried.assertIsNearly(usual);
            assertThat(network.askedFor).as("asked for").isEmpty();
            // Not used all the while, and still known; the greedy guest's first is forgotten, and asked for again.
            socket.receive("hello", CLIENT);
            network.hear();
            PacketAssert.packet(network.nextForBusy()).ipv4().udp(50_000, 7000).data(Packets.bytes("hello"));
            network.fromGreedy(claiming(network, 0).echoRequest(1, 1, new byte[1]));
            assertThat(network.askedFor).containsExactly("10.0.3.1");
        }
    }
}
