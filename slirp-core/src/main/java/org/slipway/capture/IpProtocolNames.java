package org.slipway.capture;

import java.util.Map;
import org.slipway.wire.IpProtocol;

/** Names of IP protocols (IANA protocol-numbers) that are seen today, or that tshark knows by nothing but their name. */
final class IpProtocolNames {

    static final int IGMP = 2;
    static final int ENCAPSULATING_SECURITY_PAYLOAD = 50;
    static final int AUTHENTICATION_HEADER = 51;

    private static final int FIRST_UNASSIGNED = 144;
    private static final int LAST_UNASSIGNED = 223;
    private static final int AX4000 = 173;

    private static final Map<Integer, String> NAMES = Map.ofEntries(
            Map.entry(IpProtocol.ICMP, "ICMP"),
            Map.entry(IGMP, "IGMP"),
            Map.entry(3, "GGP"),
            Map.entry(4, "IPIP"),
            Map.entry(5, "Stream"),
            Map.entry(IpProtocol.TCP, "TCP"),
            Map.entry(8, "EGP"),
            Map.entry(IpProtocol.UDP, "UDP"),
            Map.entry(33, "Datagram Congestion Control Protocol"),
            Map.entry(36, "XTP"),
            Map.entry(41, "IPv6"),
            Map.entry(46, "Reservation Protocol"),
            Map.entry(47, "Generic Routing Encapsulation"),
            Map.entry(ENCAPSULATING_SECURITY_PAYLOAD, "Encap Security Payload"),
            Map.entry(AUTHENTICATION_HEADER, "Authentication Header"),
            Map.entry(IpProtocol.ICMPV6, "ICMPv6"),
            Map.entry(88, "EIGRP"),
            Map.entry(89, "OSPF IGP"),
            Map.entry(94, "IP in IP"),
            Map.entry(97, "Ether in IP"),
            Map.entry(98, "ENCAP"),
            Map.entry(99, "any private encryption scheme"),
            Map.entry(103, "PIM"),
            Map.entry(108, "IPComp"),
            Map.entry(112, "VRRP"),
            Map.entry(115, "Layer 2 Tunneling"),
            Map.entry(132, "SCTP"),
            Map.entry(133, "Fibre Channel"),
            Map.entry(135, "Mobile IPv6"),
            Map.entry(136, "UDPLite"),
            Map.entry(137, "MPLS in IP"),
            Map.entry(138, "MANET"),
            Map.entry(139, "HIP"),
            Map.entry(140, "Shim6 header"),
            Map.entry(141, "WESP"),
            Map.entry(142, "ROHC"),
            Map.entry(143, "Ethernet"),
            Map.entry(AX4000, "AX/4000 Testframe"));

    private IpProtocolNames() {}

    static String of(int protocol) {
        boolean assigned = protocol < FIRST_UNASSIGNED || protocol > LAST_UNASSIGNED;
        return NAMES.getOrDefault(protocol, assigned ? "Unknown" : "Unassigned");
    }
}
