package org.slipway.capture;

/** IP of either version. */
final class IpSummary {

    private final Ipv4Summary ipv4;
    private final Ipv6Summary ipv6;

    IpSummary() {
        EchoPairs pings = new EchoPairs();
        TcpSummary tcp = new TcpSummary();
        UdpSummary udp = new UdpSummary();
        ipv4 = new Ipv4Summary(pings, tcp, udp);
        ipv6 = new Ipv6Summary(pings, tcp, udp);
    }

    /** Describes a packet of the {@code version} that the EtherType says, 4 or 6; IPv6 is known by its first bits, too. */
    void describe(SummaryLine line, PacketSlice packet, int version) {
        line.begin("IPv" + version);
        if (version == 6 || packet.u8(0) >>> 4 == 6) {
            ipv6.describe(line, packet);
        } else {
            ipv4.describe(line, packet);
        }
    }
}
