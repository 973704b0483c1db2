package org.slipway.ip;

import io.netty.buffer.ByteBuf;
import io.netty.buffer.PooledByteBufAllocator;
import java.util.function.Consumer;
import java.util.random.RandomGenerator;
import org.jspecify.annotations.Nullable;
import org.slipway.lan.Frame;
import org.slipway.loop.Loop;
import org.slipway.wire.DropCounters;
import org.slipway.wire.DropReason;
import org.slipway.wire.EtherType;
import org.slipway.wire.EthernetFrame;
import org.slipway.wire.IpAddress;
import org.slipway.wire.IpPrefix;
import org.slipway.wire.IpProtocol;
import org.slipway.wire.Ipv4Packet;
import org.slipway.wire.MacAddress;

/**
 * The IP layer of one virtual host on one Ethernet: the gateway, or a guest of our own. Frames come in by
 * {@link #receive} and go out to the {@code output}; upper protocols register themselves. On the network's loop only.
 */
public final class IpHost implements AutoCloseable {

    /** Bytes that a sender leaves free in front of the upper header: Ethernet and IPv6 header, and some to spare. */
    public static final int HEADER_ROOM = 64;

    /** What {@link #neighbour} says of an address whose station is not known. */
    public static final long UNKNOWN = -1;

    /** The least MTU of IPv4 (RFC 791 3.2). */
    private static final int MIN_MTU = 68;

    private final DropCounters drops;
    private int mtu;
    private final LocalAddresses locals = new LocalAddresses();
    private final EthernetOutput ethernet;
    private final ArpOutput arpOutput;
    private final ArpInput arpInput;
    private final Neighbours neighbours;
    private final Ipv4Output ipv4Output;
    private final Ipv4Input ipv4Input;
    private final Reassembly reassembly;
    private final IcmpErrors icmpErrors;
    private final IcmpInput icmpInput;
    private final @Nullable IpProtocolHandler[] handlers = new @Nullable IpProtocolHandler[256];
    private boolean closed;

    /**
     * A host without an address.
     *
     * @param drops where drops are counted
     * @param mac the station's address
     * @param mtu largest IP packet sent in bytes, 68 to 65535
     * @param output takes the frames that are sent; each is borrowed, and the output must not call {@link #receive}
     *     before it returns
     * @param random for identifications
     */
    public IpHost(
            Loop loop, DropCounters drops, MacAddress mac, int mtu, Consumer<Frame> output, RandomGenerator random) {
        requireMtu(mtu);
        this.drops = drops;
        this.mtu = mtu;
        ethernet = new EthernetOutput(mac.value(), output);
        arpOutput = new ArpOutput(locals, ethernet);
        neighbours = new Neighbours(loop, drops, arpOutput);
        arpInput = new ArpInput(loop, mac.value(), locals, neighbours, arpOutput);
        ipv4Output = new Ipv4Output(drops, mtu, locals, neighbours, ethernet, random);
        icmpErrors = new IcmpErrors(loop, drops, locals, ipv4Output);
        icmpInput = new IcmpInput(locals, ipv4Output);
        handlers[IpProtocol.ICMP] = icmpInput;
        reassembly = new Reassembly(loop, drops, icmpErrors);
        ipv4Input = new Ipv4Input(drops, locals, reassembly, icmpErrors, handlers);
    }

    private static void requireMtu(int mtu) {
        if (mtu < MIN_MTU || mtu > Ipv4Packet.MAX_LENGTH) {
            throw new IllegalArgumentException("MTU " + mtu + " is not " + MIN_MTU + " to " + Ipv4Packet.MAX_LENGTH);
        }
    }

    /** Adds a local address on the network {@code prefix}: ARP is answered for it, and packets for it are local. */
    public void address(IpAddress address, IpPrefix prefix) {
        locals.add(address, prefix);
        neighbours.forget(address);
    }

    /** Takes a local address away; harmless if it is none. */
    public void removeAddress(IpAddress address) {
        locals.remove(address);
    }

    /** Whether {@code address} was given by {@link #address}. */
    public boolean isLocal(IpAddress address) {
        return locals.contains(address);
    }

