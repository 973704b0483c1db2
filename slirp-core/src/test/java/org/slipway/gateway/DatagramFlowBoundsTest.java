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
    private static final int UDP_OF_A_GUEST = 2048;
    private static final int PINGS_OF_A_GUEST = 128;
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
            });

            List<FakeHost.Udp> sockets = network.net.host.udps();
            assertThat(sockets).hasSize(1 + 50 * TIME);
            assertThat(sockets.stream().filter(socket -> !socket.isClosed())).hasSize(1 + UDP_OF_A_GUEST);
            carried.assertIsNearly(usual);
            sockets.get(0).receive("for the flow of before", PEER);
            network.hear();
            PacketAssert.packet(network.nextForBusy())
                    .ipv4()
                    .udp(9, 7000)
                    .data(Packets.bytes("for the flow of before"));
            network.fromBusy(network.busy.to(TestNetwork.OUTSIDE).udp(7001, 9, DATA));
            assertThat(network.net.host.udps()).hasSize(2 + 50 * TIME);
        }
    }

    @Test
    void pingsBeyondTheShareAreLost() {
        Carried usual = TwoGuests.undisturbed(TIME);
        try (TwoGuests network = new TwoGuests()) {
            Carried carried = network.carry(TIME, time -> {
                for (int i = time * 10; i < (time + 1) * 10; i++) {
                    network.fromGreedy(network.greedy(i).to(TestNetwork.OUTSIDE).echoRequest(i, 1, DATA));
                }
            });

            assertThat(network.net.drops.of(DropReason.FLOW_TABLE_FULL)).isEqualTo(10 * TIME - PINGS_OF_A_GUEST);
            assertThat(network.net.echoes).hasSize(PINGS_OF_A_GUEST);
            carried.assertIsNearly(usual);
            assertThat(network.fromBusy(network.busy.to(TestNetwork.OUTSIDE).echoRequest(7, 1, DATA)))
                    .isNull();
            network.net.echoes.get(PINGS_OF_A_GUEST).listener.reply(1, 60, Unpooled.wrappedBuffer(DATA));
            PacketAssert.packet(next(network)).ipv4().icmp(0, 0, 7 << 16 | 1).data(DATA);
        }
    }

    private static ByteBuf next(TwoGuests network) {
        network.hear();
        return network.nextForBusy();
    }
}
