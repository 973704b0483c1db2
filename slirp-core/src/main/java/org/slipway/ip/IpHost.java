package org.slipway.ip;

import io.netty.buffer.ByteBuf;
import java.util.function.Consumer;
import java.util.random.RandomGenerator;
import org.slipway.lan.Frame;
import org.slipway.loop.Loop;
import org.slipway.wire.DropCounters;
import org.slipway.wire.IpAddress;
import org.slipway.wire.IpPrefix;
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
            Loop loop, DropCounters drops, MacAddress mac, int mtu, Consumer<Frame> output, RandomGenerator random) {}

    /** Adds a local address on the network {@code prefix}: ARP is answered for it, and packets for it are local. */
    public void address(IpAddress address, IpPrefix prefix) {}

    /** Takes a local address away; harmless if it is none. */
    public void removeAddress(IpAddress address) {}

    /** Whether {@code address} was given by {@link #address}. */
    public boolean isLocal(IpAddress address) {
        return false;
    }

    /** Where packets go whose destination is on no network of ours; without one they are not sent. */
    public void defaultRouter(IpAddress router) {}

    /** Gives packets of an upper protocol (see {@link org.slipway.wire.IpProtocol}) to {@code handler}. */
    public void handler(int protocol, IpProtocolHandler handler) {}

    /**
     * Whether this is a router: its handlers get packets for any destination and decide by a policy of their own; it
     * takes packets from its own networks only. A plain host takes only what is for its addresses, broadcast or
     * multicast.
     */
    public void forwarding(boolean forwarding) {}

    /** Takes echo requests (verified) for addresses that are not local; without it they are dropped and counted. */
    public void echoForwarder(IpProtocolHandler handler) {}

    /** Takes all other ICMP messages (verified): echo replies, errors. Without it they are dropped and counted. */
    public void icmpListener(IpProtocolHandler handler) {}

    /**
     * Is told of each packet that this host sent and that was dropped because no station answered for the next hop; the
     * packet's source is ours. Its upper checksum may be incomplete.
     */
    public void undeliverable(IpProtocolHandler listener) {}

    /** Says who may use which source address; at first everybody may use any. */
    public void guard(SourceGuard guard) {}

    /** A frame from the Ethernet. Borrowed. */
    public void receive(Frame frame) {}

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
        return false;
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
        return false;
    }

    /** As the other method, about the IP packet (or the beginning of one) of {@code length} bytes at {@code at}. */
    public boolean icmpError(
            ByteBuf cause, int at, int length, int type, int code, int restOfHeader, IpAddress source) {
        return false;
    }

    /** The local address from which to talk to {@code peer}: on its network, or the first; unspecified without any. */
    public IpAddress sourceFor(IpAddress peer) {
        return peer;
    }

    /** The station that has {@code address}, or {@link #UNKNOWN}. Sends nothing. */
    public long neighbour(IpAddress address) {
        return UNKNOWN;
    }

    /** Notes that {@code mac} has {@code address} (DHCP has just given it); refused for local and off-link addresses. */
    public void learn(IpAddress address, long mac) {}

    /** Tells the Ethernet that {@code address} is here: a gratuitous ARP request (RFC 5227 2.3). */
    public void announce(IpAddress address) {}

    /** The largest IP packet sent, in bytes. */
    public int mtu() {
        return 0;
    }

    /** Frees what waits; nothing is sent afterwards. Harmless when repeated. */
    @Override
    public void close() {}
}