    /** Where packets go whose destination is on no network of ours; without one, or with null, they are not sent. */
    public void defaultRouter(@Nullable IpAddress router) {
        ipv4Output.router(router);
    }

    /** Gives packets of an upper protocol (see {@link org.slipway.wire.IpProtocol}) to {@code handler}. */
    public void handler(int protocol, IpProtocolHandler handler) {
        if (protocol == IpProtocol.ICMP) {
            throw new IllegalArgumentException("ICMP is the host's own: use echoForwarder and icmpListener");
        }
        handlers[protocol] = handler;
    }

    /**
     * Whether this is a router: its handlers get packets for any destination and decide by a policy of their own; it
     * takes packets from its own networks only. A plain host takes only what is for its addresses, broadcast or
     * multicast.
     */
    public void forwarding(boolean forwarding) {
        ipv4Input.forwarding(forwarding);
    }

    /** Takes echo requests (verified) for addresses that are not local; without it they are dropped and counted. */
    public void echoForwarder(IpProtocolHandler handler) {
        icmpInput.echoForwarder(handler);
    }

    /** Takes all other ICMP messages (verified): echo replies, errors. Without it they are dropped and counted. */
    public void icmpListener(IpProtocolHandler handler) {
        icmpInput.listener(handler);
    }

    /**
     * Is told of each packet that this host sent and that was dropped because no station answered for the next hop; the
     * packet's source is ours. Its upper checksum may be incomplete.
     */
    public void undeliverable(IpProtocolHandler listener) {
        ipv4Output.undeliverable(listener);
    }

    /** Says who may use which source address; at first everybody may use any. */
    public void guard(SourceGuard guard) {
        ipv4Input.guard(guard);
        arpInput.guard(guard);
    }

    /** A frame from the Ethernet. Borrowed, and marked if it is dropped. */
    public void receive(Frame frame) {
        DropReason dropped = closed ? DropReason.PORT_DOWN : accept(frame);
        if (dropped != null) {
            drops.count(dropped);
            frame.drop(dropped);
        }
    }

    /** Handles a frame; returns why it is dropped, or null if it is not or that is counted already. */
    private @Nullable DropReason accept(Frame frame) {
        ByteBuf body = frame.body();
        if (body == null) {
            return accept(frame, frame.head());
        }
        // In pieces only from a host in this process: handlers are promised one buffer.
        ByteBuf joined = PooledByteBufAllocator.DEFAULT.directBuffer(frame.length());
        try {
            joined.writeBytes(
                    frame.head(), frame.head().readerIndex(), frame.head().readableBytes());
            joined.writeBytes(body, body.readerIndex(), body.readableBytes());
            return accept(frame, joined);
        } finally {
            joined.release();
        }
    }

    private @Nullable DropReason accept(Frame frame, ByteBuf buf) {
        int at = buf.readerIndex();
        if (buf.readableBytes() < EthernetFrame.HEADER_LENGTH) {
            return DropReason.FRAME_TRUNCATED;
        }
        long destination = EthernetFrame.destination(buf, at);
        boolean toGroup = MacAddress.isGroup(destination);
        if (!toGroup && destination != ethernet.mac()) {
            return DropReason.FRAME_NOT_FOR_US;
        }
        long source = EthernetFrame.source(buf, at);
        if (source == 0 || source == ethernet.mac() || MacAddress.isGroup(source)) {
            return DropReason.FRAME_BAD_SOURCE;
        }
        int payload = at + EthernetFrame.HEADER_LENGTH;
        int available = buf.readableBytes() - EthernetFrame.HEADER_LENGTH;
        return switch (EthernetFrame.type(buf, at)) {
            case EtherType.ARP -> arpInput.receive(buf, payload, available);
            case EtherType.IPV4 -> ipv4Input.receive(frame, buf, payload, available, source, toGroup);
            default -> DropReason.ETHERTYPE_UNKNOWN;
        };
    }

