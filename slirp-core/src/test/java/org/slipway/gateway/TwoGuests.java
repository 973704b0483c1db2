package org.slipway.gateway;

import static org.assertj.core.api.Assertions.assertThat;

import io.netty.buffer.ByteBuf;
import io.netty.buffer.Unpooled;
import io.netty.util.ResourceLeakDetector;
import java.time.Duration;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Queue;
import java.util.Set;
import java.util.function.IntConsumer;
import org.jspecify.annotations.Nullable;
import org.slipway.lan.Lan;
import org.slipway.lan.SegmentingPort;
import org.slipway.lan.TestPort;
import org.slipway.wire.ArpPacket;
import org.slipway.wire.DropReason;
import org.slipway.wire.EtherType;
import org.slipway.wire.EthernetFrame;
import org.slipway.wire.IpAddress;
import org.slipway.wire.MacAddress;
import org.slipway.wire.Packets;

/**
 * A Lan with a gateway and two guests, each behind a port of its own, on a hand-moved clock: the greedy one floods the
 * gateway, by several Ethernet addresses, while the busy one downloads and uploads.
 *
 * <p>The clock does not move while the gateway works: what the flood costs in processor time is not measured here, only what
 * it takes away of anything that is bounded. {@code scripts/flood.sh} measures the rest.
 */
final class TwoGuests implements AutoCloseable {

    static final String BUSY_MAC = "52:54:00:00:00:02";

    /** Outside of the DHCP pool. */
    static final String BUSY = "10.0.2.100";

    /** How many stations the greedy guest makes itself look like. */
    static final int NAMES = 8;

    private static final String BUSY_NEXT = "10.0.2.101";

    /** The gateway asks where stations are before the Lan is there. */
    private static final class LateStations implements Stations {
        @Nullable
        Lan lan;

        @Override
        public boolean writable(long station) {
            return lan == null || lan.writable(station);
        }

        @Override
        public long share(long station) {
            return lan == null ? station : lan.share(station);
        }

        @Override
        public boolean apart(long station, long other) {
            return lan != null && lan.apart(station, other);
        }
    }

    private final LateStations stations = new LateStations();
    private final ResourceLeakDetector.Level usualLevel = ResourceLeakDetector.getLevel();
    final TestNetwork net;

    /** The busy guest, and its second address, which it has told nobody of. */
    final Packets busy = Packets.from(BUSY_MAC, BUSY).to(TestNetwork.GATEWAY_MAC, "10.0.2.2");

    final Packets busyNext = busy.source(BUSY_NEXT);
    final Transfers transfers;

    /** What came for the guests and was not part of the transfers. */
    final Queue<ByteBuf> greedyMail = new ArrayDeque<>();

    final Queue<ByteBuf> busyMail = new ArrayDeque<>();

    /** Addresses that the gateway has asked for by ARP. */
    final Set<String> askedFor = new HashSet<>();

    private final List<Packets> names = new ArrayList<>();
    private final TestPort greedyDevice = new TestPort("greedy");
    private final TestPort busyDevice = new TestPort("busy");
    private final List<SegmentingPort> ports = new ArrayList<>();
    private boolean standsStill;

    TwoGuests() {
        this(new GatewayConfig(AddressPlan.IPV4_ONLY, GatewayConfig.DEFAULT_MTU, List.of(), List.of()));
    }

    TwoGuests(GatewayConfig config) {
        // The network counts its buffers itself when it is closed; a stack trace for each access takes minutes here.
        ResourceLeakDetector.setLevel(ResourceLeakDetector.Level.DISABLED);
        net = new TestNetwork(config, stations);
        Lan lan = new Lan(net.loop, net.drops);
        for (TestPort device : List.of(greedyDevice, busyDevice)) {
            SegmentingPort port = new SegmentingPort(device, net.drops);
            ports.add(port);
            lan.attach(port);
        }
        lan.attach(net.gateway);
        lan.onWritable(net.gateway::portsWritable);
        lan.pin(MacAddress.parse(TestNetwork.GATEWAY_MAC), net.gateway);
        stations.lan = lan;
        introduce(busyDevice, busy);
        for (int i = 0; i < NAMES; i++) {
            Packets name =
                    Packets.from("52:54:00:66:00:0" + i, "10.0.2.20" + i).to(TestNetwork.GATEWAY_MAC, "10.0.2.2");
            names.add(name);
            introduce(greedyDevice, name);
        }
        transfers = new Transfers(this);
        transfers.begin();
        busyMail.clear();
        greedyMail.clear();
        askedFor.clear();
    }

