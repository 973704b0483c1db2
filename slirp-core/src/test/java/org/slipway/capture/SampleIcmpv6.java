package org.slipway.capture;

import static org.slipway.capture.Packets.*;

/** ICMPv6 of every type that tshark names: errors, echo, neighbour discovery and multicast listeners. */
final class SampleIcmpv6 {

    private static final String GLOBAL = "2001:db8::15";
    private static final String FAR = "2001:db8:1::7";
    private static final byte[] NONE = {};
    private static final byte[] SOURCE = bytes(1, 1, mac(GUEST_MAC));
    private static final byte[] TARGET = bytes(2, 1, mac(GATEWAY_MAC));
    private static final byte[] MTU = bytes(5, 1, 0, 0, be32(1500));
    private static final byte[] NONCE = bytes(14, 1, hex("010203040506"));

    private final SampleFrames frames;

    private SampleIcmpv6(SampleFrames frames) {
        this.frames = frames;
    }

    static void addTo(SampleFrames frames) {
        SampleIcmpv6 sample = new SampleIcmpv6(frames);
        sample.echo();
        sample.errors();
        sample.routers();
        sample.neighbours();
        sample.redirects();
        sample.listeners();
        sample.others();
        sample.truncated();
    }

    private void out(String destination, int hopLimit, int type, int code, Object... rest) {
        frames.out(Packets.icmpv6(GUEST6, destination, hopLimit, type, code, bytes(rest)));
    }

    private void in(int hopLimit, int type, int code, Object... rest) {
        frames.in(Packets.icmpv6(GATEWAY6, GUEST6, hopLimit, type, code, bytes(rest)));
    }

    private void echo() {
        frames.out(Packets.icmpv6(GLOBAL, FAR, 64, 128, 0, bytes(hex("77010000"), new byte[56])));
        frames.in(Packets.icmpv6(FAR, GLOBAL, 57, 129, 0, bytes(hex("77010000"), new byte[56])));
        out(GATEWAY6, 1, 128, 0, hex("7702ffff"));
        in(255, 129, 0, hex("77030001"), "no request");
        out(GATEWAY6, 64, 128, 7, hex("77040001"));
        out("ff02::1", 64, 128, 0, hex("77050001"));
        in(255, 129, 0, hex("77050001"));
    }

    private void errors() {
        byte[] quoted = Packets.udp(GUEST6, 40000, GATEWAY6, 9, bytes("discard"));
        byte[] ping = Packets.icmpv6(GUEST6, FAR, 1, 128, 0, hex("99990001"));
        in(64, 1, 8, be32(0), quoted);
        in(64, 1, 9, be32(0), quoted);
        in(64, 1, 255, be32(0), quoted);
        in(64, 1, 4, be32(0), NONE);
        in(64, 1, 3, be32(0), ping);
        in(64, 1, 0, be32(0), java.util.Arrays.copyOf(quoted, 20));
        for (int length : new int[] {1, 39, 40, 41, 44, 47, 48}) {
            in(64, 1, 4, be32(0), java.util.Arrays.copyOf(quoted, length));
        }
        in(64, 3, 0, be32(0), Packets.ipv4(17, GUEST, GATEWAY, NONE));
        in(64, 2, 0, be32(1280), ping);
        in(64, 2, 1, be32(1280), quoted);
        in(64, 3, 0, be32(0), ping);
        in(64, 3, 2, be32(0), quoted);
        for (int code = 0; code <= 11; code++) {
            in(64, 4, code, be32(40), quoted);
        }
        in(64, 5, 0, be32(0), quoted);
        in(64, 100, 0, be32(0), quoted);
        in(64, 127, 0, be32(0), quoted);
    }

