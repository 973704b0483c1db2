package org.slipway.ip;

import io.netty.buffer.ByteBuf;
import io.netty.buffer.Unpooled;
import org.jspecify.annotations.Nullable;
import org.slipway.lan.Frame;
import org.slipway.wire.DropCounters;
import org.slipway.wire.DropReason;
import org.slipway.wire.IpAddress;
import org.slipway.wire.Ipv4Packet;

/**
 * One whole IP packet on its way to an upper protocol: where it stands in a buffer, and the fields of its header that
 * uppers ask for. A <em>borrowed view</em>, set again for the next packet: who wants to keep bytes retains a slice of
 * {@link #buf} or copies; nobody releases anything.
 */
public final class IpPacket {

    private final DropCounters drops;
    private @Nullable Frame frame;
    private ByteBuf buf = Unpooled.EMPTY_BUFFER;
    private int header;
    private int payload;
    private int payloadLength;
    private int protocol;
    private int timeToLive;
    private int typeOfService;
    private boolean dontFragment;
    private boolean checksumVouched;
    private long sourceMac;
    private @Nullable IpAddress source;
    private @Nullable IpAddress destination;

    IpPacket(DropCounters drops) {
        this.drops = drops;
    }

    /** Makes this the valid IPv4 packet at {@code header}. The {@code frame}, if any, is marked when it is dropped. */
    IpPacket setIpv4(@Nullable Frame frame, ByteBuf buf, int header, long sourceMac, boolean checksumVouched) {
        this.frame = frame;
        this.buf = buf;
        this.header = header;
        this.sourceMac = sourceMac;
        this.checksumVouched = checksumVouched;
        int headerLength = Ipv4Packet.headerLength(buf, header);
        payload = header + headerLength;
        payloadLength = Ipv4Packet.totalLength(buf, header) - headerLength;
        protocol = Ipv4Packet.protocol(buf, header);
        timeToLive = Ipv4Packet.timeToLive(buf, header);
        typeOfService = Ipv4Packet.typeOfService(buf, header);
        dontFragment = Ipv4Packet.dontFragment(buf, header);
        source = null;
        destination = null;
        return this;
    }

    /** Lets go of frame and buffer, so that a use after the call is noticed. */
    void clear() {
        frame = null;
        buf = Unpooled.EMPTY_BUFFER;
    }

    /** Who sent it; never a group address, never an address of this host. */
    public IpAddress source() {
        IpAddress address = source;
        if (address == null) {
            address = Ipv4Packet.source(buf, header);
            source = address;
        }
        return address;
    }

    /** Whom it is for. */
    public IpAddress destination() {
        IpAddress address = destination;
        if (address == null) {
            address = Ipv4Packet.destination(buf, header);
            destination = address;
        }
        return address;
    }

    /** The upper protocol, see {@link org.slipway.wire.IpProtocol}. */
    public int protocol() {
        return protocol;
    }

    /** Hops left as the packet came in, 0 to 255: not yet decremented. */
    public int timeToLive() {
        return timeToLive;
    }

    /** DSCP and ECN, 0 to 255. */
    public int typeOfService() {
        return typeOfService;
    }

    /** Whether the sender forbade fragmentation on the way. */
    public boolean dontFragment() {
        return dontFragment;
    }

    /** The buffer that holds the whole packet, to be read by absolute index. */
    public ByteBuf buf() {
        return buf;
    }

    /** Index of the IP header in {@link #buf}. */
    public int header() {
        return header;
    }

    /** Index of the upper header in {@link #buf}. */
    public int payload() {
        return payload;
    }

    /** Bytes from {@link #payload} to the packet's end; padding of the frame is not among them. */
    public int payloadLength() {
        return payloadLength;
    }

    /** Bytes of IP header and payload. */
    public int length() {
        return payload - header + payloadLength;
    }

    /** Whether the upper checksum need not be verified; never true of a reassembled packet. */
    public boolean checksumVouched() {
        return checksumVouched;
    }

    /** The station that sent it, as {@link org.slipway.wire.MacAddress#value}. */
    public long sourceMac() {
        return sourceMac;
    }

    /** Counts that this packet goes no further, and marks its frame (that of the last fragment, if reassembled). */
    public void drop(DropReason reason) {
        drops.count(reason);
        Frame dropped = frame;
        if (dropped != null) {
            dropped.drop(reason);
        }
    }
}
