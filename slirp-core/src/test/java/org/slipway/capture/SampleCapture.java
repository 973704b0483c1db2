package org.slipway.capture;

import static org.slipway.capture.Packets.*;

import java.util.List;
import java.util.Map;

/** A capture with packets of many kinds, and where our words for them are meant to differ from tshark's. */
final class SampleCapture {

    private static final String BROADCAST = "ff:ff:ff:ff:ff:ff";
    private static final int IPV4 = 0x0800;
    private static final int IPV6 = 0x86dd;
    private static final int SYN = 0x02;
    private static final int RST = 0x04;
    private static final int PSH = 0x08;
    private static final int ACK = 0x10;
    private static final int FIN = 0x01;
    private static final byte[] NONE = {};

    private final SampleFrames frames = new SampleFrames();

    private SampleCapture() {
        arp();
        ethernet();
        ipv4();
        icmp();
        tcp();
        http();
        udp();
        dhcp();
        dns();
        tftp();
        ipv6();
        SampleIcmpv6.addTo(frames);
        SampleIpv6Headers.addTo(frames);
        SampleIpv6Transport.addTo(frames);
    }

    static List<byte[]> frames() {
        return new SampleCapture().frames.all();
    }

    /** Indices of the frames for which our text differs from tshark's, and why. */
    static Map<Integer, String> differences() {
        return new SampleCapture().frames.differences();
    }

    /** The next frame is not described as tshark does. */
    private void differs(String reason) {
        frames.differs(reason);
    }

    private void out(byte[] packet) {
        frames.out(packet);
    }

    private void in(byte[] packet) {
        frames.in(packet);
    }

    private void arp() {
        String zero = "00:00:00:00:00:00";
        frames.add(Packets.ethernet(BROADCAST, GUEST_MAC, 0x0806, Packets.arp(1, GUEST_MAC, GUEST, zero, GATEWAY)));
        frames.add(fromGateway(0x0806, Packets.arp(2, GATEWAY_MAC, GATEWAY, GUEST_MAC, GUEST)));
        frames.add(Packets.ethernet(BROADCAST, GUEST_MAC, 0x0806, Packets.arp(1, GUEST_MAC, "0.0.0.0", zero, GUEST)));
        frames.add(Packets.ethernet(BROADCAST, GUEST_MAC, 0x0806, Packets.arp(1, GUEST_MAC, GUEST, zero, GUEST)));
        frames.add(Packets.ethernet(BROADCAST, GUEST_MAC, 0x0806, Packets.arp(2, GUEST_MAC, GUEST, BROADCAST, GUEST)));
        differs("no Dynamic RARP");
        frames.add(fromGuest(0x0806, Packets.arp(7, GUEST_MAC, GUEST, zero, GATEWAY)));
        frames.add(Packets.ethernet(
                BROADCAST, GUEST_MAC, 0x8035, Packets.arp(3, GUEST_MAC, "0.0.0.0", GUEST_MAC, "0.0.0.0")));
        frames.add(java.util.Arrays.copyOf(frames.all().get(0), 30));
    }

    private void ethernet() {
        frames.add(fromGuest(0x88b5, bytes("experimental")));
        frames.add(fromGuest(0x88b5, new byte[100]));
        differs("no spanning tree");
        frames.add(Packets.ethernet(
                "01:80:c2:00:00:00",
                GUEST_MAC,
                38,
                hex("424203000000000080001122334455660000000080001122334455668001000014000200 0f00")));
        frames.add(fromGuest(0x8100, bytes(hex("0005 0806"), Packets.arp(1, GUEST_MAC, GUEST, GATEWAY_MAC, GATEWAY))));
        frames.add(fromGuest(0x8100, bytes(hex("0005 88b5"), new byte[46])));
        frames.add(fromGuest(
                0x88a8,
                bytes(
                        hex("0005 8100 0006 0800"),
                        Packets.ipv4(1, GUEST, GATEWAY, Packets.icmp(8, 0, bytes(hex("00010001"), "abcd"))))));
        differs("a length of 0 is not taken for IEEE 802.2");
        frames.add(fromGuest(0x8100, NONE));
        frames.add(java.util.Arrays.copyOf(fromGuest(0x0800, NONE), 14));
        frames.add(java.util.Arrays.copyOf(fromGuest(0x0800, NONE), 10));
        frames.add(fromGuest(0x0000, new byte[46]));
        differs("no XNS");
        frames.add(fromGuest(0x0600, new byte[46]));
        differs("no LLDP");
        frames.add(fromGuest(0x88cc, hex("0207 04525400123456 0403 020001 0602 0078 0000")));
        differs("no PPPoE");
        frames.add(fromGuest(0x8863, hex("1109 0000 0004 0101 0000")));
    }

