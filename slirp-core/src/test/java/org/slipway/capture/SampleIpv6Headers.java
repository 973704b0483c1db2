package org.slipway.capture;

import static org.slipway.capture.Packets.*;

/** IPv6 headers: lengths that are wrong, extension headers, fragments, and protocols that are not known here. */
final class SampleIpv6Headers {

    private static final String FAR = "2001:db8:1::7";
    private static final byte[] NONE = {};
    private static final byte[] PADDING = hex("010400000000");

    private final SampleFrames frames;

    private SampleIpv6Headers(SampleFrames frames) {
        this.frames = frames;
    }

    static void addTo(SampleFrames frames) {
        SampleIpv6Headers sample = new SampleIpv6Headers(frames);
        sample.extensions();
        sample.routing();
        sample.routed();
        sample.badExtensions();
        sample.fragments();
        sample.lengths();
        sample.protocols();
    }

    /** The UDP datagram alone. */
    private static byte[] udp() {
        byte[] packet = Packets.udp(GUEST6, 40000, GATEWAY6, 9999, bytes("hello"));
        return java.util.Arrays.copyOfRange(packet, 40, packet.length);
    }

    private static byte[] syn() {
        byte[] packet = Packets.tcp(GUEST6, 40100, GATEWAY6, 5001, 1, 0, 2, 64240, hex("020405b4"), NONE);
        return java.util.Arrays.copyOfRange(packet, 40, packet.length);
    }

    private static byte[] ping() {
        byte[] packet = Packets.icmpv6(GUEST6, GATEWAY6, 64, 128, 0, hex("55550001"));
        return java.util.Arrays.copyOfRange(packet, 40, packet.length);
    }

    private void out(int next, Object... parts) {
        frames.out(Packets.ipv6(next, GUEST6, GATEWAY6, 64, bytes(parts)));
    }

    private void extensions() {
        out(0, 17, 0, PADDING, udp());
        out(60, 17, 0, PADDING, udp());
        out(60, 6, 0, PADDING, syn());
        out(0, 58, 0, PADDING, ping());
        out(0, 60, 0, PADDING, 58, 0, PADDING, ping());
        out(0, 60, 0, PADDING, 43, 0, PADDING, 60, 0, 253, 0, 0, 0, 0, 0, 17, 0, PADDING, udp());
        out(60, 17, 1, PADDING, new byte[8], udp());
        out(0, 59, 0, PADDING);
        out(60, 59, 0, PADDING, "not looked at");
        out(0, 253, 0, PADDING, "hello");
        out(0, 17, 0, hex("c20400010000"), udp());
        out(0, 17, 0, hex("3e0400000000"), udp());
        out(60, 17, 0, hex("fe0400000000"), udp());
        out(51, 17, 4, be16(0), be32(1), be32(1), new byte[12], udp());
        out(50, be32(0x1234), be32(1), new byte[32]);
        out(51, 51, 4, be16(0), be32(1), be32(1), new byte[12], 17, 4, be16(0), be32(1), be32(1), new byte[12], udp());
        out(0, 51, 0, PADDING, 59, 4, be16(0), be32(1), be32(1), new byte[12]);
        out(51, 50, 4, be16(0), be32(1), be32(1), new byte[12], be32(0xfffffff0L), new byte[32]);
        out(51, 44, 4, be16(0), be32(1), be32(1), new byte[12], 17, 0, be16(1), be32(50), udp());
        out(51, 253, 1, be16(0), be32(1), be32(1), "hello");
        out(51, 60, 4, be16(0), be32(1), be32(1), new byte[12], 17);
        out(50, be32(0x1234), 0);
        frames.differs("no Mobile IPv6");
        out(135, 59, 0, 1, 0, be16(0), be16(0));
        frames.differs("no HIP");
        out(139, 59, 0, new byte[6]);
        frames.differs("no Shim6");
        out(140, 59, 0, new byte[6]);
        out(60, 60, 0, PADDING, 60, 0, PADDING, 60, 0, PADDING, 60, 0, PADDING, 17, 0, PADDING, udp());
    }