    /**
     * Sends an upper packet. The frame holds it from the upper header on: {@code upper.head()} has at least
     * {@link #HEADER_ROOM} bytes in front of its reader index, where the headers are written; what stands there is
     * overwritten. Checksum and segmentation of {@code upper} count from the upper header. The frame is borrowed and on
     * return as it was. While the station of the next hop is not known, copies wait.
     *
     * <p>A packet larger than the MTU that asks for no segmentation is fragmented, or if {@code dontFragment} dropped.
     *
     * @param protocol see {@link org.slipway.wire.IpProtocol}
     * @param timeToLive 1 to 255
     * @param typeOfService DSCP and ECN, 0 to 255
     * @return whether it was sent or waits; if not, the drop is counted and noted in {@code upper}
     */
    public boolean send(
            IpAddress source,
            IpAddress destination,
            int protocol,
            int timeToLive,
            int typeOfService,
            boolean dontFragment,
            Frame upper) {
        return sendTo(UNKNOWN, source, destination, protocol, timeToLive, typeOfService, dontFragment, upper);
    }

    /**
     * As {@link #send}, to the station {@code mac} whatever the neighbour table says: a DHCP client does not answer ARP
     * before it has its address (RFC 2131 4.1).
     *
     * @param mac as {@link MacAddress#value}, or {@link #UNKNOWN} to find the next hop's
     */
    public boolean sendTo(
            long mac,
            IpAddress source,
            IpAddress destination,
            int protocol,
            int timeToLive,
            int typeOfService,
            boolean dontFragment,
            Frame upper) {
        if (upper.head().readerIndex() < HEADER_ROOM) {
            throw new IllegalArgumentException(
                    "room for headers is " + upper.head().readerIndex() + " bytes, less than " + HEADER_ROOM);
        }
        if (closed || !source.isIpv4() || !destination.isIpv4()) {
            DropReason reason = closed ? DropReason.PORT_DOWN : DropReason.IP_NO_ROUTE;
            drops.count(reason);
            upper.drop(reason);
            return false;
        }
        return ipv4Output.send(mac, source, destination, protocol, timeToLive, typeOfService, dontFragment, upper);
    }

    /**
     * Sends an ICMP error about {@code cause} to its sender, unless RFC 1122 3.2.2 forbids one or too many were sent.
     *
     * @param type see {@link org.slipway.wire.IcmpMessage}
     * @param restOfHeader the second 32 bits of the ICMP header: the next hop's MTU, a pointer, or 0
     * @param source who says so
     * @return whether it was sent
     */
    public boolean icmpError(IpPacket cause, int type, int code, int restOfHeader, IpAddress source) {
        return icmpErrors.send(cause, type, code, restOfHeader, source);
    }

    /** As the other method, about the IP packet (or the beginning of one) of {@code length} bytes at {@code at}. */
    public boolean icmpError(
            ByteBuf cause, int at, int length, int type, int code, int restOfHeader, IpAddress source) {
        return icmpErrors.send(cause, at, length, type, code, restOfHeader, source);
    }

    /** The local address from which to talk to {@code peer}: on its network, or the first; unspecified without any. */
    public IpAddress sourceFor(IpAddress peer) {
        return locals.sourceFor(peer);
    }

    /** The station that has {@code address}, or {@link #UNKNOWN}. Sends nothing. */
    public long neighbour(IpAddress address) {
        return neighbours.peek(address);
    }

    /** Notes that {@code mac} has {@code address} (DHCP has just given it); refused for local and off-link addresses. */
    public void learn(IpAddress address, long mac) {
        if (locals.isForeignUnicast(address) && locals.isOnLink(address)) {
            neighbours.learn(address, mac);
        }
    }

    /** Tells the Ethernet that {@code address} is here: a gratuitous ARP request (RFC 5227 2.3). */
    public void announce(IpAddress address) {
        arpOutput.announce(address);
    }

    /** The largest IP packet sent, in bytes. */
    public int mtu() {
        return mtu;
    }

    /** Changes the largest IP packet sent, in bytes, 68 to 65535: a host learns it from DHCP. */
    public void mtu(int mtu) {
        requireMtu(mtu);
        this.mtu = mtu;
        ipv4Output.mtu(mtu);
    }

    /** Frees what waits; frames and packets that come afterwards are dropped. Harmless when repeated. */
    @Override
    public void close() {
        closed = true;
        neighbours.close();
        reassembly.close();
    }
}
