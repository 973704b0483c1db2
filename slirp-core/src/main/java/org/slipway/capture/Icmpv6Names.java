package org.slipway.capture;

import java.util.Map;
import org.slipway.wire.Icmpv6Message;

/** Names of ICMPv6 types and codes (IANA icmpv6-parameters), in tshark's words. */
final class Icmpv6Names {

    private static final Map<Integer, String> TYPES = Map.ofEntries(
            Map.entry(Icmpv6Message.DESTINATION_UNREACHABLE, "Destination Unreachable"),
            Map.entry(Icmpv6Message.PACKET_TOO_BIG, "Packet Too Big"),
            Map.entry(Icmpv6Message.TIME_EXCEEDED, "Time Exceeded"),
            Map.entry(Icmpv6Message.PARAMETER_PROBLEM, "Parameter Problem"),
            Map.entry(100, "Private experimentation"),
            Map.entry(101, "Private experimentation"),
            Map.entry(127, "Reserved for expansion of ICMPv6 error messages"),
            Map.entry(Icmpv6Message.ECHO_REQUEST, "Echo (ping) request"),
            Map.entry(Icmpv6Message.ECHO_REPLY, "Echo (ping) reply"),
            Map.entry(Icmpv6Message.LISTENER_QUERY, "Multicast Listener Query"),
            Map.entry(Icmpv6Message.LISTENER_REPORT, "Multicast Listener Report"),
            Map.entry(Icmpv6Message.LISTENER_DONE, "Multicast Listener Done"),
            Map.entry(Icmpv6Message.ROUTER_SOLICITATION, "Router Solicitation"),
            Map.entry(Icmpv6Message.ROUTER_ADVERTISEMENT, "Router Advertisement"),
            Map.entry(Icmpv6Message.NEIGHBOUR_SOLICITATION, "Neighbor Solicitation"),
            Map.entry(Icmpv6Message.NEIGHBOUR_ADVERTISEMENT, "Neighbor Advertisement"),
            Map.entry(Icmpv6Message.REDIRECT, "Redirect"),
            Map.entry(138, "Router Renumbering"),
            Map.entry(139, "Node Information Query"),
            Map.entry(140, "Node Information Reply"),
            Map.entry(141, "Inverse Neighbor Discovery Solicitation"),
            Map.entry(142, "Inverse Neighbor Discovery Advertisement"),
            Map.entry(Icmpv6Message.LISTENER_REPORT_V2, "Multicast Listener Report Message v2"),
            Map.entry(144, "Home Agent Address Discovery Request"),
            Map.entry(145, "Home Agent Address Discovery Reply"),
            Map.entry(146, "Mobile Prefix Solicitation"),
            Map.entry(147, "Mobile Prefix Advertisement"),
            Map.entry(148, "Certification Path Solicitation"),
            Map.entry(149, "Certification Path Advertisement"),
            Map.entry(150, "Experimental Mobility"),
            Map.entry(151, "Multicast Router Advertisement"),
            Map.entry(152, "Multicast Router Solicitation"),
            Map.entry(153, "Multicast Router Termination"),
            Map.entry(154, "FMIPv6"),
            Map.entry(155, "RPL Control"),
            Map.entry(156, "Locator Update"),
            Map.entry(157, "Duplicate Address Request"),
            Map.entry(158, "Duplicate Address Confirmation"),
            Map.entry(159, "MPL Control Message"),
            Map.entry(160, "Extended Echo request"),
            Map.entry(161, "Extended Echo reply"),
            Map.entry(200, "Private experimentation"),
            Map.entry(201, "Private experimentation"),
            Map.entry(255, "Reserved for expansion of ICMPv6 informational messages"));

    private static final Map<Integer, Map<Integer, String>> CODES = Map.of(
            Icmpv6Message.DESTINATION_UNREACHABLE,
            Map.of(
                    0, "no route to destination",
                    1, "Administratively prohibited",
                    2, "Beyond scope of source address",
                    3, "Address unreachable",
                    4, "Port unreachable",
                    5, "Source address failed ingress/egress policy",
                    6, "Reject route to destination",
                    7, "Error in Source Routing Header"),
            Icmpv6Message.TIME_EXCEEDED,
            Map.of(0, "hop limit exceeded in transit", 1, "fragment reassembly time exceeded"),
            Icmpv6Message.PARAMETER_PROBLEM,
            Map.of(
                    0, "erroneous header field encountered",
                    1, "unrecognized Next Header type encountered",
                    2, "unrecognized IPv6 option encountered",
                    3, "IPv6 First Fragment has incomplete IPv6 Header Chain"),
            138,
            Map.of(0, "Command", 1, "Result", 255, "Sequence number reset"),
            139,
            Map.of(
                    0, "Query subject = IPv6 addresses",
                    1, "Query subject = DNS name or empty",
                    2, "Query subject = IPv4 addresses"),
            140,
            Map.of(0, "Successful", 1, "Refused", 2, "Unknown query type"),
            160,
            Map.of(0, "No error"),
            161,
            Map.of(
                    0, "No error",
                    1, "Malformed Query",
                    2, "No Such Interface",
                    3, "No Such Table Entry",
                    4, "Multiple Interfaces Satisfy Query"));

    private Icmpv6Names() {}

    static String type(int type) {
        String name = TYPES.get(type);
        return name == null ? "Unknown (" + type + ")" : name;
    }

    /** {@code " (name)"}, or nothing for types without codes. */
    static String code(int type, int code) {
        Map<Integer, String> codes = CODES.get(type);
        if (codes == null) {
            return "";
        }
        boolean unnumbered = type == Icmpv6Message.DESTINATION_UNREACHABLE;
        String unknown = unnumbered ? "Unknown" : "Unknown (" + code + ")";
        return " (" + codes.getOrDefault(code, unknown) + ")";
    }
}
