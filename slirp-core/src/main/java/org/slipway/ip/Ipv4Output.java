package org.slipway.ip;

import io.netty.buffer.ByteBuf;
import java.util.random.RandomGenerator;
import org.jspecify.annotations.Nullable;
import org.slipway.lan.Frame;
import org.slipway.wire.DropCounters;
import org.slipway.wire.DropReason;
import org.slipway.wire.EtherType;
import org.slipway.wire.IpAddress;
import org.slipway.wire.Ipv4Packet;
import org.slipway.wire.MacAddress;

/** Sends IPv4 packets: writes the header in front, finds the next hop, fragments what is too large. */
final class Ipv4Output implements PacketOutput {

    /** RFC 1112 6.4: the low 23 bits of the group follow. */
    private static final long MULTICAST_MAC = 0x0100_5e00_0000L;

    private static final int MULTICAST_MAC_BITS = 0x7f_ffff;

    private final DropCounters drops;
    private int mtu;
    private final LocalAddresses locals;
    private final Neighbours neighbours;
    private final EthernetOutput ethernet;
    private final Ipv4Fragmenter fragmenter;
    private final IpPacket undelivered;
    private @Nullable IpAddress router;
    private @Nullable IpProtocolHandler undeliverable;
    private int identification;

    Ipv4Output(
            DropCounters drops,
            int mtu,
            LocalAddresses locals,
            Neighbours neighbours,
            EthernetOutput ethernet,
            RandomGenerator random) {
        this.drops = drops;
        this.mtu = mtu;
        this.locals = locals;
        this.neighbours = neighbours;
        this.ethernet = ethernet;
        fragmenter = new Ipv4Fragmenter(mtu, ethernet);
        undelivered = new IpPacket(drops);
        identification = random.nextInt(1 << 16);
    }

    void mtu(int mtu) {
        this.mtu = mtu;
        fragmenter.mtu(mtu);
    }

    void router(@Nullable IpAddress address) {
        router = address;
    }

    void undeliverable(IpProtocolHandler listener) {
        undeliverable = listener;
    }

    /** See {@link IpHost#send}. */
    boolean send(
            IpAddress source,
            IpAddress destination,
            int protocol,
            int timeToLive,
            int typeOfService,
            boolean dontFragment,
            Frame upper) {
        return send(IpHost.UNKNOWN, source, destination, protocol, timeToLive, typeOfService, dontFragment, upper);
    }

    /** See {@link IpHost#sendTo}; {@code mac} is the station to send to, or {@link IpHost#UNKNOWN} to find it. */
    boolean send(
            long mac,
            IpAddress source,
            IpAddress destination,
            int protocol,
            int timeToLive,
            int typeOfService,
            boolean dontFragment,
            Frame upper) {
        int totalLength = Ipv4Packet.MIN_HEADER_LENGTH + upper.length();
        if (totalLength > Ipv4Packet.MAX_LENGTH || dontFragment && needsFragments(totalLength, upper)) {
            return drop(upper, DropReason.IP_TOO_BIG);
        }
        ByteBuf head = upper.head();
        int payload = head.readerIndex();
        int start = payload - Ipv4Packet.MIN_HEADER_LENGTH;
        int fragment = dontFragment ? Ipv4Packet.FLAG_DONT_FRAGMENT : 0;
        Ipv4Packet.write(
                head,
                start,
                typeOfService,
                totalLength,
                nextIdentification(upper),
                fragment,
                timeToLive,
                protocol,
                source,
                destination);
        head.readerIndex(start);
        EthernetOutput.shiftChecksum(upper, Ipv4Packet.MIN_HEADER_LENGTH);
        try {
            if (mac == IpHost.UNKNOWN) {
                return route(upper, destination);
            }
            transmit(upper, mac);
            return true;
        } finally {
            head.readerIndex(payload);
            EthernetOutput.shiftChecksum(upper, -Ipv4Packet.MIN_HEADER_LENGTH);
        }
    }

    private boolean needsFragments(int totalLength, Frame packet) {
        return totalLength > mtu && packet.segmentation() == Frame.Segmentation.NONE;
    }

    /** A device that cuts a packet counts on from its identification, so as many are used up. */
    private int nextIdentification(Frame upper) {
        int current = identification & 0xffff;
        identification += upper.segmentation() == Frame.Segmentation.NONE
                ? 1
                : upper.length() / Math.max(1, upper.segmentBytes()) + 1;
        return current;
    }

    private boolean route(Frame packet, IpAddress destination) {
        if (locals.isBroadcast(destination)) {
            transmit(packet, MacAddress.BROADCAST.value());
            return true;
        }
        if (destination.isMulticast()) {
            transmit(packet, MULTICAST_MAC | destination.ipv4Bits() & MULTICAST_MAC_BITS);
            return true;
        }
        IpAddress nextHop = locals.isOnLink(destination) ? destination : router;
        if (nextHop == null || locals.contains(nextHop) || locals.isNetwork(nextHop)) {
            return drop(packet, DropReason.IP_NO_ROUTE);
        }
        long mac = neighbours.lookup(nextHop);
        if (mac == IpHost.UNKNOWN) {
            DropReason refused = neighbours.enqueue(nextHop, packet, this);
            return refused == null || drop(packet, refused);
        }
        transmit(packet, mac);
        return true;
    }

    @Override
    public void transmit(Frame packet, long mac) {
        if (needsFragments(packet.length(), packet)) {
            fragmenter.send(packet, mac);
        } else {
            ethernet.send(packet, EtherType.IPV4, mac);
        }
    }

    @Override
    public void undeliverable(Frame packet) {
        IpProtocolHandler listener = undeliverable;
        if (listener != null) {
            ByteBuf buf = packet.head();
            listener.receive(undelivered.setIpv4(null, buf, buf.readerIndex(), ethernet.mac(), true));
            undelivered.clear();
        }
    }

    private boolean drop(Frame packet, DropReason reason) {
        drops.count(reason);
        packet.drop(reason);
        return false;
    }
}