    private void routers() {
        out("ff02::2", 255, 133, 0, new byte[4], NONCE, SOURCE);
        out("ff02::2", 255, 133, 0, new byte[4], MTU);
        out("ff02::2", 255, 133, 0, new byte[4], TARGET);
        out("ff02::2", 64, 133, 0, new byte[4], SOURCE);
        out("ff02::2", 255, 133, 9, new byte[4], SOURCE);
        byte[] resolver = bytes(25, 3, 0, 0, be32(600), ip("fec0::3"));
        byte[] search = bytes(31, 3, 0, 0, be32(600), name("example.org"), new byte[3]);
        byte[] route = bytes(24, 2, 48, 0, be32(600), hex("20010db800000000"));
        byte[] lifetimes = bytes(64, 0xc0, be16(1800), be32(0), be32(0));
        in(255, 134, 0, lifetimes, MTU, resolver, search);
        in(255, 134, 0, lifetimes, MTU, resolver, bytes(1, 1, mac(GATEWAY_MAC)));
        in(255, 134, 0, lifetimes, route);
        in(255, 134, 0, lifetimes, bytes(200, 1, new byte[6]), bytes(1, 1, mac(GATEWAY_MAC)));
        in(255, 134, 0, lifetimes, bytes(1, 1, mac(GATEWAY_MAC)), bytes(1, 1, mac(GUEST_MAC)));
        in(255, 134, 0, lifetimes, bytes(1, 0, mac(GATEWAY_MAC)));
        in(255, 134, 0, lifetimes, bytes(1, 9, mac(GATEWAY_MAC)));
        in(255, 134, 0, lifetimes, bytes(1, 2, mac(GATEWAY_MAC), new byte[8]));
        in(255, 134, 0, lifetimes, bytes(1, 3, mac(GATEWAY_MAC), new byte[16]));
        in(255, 134, 0, lifetimes, bytes(1, 1, mac(GATEWAY_MAC)), bytes(1, 1, 2, 3));
        in(255, 134, 0, lifetimes, bytes(1, 1, mac(GATEWAY_MAC)), 1);
        in(255, 134, 0, lifetimes, bytes(200, 2, new byte[6]));
    }

    private void neighbours() {
        byte[] zero = be32(0);
        out("ff02::1:ff00:2", 255, 135, 0, zero, ip(GATEWAY6), NONCE);
        out("ff02::1:ff00:2", 255, 135, 0, zero, ip(GATEWAY6), NONCE, SOURCE);
        out("ff02::1:ff00:2", 255, 135, 0, zero, ip(GATEWAY6), TARGET);
        out(GATEWAY6, 255, 135, 0, zero, ip("ff02::1"), SOURCE);
        out(GATEWAY6, 255, 135, 0, zero, ip(FAR), SOURCE);
        out(GATEWAY6, 255, 135, 0, zero, hex("fe80000000000000"));
        out(GATEWAY6, 255, 135, 0, zero, hex("00000000000000000000ffff0a000202"), SOURCE);
        out(GATEWAY6, 255, 135, 0, zero, hex("0000000000000000000000000a000202"), SOURCE);
        out(GATEWAY6, 255, 135, 0, zero, hex("0064ff9b00000000000000000a000202"), SOURCE);
        out(GATEWAY6, 255, 135, 0, zero, hex("00000000000000000000000000000202"), SOURCE);
        out(GATEWAY6, 255, 135, 0, zero, hex("00000000000000000000000000010000"), SOURCE);
        out(GATEWAY6, 255, 135, 0, zero, hex("00000000000000000001ffff0a000202"), SOURCE);
        in(255, 136, 0, bytes(0x80, 0, 0, 0), ip(GATEWAY6), TARGET);
        in(255, 136, 0, bytes(0x40, 0, 0, 0), ip(GATEWAY6), TARGET);
        in(255, 136, 0, bytes(0xa0, 0, 0, 0), ip(GATEWAY6), TARGET);
        in(255, 136, 0, bytes(0xc0, 0, 0, 0), ip(GATEWAY6));
        in(255, 136, 0, bytes(0x1f, 0, 0, 1), ip(GATEWAY6), TARGET);
        in(255, 136, 0, bytes(0x60, 0, 0, 0), ip(GATEWAY6), SOURCE);
        in(255, 136, 0, bytes(0x60, 0, 0, 0), ip(GATEWAY6), NONCE, TARGET);
        in(255, 136, 0, bytes(0x60, 0, 0, 0), ip(GATEWAY6), bytes(2, 0));
        in(255, 136, 0, bytes(0x60, 0, 0, 0), new byte[7]);
        out("ff02::1", 255, 141, 0, zero, SOURCE, TARGET);
        in(255, 142, 0, zero, SOURCE, TARGET, bytes(10, 3, new byte[6], ip(GATEWAY6)));
    }

    private void redirects() {
        byte[] redirected = bytes(4, 6, new byte[6], Packets.ipv6(59, GUEST6, FAR, 64, NONE));
        in(255, 137, 0, be32(0), ip(GATEWAY6), ip(FAR), TARGET, redirected);
        in(255, 137, 0, be32(0), ip(GATEWAY6), ip(FAR), redirected);
        in(255, 137, 0, be32(0), ip(GATEWAY6), ip(FAR), SOURCE);
        in(255, 137, 0, be32(0), ip(GATEWAY6));
    }

    private static byte[] record(int type, String group, String... sources) {
        byte[] record = bytes(type, 0, be16(sources.length), ip(group));
        for (String source : sources) {
            record = bytes(record, ip(source));
        }
        return record;
    }

