package org.slipway.gateway;

import static org.assertj.core.api.Assertions.assertThat;

import io.netty.buffer.ByteBuf;
import io.netty.buffer.Unpooled;
import java.util.List;
import java.util.Objects;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;
import org.slipway.gateway.Transfers.Carried;
import org.slipway.wire.DhcpMessage;
import org.slipway.wire.DhcpOptions;
import org.slipway.wire.Dhcpv6Association;
import org.slipway.wire.Dhcpv6Message;
import org.slipway.wire.Dhcpv6Options;
import org.slipway.wire.Dhcpv6Status;
import org.slipway.wire.DropReason;
import org.slipway.wire.Duid;
import org.slipway.wire.IpAddress;
import org.slipway.wire.MacAddress;
import org.slipway.wire.Packets;

/** One guest takes leases under many names, or declines all that it is offered; another one gets its own. */
class LeaseBoundsTest {

    private static final int TIME = 100;
    private static final int POOL = 16;
    private static final int IPV6_POOL = 256;
    private static final IpAddress NOWHERE = IpAddress.parse("0.0.0.0");
    private static final IpAddress SERVER = IpAddress.parse("10.0.2.2");
    private static final long FIRST_NAME = 0x5254_0067_0000L;

    private static ByteBuf dhcp(long mac, DhcpMessage.Type type, @Nullable IpAddress requested) {
        DhcpOptions.Builder options = new DhcpOptions.Builder().putByte(DhcpOptions.MESSAGE_TYPE, type.code());
        if (requested != null) {
            options.putAddress(DhcpOptions.SERVER_IDENTIFIER, SERVER)
                    .putAddress(DhcpOptions.REQUESTED_ADDRESS, requested);
        }
        ByteBuf message = Unpooled.buffer();
        new DhcpMessage(
                        DhcpMessage.REQUEST,
                        0,
                        1,
                        0,
                        false,
                        NOWHERE,
                        NOWHERE,
                        NOWHERE,
                        NOWHERE,
                        mac,
                        "",
                        "",
                        options.build())
                .emit(message);
        return Packets.from(mac, NOWHERE)
                .to("ff:ff:ff:ff:ff:ff", "255.255.255.255")
                .udp(68, 67, Packets.bytesOf(message));
    }

    private static DhcpMessage dhcpAnswer(ByteBuf frame) {
        return Objects.requireNonNull(DhcpMessage.parse(frame, 42, frame.getUnsignedShort(38) - 8));
    }

    /** The address that the greedy guest is offered by another of its names, or null if there is none for it. */
    private static @Nullable IpAddress discover(TwoGuests network, long mac) {
        network.greedyMail.clear();
        network.fromGreedy(dhcp(mac, DhcpMessage.Type.DISCOVER, null));
        return network.greedyMail.isEmpty()
                ? null
                : dhcpAnswer(network.nextForGreedy()).yourAddress();
    }

    private static void assertBusyIsLeased(TwoGuests network) {
        network.busyMail.clear();
        long mac = network.busy.sourceMac();
        assertThat(network.fromBusy(dhcp(mac, DhcpMessage.Type.DISCOVER, null))).isNull();
        IpAddress offered = dhcpAnswer(network.nextForBusy()).yourAddress();
        assertThat(network.fromBusy(dhcp(mac, DhcpMessage.Type.REQUEST, offered)))
                .isNull();
        assertThat(dhcpAnswer(network.nextForBusy()).type()).isEqualTo(DhcpMessage.Type.ACK);
    }

