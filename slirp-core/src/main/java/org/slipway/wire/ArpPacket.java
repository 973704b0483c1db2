package org.slipway.wire;

import io.netty.buffer.ByteBuf;
import org.jspecify.annotations.Nullable;

/**
 * An ARP packet for IPv4 on Ethernet (RFC 826).
 * <pre>
 *  0               2               4       5       6               8
 * +---------------+---------------+-------+-------+---------------+
 * | hardware: 1   | protocol:0800 | len 6 | len 4 | operation     |
 * +---------------+---------------+-------+-------+---------------+
 * | sender MAC (6), sender address (4), target MAC (6), target address (4)
 * +---------------------------------------------------------- - -
 * </pre>
 *
 * @param operation {@link #REQUEST} or {@link #REPLY}
 * @param senderMac as {@link MacAddress#value}
 * @param senderAddress an IPv4 address; unspecified in a probe (RFC 5227)
 * @param targetMac as {@link MacAddress#value}; means nothing in a request
 * @param targetAddress an IPv4 address
 */
public record ArpPacket(
        int operation, long senderMac, IpAddress senderAddress, long targetMac, IpAddress targetAddress) {

    /** Length on the wire in bytes. */
    public static final int LENGTH = 28;

    public static final int REQUEST = 1;
    public static final int REPLY = 2;

    private static final int HARDWARE_ETHERNET = 1;
    private static final int PROTOCOL = 2;
    private static final int LENGTHS = 4;
    private static final int LENGTHS_ETHERNET_IPV4 = 0x0604;
    private static final int OPERATION = 6;
    private static final int SENDER_MAC = 8;
    private static final int SENDER_ADDRESS = 14;
    private static final int TARGET_MAC = 18;
    private static final int TARGET_ADDRESS = 24;

    /** Why the {@code available} bytes at {@code at} do not begin with such a packet, or null if they do. */
    public static @Nullable DropReason check(ByteBuf buf, int at, int available) {
        if (available < LENGTH
                || buf.getUnsignedShort(at) != HARDWARE_ETHERNET
                || buf.getUnsignedShort(at + PROTOCOL) != EtherType.IPV4
                || buf.getUnsignedShort(at + LENGTHS) != LENGTHS_ETHERNET_IPV4) {
            return DropReason.ARP_MALFORMED;
        }
        int operation = buf.getUnsignedShort(at + OPERATION);
        return operation == REQUEST || operation == REPLY ? null : DropReason.ARP_MALFORMED;
    }

    /** The packet at {@code at}, for which {@link #check} returned null. */
    public static ArpPacket parse(ByteBuf buf, int at) {
        return new ArpPacket(
                buf.getUnsignedShort(at + OPERATION),
                MacAddress.readValue(buf, at + SENDER_MAC),
                IpAddress.readIpv4(buf, at + SENDER_ADDRESS),
                MacAddress.readValue(buf, at + TARGET_MAC),
                IpAddress.readIpv4(buf, at + TARGET_ADDRESS));
    }

    /** Writes {@link #LENGTH} bytes at {@code at}. */
    public void emit(ByteBuf buf, int at) {
        buf.setShort(at, HARDWARE_ETHERNET);
        buf.setShort(at + PROTOCOL, EtherType.IPV4);
        buf.setShort(at + LENGTHS, LENGTHS_ETHERNET_IPV4);
        buf.setShort(at + OPERATION, operation);
        MacAddress.writeValue(buf, at + SENDER_MAC, senderMac);
        senderAddress.write(buf, at + SENDER_ADDRESS);
        MacAddress.writeValue(buf, at + TARGET_MAC, targetMac);
        targetAddress.write(buf, at + TARGET_ADDRESS);
    }

    /** Whether the sender tells of itself, asking nothing: its own address is the target (RFC 5227 3). */
    public boolean isGratuitous() {
        return senderAddress.equals(targetAddress);
    }
}
