package org.slipway.capture;

import static org.slipway.capture.Packets.*;

/** TCP and UDP over IPv6, and what they carry: DHCPv6, DNS, TFTP, HTTP. */
final class SampleIpv6Transport {

    private static final String RESOLVER = "fec0::3";
    private static final int FIN = 0x01;
    private static final int SYN = 0x02;
    private static final int RST = 0x04;
    private static final int PSH = 0x08;
    private static final int ACK = 0x10;
    private static final byte[] NONE = {};

    private final SampleFrames frames;

    private SampleIpv6Transport(SampleFrames frames) {
        this.frames = frames;
    }

    static void addTo(SampleFrames frames) {
        SampleIpv6Transport sample = new SampleIpv6Transport(frames);
        sample.tcp();
        sample.udp();
        sample.dns();
        sample.tftp();
        sample.dhcp();
        sample.relays();
    }

    private static byte[] options() {
        return hex("020405a0 0402080a 00000101 00000000 01030307");
    }

    private void out(int port, long sequence, long ack, int flags, byte[] options, String data) {
        frames.out(Packets.tcp(GUEST6, port, GATEWAY6, 5001, sequence, ack, flags, 500, options, bytes(data)));
    }

    private void in(int port, long sequence, long ack, int flags, byte[] options, String data) {
        frames.in(Packets.tcp(GATEWAY6, 5001, GUEST6, port, sequence, ack, flags, 501, options, bytes(data)));
    }

    private void tcp() {
        out(45000, 0xffff_ff00L, 0, SYN, options(), "");
        in(45000, 7000, 0xffff_ff01L, SYN | ACK, options(), "");
        out(45000, 0xffff_ff01L, 7001, ACK, NONE, "");
        out(45000, 0xffff_ff01L, 7001, PSH | ACK, NONE, "x".repeat(300));
        in(45000, 7001, 45, ACK, NONE, "");
        in(45000, 7001, 45, PSH | ACK, hex("0101080a 00000001 00000002"), "answer");
        out(45000, 45, 7007, ACK, hex("0101050a 00001b63 00001b6d"), "");
        out(45000, 45, 7007, FIN | ACK, NONE, "");
        in(45000, 7007, 46, FIN | ACK, NONE, "");
        out(45000, 46, 7008, ACK, NONE, "");
        out(45001, 1, 0, SYN, NONE, "");
        in(45001, 0, 2, RST | ACK, NONE, "");
        out(45002, 100, 200, ACK, NONE, "mid-stream");
        out(45003, 100, 200, PSH | ACK, NONE, "");
        byte[] get = bytes("GET / HTTP/1.1\r\nHost: [fec0::2]\r\n\r\n");
        frames.out(Packets.tcp(GUEST6, 45004, GATEWAY6, 80, 1, 1, PSH | ACK, 502, NONE, get));
        for (int length : new int[] {0, 1, 2, 3, 4, 5, 8, 12, 13, 14, 15, 16, 18, 19}) {
            byte[] segment = Packets.tcp(GUEST6, 46000 + length, GATEWAY6, 5001, 2, 2, ACK, 500, NONE, NONE);
            frames.out(Packets.ipv6(6, GUEST6, GATEWAY6, 64, java.util.Arrays.copyOfRange(segment, 40, 40 + length)));
        }
        byte[] bad = Packets.tcp(GUEST6, 45005, GATEWAY6, 5001, 2, 2, ACK, 500, NONE, NONE);
        bad[52] = 0x30;
        frames.out(bad);
    }

    private void udp() {
        frames.out(Packets.udp(GUEST6, 40000, GATEWAY6, 9999, NONE));
        frames.out(Packets.udp(GUEST6, 40000, "ff02::114", 9999, bytes("group")));
        byte[] unsummed = Packets.udp(GUEST6, 40000, GATEWAY6, 9999, bytes("hello"));
        unsummed[46] = 0;
        unsummed[47] = 0;
        frames.out(unsummed);
        byte[] few = Packets.udp(GUEST6, 40000, GATEWAY6, 9999, bytes("hello"));
        few[45] = 4;
        frames.out(few);
        byte[] many = few.clone();
        many[45] = 40;
        frames.out(many);
        byte[] zero = few.clone();
        zero[45] = 0;
        frames.out(zero);
        byte[] less = few.clone();
        less[45] = 10;
        frames.out(less);
        for (int length = 0; length < 8; length++) {
            frames.out(Packets.ipv6(17, GUEST6, GATEWAY6, 64, java.util.Arrays.copyOfRange(less, 40, 40 + length)));
        }
        frames.out(Packets.ipv6(17, GUEST6, GATEWAY6, 64, new byte[8]));
    }

    private static byte[] question(int id, String name, int type) {
        return Packets.dns(id, 0x0100, 1, 0, 0, 0, bytes(name(name), be16(type), be16(1)));
    }