    /** As a host must send it (RFC 2710 3): behind a router alert. */
    private void alerted(String destination, byte[] message) {
        byte[] summed = withSum(message, 2, pseudo(GUEST6, destination, 58, message.length));
        frames.out(Packets.ipv6(0, GUEST6, destination, 1, bytes(58, 0, hex("050200000100"), summed)));
    }

    private void listeners() {
        in(1, 130, 0, be16(1000), be16(0), ip("ff02::1:3"));
        in(1, 130, 0, be16(1000), be16(0), ip("::"), be32(0x02_7d_00_00));
        in(1, 130, 0, be16(1000), be16(0), ip("ff02::1:3"), bytes(2, 125, be16(1)), ip(FAR));
        in(1, 130, 0, be16(1000), be16(0), ip("ff02::1:3"), bytes(2, 125, be16(2)), ip(FAR));
        alerted("ff02::1:3", bytes(131, 0, be32(0), be16(0), ip("ff02::1:3")));
        alerted("ff02::2", bytes(132, 0, be32(0), be16(0), ip("ff02::1:3")));
        alerted("ff02::16", bytes(143, 0, be32(0), be16(1), record(1, "ff02::1:3", FAR, GLOBAL)));
        for (int type = 2; type <= 7; type++) {
            alerted("ff02::16", bytes(143, 0, be32(0), be16(1), record(type, "ff02::1:3", FAR)));
        }
        alerted("ff02::16", bytes(143, 0, be32(0), be16(2), record(4, "ff02::1:3"), record(3, "ff02::fb")));
        alerted("ff02::16", bytes(143, 0, be32(0), be16(0)));
        alerted("ff02::16", bytes(143, 0, be32(0), be16(3), record(4, "ff02::1:3")));
        out("ff02::1:3", 1, 131, 0, be32(0), hex("ff02"));
    }

    private void others() {
        for (int type : new int[] {138, 139, 140, 144, 145, 146, 147, 148, 149, 151, 152, 153, 156, 157, 158, 159}) {
            out(GATEWAY6, 64, type, 0, new byte[36]);
        }
        for (int type : new int[] {160, 161, 162, 199, 201, 254, 255}) {
            out(GATEWAY6, 64, type, 0, new byte[36]);
        }
        for (int type : new int[] {150, 154, 155}) {
            frames.differs("no kinds of mobility and RPL messages");
            out(GATEWAY6, 64, type, 0, new byte[36]);
        }
        for (int code : new int[] {1, 2, 3, 255}) {
            out(GATEWAY6, 64, 138, code, new byte[36]);
            out(GATEWAY6, 64, 139, code, new byte[36]);
            out(GATEWAY6, 64, 140, code, new byte[36]);
        }
        for (int code = 1; code <= 5; code++) {
            in(64, 160, code, new byte[36]);
            in(64, 161, code, new byte[36]);
        }
    }

    private void truncated() {
        frames.out(Packets.ipv6(58, GUEST6, GATEWAY6, 64, NONE));
        frames.out(Packets.ipv6(58, GUEST6, GATEWAY6, 64, bytes(1)));
        frames.out(Packets.ipv6(58, GUEST6, GATEWAY6, 64, bytes(1, 4)));
        frames.out(Packets.ipv6(58, GUEST6, GATEWAY6, 64, bytes(1, 4, 0, 0)));
        frames.out(Packets.ipv6(58, GUEST6, GATEWAY6, 64, bytes(128, 0, 0, 0)));
        frames.out(Packets.ipv6(58, GUEST6, GATEWAY6, 64, bytes(128, 0, 0, 0, 0, 1)));
        frames.out(Packets.ipv6(58, GUEST6, GATEWAY6, 255, bytes(133, 0, 0, 0)));
        frames.out(Packets.ipv6(58, GUEST6, GATEWAY6, 255, bytes(134, 0, 0, 0, 64, 0, 7, 8)));
        frames.out(Packets.ipv6(58, GUEST6, GATEWAY6, 255, bytes(135, 0, 0, 0, 0, 0, 0, 0)));
        frames.out(Packets.ipv6(58, GUEST6, GATEWAY6, 255, bytes(136, 0, 0, 0)));
        for (int type : new int[] {2, 3, 4, 130, 137, 138, 141, 143, 160, 162, 200, 5, 100}) {
            frames.out(Packets.ipv6(58, GUEST6, GATEWAY6, 255, bytes(type)));
            frames.out(Packets.ipv6(58, GUEST6, GATEWAY6, 255, bytes(type, 0, 0, 0)));
        }
        byte[] wrong = Packets.icmpv6(GUEST6, GATEWAY6, 64, 128, 0, hex("aaaa0001"));
        wrong[43] ^= 1;
        frames.out(wrong);
    }
}