    private void ipv4() {
        out(Packets.ipv4(253, GUEST, GATEWAY, bytes("hello")));
        differs("no GRE");
        out(Packets.ipv4(47, GUEST, GATEWAY, hex("00000800")));
        differs("no SCTP");
        out(Packets.ipv4(132, GUEST, GATEWAY, hex("00010002000000000000000001000014")));
        out(Packets.ipv4(17, GUEST, GATEWAY, 0x77, 0x2000, 64, new byte[64]));
        out(Packets.ipv4(17, GUEST, GATEWAY, 0x78, 0x0008, 64, new byte[64]));
        out(Packets.ipv4(253, GUEST, GATEWAY, 0x79, 0x2008, 64, new byte[64]));
        out(Packets.ipv4(2, GUEST, "224.0.0.22", hex("2200f9020000000104000000e00000fb")));
        out(Packets.ipv4(2, GUEST, "224.0.0.251", Packets.icmp(0x16, 0, ip("224.0.0.251"))));
        out(Packets.ipv4(2, GUEST, "224.0.0.1", Packets.icmp(0x11, 100, ip("0.0.0.0"))));
        out(Packets.ipv4(2, GUEST, "224.0.0.2", Packets.icmp(0x17, 0, ip("224.0.0.251"))));
        byte[] bad = Packets.ipv4(17, GUEST, GATEWAY, new byte[16]);
        bad[0] = 0x55;
        frames.add(fromGuest(IPV4, bad));
        bad = bad.clone();
        bad[0] = 0x43;
        frames.add(fromGuest(IPV4, bad));
        bad = bad.clone();
        bad[0] = 0x45;
        bad[3] = 10;
        frames.add(fromGuest(IPV4, bad));
        bad = bad.clone();
        bad[2] = 5;
        frames.add(fromGuest(IPV4, bad));
        bad = bad.clone();
        bad[2] = 0;
        bad[3] = 0;
        frames.add(fromGuest(IPV4, bad));
        out(java.util.Arrays.copyOf(Packets.ipv4(253, GUEST, GATEWAY, NONE), 20));
        frames.add(java.util.Arrays.copyOf(fromGuest(IPV4, Packets.ipv4(17, GUEST, GATEWAY, NONE)), 30));
    }

