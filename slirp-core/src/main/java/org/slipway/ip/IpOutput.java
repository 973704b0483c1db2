package org.slipway.ip;

import io.netty.buffer.ByteBuf;
import org.jspecify.annotations.Nullable;
import org.slipway.lan.Frame;
import org.slipway.wire.DropCounters;
import org.slipway.wire.DropReason;
import org.slipway.wire.IpAddress;
import org.slipway.wire.MacAddress;

/** Sends the packets of one family: writes the header in front, finds the next hop, fragments what is too large. */
abstract class IpOutput implements PacketOutput {

    final EthernetOutput ethernet;
    private final int etherType;
    private final int headerLength;
    private final DropCounters drops;
    private final LocalAddresses locals;
    private final Neighbours neighbours;
    private final Fragmenter fragmenter;
    private final IpPacket undelivered;
    private int mtu;
    private @Nullable IpAddress router;
    private @Nullable IpProtocolHandler undeliverable;

    /** {@code headerLength} bytes of IP header are written in front. */
    IpOutput(
            int etherType,
            int headerLength,
            DropCounters drops,
            LocalAddresses locals,
            Neighbours neighbours,
            Fragmenter fragmenter,
            EthernetOutput ethernet) {
        this.etherType = etherType;
        this.headerLength = headerLength;
        this.drops = drops;
        this.locals = locals;
        this.neighbours = neighbours;
        this.fragmenter = fragmenter;
        this.ethernet = ethernet;
        undelivered = new IpPacket(drops);
    }

    final void mtu(int mtu) {
        this.mtu = mtu;
        fragmenter.mtu(mtu);
    }

    final int mtu() {
        return mtu;
    }

    final void router(@Nullable IpAddress address) {
        router = address;
    }

    final void undeliverable(IpProtocolHandler listener) {
        undeliverable = listener;
    }

    /** See {@link IpHost#send}. */
    final boolean send(
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
    final boolean send(
            long mac,
            IpAddress source,
            IpAddress destination,
            int protocol,
            int timeToLive,
            int typeOfService,
            boolean dontFragment,
            Frame upper) {
        int totalLength = headerLength + upper.length();
        if (totalLength > maxLength() || dontFragment && needsFragments(totalLength, upper)) {
            return drop(upper, DropReason.IP_TOO_BIG);
        }
        ByteBuf head = upper.head();
        int payload = head.readerIndex();
        int start = payload - headerLength;
        writeHeader(upper, start, source, destination, protocol, timeToLive, typeOfService, dontFragment);
        head.readerIndex(start);
        EthernetOutput.shiftChecksum(upper, headerLength);
        try {
            if (mac == IpHost.UNKNOWN) {
                return route(upper, destination);
            }
            transmit(upper, mac);
            return true;
        } finally {
            head.readerIndex(payload);
            EthernetOutput.shiftChecksum(upper, -headerLength);
        }
    }

    private boolean needsFragments(int totalLength, Frame packet) {
        return totalLength > mtu && packet.segmentation() == Frame.Segmentation.NONE;
    }

    private boolean route(Frame packet, IpAddress destination) {
        if (locals.isBroadcast(destination)) {
            transmit(packet, MacAddress.BROADCAST.value());
            return true;
        }
        if (destination.isMulticast()) {
            transmit(packet, multicastMac(destination));
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
    public final void transmit(Frame packet, long mac) {
        if (needsFragments(packet.length(), packet)) {
            fragmenter.send(packet, mac);
        } else {
            ethernet.send(packet, etherType, mac);
        }
    }

    @Override
    public final void undeliverable(Frame packet) {
        IpProtocolHandler listener = undeliverable;
        if (listener != null) {
            parse(packet.head(), undelivered);
            listener.receive(undelivered);
            undelivered.clear();
        }
    }

    private boolean drop(Frame packet, DropReason reason) {
        drops.count(reason);
        packet.drop(reason);
        return false;
    }

    /** Longest packet that the length field can tell of, in bytes with the header. */
    abstract int maxLength();

    /** Writes the header at {@code at} in front of {@code upper}, whose head still begins at the upper header. */
    abstract void writeHeader(
            Frame upper,
            int at,
            IpAddress source,
            IpAddress destination,
            int protocol,
            int timeToLive,
            int typeOfService,
            boolean dontFragment);

    /** The group of stations that {@code group} is sent to, as {@link MacAddress#value}. */
    abstract long multicastMac(IpAddress group);

    /** Makes {@code packet} the one of ours at the reader index of {@code buf}. */
    abstract void parse(ByteBuf buf, IpPacket packet);
}
