package org.slipway.gateway;

import static org.assertj.core.api.Assertions.assertThat;

import io.netty.buffer.ByteBuf;
import io.netty.buffer.Unpooled;
import java.net.InetSocketAddress;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.slipway.gateway.Transfers.Carried;
import org.slipway.nat.FakeHost;
import org.slipway.wire.DropReason;
import org.slipway.wire.PacketAssert;
import org.slipway.wire.Packets;

/** One guest has all the UDP and ping flows that it may have; another one keeps its own and gets new ones. */
class DatagramFlowBoundsTest {

    private static final int TIME = 100;
    private static final int BUSY_FLOWS = TIME / 10;
    private static final int UDP_OF_A_GUEST = (4096 - BUSY_FLOWS) / 2;
    private static final int PINGS_OF_A_GUEST = (256 - BUSY_FLOWS) / 2;
    private static final byte[] DATA = Packets.bytes("x");
    private static final InetSocketAddress PEER = new InetSocketAddress(TestNetwork.OUTSIDE, 9);

    @Test
    void udpFlowsBeyondTheShareTakeThePlaceOfTheGuestsOwn() {
        Carried usual = TwoGuests.undisturbed(TIME);
        try (TwoGuests network = new TwoGuests()) {
            assertThat(network.fromBusy(network.busy.to(TestNetwork.OUTSIDE).udp(7000, 9, DATA)))
                    .isNull();
            Carried carried = network.carry(TIME, time -> {
                for (int i = time * 50; i < (time + 1) * 50; i++) {
                    Packets greedy = network.greedy(i).to(TestNetwork.OUTSIDE);
                    assertThat(network.fromGreedy(greedy.udp(1024 + i, 9, DATA)))
                            .isNull();
                }
                if (time % 10 == 0) {
                    assertBusyIsAnswered(network, 7100 + time);
                }
            });

            List<FakeHost.Udp> sockets = network.net.host.udps();
            assertThat(sockets).hasSize(1 + BUSY_FLOWS + 50 * TIME);
            assertThat(sockets.stream().filter(socket -> !socket.isClosed()).count())
                    .isBetween(BUSY_FLOWS + UDP_OF_A_GUEST - 1L, BUSY_FLOWS + UDP_OF_A_GUEST + 1L + BUSY_FLOWS / 2);
            carried.assertIsNearly(usual);
            sockets.get(0).receive("for the flow of before", PEER);
            network.hear();
            PacketAssert.packet(network.nextForBusy())
                    .ipv4()
                    .udp(9, 7000)
                    .data(Packets.bytes("for the flow of before"));
            assertBusyIsAnswered(network, 7001);
        }
    }

    /** The busy guest has a new flow, both ways. */
    private static void assertBusyIsAnswered(TwoGuests network, int port) {
        network.fromBusy(network.busy.to(TestNetwork.OUTSIDE).udp(port, 9, DATA));
        List<FakeHost.Udp> sockets = network.net.host.udps();
        sockets.get(sockets.size() - 1).receive("answer", PEER);
        PacketAssert.packet(next(network)).ipv4().udp(9, port).data(Packets.bytes("answer"));
    }

    /** The busy guest pings by a new identifier, and is answered. */
    private static void assertBusyPings(TwoGuests network, int identifier) {
        assertThat(network.fromBusy(network.busy.to(TestNetwork.OUTSIDE).echoRequest(identifier, 1, DATA)))
                .isNull();
        int last = network.net.echoes.size() - 1;
        network.net.echoes.get(last).listener.reply(1, 60, Unpooled.wrappedBuffer(DATA));
        PacketAssert.packet(next(network))
                .ipv4()
                .icmp(0, 0, identifier << 16 | 1)
                .data(DATA);
    }

    @Test
    void pingsBeyondTheShareAreLost() {
        Carried usual = TwoGuests.undisturbed(TIME);
        try (TwoGuests network = new TwoGuests()) {
            Carried carried = network.carry(TIME, time -> {
                for (int i = time * 10; i < (time + 1) * 10; i++) {
                    network.fromGreedy(network.greedy(i).to(TestNetwork.OUTSIDE).echoRequest(i, 1, DATA));
                }
                if (time % 10 == 0) {
                    assertBusyPings(network, 7000 + time);
                }
            });

            int greedyFlows = network.net.echoes.size() - BUSY_FLOWS;
            assertThat(greedyFlows).isBetween(PINGS_OF_A_GUEST, PINGS_OF_A_GUEST + BUSY_FLOWS / 2);
            assertThat(network.net.drops.of(DropReason.FLOW_TABLE_FULL)).isEqualTo(10 * TIME - greedyFlows);
            carried.assertIsNearly(usual);
            assertBusyPings(network, 7);
        }
    }

    private static ByteBuf next(TwoGuests network) {
        network.hear();
        return network.nextForBusy();
    }
}