    private void icmp() {
        byte[] quoted = Packets.udp(GUEST, 40000, GATEWAY, 9, bytes("discard"));
        out(Packets.ipv4(1, GUEST, GATEWAY, Packets.icmp(8, 0, bytes(hex("12340001"), new byte[56]))));
        frames.add(fromGateway(
                IPV4,
                Packets.ipv4(1, GATEWAY, GUEST, 0, 0, 255, Packets.icmp(0, 0, bytes(hex("12340001"), new byte[56])))));
        out(Packets.ipv4(1, GUEST, GATEWAY, Packets.icmp(8, 0, bytes(hex("12340102"), new byte[56]))));
        frames.add(fromGateway(
                IPV4,
                Packets.ipv4(1, GATEWAY, GUEST, 0, 0, 255, Packets.icmp(0, 0, bytes(hex("99990001"), new byte[56])))));
        for (int code = 0; code <= 16; code++) {
            in(Packets.ipv4(1, GATEWAY, GUEST, Packets.icmp(3, code, bytes(new byte[2], be16(1400), quoted))));
        }
        in(Packets.ipv4(1, GATEWAY, GUEST, Packets.icmp(11, 0, bytes(new byte[4], quoted))));
        in(Packets.ipv4(1, GATEWAY, GUEST, Packets.icmp(11, 1, bytes(new byte[4], quoted))));
        in(Packets.ipv4(1, GATEWAY, GUEST, Packets.icmp(5, 1, bytes(ip("10.0.2.3"), quoted))));
        in(Packets.ipv4(1, GATEWAY, GUEST, Packets.icmp(12, 0, bytes(new byte[4], quoted))));
        in(Packets.ipv4(1, GATEWAY, GUEST, Packets.icmp(4, 0, bytes(new byte[4], quoted))));
        out(Packets.ipv4(1, GUEST, GATEWAY, Packets.icmp(13, 0, bytes(hex("12340001"), new byte[12]))));
        in(Packets.ipv4(1, GATEWAY, GUEST, Packets.icmp(14, 0, bytes(hex("12340001"), new byte[12]))));
        out(Packets.ipv4(1, GUEST, GATEWAY, Packets.icmp(10, 0, bytes(new byte[4]))));
        out(Packets.ipv4(1, GUEST, GATEWAY, Packets.icmp(99, 0, bytes(new byte[4]))));
        out(Packets.ipv4(1, GUEST, GATEWAY, hex("08 00 00")));
    }

    private static byte[] synOptions() {
        return hex("020405b4 0402080a 00000101 00000000 01030307");
    }

    private static byte[] timestamps(int value, int echo) {
        return bytes(hex("0101080a"), be32(value), be32(echo));
    }

    private void segment(
            boolean fromGuest, long sequence, long ack, int flags, int window, byte[] options, byte[] data) {
        if (fromGuest) {
            out(Packets.tcp(GUEST, 40000, GATEWAY, 5001, sequence, ack, flags, window, options, data));
        } else {
            in(Packets.tcp(GATEWAY, 5001, GUEST, 40000, sequence, ack, flags, window, options, data));
        }
    }

    private void tcp() {
        segment(true, 1000, 0, SYN, 64240, synOptions(), NONE);
        segment(false, 0xffff_fff0L, 1001, SYN | ACK, 65535, synOptions(), NONE);
        segment(true, 1001, 0xffff_fff1L, ACK, 502, timestamps(258, 257), NONE);
        segment(true, 1001, 0xffff_fff1L, PSH | ACK, 502, timestamps(259, 257), bytes("hello"));
        segment(false, 0xffff_fff1L, 1006, ACK, 512, timestamps(300, 259), NONE);
        segment(false, 0xffff_fff1L, 1006, PSH | ACK, 512, timestamps(301, 259), bytes("x".repeat(100)));
        segment(true, 1006, 85, ACK, 502, timestamps(260, 301), NONE);
        segment(true, 1006, 85, FIN | ACK, 502, timestamps(261, 301), NONE);
        segment(false, 85, 1007, FIN | ACK, 512, timestamps(302, 261), NONE);
        segment(true, 1007, 86, ACK, 502, timestamps(262, 302), NONE);
        out(Packets.tcp(GUEST, 40001, GATEWAY, 5001, 7, 0, SYN, 64240, hex("020405b4"), NONE));
        in(Packets.tcp(GATEWAY, 5001, GUEST, 40001, 0, 8, RST | ACK, 0, NONE, NONE));
        out(Packets.tcp(GUEST, 40002, GATEWAY, 5001, 5000, 6000, ACK, 1000, NONE, bytes("mid-stream")));
        in(Packets.tcp(GATEWAY, 5001, GUEST, 40002, 6000, 5010, PSH | ACK, 1000, NONE, bytes("answer")));
        out(Packets.tcp(
                GUEST, 40003, GATEWAY, 5001, 1, 0, SYN | 0xc0, 64240, hex("020405b4 01030300 0402 0101"), NONE));
        in(Packets.tcp(GATEWAY, 5001, GUEST, 40003, 1, 2, SYN | ACK | 0x40, 64240, hex("020405b4 01030302"), NONE));
        out(Packets.tcp(GUEST, 40003, GATEWAY, 5001, 2, 2, ACK, 64240, hex("0101050a 0000000a 00000014"), NONE));
        out(Packets.tcp(GUEST, 40003, GATEWAY, 5001, 2, 2, ACK | PSH | 0x20, 64240, NONE, bytes("u")));
        out(Packets.tcp(GUEST, 40004, GATEWAY, 5001, 2, 2, 0, 64240, NONE, NONE));
        out(Packets.tcp(GUEST, 40005, GATEWAY, 5001, 2, 2, 0xfff, 64240, NONE, NONE));
        byte[] bad = Packets.tcp(GUEST, 40006, GATEWAY, 5001, 2, 2, ACK, 64240, NONE, NONE);
        bad[32] = 0x30;
        frames.add(fromGuest(IPV4, bad));
        bad = bad.clone();
        bad[32] = (byte) 0xf0;
        frames.add(fromGuest(IPV4, bad));
        out(Packets.ipv4(6, GUEST, GATEWAY, new byte[10]));
        out(Packets.tcp(GUEST6, 40007, GATEWAY6, 5001, 2, 0, SYN, 64240, synOptions(), NONE));
    }

