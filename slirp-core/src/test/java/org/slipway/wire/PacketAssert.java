package org.slipway.wire;

import static org.assertj.core.api.Assertions.assertThat;

import io.netty.buffer.ByteBuf;

/**
 * What a frame is, for tests: {@code packet(frame).ipv4().from("10.0.2.2").to("10.0.2.15").udp(53, 1024).data(bytes)}.
 * Lengths and checksums are verified by default; {@link #partialChecksum} says that a device fills the upper one in.
 */
public final class PacketAssert {

    private final ByteBuf frame;
    private final int start;
    private int at;
    private int end;
    private boolean ipv6;
    private boolean partialChecksum;

    private PacketAssert(ByteBuf frame) {
        this.frame = frame;
        start = frame.readerIndex();
        end = frame.writerIndex();
        at = start + EthernetFrame.HEADER_LENGTH;
        assertThat(end - start).as("frame length").isGreaterThanOrEqualTo(EthernetFrame.HEADER_LENGTH);
    }

    /** Begins with the readable bytes of {@code frame}. */
    public static PacketAssert packet(ByteBuf frame) {
        return new PacketAssert(frame);
    }

    public PacketAssert fromMac(String mac) {
        assertThat(new MacAddress(EthernetFrame.source(frame, start))).hasToString(mac);
        return this;
    }

    public PacketAssert toMac(String mac) {
        assertThat(new MacAddress(EthernetFrame.destination(frame, start))).hasToString(mac);
        return this;
    }

    /** It is this ARP packet, in a frame from its sender. */
    public PacketAssert arp(ArpPacket packet) {
        assertThat(EthernetFrame.type(frame, start)).as("EtherType").isEqualTo(EtherType.ARP);
        assertThat(ArpPacket.check(frame, at, end - at)).as("ARP check").isNull();
        assertThat(ArpPacket.parse(frame, at)).isEqualTo(packet);
        assertThat(EthernetFrame.source(frame, start)).as("Ethernet source").isEqualTo(packet.senderMac());
        return this;
    }

    /** It is an IPv4 packet with a valid header that fills the frame, but for padding up to 60 bytes. */
    public PacketAssert ipv4() {
        assertThat(EthernetFrame.type(frame, start)).as("EtherType").isEqualTo(EtherType.IPV4);
        assertThat(Ipv4Packet.check(frame, at, end - at)).as("IPv4 check").isNull();
        int packetEnd = at + Ipv4Packet.totalLength(frame, at);
        assertThat(end).as("frame end").isIn(packetEnd, Math.max(packetEnd, start + EthernetFrame.MIN_LENGTH));
        end = packetEnd;
        return this;
    }

    /**
     * It is an IPv6 packet that fills the frame, but for padding up to 60 bytes, of flow label 0, without extension headers
     * but that of a fragment.
     */
    public PacketAssert ipv6() {
        assertThat(EthernetFrame.type(frame, start)).as("EtherType").isEqualTo(EtherType.IPV6);
        assertThat(Ipv6Packet.check(frame, at, end - at)).as("IPv6 check").isNull();
        assertThat(Ipv6Packet.flowLabel(frame, at)).as("flow label").isZero();
        int packetEnd = at + Ipv6Packet.HEADER_LENGTH + Ipv6Packet.payloadLength(frame, at);
        assertThat(end).as("frame end").isIn(packetEnd, Math.max(packetEnd, start + EthernetFrame.MIN_LENGTH));
        end = packetEnd;
        ipv6 = true;
        if (isIpv6Fragment()) {
            assertThat(end - at).as("fragment").isGreaterThan(Ipv6Packet.HEADER_LENGTH + Ipv6Fragment.LENGTH);
        }
        return this;
    }

    /** It is an IP packet of the family of {@code address}. */
    public PacketAssert ip(IpAddress address) {
        return address.isIpv4() ? ipv4() : ipv6();
    }

    public PacketAssert from(String address) {
        assertThat(source()).as("source").hasToString(address);
        return this;
    }

    public PacketAssert to(String address) {
        assertThat(destination()).as("destination").hasToString(address);
        return this;
    }

    private IpAddress source() {
        return ipv6 ? Ipv6Packet.source(frame, at) : Ipv4Packet.source(frame, at);
    }

    private IpAddress destination() {
        return ipv6 ? Ipv6Packet.destination(frame, at) : Ipv4Packet.destination(frame, at);
    }

