package org.slipway.wire;

/**
 * What ICMP tells the sender of a packet that went no further, in the words of both families: type and code of ICMP (RFC
 * 792, RFC 1122, RFC 1812) and of ICMPv6 (RFC 4443).
 */
public enum IcmpError {
    NET_UNREACHABLE(
            IcmpMessage.DESTINATION_UNREACHABLE, IcmpMessage.NET_UNREACHABLE, Icmpv6Message.DESTINATION_UNREACHABLE, 0),
    HOST_UNREACHABLE(
            IcmpMessage.DESTINATION_UNREACHABLE,
            IcmpMessage.HOST_UNREACHABLE,
            Icmpv6Message.DESTINATION_UNREACHABLE,
            3),
    /** In IPv6 an unknown next header (RFC 4443 3.4): the value is the offset of the field that names it. */
    PROTOCOL_UNREACHABLE(
            IcmpMessage.DESTINATION_UNREACHABLE, IcmpMessage.PROTOCOL_UNREACHABLE, Icmpv6Message.PARAMETER_PROBLEM, 1),
    PORT_UNREACHABLE(
            IcmpMessage.DESTINATION_UNREACHABLE,
            IcmpMessage.PORT_UNREACHABLE,
            Icmpv6Message.DESTINATION_UNREACHABLE,
            4),
    /** Communication administratively prohibited. */
    PROHIBITED(
            IcmpMessage.DESTINATION_UNREACHABLE,
            IcmpMessage.ADMINISTRATIVELY_PROHIBITED,
            Icmpv6Message.DESTINATION_UNREACHABLE,
            1),
    /** RFC 4443 3.1: a link-local source, and a destination that is not of the link. */
    BEYOND_SCOPE(
            IcmpMessage.DESTINATION_UNREACHABLE, IcmpMessage.NET_UNREACHABLE, Icmpv6Message.DESTINATION_UNREACHABLE, 2),
    /** Fragmentation needed and forbidden, or IPv6's Packet Too Big: the value is the MTU in bytes. */
    PACKET_TOO_BIG(
            IcmpMessage.DESTINATION_UNREACHABLE, IcmpMessage.FRAGMENTATION_NEEDED, Icmpv6Message.PACKET_TOO_BIG, 0),
    /** Time to live or hop limit used up. */
    TIME_EXCEEDED(IcmpMessage.TIME_EXCEEDED, IcmpMessage.TTL_EXCEEDED, Icmpv6Message.TIME_EXCEEDED, 0),
    REASSEMBLY_EXCEEDED(IcmpMessage.TIME_EXCEEDED, IcmpMessage.REASSEMBLY_EXCEEDED, Icmpv6Message.TIME_EXCEEDED, 1),
    /** An erroneous field: the value is its offset in bytes. */
    PARAMETER_PROBLEM(IcmpMessage.PARAMETER_PROBLEM, 0, Icmpv6Message.PARAMETER_PROBLEM, 0),
    /** An IPv6 option that is not known: the value is its offset in bytes. */
    UNKNOWN_OPTION(IcmpMessage.PARAMETER_PROBLEM, 0, Icmpv6Message.PARAMETER_PROBLEM, 2),
    /** A first fragment that lacks a part of the headers (RFC 7112 5). */
    INCOMPLETE_HEADERS(IcmpMessage.PARAMETER_PROBLEM, 0, Icmpv6Message.PARAMETER_PROBLEM, 3);

    private final int ipv4Type;
    private final int ipv4Code;
    private final int ipv6Type;
    private final int ipv6Code;

    IcmpError(int ipv4Type, int ipv4Code, int ipv6Type, int ipv6Code) {
        this.ipv4Type = ipv4Type;
        this.ipv4Code = ipv4Code;
        this.ipv6Type = ipv6Type;
        this.ipv6Code = ipv6Code;
    }

    /** The ICMP type in the family of the packet that it is about, 0 to 255. */
    public int type(boolean ipv4) {
        return ipv4 ? ipv4Type : ipv6Type;
    }

    /** The ICMP code in the family of the packet that it is about, 0 to 255. */
    public int code(boolean ipv4) {
        return ipv4 ? ipv4Code : ipv6Code;
    }

    /** The second 32 bits of the ICMP header that carry {@code value}. */
    public int restOfHeader(boolean ipv4, int value) {
        // RFC 792: the pointer of a parameter problem is the first byte only; RFC 1191 4: the MTU the last two.
        return ipv4 && ipv4Type == IcmpMessage.PARAMETER_PROBLEM
                ? value << 24
                : ipv4 && this != PACKET_TOO_BIG ? 0 : value;
    }
}