    private void routing() {
        out(43, 17, 0, 0, 0, new byte[4], udp());
        out(43, 17, 2, 0, 0, new byte[4], ip(FAR), udp());
        out(43, 17, 2, 0, 1, new byte[4], ip(FAR), udp());
        out(43, 17, 2, 2, 1, new byte[4], ip(FAR), udp());
        out(43, 17, 0, 3, 0, new byte[4], udp());
        out(43, 17, 2, 4, 0, 0, 0, 0, 0, ip(FAR), udp());
        out(43, 17, 2, 4, 1, 0, 0, 0, 0, ip(FAR), udp());
        out(43, 17, 0, 99, 1, new byte[4], udp());
    }

    private void routed() {
        String other = "2001:db8:2::7";
        out(43, 17, 4, 0, 2, new byte[4], ip(FAR), ip(other), udp());
        out(43, 17, 4, 0, 1, new byte[4], ip(FAR), ip(other), udp());
        out(43, 17, 4, 0, 3, new byte[4], ip(FAR), ip(other), udp());
        out(43, 17, 4, 4, 1, 1, 0, 0, 0, ip(FAR), ip(other), udp());
        out(43, 17, 4, 4, 2, 1, 0, 0, 0, ip(FAR), ip(other), udp());
        out(43, 17, 4, 3, 2, 0, 0, 0, 0, ip(FAR), ip(other), udp());
        frames.differs("no addresses of which RPL elides parts");
        out(43, 17, 4, 3, 2, 0x88, 0, 0, 0, ip(FAR), ip(other), udp());
        out(43, 44, 2, 0, 1, new byte[4], ip(FAR), 17, 0, be16(1), be32(60), udp());
        out(43, 17, 0, 0, 1, new byte[4], udp());
        out(43, 17, 0, 4, 1, new byte[4], udp());
        out(43, 59, 2, 2, 1, new byte[4], ip(FAR));
    }

    private void badExtensions() {
        out(0, 60, 0, PADDING);
        out(0, 60, 0, PADDING, 17);
        out(0, 60, 0, PADDING, 17, 3, 0, 0);
        out(60, 0, 0, PADDING, 17);
        out(60, 43, 0, PADDING, 17);
        out(60, 43, 0, PADDING, 17, 2, 0, 0, new byte[4]);
        out(43, 17);
        out(43, 17, 0);
        out(43, 17, 0, 0, 0);
        out(43, 17, 0, 0, 0, 0, 0, 0);
        out(43, 17, 2, 0, 1, 0, 0, 0);
        out(0, 51, 0, PADDING, 17, 4, be16(0));
        out(0, 44, 0, PADDING, 17, 0);
        out(60, 6, 0, PADDING);
        out(60, 58, 0, PADDING);
        out(0, NONE);
        out(60, 17);
        out(60, 17, 0, 0, 0);
        out(0, 17, 5, PADDING);
        out(43, 17, 200, 0, 0, new byte[4], udp());
        out(60, 0, 0, PADDING, 17, 0, PADDING, udp());
        out(60, 17, 0, hex("010900000000"), udp());
        out(44, 17, 0, 0);
        out(44, NONE);
        out(51, 17, 4, be16(0));
        out(51, 17, 4, be16(0), be32(1), be32(1));
        out(51, 17, 4, be16(0), be32(1), 0);
    }

