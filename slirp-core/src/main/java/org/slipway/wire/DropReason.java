package org.slipway.wire;

import java.util.Locale;

/**
 * Why a frame, packet or segment went no further. Each is counted, shown in the summary, and written beside the packet
 * in a recording. Nothing is dropped without one.
 */
public enum DropReason {
    /** A link gave a frame length of zero. */
    FRAME_EMPTY,
    /** Shorter than an Ethernet header. */
    FRAME_TRUNCATED,
    /** A link announced a frame longer than it may carry. */
    FRAME_TOO_LONG,
    /** The source address is a group or zero address (IEEE 802.3 3.2.3). */
    FRAME_BAD_SOURCE,
    /** The source address is one that another port holds for good: the gateway's. */
    FRAME_SPOOFED,
    /** The frame is for a station that is on the port it came from. */
    FRAME_NOT_FOR_US,
    /** The gateway does not speak this EtherType. */
    ETHERTYPE_UNKNOWN,
    /** The port's queue is full: its device does not read. */
    PORT_FULL,
    /** The port is down. */
    PORT_DOWN,

    /** ARP shorter than its fixed part, or not Ethernet and IPv4. */
    ARP_MALFORMED,
    /** ARP asks for an address that nobody here holds. */
    ARP_NOT_OURS,
    /** A sender claims an address that belongs to the gateway, or is no unicast address. */
    ARP_SPOOFED,
    /** An ARP reply to no question of ours. */
    ARP_UNSOLICITED,

    /** IP header incomplete, of the wrong version, or longer than the packet. */
    IP_MALFORMED,
    /** IPv4 header checksum wrong. */
    IP_BAD_CHECKSUM,
    /** Source address cannot be answered (multicast, broadcast, loopback, the gateway's own). */
    IP_BAD_SOURCE,
    /** Source routing and other options that are refused. */
    IP_BAD_OPTION,
    /** IPv6 extension headers in a wrong place, malformed, or too many. */
    IP_BAD_EXTENSION,
    /** An IPv6 packet from or to an IPv4 address in mapped form (RFC 4291 2.5.5.2). */
    IP_MAPPED_ADDRESS,
    /** An IPv6 packet without anything behind its headers (RFC 8200 4.7). */
    IP_NO_NEXT_HEADER,
    /** Time to live used up. */
    IP_TTL_EXCEEDED,
    /** No route to the destination from here. */
    IP_NO_ROUTE,
    /** No upper protocol takes this protocol number. */
    IP_PROTOCOL_UNKNOWN,
    /** Fragment overlaps another, exceeds 65,535 bytes, or is misaligned (RFC 5722, RFC 8900). */
    IP_FRAGMENT_BAD,
    /** Fragments did not become whole in time, or their memory bound was reached. */
    IP_FRAGMENT_EXPIRED,
    /** Packet too big for the link and must not be fragmented. */
    IP_TOO_BIG,
    /** The neighbour did not answer ARP or NDP. */
    NEIGHBOUR_UNREACHABLE,
    /** Too many packets wait for a neighbour. */
    NEIGHBOUR_QUEUE_FULL,

    /** Neighbor discovery that a router had forwarded, or malformed (RFC 4861 6.1, 7.1). */
    NDP_MALFORMED,
    /** Neighbor discovery about an address that nobody here holds. */
    NDP_NOT_OURS,
    /** A sender claims an address that belongs to the gateway or to another guest. */
    NDP_SPOOFED,
    /** A neighbor advertisement to no question of ours, a redirect, a router beside us. */
    NDP_UNSOLICITED,

    /** ICMP shorter than its header, or its checksum is wrong. */
    ICMP_MALFORMED,
    /** An ICMP type that is not answered. */
    ICMP_UNHANDLED,
    /** An ICMP error that belongs to no flow. */
    ICMP_NO_FLOW,
    /** An ICMP error of ours that was not sent: too many to one station (RFC 1812 4.3.2.8). */
    ICMP_RATE_LIMITED,

    /** UDP shorter than its header or its length field. */
    UDP_MALFORMED,
    /** UDP checksum wrong. */
    UDP_BAD_CHECKSUM,
    /** No service and no flow takes the datagram. */
    UDP_NO_PORT,
    /** A datagram from outside for a guest that has not sent to its sender, which the filtering asks for (RFC 4787 5). */
    UDP_FILTERED,
    /** The host refused to send the datagram. */
    UDP_HOST_REFUSED,

    /** TCP header incomplete or options malformed. */
    TCP_MALFORMED,
    /** TCP checksum wrong. */
    TCP_BAD_CHECKSUM,
    /** A segment for no connection (RFC 9293 3.10.7.1). */
    TCP_NO_CONNECTION,
    /** A segment outside the receive window (RFC 9293 3.4). */
    TCP_OUT_OF_WINDOW,
    /** An acknowledgment of what was never sent, or too old (RFC 5961 5). */
    TCP_BAD_ACK,
    /** A reset that is not exactly at the next sequence number (RFC 5961 3). */
    TCP_BAD_RESET,
    /** A SYN in a synchronized state (RFC 5961 4). */
    TCP_UNEXPECTED_SYN,
    /** A time stamp older than the last one (RFC 7323 5: PAWS). */
    TCP_OLD_TIMESTAMP,
    /** Out-of-order data beyond what is kept. */
    TCP_REASSEMBLY_FULL,

    /** DHCP message malformed or not for us. */
    DHCP_MALFORMED,
    /** No address left to lease. */
    DHCP_POOL_EXHAUSTED,
    /** DHCPv6 message malformed, or one that no client sends. */
    DHCPV6_MALFORMED,
    /** DHCPv6 message for another server, from a relay, or from outside of the link. */
    DHCPV6_NOT_FOR_US,
    /** TFTP message malformed, or none of those that belong there. */
    TFTP_MALFORMED,
    /** TFTP message for no transfer, or from another than its client. */
    TFTP_NO_TRANSFER,
    /** Too many TFTP transfers. */
    TFTP_TRANSFERS_FULL,
    /** DNS message malformed. */
    DNS_MALFORMED,
    /** Too many DNS queries in flight. */
    DNS_QUERIES_FULL,

    /** The address policy forbids the destination. */
    POLICY_DENIED,
    /** The flow table, or this guest's share of it, is full. */
    FLOW_TABLE_FULL,
    /** Too many connections, of all guests or of this one, whose handshake is not over. */
    TCP_BACKLOG_FULL,
    /** TCP holds too much for this guest already; the segment is to be sent again. */
    TCP_MEMORY_FULL,

    /** A fault of ours, or no memory: the packet met an exception. */
    INTERNAL_ERROR;

    private final String label = name().toLowerCase(Locale.ROOT).replace('_', ' ');

    /** The reason in words, for people: {@code "ip bad checksum"}. */
    public String label() {
        return label;
    }
}