    private void http() {
        int client = 41000;
        out(Packets.tcp(GUEST, client, GATEWAY, 80, 100, 0, SYN, 64240, synOptions(), NONE));
        in(Packets.tcp(GATEWAY, 80, GUEST, client, 500, 101, SYN | ACK, 65535, synOptions(), NONE));
        out(Packets.tcp(GUEST, client, GATEWAY, 80, 101, 501, ACK, 502, NONE, NONE));
        byte[] get = bytes("GET /index.html?a=b HTTP/1.1\r\nHost: example.org\r\n\r\n");
        out(Packets.tcp(GUEST, client, GATEWAY, 80, 101, 501, PSH | ACK, 502, NONE, get));
        byte[] ok = bytes("HTTP/1.1 204 No Content\r\nServer: x\r\n\r\n");
        in(Packets.tcp(GATEWAY, 80, GUEST, client, 501, 101 + get.length, PSH | ACK, 512, NONE, ok));
        byte[] post = bytes("POST /form HTTP/1.0\r\nContent-Length: 0\r\n\r\n");
        out(Packets.tcp(GUEST, client, GATEWAY, 80, 101 + get.length, 501 + ok.length, PSH | ACK, 502, NONE, post));
        in(Packets.tcp(
                GATEWAY, 80, GUEST, client, 501 + ok.length, 101 + get.length + post.length, ACK, 502, NONE, NONE));
        byte[] html =
                bytes("HTTP/1.0 200 OK\r\nContent-Type: text/html; charset=utf-8\r\nContent-Length: 4\r\n\r\nabcd");
        in(Packets.tcp(
                GATEWAY,
                80,
                GUEST,
                client,
                501 + ok.length,
                101 + get.length + post.length,
                PSH | ACK,
                512,
                NONE,
                html));
        out(Packets.tcp(GUEST, 41001, GATEWAY, 8000, 1, 1, PSH | ACK, 502, NONE, get));
        out(Packets.tcp(GUEST, 41002, GATEWAY, 8080, 1, 1, PSH | ACK, 502, NONE, get));
        out(Packets.tcp(GUEST, 41003, GATEWAY, 8081, 1, 1, PSH | ACK, 502, NONE, get));
        differs("nothing is reassembled");
        out(Packets.tcp(
                GUEST, 41004, GATEWAY, 80, 1, 1, PSH | ACK, 502, NONE, bytes("GET /unfinished HTTP/1.1\r\nHost: a")));
        out(Packets.tcp(GUEST, 41005, GATEWAY, 80, 1, 1, PSH | ACK, 502, NONE, hex("0001020304ff")));
        differs("no SSH");
        out(Packets.tcp(GUEST, 41006, GATEWAY, 22, 1, 1, PSH | ACK, 502, NONE, bytes("SSH-2.0-OpenSSH_9.2\r\n")));
    }

