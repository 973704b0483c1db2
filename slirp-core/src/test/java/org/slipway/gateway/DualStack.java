package org.slipway.gateway;

import org.slipway.wire.IpAddress;
import org.slipway.wire.NeighbourMessage;
import org.slipway.wire.PacketAssert;
import org.slipway.wire.Packets;

/** A {@link TestNetwork} of both families, whose gateway knows the guest by an address of the prefix and by a link-local one. */
final class DualStack implements AutoCloseable {

    static final String OUTSIDE = "2001:db8::34";

    final TestNetwork net = new TestNetwork(GatewayConfig.DEFAULT);
    final Packets guest = Packets.from(TestNetwork.GUEST_MAC, "fd00::15").to(TestNetwork.GATEWAY_MAC, "fd00::2");
    final Packets outside = guest.to(OUTSIDE);
    final Packets onLink = Packets.from(TestNetwork.GUEST_MAC, "fe80::15").to(TestNetwork.GATEWAY_MAC, "fe80::2");

    DualStack() {
        meet(guest);
        meet(onLink);
        net.skip();
    }

    private void meet(Packets station) {
        IpAddress gateway = station.destination();
        net.send(station.timeToLive(255).ndp(new NeighbourMessage(false, 0, gateway, station.sourceMac())));
    }

    /** The oldest frame for the guest that was not yet looked at, a packet of IPv6. */
    PacketAssert nextPacket() {
        return PacketAssert.packet(net.next()).ipv6();
    }

    @Override
    public void close() {
        net.close();
    }
}
