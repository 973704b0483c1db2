package org.slipway.ip;

import io.netty.buffer.ByteBuf;
import io.netty.buffer.Unpooled;
import org.jspecify.annotations.Nullable;
import org.slipway.lan.Frame;
import org.slipway.wire.DropCounters;
import org.slipway.wire.DropReason;
import org.slipway.wire.IpAddress;
import org.slipway.wire.Ipv4Packet;
import org.slipway.wire.Ipv6Extensions;
import org.slipway.wire.Ipv6Fragment;
import org.slipway.wire.Ipv6Packet;

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
    private boolean moreFragments;
    private int fragmentOffset;
    private int identification;
    private boolean ipv4;
    private boolean checksumVouched;
    private boolean fragmented;
    private long sourceMac;
    private @Nullable IpAddress source;
    private @Nullable IpAddress destination;

    IpPacket(DropCounters drops) {
        this.drops = drops;
    }

    /** Makes this the valid IPv4 packet at {@code header}. The {@code frame}, if any, is marked when it is dropped. */
    IpPacket setIpv4(@Nullable Frame frame, ByteBuf buf, int header, long sourceMac, boolean checksumVouched) {
        set(frame, buf, header, sourceMac, checksumVouched);
        ipv4 = true;
        int headerLength = Ipv4Packet.headerLength(buf, header);
        payload = header + headerLength;
        payloadLength = Ipv4Packet.totalLength(buf, header) - headerLength;
        protocol = Ipv4Packet.protocol(buf, header);
        timeToLive = Ipv4Packet.timeToLive(buf, header);
        typeOfService = Ipv4Packet.typeOfService(buf, header);
        dontFragment = Ipv4Packet.dontFragment(buf, header);
        moreFragments = Ipv4Packet.moreFragments(buf, header);
        fragmentOffset = Ipv4Packet.fragmentOffset(buf, header);
        identification = Ipv4Packet.identification(buf, header);
        return this;
    }

    /**
     * Makes this the valid IPv6 packet at {@code header} whose {@code extensions} were walked; a fragment, if they have
     * found a fragment header, whose payload then begins behind that.
     */
    IpPacket setIpv6(
            @Nullable Frame frame,
            ByteBuf buf,
            int header,
            Ipv6Extensions extensions,
            long sourceMac,
            boolean checksumVouched) {
        setIpv6Whole(frame, buf, header, extensions, sourceMac, checksumVouched);
        int fragment = extensions.fragment();
        if (fragment >= 0) {
            protocol = Ipv6Fragment.nextHeader(buf, fragment);
            payload = fragment + Ipv6Fragment.LENGTH;
            payloadLength -= Ipv6Fragment.LENGTH;
            moreFragments = Ipv6Fragment.more(buf, fragment);
            fragmentOffset = Ipv6Fragment.offset(buf, fragment);
            identification = Ipv6Fragment.identification(buf, fragment);
        }
        return this;
    }

    /** As {@link #setIpv6}, a whole packet even if there is a fragment header: the {@code extensions} are walked to the end. */
    IpPacket setIpv6Whole(
            @Nullable Frame frame,
            ByteBuf buf,
            int header,
            Ipv6Extensions extensions,
            long sourceMac,
            boolean checksumVouched) {
        set(frame, buf, header, sourceMac, checksumVouched);
        ipv4 = false;
        fragmented = extensions.fragment() >= 0;
        payload = extensions.upper();
        payloadLength = header + Ipv6Packet.HEADER_LENGTH + Ipv6Packet.payloadLength(buf, header) - payload;
        protocol = extensions.protocol();
        timeToLive = Ipv6Packet.hopLimit(buf, header);
        typeOfService = Ipv6Packet.trafficClass(buf, header);
        dontFragment = true;
        moreFragments = false;
        fragmentOffset = 0;
        identification = 0;
        return this;
    }

    /** Notes that it came in fragments, so that its sender does not mind if it goes on in fragments. */
    void setReassembled() {
        dontFragment = false;
        fragmented = true;
    }

    private void set(@Nullable Frame frame, ByteBuf buf, int header, long sourceMac, boolean checksumVouched) {
        this.frame = frame;
        this.buf = buf;
        this.header = header;
        this.sourceMac = sourceMac;
        this.checksumVouched = checksumVouched;
        fragmented = false;
        source = null;
        destination = null;
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
            address = ipv4 ? Ipv4Packet.source(buf, header) : Ipv6Packet.source(buf, header);
            source = address;
        }
        return address;
    }

    /** Whom it is for. */
    public IpAddress destination() {
        IpAddress address = destination;
        if (address == null) {
            address = ipv4 ? Ipv4Packet.destination(buf, header) : Ipv6Packet.destination(buf, header);
            destination = address;
        }
        return address;
    }

    /** The upper protocol, see {@link org.slipway.wire.IpProtocol}. */
    public int protocol() {
        return protocol;
    }

    /** Whether this is an IPv4 packet; else it is IPv6. */
    public boolean isIpv4() {
        return ipv4;
    }

    /** Time to live, or IPv6's hop limit: hops left as the packet came in, 0 to 255: not yet decremented. */
    public int timeToLive() {
        return timeToLive;
    }

    /** DSCP and ECN, 0 to 255: type of service, or IPv6's traffic class. */
    public int typeOfService() {
        return typeOfService;
    }

    /** Whether the sender forbade fragmentation on the way; in IPv6 whether it did not fragment the packet itself. */
    public boolean dontFragment() {
        return dontFragment;
    }

    /** Whether fragments follow this one; only of use in reassembly, as uppers get whole packets. */
    boolean moreFragments() {
        return moreFragments;
    }

    /** Whether it came in fragments, or with an IPv6 fragment header though it was whole; of IPv4 not known. */
    boolean wasFragmented() {
        return fragmented;
    }

    /** Where this fragment's payload stands in the whole packet's, in bytes. */
    int fragmentOffset() {
        return fragmentOffset;
    }

    /** What the fragments of one packet have in common: 16 bits in IPv4, 32 in IPv6. */
    int identification() {
        return identification;
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

    /** Bytes of IP header, extension headers and payload. */
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
