package org.slipway.ip;

import io.netty.buffer.ByteBuf;
import io.netty.buffer.PooledByteBufAllocator;
import java.util.function.Consumer;
import java.util.function.LongUnaryOperator;
import java.util.random.RandomGenerator;
import org.jspecify.annotations.Nullable;
import org.slipway.lan.Frame;
import org.slipway.loop.Loop;
import org.slipway.wire.DropCounters;
import org.slipway.wire.DropReason;
import org.slipway.wire.EtherType;
import org.slipway.wire.EthernetFrame;
import org.slipway.wire.IcmpError;
import org.slipway.wire.IpAddress;
import org.slipway.wire.IpPrefix;
import org.slipway.wire.IpProtocol;
import org.slipway.wire.Ipv4Packet;
import org.slipway.wire.Ipv6Packet;
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
    private final Cause cause = new Cause();
    private final LocalAddresses locals = new LocalAddresses();
    private final EthernetOutput ethernet;
    private final Ipv4Stack ipv4;
    private final Ipv6Stack ipv6;
    private final IpStack[] stacks;
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
        this.drops = drops;
        ethernet = new EthernetOutput(mac.value(), output);
        RateLimiter limiter = new RateLimiter(loop);
        Reassembly reassembly = new Reassembly(loop, drops, cause);
        ipv4 = new Ipv4Stack(loop, drops, locals, ethernet, limiter, cause, reassembly, random);
        ipv6 = new Ipv6Stack(loop, drops, locals, ethernet, limiter, cause, reassembly, random);
        stacks = new IpStack[] {ipv4, ipv6};
        setMtu(mtu);
    }

    private IpStack stack(IpAddress address) {
        return stack(address.isIpv4());
    }

    private IpStack stack(boolean isIpv4) {
        return isIpv4 ? ipv4 : ipv6;
    }

    private static void requireMtu(int mtu) {
        if (mtu < MIN_MTU || mtu > Ipv4Packet.MAX_LENGTH) {
            throw new IllegalArgumentException("MTU " + mtu + " is not " + MIN_MTU + " to " + Ipv4Packet.MAX_LENGTH);
        }
    }

    /** Adds a local address on the network {@code prefix}: ARP or NDP answer for it, and packets for it are local. */
    public void address(IpAddress address, IpPrefix prefix) {
        locals.add(address, prefix);
        stack(address).neighbours().forget(address);
    }

    /**
     * Prepares to take an IPv6 address: the host hears who has it ({@link NdpListener#addressContested}), and does nothing
     * else with it, until {@link #address} or {@link #removeAddress}.
     */
    public void tentativeAddress(IpAddress address) {
        locals.addTentative(address);
    }

    /** Sends from a local address only where there is no other, until it is given again (RFC 4862 5.5.4). */
    public void deprecateAddress(IpAddress address) {
        locals.deprecate(address);
    }

    /** Takes a local address away; harmless if it is none. */
    public void removeAddress(IpAddress address) {
        locals.remove(address);
    }

    /** Whether {@code address} was given by {@link #address}. */
    public boolean isLocal(IpAddress address) {
        return locals.contains(address);
    }

    /** Where IPv4 packets go whose destination is on no network of ours; without one, or with null, they are not sent. */
    public void defaultRouter(@Nullable IpAddress router) {
        ipv4.output().router(router);
    }

    /** As {@link #defaultRouter}, for IPv6. */
    public void defaultIpv6Router(@Nullable IpAddress router) {
        ipv6.output().router(router);
    }

    /** Gives packets of an upper protocol (see {@link IpProtocol}) to {@code handler}, those of both families. */
    public void handler(int protocol, IpProtocolHandler handler) {
        if (protocol == IpProtocol.ICMP || protocol == IpProtocol.ICMPV6) {
            throw new IllegalArgumentException("ICMP is the host's own: use echoForwarder and icmpListener");
        }
        for (IpStack stack : stacks) {
            stack.input().handler(protocol, handler);
        }
    }

    /**
     * Whether this is a router: it says so in neighbor advertisements; its handlers get packets for any destination and
     * decide by a policy of their own; it takes packets from its own networks only. A plain host takes only what is for its
     * addresses, broadcast or multicast.
     */
    public void forwarding(boolean forwarding) {
        for (IpStack stack : stacks) {
            stack.forwarding(forwarding);
        }
    }

    /** Takes echo requests (verified) for addresses that are not local; without it they are dropped and counted. */
    public void echoForwarder(IpProtocolHandler handler) {
        for (IpStack stack : stacks) {
            stack.icmp().echoForwarder(handler);
        }
    }

    /** Takes all other ICMP messages (verified): echo replies, errors. Without it they are dropped and counted. */
    public void icmpListener(IpProtocolHandler handler) {
        for (IpStack stack : stacks) {
            stack.icmp().listener(handler);
        }
    }

    /** Hears of routers and of those who look for them; without it what they say is dropped and counted. */
    public void ndpListener(NdpListener listener) {
        ipv6.ndpListener(listener);
    }

    /**
     * Is told of each packet that this host sent and that was dropped because no station answered for the next hop; the
     * packet's source is ours. Its upper checksum may be incomplete.
     */
    public void undeliverable(IpProtocolHandler listener) {
        for (IpStack stack : stacks) {
            stack.output().undeliverable(listener);
        }
    }

    /** Says who may use which source address; at first everybody may use any. */
    public void guard(SourceGuard guard) {
        for (IpStack stack : stacks) {
            stack.guard(guard);
        }
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
        long before = cause.set(source);
        try {
            return switch (EthernetFrame.type(buf, at)) {
                case EtherType.ARP -> ipv4.receiveArp(buf, payload, available);
                case EtherType.IPV4 -> ipv4.input().receive(frame, buf, payload, available, source, toGroup);
                case EtherType.IPV6 -> ipv6.input().receive(frame, buf, payload, available, source, toGroup);
                default -> DropReason.ETHERTYPE_UNKNOWN;
            };
        } finally {
            cause.set(before);
        }
    }

    /**
     * Says by which name the share of a station of what is bounded goes; at first by its own. The name of a share is also its
     * own name.
     */
    public void shares(LongUnaryOperator names) {
        cause.shares(names);
    }

    /** By which name the share of {@code station} goes; see {@link #shares}. */
    public long share(long station) {
        return cause.shareOf(station);
    }

    /** To which share counts what is sent to {@code address}: that of the station which said that it has it, or UNKNOWN. */
    public long share(IpAddress address) {
        return share(stack(address).neighbours().teller(address));
    }

    /**
     * Notes for which station packets are sent from now on, other than in answer to a frame that is being handled: to its
     * share count the searches for neighbours and the ICMP errors.
     *
     * @param station as {@link MacAddress#value}, or the name of its share, or {@link #UNKNOWN}
     * @return the one before, which the caller restores
     */
    public long onBehalfOf(long station) {
        return cause.set(station);
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
     * @param timeToLive or IPv6's hop limit, 1 to 255
     * @param typeOfService DSCP and ECN, 0 to 255; or IPv6's traffic class
     * @param dontFragment drop rather than fragment; IPv6 is fragmented here or nowhere
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
        if (closed || source.isIpv4() != destination.isIpv4()) {
            DropReason reason = closed ? DropReason.PORT_DOWN : DropReason.IP_NO_ROUTE;
            drops.count(reason);
            upper.drop(reason);
            return false;
        }
        return stack(destination)
                .output()
                .send(mac, source, destination, protocol, timeToLive, typeOfService, dontFragment, upper);
    }

    /**
     * Sends an ICMP error about {@code cause}, in the words of its family, to its sender, unless RFC 1122 3.2.2 or RFC 4443
     * 2.4 forbid one or too many were sent.
     *
     * @param value what the error has to say: an MTU or the offset of a field in bytes; else 0
     * @param source who says so
     * @return whether it was sent
     */
    public boolean icmpError(IpPacket cause, IcmpError error, int value, IpAddress source) {
        return stack(cause.isIpv4()).errors().send(cause, error, value, source);
    }

    /**
     * As the other method, in the numbers of the family of the packet {@code cause}.
     *
     * @param type see {@link org.slipway.wire.IcmpMessage} and {@link org.slipway.wire.Icmpv6Message}
     * @param restOfHeader the second 32 bits of the ICMP header: the next hop's MTU, a pointer, or 0
     */
    public boolean icmpError(IpPacket cause, int type, int code, int restOfHeader, IpAddress source) {
        return icmpError(cause.buf(), cause.header(), cause.length(), type, code, restOfHeader, source);
    }

    /** As the other method, about the IP packet (or the beginning of one) of {@code length} bytes at {@code at}. */
    public boolean icmpError(
            ByteBuf cause, int at, int length, int type, int code, int restOfHeader, IpAddress source) {
        boolean isIpv4 = length > 0 && cause.getUnsignedByte(at) >>> 4 == 4;
        return stack(isIpv4).errors().send(cause, at, length, type, code, restOfHeader, source);
    }

    /** The local address from which to talk to {@code peer}: on its network, or the first; unspecified without any. */
    public IpAddress sourceFor(IpAddress peer) {
        return locals.sourceFor(peer);
    }

    /** The station that has {@code address}, or {@link #UNKNOWN}. Sends nothing. */
    public long neighbour(IpAddress address) {
        return stack(address).neighbours().peek(address);
    }

    /** Notes that {@code mac} has {@code address} (DHCP has just given it); refused for local and off-link addresses. */
    public void learn(IpAddress address, long mac) {
        if (locals.isForeignUnicast(address) && locals.isOnLink(address)) {
            stack(address).neighbours().learn(address, mac);
        }
    }

    /**
     * Tells the Ethernet that {@code address} is here: a gratuitous ARP request (RFC 5227 2.3), or an unsolicited neighbor
     * advertisement (RFC 4861 7.2.6).
     */
    public void announce(IpAddress address) {
        stack(address).announce(address);
    }

    /** The largest IP packet sent, in bytes; but see {@link #ipv6Mtu}. */
    public int mtu() {
        return mtu;
    }

    /** The largest IP packet sent in the family of {@code peer}, in bytes. */
    public int mtuTowards(IpAddress peer) {
        return stack(peer).output().mtu();
    }

    /** Changes the largest IP packet sent, in bytes, 68 to 65535: a host learns it from DHCP. */
    public void mtu(int mtu) {
        setMtu(mtu);
    }

    /** As {@link #mtu(int)}, for IPv6 only, 1280 to 65535: a host learns it from routers. */
    public void ipv6Mtu(int mtu) {
        if (mtu < Ipv6Packet.MIN_MTU) {
            throw new IllegalArgumentException("MTU " + mtu + " of IPv6 is less than " + Ipv6Packet.MIN_MTU);
        }
        requireMtu(mtu);
        ipv6.output().mtu(mtu);
    }

    private void setMtu(int newMtu) {
        requireMtu(newMtu);
        mtu = newMtu;
        for (IpStack stack : stacks) {
            stack.output().mtu(newMtu);
        }
    }

    /** Frees what waits; frames and packets that come afterwards are dropped. Harmless when repeated. */
    @Override
    public void close() {
        closed = true;
        for (IpStack stack : stacks) {
            stack.close();
        }
    }
}