    private void dns() {
        frames.out(Packets.udp(GUEST6, 50000, RESOLVER, 53, question(0x2001, "six.example", 28)));
        byte[] answer = Packets.dns(
                0x2001,
                0x8180,
                1,
                1,
                0,
                0,
                bytes(name("six.example"), be16(28), be16(1), Packets.record(28, ip("2001:db8::6"))));
        frames.in(Packets.udp(RESOLVER, 53, GUEST6, 50000, answer));
        frames.out(Packets.udp(GUEST6, 5353, "ff02::fb", 5353, question(0, "_ipp._tcp.local", 12)));
        frames.out(Packets.udp(GUEST6, 50001, "ff02::1:3", 5355, question(0x2002, "host", 28)));
        byte[] byTcp = question(0x2003, "tcp6.example", 28);
        frames.out(
                Packets.tcp(GUEST6, 45100, RESOLVER, 53, 1, 1, PSH | ACK, 502, NONE, bytes(be16(byTcp.length), byTcp)));
        frames.out(Packets.udp(
                GUEST6,
                50000,
                RESOLVER,
                53,
                question(0x2004, "5.1.0.0.0.0.0.0.0.0.0.0.0.0.0.0.0.0.0.0.0.0.0.0.0.0.0.0.0.c.e.f.ip6.arpa", 12)));
    }

    private void tftp() {
        frames.out(Packets.udp(GUEST6, 2070, GATEWAY6, 69, bytes(0, 1, "grub.efi", 0, "octet", 0)));
        frames.in(Packets.udp(GATEWAY6, 3000, GUEST6, 2070, bytes(0, 3, 0, 1, new byte[512])));
        frames.out(Packets.udp(GUEST6, 2070, GATEWAY6, 3000, bytes(0, 4, 0, 1)));
    }

    private static byte[] option(int code, Object... value) {
        byte[] all = bytes(value);
        return bytes(be16(code), be16(all.length), all);
    }

    private static byte[] message(int type, Object... options) {
        return bytes(type, hex("0a0b0c"), bytes(options));
    }

    private void client(Object... parts) {
        frames.out(Packets.udp(GUEST6, 546, "ff02::1:2", 547, bytes(parts)));
    }

    private void server(Object... parts) {
        frames.in(Packets.udp(GATEWAY6, 547, GUEST6, 546, bytes(parts)));
    }

    private void dhcp() {
        byte[] client = option(1, hex("00030001"), mac(GUEST_MAC));
        byte[] server = option(2, hex("00030001"), mac(GATEWAY_MAC));
        byte[] uuid = option(1, hex("0004"), hex("00112233445566778899aabbccddeeff"));
        byte[] time = option(1, hex("000100011c2d3e4f"), mac(GUEST_MAC));
        byte[] address = option(5, ip("fec0::15"), be32(100), be32(200));
        byte[] second = option(5, ip("fec0::16"), be32(100), be32(200));
        byte[] association = option(3, be32(1), be32(0), be32(0), address);
        byte[] wanted = option(3, be32(1), be32(0), be32(0));
        for (int type = 0; type <= 11; type++) {
            if (type == 2 || type == 7 || type == 10) {
                server(message(type, client, server, association));
            } else {
                client(message(type, client, wanted));
            }
        }
        client(message(1, uuid, wanted, option(6, be16(23)), option(8, be16(0))));
        client(message(1, time));
        client(message(1, option(39, 0, name("guest")), client));
        client(message(1, client, client));
        client(message(1, option(1)));
        client(message(1, option(1, 0)));
        client(message(1, option(1, 0, 9, 1, 2, 3)));
        server(message(2, association, client));
        server(message(7, client, option(3, be32(1), be32(0), be32(0), address, second)));
        server(message(7, client, option(4, be32(1), address)));
        server(message(7, client, option(13, be16(2), "NoAddrsAvail")));
        server(message(7, client, option(3, be32(1), be32(0), be32(0), option(13, be16(2)))));
        byte[] prefix = option(26, be32(100), be32(200), 56, ip("2001:db8:100::"));
        server(message(7, client, option(25, be32(1), be32(0), be32(0), prefix)));
        server(message(7, server, option(23, ip(RESOLVER)), option(24, name("example.org"))));
        client(message(5, client, server, association));
        for (int type : new int[] {14, 15, 16, 17, 18, 19, 20, 255}) {
            client(message(type, client));
        }
        server(message(7, address));
        server(message(7, option(5, ip("fec0::17"))));
        server(message(7, option(5, new byte[9]), client));
        server(message(7, option(3, be32(1)), client));
        server(message(7, option(3, be32(1), be32(0), be32(0), be16(5)), client));
        server(message(7, option(3, be32(1), be32(0), be32(0), be16(5), be16(24), new byte[9]), client));
        server(message(7, option(4, be32(1), option(5, ip("fec0::18"), be32(1), be32(1), client)), client));
        client(message(1, be16(1), be16(40), hex("0003")));
        client(message(1, be16(1), 0));
        client(message(1, client, be16(8), be16(2), 0));
        byte[] longer = Packets.udp(GUEST6, 546, "ff02::1:2", 547, message(1, client, wanted));
        longer[45] += 1;
        frames.out(longer);
        client(1, 2, 3);
        client(1);
    }

    private static byte[] relayed(int type, Object... options) {
        return bytes(type, 0, ip("2001:db8::1"), ip(GUEST6), bytes(options));
    }

    private void relays() {
        byte[] client = option(1, hex("00030001"), mac(GUEST_MAC));
        client(relayed(12, option(9, message(1, client))));
        server(relayed(13, option(9, message(7, client))));
        client(relayed(12, option(18, "eth0"), option(9, relayed(12, option(9, message(11, client))))));
        client(relayed(12));
        client(relayed(12, option(9)));
        client(relayed(12, option(9, 1)));
        client(relayed(12, option(9, message(1, client)), client, option(9, message(3, client))));
        client(relayed(12, be16(9), be16(100), message(1, client)));
        client(12, 0, ip("2001:db8::1"));
        client(12, 0, be32(0x20010db8));
        client(12);
    }
}