    private void udp() {
        out(Packets.udp(GUEST, 40000, GATEWAY, 9999, bytes("hello")));
        out(Packets.udp(GUEST, 40000, GATEWAY, 9999, NONE));
        in(Packets.udp(GATEWAY6, 9999, GUEST6, 40000, bytes("hello")));
        byte[] bad = Packets.udp(GUEST, 40000, GATEWAY, 9999, bytes("hello"));
        bad[25] = 4;
        frames.add(fromGuest(IPV4, bad));
        bad = bad.clone();
        bad[25] = 40;
        frames.add(fromGuest(IPV4, bad));
        out(Packets.ipv4(17, GUEST, GATEWAY, new byte[5]));
        out(Packets.udp(GUEST, 0, GATEWAY, 0, NONE));
    }

    private void dhcp() {
        String any = "0.0.0.0";
        String all = "255.255.255.255";
        for (int type = 1; type <= 9; type++) {
            boolean request = type == 1 || type == 3 || type == 4 || type == 7 || type == 8;
            byte[] message = Packets.dhcp(request ? 1 : 2, 0x3903f326, bytes(53, 1, type));
            if (request) {
                out(Packets.udp(any, 68, all, 67, message));
            } else {
                in(Packets.udp(GATEWAY, 67, GUEST, 68, message));
            }
        }
        out(Packets.udp(any, 68, all, 67, Packets.dhcp(1, 0xabc, NONE)));
        in(Packets.udp(GATEWAY, 67, GUEST, 68, Packets.dhcp(2, 0xabc, NONE)));
        out(Packets.udp(any, 68, all, 67, Packets.dhcp(1, 0xabc, bytes(12, 4, "host", 53, 1, 1))));
        out(Packets.udp(any, 68, all, 67, new byte[20]));
        out(Packets.udp(any, 68, all, 67, Packets.dhcp(1, 0xabc, bytes(53, 1, 77))));
    }

    private void query(int id, String name, int type) {
        out(Packets.udp(
                GUEST,
                50000,
                "10.0.2.3",
                53,
                Packets.dns(id, 0x0100, 1, 0, 0, 0, bytes(name(name), be16(type), be16(1)))));
    }

    private void answer(int id, int flags, String name, int type, int answers, int authorities, byte[] records) {
        in(Packets.udp(
                "10.0.2.3",
                53,
                GUEST,
                50000,
                Packets.dns(id, flags, 1, answers, authorities, 0, bytes(name(name), be16(type), be16(1), records))));
    }