    private void fragments() {
        out(44, 17, 0, be16(1), be32(1), udp(), new byte[43]);
        out(44, 17, 0, be16(1480 | 1), be32(0xdeadbeefL), new byte[32]);
        out(44, 17, 0, be16(0xfff8), be32(0xffffffffL), new byte[32]);
        out(44, 6, 0, be16(1), be32(2), syn());
        out(44, 58, 0, be16(0), be32(3), ping());
        out(44, 17, 0, be16(0), be32(4), udp());
        out(44, 253, 0, be16(0), be32(4), "hello");
        out(0, 44, 0, PADDING, 17, 0, be16(1), be32(5), udp());
        out(44, 60, 0, be16(1), be32(6), 17, 0, PADDING, udp());
        out(44, 60, 0, be16(0), be32(7), 17, 0, PADDING, udp());
        out(44, 44, 0, be16(0), be32(8), 17, 0, be16(1), be32(9), udp());
        out(44, 59, 0, be16(0), be32(10));
        out(44, 17, 0xff, be16(6), be32(11), udp());
        byte[] half = java.util.Arrays.copyOf(udp(), 8);
        out(44, 17, 0, be16(1), be32(12), half);
        frames.differs("nothing is reassembled");
        out(44, 17, 0, be16(8), be32(12), "hello");
    }

    private void lengths() {
        byte[] packet = Packets.ipv6(17, GUEST6, GATEWAY6, 64, udp());
        byte[] longer = packet.clone();
        longer[5] += 1;
        frames.out(longer);
        byte[] shorter = packet.clone();
        shorter[5] -= 1;
        frames.out(shorter);
        byte[] none = packet.clone();
        none[5] = 0;
        frames.out(none);
        byte[] nonePing = Packets.ipv6(58, GUEST6, GATEWAY6, 64, ping());
        nonePing[5] = 0;
        frames.out(nonePing);
        byte[] jumbo = Packets.ipv6(0, GUEST6, GATEWAY6, 64, bytes(17, 0, 0xc2, 4, be32(21), udp()));
        jumbo[5] = 0;
        frames.out(jumbo);
        frames.out(Packets.ipv6(59, GUEST6, GATEWAY6, 64, bytes("behind the end")));
        byte[] mapped = packet.clone();
        System.arraycopy(hex("00000000000000000000ffff0a00020f"), 0, mapped, 8, 16);
        frames.out(mapped);
        frames.out(Packets.ipv6(17, "::1", "::1", 64, udp()));
        frames.out(Packets.ipv6(17, "::", "ff02::1", 0, udp()));
        frames.out(Packets.ipv6(17, "2001:db8:0:1:1:1:1:1", "2001:0:0:1::1", 64, udp()));
        for (int length : new int[] {14, 15, 21, 22, 38, 53, 54, 55, 57, 58, 61}) {
            frames.outCutTo(length, packet);
        }
        byte[] version = packet.clone();
        version[0] = 0x40;
        frames.differs("says what is wrong");
        frames.add(fromGuest(0x86dd, version));
        frames.add(fromGuest(0x0800, packet));
    }

    private void protocols() {
        for (int protocol : new int[] {3, 8, 36, 94, 98, 99, 133, 138, 141, 142, 144, 200, 223, 252, 254, 255}) {
            out(protocol, new byte[24]);
        }
        out(253, NONE);
        byte[] rest = new byte[24];
        notKnown("no IPv4 protocols over IPv6", 1, rest);
        notKnown("no IPv4 protocols over IPv6", 2, rest);
        notKnown("no RSVP", 46, rest);
        notKnown("no GRE", 47, hex("00000800"));
        notKnown("no OSPF", 89, bytes(3, 1, be16(36), be32(1), be32(0), new byte[24]));
        notKnown("no PIM", 103, rest);
        notKnown("no VRRP", 112, rest);
        notKnown("no SCTP", 132, bytes(hex("00010002000000000000000001000014"), new byte[16]));
        notKnown("no UDP-Lite", 136, rest);
        notKnown("no tunnels", 4, Packets.ipv4(17, GUEST, GATEWAY, udp()));
        notKnown("no tunnels", 41, Packets.ipv6(17, FAR, GUEST6, 64, udp()));
    }

    private void notKnown(String reason, int protocol, byte[] rest) {
        frames.differs(reason);
        out(protocol, rest);
    }
}