    @Test
    void leasesBeyondTheShareAreNotOffered() {
        Carried usual = TwoGuests.undisturbed(TIME);
        try (TwoGuests network = new TwoGuests()) {
            Carried carried = network.carry(TIME, time -> {
                long mac = FIRST_NAME + time;
                IpAddress offered = discover(network, mac);
                if (offered != null) {
                    network.fromGreedy(dhcp(mac, DhcpMessage.Type.REQUEST, offered));
                    assertThat(dhcpAnswer(network.nextForGreedy()).type()).isEqualTo(DhcpMessage.Type.ACK);
                }
                if (time >= TIME / 2 && time % 10 == 0) {
                    assertBusyIsLeased(network);
                }
            });

            assertThat(network.net.drops.of(DropReason.DHCP_POOL_EXHAUSTED)).isEqualTo(TIME - POOL * 3 / 4);
            carried.assertIsNearly(usual);
            network.greedyMail.clear();
            network.fromGreedy(dhcp(FIRST_NAME + TIME, DhcpMessage.Type.REQUEST, IpAddress.parse("10.0.2.30")));
            assertThat(dhcpAnswer(network.nextForGreedy()).type()).isEqualTo(DhcpMessage.Type.NAK);
            assertBusyIsLeased(network);
        }
    }

    @Test
    void offersThatAreDeclinedCountToTheShare() {
        Carried usual = TwoGuests.undisturbed(TIME);
        try (TwoGuests network = new TwoGuests()) {
            Carried carried = network.carry(TIME, time -> {
                IpAddress offered = discover(network, FIRST_NAME);
                if (offered != null) {
                    network.fromGreedy(dhcp(FIRST_NAME, DhcpMessage.Type.DECLINE, offered));
                }
            });

            assertThat(network.net.drops.of(DropReason.DHCP_POOL_EXHAUSTED)).isEqualTo(TIME - POOL * 3 / 4);
            carried.assertIsNearly(usual);
            assertBusyIsLeased(network);
        }
    }

    private static ByteBuf solicit(long mac) {
        Dhcpv6Options.Builder options = new Dhcpv6Options.Builder()
                .add(Dhcpv6Options.CLIENT_ID, Duid.ofEthernet(new MacAddress(mac)))
                .add(Dhcpv6Options.RAPID_COMMIT, new byte[0]);
        new Dhcpv6Association(Dhcpv6Options.IA_NA, 1, 0, 0, Dhcpv6Options.NONE).addTo(options);
        ByteBuf message = Unpooled.buffer();
        new Dhcpv6Message(Dhcpv6Message.Type.SOLICIT, 1, options.build()).emit(message);
        return Packets.from(mac, new IpAddress(0xfe80L << 48, mac))
                .to("33:33:00:01:00:02", "ff02::1:2")
                .udp(546, 547, Packets.bytesOf(message));
    }

    /** Whether the answer leases an address; if not, it says that there is none. */
    private static boolean isLeased(ByteBuf frame) {
        Dhcpv6Message reply = Objects.requireNonNull(Dhcpv6Message.parse(frame, 62, frame.getUnsignedShort(58) - 8));
        Dhcpv6Association association = reply.associations().get(0);
        boolean leased = !association.addresses().isEmpty();
        if (!leased) {
            assertThat(Dhcpv6Status.of(association.options())).isEqualTo(Dhcpv6Status.NO_ADDRESSES_AVAILABLE);
        }
        return leased;
    }

    @Test
    void ipv6LeasesBeyondTheShareAreNotAvailable() {
        Carried usual = TwoGuests.undisturbed(TIME);
        GatewayConfig config = new GatewayConfig(AddressPlan.DEFAULT, GatewayConfig.DEFAULT_MTU, List.of(), List.of());
        try (TwoGuests network = new TwoGuests(config)) {
            int[] leased = new int[1];
            Carried carried = network.carry(TIME, time -> {
                for (int i = time * 3; i < (time + 1) * 3; i++) {
                    network.greedyMail.clear();
                    network.fromGreedy(solicit(FIRST_NAME + i));
                    leased[0] += isLeased(network.nextForGreedy()) ? 1 : 0;
                }
            });

            assertThat(leased[0]).isEqualTo(IPV6_POOL * 3 / 4);
            carried.assertIsNearly(usual);
            network.busyMail.clear();
            network.fromBusy(solicit(network.busy.sourceMac()));
            assertThat(isLeased(network.nextForBusy())).isTrue();
        }
    }
}
