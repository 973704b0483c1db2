package org.slipway.gateway;

import static org.assertj.core.api.Assertions.assertThat;

import io.netty.buffer.ByteBuf;
import java.util.Arrays;
import org.junit.jupiter.api.Test;
import org.slipway.gateway.Transfers.Carried;
import org.slipway.wire.DropReason;
import org.slipway.wire.IpProtocol;
import org.slipway.wire.Packets;

/** One guest sends fragments that never become whole; another one's do. */
class ReassemblyBoundsTest {

    private static final int TIME = 200;

    @Test
    void packetsBeyondTheShareTakeThePlaceOfTheGuestsOwn() {
        assertOthersBecomeWhole((network, i) -> network.greedy(i)
                .identification(i / TwoGuests.NAMES)
                .fragment(0, true)
                .ipv4(IpProtocol.UDP, new byte[8]));
    }

    @Test
    void bytesBeyondTheShareTakeThePlaceOfTheGuestsOwn() {
        // Sixteen packets of 60 KiB each at a time.
        assertOthersBecomeWhole((network, i) -> network.greedy(i)
                .identification(i / 640 * 16 + i % 16)
                .fragment(i % 640 / 16 * 1480, true)
                .ipv4(IpProtocol.UDP, new byte[1480]));
    }

    private interface Fragments {
        ByteBuf number(TwoGuests network, int i);
    }

    private static void assertOthersBecomeWhole(Fragments fragments) {
        Carried usual = TwoGuests.undisturbed(TIME);
        try (TwoGuests network = new TwoGuests()) {
            Packets busy = network.busy.to(TestNetwork.OUTSIDE);
            byte[] datagram = busy.udpDatagram(7000, 9, new byte[2000]);
            Carried carried = network.carry(TIME, time -> {
                // The second half a millisecond after the first, and a flood between them.
                network.fromBusy(busy.identification(time).fragment(0, true).ipv4(17, Arrays.copyOf(datagram, 1480)));
                for (int i = time * 100; i < (time + 1) * 100; i++) {
                    network.fromGreedy(fragments.number(network, i));
                }
                network.fromBusy(busy.identification(time - 1)
                        .fragment(1480, false)
                        .ipv4(17, Arrays.copyOfRange(datagram, 1480, datagram.length)));
            });

            assertThat(network.net.drops.of(DropReason.IP_FRAGMENT_EXPIRED)).isGreaterThan(100);
            carried.assertIsNearly(usual);
            assertThat(network.net.host.udps()).hasSize(1);
            assertThat(network.net.host.udps().get(0).take()).hasSize(TIME - 1);
        }
    }
}