    /** What the busy guest carries in so many milliseconds if nobody disturbs it. */
    static Transfers.Carried undisturbed(int milliseconds) {
        try (TwoGuests network = new TwoGuests()) {
            return network.carry(milliseconds, millisecond -> {});
        }
    }

    /** What the busy guest carries in so many milliseconds, while {@code flood} is called in each. */
    Transfers.Carried carry(int milliseconds, IntConsumer flood) {
        for (int i = 0; i < milliseconds; i++) {
            standsStill = false;
            flood.accept(i);
            if (!standsStill) {
                transfers.go();
            }
            net.advance(Duration.ofMillis(1));
            hear();
        }
        return transfers.carried();
    }

    /** The busy guest transfers nothing in this millisecond. */
    void standStill() {
        standsStill = true;
    }

    /** The greedy guest takes no frames, or again. */
    void greedyIsFull(boolean full) {
        greedyDevice.writable(!full);
    }

    /** The greedy guest under one of its names. */
    Packets greedy(int name) {
        return names.get(name % NAMES);
    }

    private void introduce(TestPort device, Packets guest) {
        inject(device, arpRequest(guest));
    }

    /** An ARP request for the gateway, from which that learns who asks. */
    static ByteBuf arpRequest(Packets guest) {
        return Packets.arp(
                MacAddress.BROADCAST.value(),
                new ArpPacket(ArpPacket.REQUEST, guest.sourceMac(), guest.source(), 0, IpAddress.parse("10.0.2.2")));
    }

    /** The greedy guest sends. Returns why it was dropped, or null. */
    @Nullable
    DropReason fromGreedy(ByteBuf frame) {
        return inject(greedyDevice, frame);
    }

    /** The busy guest sends. Returns why it was dropped, or null. */
    @Nullable
    DropReason fromBusy(ByteBuf frame) {
        return inject(busyDevice, frame);
    }

    private @Nullable DropReason inject(TestPort device, ByteBuf frame) {
        DropReason reason = device.inject(Packets.bytesOf(frame));
        hear();
        return reason;
    }

    /** The turn ends, and the guests take what was sent to them. */
    void hear() {
        net.loop.run();
        for (byte[] bytes : greedyDevice.take()) {
            greedyMail.add(Unpooled.wrappedBuffer(bytes));
        }
        for (byte[] bytes : busyDevice.take()) {
            ByteBuf frame = Unpooled.wrappedBuffer(bytes);
            if (EthernetFrame.type(frame, 0) == EtherType.ARP) {
                hearArp(ArpPacket.parse(frame, EthernetFrame.HEADER_LENGTH));
            } else if (!transfers.hear(frame)) {
                busyMail.add(frame);
            }
        }
    }

    /** The busy guest answers for its own address at once; for the second one the test does. */
    private void hearArp(ArpPacket packet) {
        if (packet.operation() == ArpPacket.REQUEST && packet.senderMac() == busy.destinationMac()) {
            askedFor.add(packet.targetAddress().toString());
            if (packet.targetAddress().equals(busy.source())) {
                answerArp(busy);
            }
        }
    }

    /** The busy guest tells the gateway who has the address of {@code guest}. */
    void answerArp(Packets guest) {
        fromBusy(Packets.arp(
                guest.destinationMac(),
                new ArpPacket(
                        ArpPacket.REPLY,
                        guest.sourceMac(),
                        guest.source(),
                        guest.destinationMac(),
                        IpAddress.parse("10.0.2.2"))));
    }

    /** The oldest frame for the greedy guest that nobody looked at. */
    ByteBuf nextForGreedy() {
        return next(greedyMail);
    }

    /** The oldest frame for the busy guest that nobody looked at. */
    ByteBuf nextForBusy() {
        return next(busyMail);
    }

    private static ByteBuf next(Queue<ByteBuf> mail) {
        ByteBuf frame = mail.poll();
        assertThat(frame).as("a frame to the guest").isNotNull();
        return frame;
    }

    @Override
    public void close() {
        ports.forEach(SegmentingPort::close);
        net.close();
        ResourceLeakDetector.setLevel(usualLevel);
    }
}
