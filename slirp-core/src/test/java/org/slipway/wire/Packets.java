package org.slipway.wire;

import io.netty.buffer.ByteBuf;
import io.netty.buffer.Unpooled;
import java.nio.charset.StandardCharsets;
import java.util.Arrays;
import java.util.HexFormat;

/**
 * Whole frames for tests, with right lengths and checksums unless told otherwise. Immutable: each method that changes a
 * field returns another sender.
 *
 * <pre>{@code
 * Packets guest = Packets.from("52:54:00:12:34:56", "10.0.2.15").to("52:55:0a:00:02:02", "10.0.2.2");
 * ByteBuf frame = guest.timeToLive(1).udp(1024, 53, bytes("question"));
 * ByteBuf answer = guest.reversed().udp(53, 1024, bytes("answer"));
 * }</pre>
 *
 * The buffers are on the heap and need no release. A frame starts at {@link #ROOM}, so that code that forgets the reader
 * index is caught.
 */
public record Packets(
        long sourceMac,
        IpAddress source,
        long destinationMac,
        IpAddress destination,
        int timeToLive,
        int typeOfService,
        int identification,
        int fragment,
        byte[] options) {

    /** Free bytes in front of each frame. */
    public static final int ROOM = 64;

    /** A sender, who has no receiver yet. */
    public static Packets from(String mac, String address) {
        return from(MacAddress.parse(mac).value(), IpAddress.parse(address));
    }

    /** A sender, who has no receiver yet. */
    public static Packets from(long mac, IpAddress address) {
        return new Packets(mac, address, 0, address, 64, 0, 0x1234, 0, new byte[0]);
    }

    /** The bytes of a text. */
    public static byte[] bytes(String text) {
        return text.getBytes(StandardCharsets.US_ASCII);
    }

    /** {@code count} bytes 0, 1, 2 and so on. */
    public static byte[] bytes(int count) {
        byte[] bytes = new byte[count];
        for (int i = 0; i < count; i++) {
            bytes[i] = (byte) i;
        }
        return bytes;
    }

    /** The bytes of a hex dump; white space is skipped. */
    public static byte[] hexBytes(String hex) {
        return HexFormat.of().parseHex(hex.replaceAll("\\s", ""));
    }

    /** A buffer with the bytes of a hex dump, at {@link #ROOM}. */
    public static ByteBuf hex(String hex) {
        return buffer(hexBytes(hex));
    }

    /** A buffer with {@code bytes}, at {@link #ROOM}. */
    public static ByteBuf buffer(byte[] bytes) {
        return Unpooled.buffer(ROOM + bytes.length).setIndex(ROOM, ROOM).writeBytes(bytes);
    }

    /** The readable bytes, whatever they are in. */
    public static byte[] bytesOf(ByteBuf buf) {
        byte[] bytes = new byte[buf.readableBytes()];
        buf.getBytes(buf.readerIndex(), bytes);
        return bytes;
    }

    /** The readable bytes as a hex dump without spaces. */
    public static String hexOf(ByteBuf buf) {
        return HexFormat.of().formatHex(bytesOf(buf));
    }

    /** An Ethernet frame. */
    public static ByteBuf ethernet(long destinationMac, long sourceMac, int type, byte[] payload) {
        ByteBuf frame = Unpooled.buffer(ROOM + EthernetFrame.HEADER_LENGTH + payload.length);
        EthernetFrame.write(frame, ROOM, destinationMac, sourceMac, type);
        frame.setBytes(ROOM + EthernetFrame.HEADER_LENGTH, payload);
        return frame.setIndex(ROOM, frame.capacity());
    }

    /** An ARP packet in a frame from its sender. */
    public static ByteBuf arp(long destinationMac, ArpPacket packet) {
        ByteBuf frame = ethernet(destinationMac, packet.senderMac(), EtherType.ARP, new byte[ArpPacket.LENGTH]);
        packet.emit(frame, ROOM + EthernetFrame.HEADER_LENGTH);
        return frame;
    }

    public Packets to(String mac, String address) {
        return to(MacAddress.parse(mac).value(), IpAddress.parse(address));
    }

    public Packets to(long mac, IpAddress address) {
        return new Packets(
                sourceMac, source, mac, address, timeToLive, typeOfService, identification, fragment, options);
    }

    /** The same stations, to another IP address. */
    public Packets to(String address) {
        return to(destinationMac, IpAddress.parse(address));
    }

    /** The same stations, from another IP address. */
    public Packets source(String address) {
        return new Packets(
                sourceMac,
                IpAddress.parse(address),
                destinationMac,
                destination,
                timeToLive,
                typeOfService,
                identification,
                fragment,
                options);
    }

    /** The way back. */
    public Packets reversed() {
        return new Packets(
                destinationMac,
                destination,
                sourceMac,
                source,
                timeToLive,
                typeOfService,
                identification,
                fragment,
                options);
    }

    public Packets timeToLive(int hops) {
        return new Packets(
                sourceMac, source, destinationMac, destination, hops, typeOfService, identification, fragment, options);
    }

    public Packets typeOfService(int value) {
        return new Packets(
                sourceMac, source, destinationMac, destination, timeToLive, value, identification, fragment, options);
    }

    public Packets identification(int value) {
        return new Packets(
                sourceMac, source, destinationMac, destination, timeToLive, typeOfService, value, fragment, options);
    }

    public Packets dontFragment() {
        return fragmentField(Ipv4Packet.FLAG_DONT_FRAGMENT);
    }

    /** A fragment that starts at {@code offsetBytes}, a multiple of eight. */
    public Packets fragment(int offsetBytes, boolean more) {
        return fragmentField(offsetBytes / 8 | (more ? Ipv4Packet.FLAG_MORE_FRAGMENTS : 0));
    }

    private Packets fragmentField(int field) {
        return new Packets(
                sourceMac,
                source,
                destinationMac,
                destination,
                timeToLive,
                typeOfService,
                identification,
                field,
                options);
    }

    /** IP options as they stand in the header, a multiple of four bytes. */
    public Packets options(byte[] bytes) {
        return new Packets(
                sourceMac,
                source,
                destinationMac,
                destination,
                timeToLive,
                typeOfService,
                identification,
                fragment,
                bytes);
    }

    /** An IPv4 packet with any payload, from the upper header on. */
    public ByteBuf ipv4(int protocol, byte[] payload) {
        int headerLength = Ipv4Packet.MIN_HEADER_LENGTH + options.length;
        ByteBuf frame = ethernet(destinationMac, sourceMac, EtherType.IPV4, new byte[headerLength + payload.length]);
        int at = ROOM + EthernetFrame.HEADER_LENGTH;
        Ipv4Packet.write(
                frame,
                at,
                typeOfService,
                headerLength + payload.length,
                identification,
                fragment,
                timeToLive,
                protocol,
                source,
                destination);
        frame.setByte(at, 0x40 | headerLength / 4);
        frame.setBytes(at + Ipv4Packet.MIN_HEADER_LENGTH, options);
        Ipv4Packet.writeChecksum(frame, at);
        frame.setBytes(at + headerLength, payload);
        return frame;
    }

    /** An IPv6 packet with any payload, from the first extension header or the upper header on. */
    public ByteBuf ipv6(int nextHeader, byte[] payload) {
        ByteBuf frame = ethernet(
                destinationMac, sourceMac, EtherType.IPV6, new byte[Ipv6Packet.HEADER_LENGTH + payload.length]);
        int at = ROOM + EthernetFrame.HEADER_LENGTH;
        Ipv6Packet.write(frame, at, typeOfService, payload.length, nextHeader, timeToLive, source, destination);
        frame.setBytes(at + Ipv6Packet.HEADER_LENGTH, payload);
        return frame;
    }

    /** A fragment of an IPv6 packet: {@code part} behind a fragment header of the sender's fragment and identification. */
    public ByteBuf ipv6Fragment(int nextHeader, byte[] part) {
        return ipv6(IpProtocol.FRAGMENT, join(fragmentHeader(nextHeader), part));
    }

    /** IPv6's fragment header with the sender's fragment and identification. */
    public byte[] fragmentHeader(int nextHeader) {
        byte[] bytes = new byte[Ipv6Fragment.LENGTH];
        boolean more = (fragment & Ipv4Packet.FLAG_MORE_FRAGMENTS) != 0;
        int offset = (fragment & ~Ipv4Packet.FLAG_MORE_FRAGMENTS) * 8;
        Ipv6Fragment.write(Unpooled.wrappedBuffer(bytes), 0, nextHeader, offset, more, identification);
        return bytes;
    }

    /** An IPv6 extension header with {@code data} behind the two bytes of next header and length, padded with zeros. */
    public static byte[] extension(int nextHeader, byte[] data) {
        byte[] bytes = Arrays.copyOf(join(new byte[2], data), data.length + 9 & ~7);
        bytes[0] = (byte) nextHeader;
        bytes[1] = (byte) (bytes.length / 8 - 1);
        return bytes;
    }

    /** One behind the other. */
    public static byte[] join(byte[]... parts) {
        return bytesOf(Unpooled.wrappedBuffer(parts));
    }

    /** A part of an IP packet of the sender's family. */
    public ByteBuf ipFragment(int protocol, byte[] part) {
        return source.isIpv4() ? ipv4(protocol, part) : ipv6Fragment(protocol, part);
    }

    /** An IP packet of the sender's family. */
    public ByteBuf ip(int protocol, byte[] payload) {
        return source.isIpv4() ? ipv4(protocol, payload) : ipv6(protocol, payload);
    }

    /** An ICMPv6 message with its checksum. */
    public ByteBuf icmpv6(int type, int code, int restOfHeader, byte[] data) {
        return ipv6(IpProtocol.ICMPV6, icmpv6Message(type, code, restOfHeader, data));
    }

    /** The bytes of an ICMPv6 message with its checksum, to be put into fragments or behind extension headers. */
    public byte[] icmpv6Message(int type, int code, int restOfHeader, byte[] data) {
        return withIcmpv6Checksum(icmpMessage(type, code, restOfHeader, data));
    }

    /** A neighbor solicitation or advertisement, whose hop limit is 255. */
    public ByteBuf ndp(NeighbourMessage message) {
        byte[] bytes = new byte[message.length()];
        message.emit(Unpooled.wrappedBuffer(bytes), 0);
        return ndp(bytes);
    }

    /** A router solicitation, whose hop limit is 255. */
    public ByteBuf ndp(RouterSolicitation message) {
        byte[] bytes = new byte[message.length()];
        message.emit(Unpooled.wrappedBuffer(bytes), 0);
        return ndp(bytes);
    }

    /** A router advertisement, whose hop limit is 255. */
    public ByteBuf ndp(RouterAdvertisement message) {
        byte[] bytes = new byte[message.length()];
        message.emit(Unpooled.wrappedBuffer(bytes), 0);
        return ndp(bytes);
    }

    /** The bytes of a message of neighbor discovery, whose checksum is made and whose hop limit is 255. */
    public ByteBuf ndp(byte[] message) {
        return timeToLive(255).ipv6(IpProtocol.ICMPV6, withIcmpv6Checksum(message));
    }

    private byte[] withIcmpv6Checksum(byte[] message) {
        Icmpv6Message.writeChecksum(Unpooled.wrappedBuffer(message), 0, message.length, source, destination);
        return message;
    }

    /** A UDP datagram with its checksum. */
    public ByteBuf udp(int sourcePort, int destinationPort, byte[] data) {
        return ip(IpProtocol.UDP, udpDatagram(sourcePort, destinationPort, data));
    }

    /** The bytes of a UDP datagram with its checksum, to be put into fragments. */
    public byte[] udpDatagram(int sourcePort, int destinationPort, byte[] data) {
        int length = UdpDatagram.HEADER_LENGTH + data.length;
        ByteBuf buf = Unpooled.buffer(length).writerIndex(length);
        UdpDatagram.write(buf, 0, sourcePort, destinationPort, length);
        buf.setBytes(UdpDatagram.HEADER_LENGTH, data);
        UdpDatagram.writeChecksum(buf, 0, upperSum(buf, IpProtocol.UDP));
        return bytesOf(buf);
    }

    /** A TCP segment without options. */
    public ByteBuf tcp(
            int sourcePort, int destinationPort, int sequence, int acknowledgment, int flags, int window, byte[] data) {
        return tcp(sourcePort, destinationPort, sequence, acknowledgment, flags, window, new TcpOptions(), data);
    }

    /** A TCP segment with its checksum; {@code flags} of {@link TcpHeader}. */
    public ByteBuf tcp(
            int sourcePort,
            int destinationPort,
            int sequence,
            int acknowledgment,
            int flags,
            int window,
            TcpOptions tcpOptions,
            byte[] data) {
        int headerLength = TcpHeader.MIN_LENGTH + tcpOptions.length();
        ByteBuf buf = Unpooled.buffer(headerLength + data.length).writerIndex(headerLength + data.length);
        TcpHeader.write(buf, 0, sourcePort, destinationPort, sequence, acknowledgment, headerLength, flags, window);
        tcpOptions.emit(buf, TcpHeader.MIN_LENGTH);
        buf.setBytes(headerLength, data);
        buf.setShort(TcpHeader.CHECKSUM, InternetChecksum.finish(upperSum(buf, IpProtocol.TCP)));
        return ip(IpProtocol.TCP, bytesOf(buf));
    }

    public ByteBuf echoRequest(int identifier, int sequence, byte[] data) {
        return icmp(IcmpMessage.ECHO_REQUEST, 0, identifier << 16 | sequence, data);
    }

    public ByteBuf echoReply(int identifier, int sequence, byte[] data) {
        return icmp(IcmpMessage.ECHO_REPLY, 0, identifier << 16 | sequence, data);
    }

    /** An ICMP message with its checksum. */
    public ByteBuf icmp(int type, int code, int restOfHeader, byte[] data) {
        return ipv4(IpProtocol.ICMP, icmpMessage(type, code, restOfHeader, data));
    }

    /** The bytes of an ICMP message with its checksum, to be put into fragments. */
    public static byte[] icmpMessage(int type, int code, int restOfHeader, byte[] data) {
        int length = IcmpMessage.HEADER_LENGTH + data.length;
        ByteBuf buf = Unpooled.buffer(length).writerIndex(length);
        IcmpMessage.write(buf, 0, type, code, restOfHeader);
        buf.setBytes(IcmpMessage.HEADER_LENGTH, data);
        IcmpMessage.writeChecksum(buf, 0, length);
        return bytesOf(buf);
    }

    /** An ICMPv6 echo request. */
    public ByteBuf icmpv6Echo(int identifier, int sequence, byte[] data) {
        return icmpv6(Icmpv6Message.ECHO_REQUEST, 0, identifier << 16 | sequence, data);
    }

    /** An ICMP error of this family about the IP packet in {@code frame}, of which it quotes {@code quoted} bytes at most. */
    public ByteBuf icmpError(int type, int code, int restOfHeader, ByteBuf frame, int quoted) {
        int at = frame.readerIndex() + EthernetFrame.HEADER_LENGTH;
        byte[] quote = new byte[Math.min(quoted, frame.writerIndex() - at)];
        frame.getBytes(at, quote);
        return source.isIpv4() ? icmp(type, code, restOfHeader, quote) : icmpv6(type, code, restOfHeader, quote);
    }

    private long upperSum(ByteBuf buf, int protocol) {
        int length = buf.writerIndex();
        return InternetChecksum.pseudoHeader(source, destination, protocol, length)
                + InternetChecksum.sum(buf, 0, length);
    }
}