    private void dns() {
        query(0x1234, "example.org", 1);
        answer(0x1234, 0x8180, "example.org", 1, 1, 0, Packets.record(1, ip("192.0.2.7")));
        query(0x1235, "example.org", 28);
        answer(
                0x1235,
                0x8180,
                "example.org",
                28,
                2,
                0,
                bytes(Packets.record(5, bytes(3, "www", hex("c00c"))), Packets.record(28, ip("2001:db8::7"))));
        query(0x1236, "15.2.0.10.in-addr.arpa", 12);
        answer(0x1236, 0x8180, "15.2.0.10.in-addr.arpa", 12, 1, 0, Packets.record(12, name("guest.local")));
        query(0x1237, "nowhere.example", 1);
        answer(
                0x1237,
                0x8183,
                "nowhere.example",
                1,
                0,
                1,
                Packets.record(6, bytes(name("ns.example"), name("admin.example"), new byte[20])));
        query(0x1238, "refused.example", 15);
        answer(0x1238, 0x8185, "refused.example", 15, 0, 0, NONE);
        query(0x1239, "m.example", 15);
        answer(0x1239, 0x8180, "m.example", 15, 1, 0, Packets.record(15, bytes(be16(10), name("mx.example"))));
        query(0x123a, "t.example", 16);
        answer(0x123a, 0x8180, "t.example", 16, 1, 0, Packets.record(16, bytes(5, "hello")));
        query(0x123b, "_ldap._tcp.example", 33);
        answer(
                0x123b,
                0x8180,
                "_ldap._tcp.example",
                33,
                1,
                0,
                Packets.record(33, bytes(be16(1), be16(2), be16(389), name("ldap.example"))));
        query(0x123c, "", 2);
        answer(0x123c, 0x8180, "", 2, 1, 0, Packets.record(2, name("a.root")));
        query(0x123d, "s.example", 6);
        query(0x123e, "any.example", 255);
        query(0x123f, "h.example", 65);
        query(0x1240, "u.example", 4711);
        out(Packets.udp(
                GUEST,
                50000,
                "10.0.2.3",
                53,
                Packets.dns(
                        0x1241,
                        0x0120,
                        1,
                        0,
                        0,
                        1,
                        bytes(name("edns.example"), be16(1), be16(1), hex("00 0029 1000 00000000 0000")))));
        answer(0x7777, 0x8182, "fail.example", 1, 0, 0, NONE);
        out(Packets.udp(
                GUEST,
                50000,
                "10.0.2.3",
                53,
                Packets.dns(0x1242, 0x2800, 1, 0, 0, 0, bytes(name("up.example"), be16(6), be16(1)))));
        out(Packets.udp(GUEST, 50000, "10.0.2.3", 53, Packets.dns(0x1243, 0x0100, 0, 0, 0, 0, NONE)));
        out(Packets.udp(GUEST, 50000, "10.0.2.3", 53, Packets.dns(0x1244, 0x0100, 1, 0, 0, 0, hex("c00c 0001 0001"))));
        out(Packets.udp(GUEST, 50000, "10.0.2.3", 53, Packets.dns(0x1245, 0x0100, 1, 0, 0, 0, bytes(3, "ab"))));
        out(Packets.udp(GUEST, 50000, "10.0.2.3", 53, hex("1246 01")));
        out(Packets.udp(
                GUEST,
                50000,
                "10.0.2.3",
                53,
                Packets.dns(0x1247, 0x0100, 1, 0, 0, 0, bytes(name("a\u0007b\u001b[31m.example"), be16(1), be16(1)))));
        byte[] mdns = Packets.dns(0, 0, 1, 0, 0, 0, bytes(name("_ipp._tcp.local"), be16(12), be16(1)));
        out(Packets.udp(GUEST, 5353, "224.0.0.251", 5353, mdns));
        byte[] mdnsUnicast = Packets.dns(0, 0, 1, 0, 0, 0, bytes(name("_ipp._tcp.local"), be16(12), be16(0x8001)));
        out(Packets.udp(GUEST, 5353, "224.0.0.251", 5353, mdnsUnicast));
        out(Packets.udp(
                GUEST,
                5353,
                "224.0.0.251",
                5353,
                Packets.dns(
                        0,
                        0x8400,
                        0,
                        1,
                        0,
                        0,
                        bytes(name("x.local"), be16(1), be16(0x8001), be32(120), be16(4), ip(GUEST)))));
        byte[] tcpQuery = Packets.dns(0x1248, 0x0100, 1, 0, 0, 0, bytes(name("tcp.example"), be16(1), be16(1)));
        out(Packets.tcp(
                GUEST, 43000, "10.0.2.3", 53, 1, 1, PSH | ACK, 502, NONE, bytes(be16(tcpQuery.length), tcpQuery)));
    }