    /** Time to live, or IPv6's hop limit. */
    public PacketAssert timeToLive(int hops) {
        assertThat(ipv6 ? Ipv6Packet.hopLimit(frame, at) : Ipv4Packet.timeToLive(frame, at))
                .as("time to live")
                .isEqualTo(hops);
        return this;
    }

    /** Type of service, or IPv6's traffic class. */
    public PacketAssert typeOfService(int value) {
        assertThat(ipv6 ? Ipv6Packet.trafficClass(frame, at) : Ipv4Packet.typeOfService(frame, at))
                .as("type of service")
                .isEqualTo(value);
        return this;
    }

    public PacketAssert dontFragment(boolean value) {
        assertThat(Ipv4Packet.dontFragment(frame, at)).as("don't fragment").isEqualTo(value);
        return this;
    }

    /** An IPv6 packet that is whole has no fragment header. */
    public PacketAssert fragment(int offsetBytes, boolean more) {
        assertThat(isIpv6Fragment()).as("fragment header").isEqualTo(ipv6 && (more || offsetBytes > 0));
        if (!ipv6) {
            assertThat(Ipv4Packet.fragmentOffset(frame, at))
                    .as("fragment offset")
                    .isEqualTo(offsetBytes);
            assertThat(Ipv4Packet.moreFragments(frame, at)).as("more fragments").isEqualTo(more);
        } else if (isIpv6Fragment()) {
            assertThat(Ipv6Fragment.offset(frame, fragmentHeader()))
                    .as("fragment offset")
                    .isEqualTo(offsetBytes);
            assertThat(Ipv6Fragment.more(frame, fragmentHeader()))
                    .as("more fragments")
                    .isEqualTo(more);
        }
        return this;
    }

    private boolean isIpv6Fragment() {
        return ipv6 && Ipv6Packet.nextHeader(frame, at) == IpProtocol.FRAGMENT;
    }

    private int fragmentHeader() {
        return at + Ipv6Packet.HEADER_LENGTH;
    }

    /** What the fragments of one packet have in common. */
    public int identification() {
        return ipv6 ? Ipv6Fragment.identification(frame, fragmentHeader()) : Ipv4Packet.identification(frame, at);
    }

    /** The upper protocol, of fragments, too. */
    public PacketAssert protocol(int protocol) {
        int actual = !ipv6
                ? Ipv4Packet.protocol(frame, at)
                : isIpv6Fragment()
                        ? Ipv6Fragment.nextHeader(frame, fragmentHeader())
                        : Ipv6Packet.nextHeader(frame, at);
        assertThat(actual).as("protocol").isEqualTo(protocol);
        return this;
    }

    /** The upper checksum field holds the folded sum of the pseudo header only. Call before {@code udp} or {@code tcp}. */
    public PacketAssert partialChecksum() {
        partialChecksum = true;
        return this;
    }

    /** It is a UDP datagram between these ports; {@link #data} looks at its data next. */
    public PacketAssert udp(int sourcePort, int destinationPort) {
        int upper = upper(IpProtocol.UDP);
        assertThat(UdpDatagram.check(frame, upper, end - upper)).as("UDP check").isNull();
        assertThat(UdpDatagram.length(frame, upper)).as("UDP length").isEqualTo(end - upper);
        // RFC 8200 8.1: no datagram without a checksum.
        if (ipv6 || UdpDatagram.checksum(frame, upper) != 0 || partialChecksum) {
            checkUpperSum(upper, IpProtocol.UDP, UdpDatagram.CHECKSUM);
        }
        assertThat(UdpDatagram.sourcePort(frame, upper)).as("source port").isEqualTo(sourcePort);
        assertThat(UdpDatagram.destinationPort(frame, upper))
                .as("destination port")
                .isEqualTo(destinationPort);
        at = upper + UdpDatagram.HEADER_LENGTH;
        return this;
    }

    /** It is a TCP segment between these ports with exactly these flags; {@link #data} looks at its data next. */
    public PacketAssert tcp(int sourcePort, int destinationPort, int sequence, int acknowledgment, int flags) {
        int upper = upper(IpProtocol.TCP);
        assertThat(TcpHeader.check(frame, upper, end - upper)).as("TCP check").isNull();
        checkUpperSum(upper, IpProtocol.TCP, TcpHeader.CHECKSUM);
        assertThat(TcpHeader.sourcePort(frame, upper)).as("source port").isEqualTo(sourcePort);
        assertThat(TcpHeader.destinationPort(frame, upper))
                .as("destination port")
                .isEqualTo(destinationPort);
        assertThat(TcpHeader.sequence(frame, upper)).as("sequence number").isEqualTo(sequence);
        assertThat(TcpHeader.acknowledgment(frame, upper)).as("acknowledgment").isEqualTo(acknowledgment);
        assertThat(TcpHeader.flags(frame, upper)).as("flags").isEqualTo(flags);
        at = upper + TcpHeader.length(frame, upper);
        return this;
    }

    /** It is an ICMP message; {@link #data} looks at what follows the eight bytes of its header next. */
    public PacketAssert icmp(int type, int code, int restOfHeader) {
        int upper = upper(IpProtocol.ICMP);
        assertThat(IcmpMessage.check(frame, upper, end - upper))
                .as("ICMP check")
                .isNull();
        assertThat(IcmpMessage.type(frame, upper)).as("ICMP type").isEqualTo(type);
        assertThat(IcmpMessage.code(frame, upper)).as("ICMP code").isEqualTo(code);
        assertThat(IcmpMessage.restOfHeader(frame, upper)).as("rest of header").isEqualTo(restOfHeader);
        at = upper + IcmpMessage.HEADER_LENGTH;
        return this;
    }

    /** It is an ICMPv6 message; {@link #data} looks at what follows the eight bytes of its header next. */
    public PacketAssert icmpv6(int type, int code, int restOfHeader) {
        int upper = icmpv6Header();
        assertThat(IcmpMessage.type(frame, upper)).as("ICMP type").isEqualTo(type);
        assertThat(IcmpMessage.code(frame, upper)).as("ICMP code").isEqualTo(code);
        assertThat(IcmpMessage.restOfHeader(frame, upper)).as("rest of header").isEqualTo(restOfHeader);
        at = upper + IcmpMessage.HEADER_LENGTH;
        return this;
    }

    /** It is this neighbor solicitation or advertisement, and has not passed a router. */
    public PacketAssert ndp(NeighbourMessage message) {
        timeToLive(255);
        int upper = icmpv6Header();
        assertThat(NeighbourMessage.check(frame, upper, end - upper))
                .as("NDP check")
                .isNull();
        assertThat(NeighbourMessage.parse(frame, upper, end - upper)).isEqualTo(message);
        assertThat(end - upper).as("NDP length").isEqualTo(message.length());
        return this;
    }

    private int icmpv6Header() {
        int upper = upper(IpProtocol.ICMPV6);
        assertThat(Icmpv6Message.check(frame, upper, end - upper, source(), destination()))
                .as("ICMPv6 check")
                .isNull();
        return upper;
    }

    /** Everything behind the last header looked at. */
    public PacketAssert data(byte[] expected) {
        assertThat(data()).isEqualTo(expected);
        return this;
    }

    /** What follows is the beginning of the IP packet in {@code packetFrame}, {@code length} bytes of it. */
    public PacketAssert quotes(ByteBuf packetFrame, int length) {
        byte[] expected = new byte[length];
        packetFrame.getBytes(packetFrame.readerIndex() + EthernetFrame.HEADER_LENGTH, expected);
        return data(expected);
    }

    /** Everything behind the last header looked at. */
    public byte[] data() {
        byte[] bytes = new byte[end - at];
        frame.getBytes(at, bytes);
        return bytes;
    }

    /** Everything behind the IP header, and behind that of an IPv6 fragment. */
    public byte[] ipPayload() {
        int upper = at + ipHeaderLength();
        byte[] bytes = new byte[end - upper];
        frame.getBytes(upper, bytes);
        return bytes;
    }

    private int upper(int protocol) {
        protocol(protocol);
        return at + ipHeaderLength();
    }

    private int ipHeaderLength() {
        return !ipv6
                ? Ipv4Packet.headerLength(frame, at)
                : Ipv6Packet.HEADER_LENGTH + (isIpv6Fragment() ? Ipv6Fragment.LENGTH : 0);
    }

    private void checkUpperSum(int upper, int protocol, int checksumOffset) {
        long pseudo = InternetChecksum.pseudoHeader(source(), destination(), protocol, end - upper);
        if (partialChecksum) {
            assertThat(frame.getUnsignedShort(upper + checksumOffset))
                    .as("partial checksum")
                    .isEqualTo(InternetChecksum.fold(pseudo));
        } else {
            assertThat(InternetChecksum.finish(pseudo + InternetChecksum.sum(frame, upper, end - upper)))
                    .as("upper checksum")
                    .isZero();
        }
    }
}