    private void tftp() {
        out(Packets.udp(GUEST, 2070, GATEWAY, 69, bytes(0, 1, "pxelinux.0", 0, "octet", 0)));
        in(Packets.udp(GATEWAY, 3000, GUEST, 2070, bytes(0, 3, 0, 1, new byte[512])));
        out(Packets.udp(GUEST, 2070, GATEWAY, 3000, bytes(0, 4, 0, 1)));
        in(Packets.udp(GATEWAY, 3000, GUEST, 2070, bytes(0, 3, 0, 2, new byte[5])));
        out(Packets.udp(GUEST, 2070, GATEWAY, 3000, bytes(0, 4, 0, 2)));
        out(Packets.udp(
                GUEST,
                2071,
                GATEWAY,
                69,
                bytes(0, 1, "a/b", 0, "octet", 0, "tsize", 0, "0", 0, "blksize", 0, "1468", 0)));
        in(Packets.udp(GATEWAY, 69, GUEST, 2071, bytes(0, 6, "tsize", 0, "1000", 0, "blksize", 0, "1468", 0)));
        out(Packets.udp(GUEST, 2071, GATEWAY, 69, bytes(0, 4, 0, 0)));
        in(Packets.udp(GATEWAY, 69, GUEST, 2071, bytes(0, 3, 0, 1, new byte[1000])));
        out(Packets.udp(GUEST, 2072, GATEWAY, 69, bytes(0, 1, "missing", 0, "netascii", 0)));
        in(Packets.udp(GATEWAY, 69, GUEST, 2072, bytes(0, 5, 0, 1, "File not found", 0)));
        out(Packets.udp(GUEST, 2073, GATEWAY, 69, bytes(0, 2, "upload", 0, "octet", 0)));
        in(Packets.udp(GATEWAY, 69, GUEST, 2073, bytes(0, 5, 0, 2, "Access violation", 0)));
        out(Packets.udp(GUEST, 2074, GATEWAY, 69, bytes(0, 9, "x")));
        out(Packets.udp(GUEST, 2075, GATEWAY, 69, bytes(0, 1, "unterminated")));
    }

    private void ipv6() {
        byte[] source = bytes(1, 1, mac(GUEST_MAC));
        byte[] gatewaySource = bytes(1, 1, mac(GATEWAY_MAC));
        byte[] target = bytes(2, 1, mac(GATEWAY_MAC));
        out(Packets.icmpv6(GUEST6, "ff02::2", 255, 133, 0, bytes(new byte[4], source)));
        out(Packets.icmpv6("::", "ff02::2", 255, 133, 0, new byte[4]));
        byte[] prefix = bytes(3, 4, 64, 0xc0, be32(86400), be32(14400), be32(0), ip("fec0::"));
        in(Packets.icmpv6(
                GATEWAY6, "ff02::1", 255, 134, 0, bytes(64, 0, be16(1800), be32(0), be32(0), prefix, gatewaySource)));
        in(Packets.icmpv6(GATEWAY6, "ff02::1", 255, 134, 0, bytes(64, 0, be16(1800), be32(0), be32(0), prefix)));
        out(Packets.icmpv6(GUEST6, "ff02::1:ff00:2", 255, 135, 0, bytes(new byte[4], ip(GATEWAY6), source)));
        out(Packets.icmpv6("::", "ff02::1:ff12:3456", 255, 135, 0, bytes(new byte[4], ip(GUEST6))));
        in(Packets.icmpv6(GATEWAY6, GUEST6, 255, 136, 0, bytes(0xe0, 0, 0, 0, ip(GATEWAY6), target)));
        in(Packets.icmpv6(GATEWAY6, GUEST6, 255, 136, 0, bytes(0x60, 0, 0, 0, ip(GATEWAY6), target)));
        in(Packets.icmpv6(GATEWAY6, GUEST6, 255, 136, 0, bytes(0, 0, 0, 0, ip(GATEWAY6))));
        in(Packets.icmpv6(GATEWAY6, GUEST6, 255, 136, 0, bytes(0x20, 0, 0, 0, ip(GATEWAY6), target)));
        in(Packets.icmpv6(GATEWAY6, GUEST6, 255, 137, 0, bytes(new byte[4], ip(GATEWAY6), ip("fec0::9"))));
        out(Packets.icmpv6(GUEST6, GATEWAY6, 64, 128, 0, bytes(hex("00420001"), new byte[56])));
        in(Packets.icmpv6(GATEWAY6, GUEST6, 255, 129, 0, bytes(hex("00420001"), new byte[56])));
        byte[] quoted = Packets.udp(GUEST6, 40000, GATEWAY6, 9, bytes("discard"));
        for (int code = 0; code <= 7; code++) {
            in(Packets.icmpv6(GATEWAY6, GUEST6, 64, 1, code, bytes(new byte[4], quoted)));
        }
        in(Packets.icmpv6(GATEWAY6, GUEST6, 64, 2, 0, bytes(be32(1280), quoted)));
        in(Packets.icmpv6(GATEWAY6, GUEST6, 64, 3, 0, bytes(be32(0), quoted)));
        in(Packets.icmpv6(GATEWAY6, GUEST6, 64, 3, 1, bytes(be32(0), quoted)));
        in(Packets.icmpv6(GATEWAY6, GUEST6, 64, 4, 1, bytes(be32(6), quoted)));
        in(Packets.icmpv6(GATEWAY6, GUEST6, 64, 200, 0, new byte[4]));
        byte[] report = bytes(be16(0), be16(1), 4, 0, be16(0), ip("ff02::1:ff12:3456"));
        byte[] message = bytes(143, 0, 0, 0, report);
        byte[] summed = withSum(message, 2, pseudo(GUEST6, "ff02::16", 58, message.length));
        out(Packets.ipv6(0, GUEST6, "ff02::16", 1, bytes(58, 0, hex("050200000100"), summed)));
        out(Packets.icmpv6(
                GUEST6,
                "ff02::16",
                1,
                143,
                0,
                bytes(be16(0), be16(2), 4, 0, be16(0), ip("ff02::1"), 3, 0, be16(0), ip("ff02::2"))));
        out(Packets.icmpv6(GUEST6, "ff02::1", 1, 130, 0, bytes(be16(10000), be16(0), ip("::"))));
        out(Packets.icmpv6(GUEST6, "ff02::1:3", 1, 131, 0, bytes(be16(0), be16(0), ip("ff02::1:3"))));
        out(Packets.icmpv6(GUEST6, "ff02::2", 1, 132, 0, bytes(be16(0), be16(0), ip("ff02::1:3"))));
        out(Packets.ipv6(59, GUEST6, GATEWAY6, 64, NONE));
        out(Packets.ipv6(253, GUEST6, GATEWAY6, 64, bytes("hello")));
        out(Packets.ipv6(44, GUEST6, GATEWAY6, 64, bytes(17, 0, be16(1), be32(0xabcd), new byte[64])));
        out(Packets.ipv6(44, GUEST6, GATEWAY6, 64, bytes(17, 0, be16(64), be32(0xabce), new byte[64])));
        out(Packets.udp(
                GUEST6,
                546,
                "ff02::1:2",
                547,
                bytes(
                        1,
                        hex("010203"),
                        be16(1),
                        be16(10),
                        hex("00030001"),
                        mac(GUEST_MAC),
                        be16(8),
                        be16(2),
                        be16(0))));
        in(Packets.udp(
                GATEWAY6,
                547,
                GUEST6,
                546,
                bytes(7, hex("010203"), be16(2), be16(10), hex("00030001"), mac(GATEWAY_MAC))));
        out(Packets.udp(GUEST6, 546, "ff02::1:2", 547, bytes(11, hex("010204"), be16(8), be16(2), be16(0))));
        byte[] bad = Packets.ipv6(17, GUEST6, GATEWAY6, 64, new byte[8]);
        bad[4] = 1;
        frames.add(fromGuest(IPV6, bad));
        bad = bad.clone();
        bad[0] = 0x50;
        differs("says what is wrong");
        frames.add(fromGuest(IPV6, bad));
        out(Packets.ipv6(58, GUEST6, GATEWAY6, 64, hex("8000")));
        frames.add(java.util.Arrays.copyOf(fromGuest(IPV6, Packets.ipv6(17, GUEST6, GATEWAY6, 64, NONE)), 40));
    }
}
