package org.slipway.capture;

import io.netty.buffer.ByteBuf;
import io.netty.buffer.Unpooled;
import java.io.ByteArrayOutputStream;
import java.nio.charset.StandardCharsets;
import org.slipway.wire.InternetChecksum;
import org.slipway.wire.IpAddress;
import org.slipway.wire.MacAddress;

/** Puts packets together byte by byte, independently of the code under test except for addresses and the checksum. */
final class Packets {

    static final String GUEST_MAC = "52:54:00:12:34:56";
    static final String GATEWAY_MAC = "52:55:0a:00:02:02";
    static final String GUEST = "10.0.2.15";
    static final String GATEWAY = "10.0.2.2";
    static final String GUEST6 = "fe80::5054:ff:fe12:3456";
    static final String GATEWAY6 = "fe80::2";

    private Packets() {}

    /** Joins numbers (one byte each), byte arrays and texts (ISO 8859-1). */
    static byte[] bytes(Object... parts) {
        ByteArrayOutputStream out = new ByteArrayOutputStream();
        for (Object part : parts) {
            if (part instanceof Integer octet) {
                out.write(octet);
            } else if (part instanceof String text) {
                out.writeBytes(text.getBytes(StandardCharsets.ISO_8859_1));
            } else {
                out.writeBytes((byte[]) part);
            }
        }
        return out.toByteArray();
    }

    static byte[] be16(int value) {
        return bytes(value >>> 8, value);
    }

    static byte[] be32(long value) {
        return bytes((int) (value >>> 24), (int) (value >>> 16), (int) (value >>> 8), (int) value);
    }

    static byte[] hex(String digits) {
        String clean = digits.replace(" ", "").replace(":", "");
        byte[] result = new byte[clean.length() / 2];
        for (int i = 0; i < result.length; i++) {
            result[i] = (byte) Integer.parseInt(clean.substring(2 * i, 2 * i + 2), 16);
        }
        return result;
    }

    static byte[] ip(String address) {
        return IpAddress.parse(address).toInetAddress().getAddress();
    }

    static byte[] mac(String address) {
        return hex(MacAddress.parse(address).toString());
    }

    static byte[] ethernet(String destination, String source, int type, byte[] payload) {
        byte[] frame = bytes(mac(destination), mac(source), be16(type), payload);
        return frame.length >= 60 ? frame : java.util.Arrays.copyOf(frame, 60);
    }

    /** From the guest to the gateway. */
    static byte[] fromGuest(int type, byte[] payload) {
        return ethernet(GATEWAY_MAC, GUEST_MAC, type, payload);
    }

    /** From the gateway to the guest. */
    static byte[] fromGateway(int type, byte[] payload) {
        return ethernet(GUEST_MAC, GATEWAY_MAC, type, payload);
    }

    static byte[] arp(int operation, String senderMac, String sender, String targetMac, String target) {
        return bytes(hex("0001 0800 06 04"), be16(operation), mac(senderMac), ip(sender), mac(targetMac), ip(target));
    }

    static byte[] ipv4(int protocol, String source, String destination, byte[] payload) {
        return ipv4(protocol, source, destination, 0x1234, 0x4000, 64, payload);
    }

    static byte[] ipv4(int protocol, String source, String destination, int id, int fragment, int ttl, byte[] payload) {
        byte[] header = bytes(
                0x45,
                0,
                be16(20 + payload.length),
                be16(id),
                be16(fragment),
                ttl,
                protocol,
                0,
                0,
                ip(source),
                ip(destination));
        return bytes(withSum(header, 10, new byte[0]), payload);
    }

    static byte[] ipv6(int nextHeader, String source, String destination, int hopLimit, byte[] payload) {
        return bytes(
                be32(0x60000000L), be16(payload.length), nextHeader, hopLimit, ip(source), ip(destination), payload);
    }

    /** Stores the Internet checksum over {@code pseudo} and {@code packet} at {@code at} of the packet. */
    static byte[] withSum(byte[] packet, int at, byte[] pseudo) {
        byte[] result = packet.clone();
        ByteBuf all = Unpooled.wrappedBuffer(bytes(pseudo, packet));
        int sum = InternetChecksum.finish(InternetChecksum.sum(all, 0, all.capacity()));
        result[at] = (byte) (sum >>> 8);
        result[at + 1] = (byte) sum;
        return result;
    }

    static byte[] pseudo(String source, String destination, int protocol, int length) {
        byte[] from = ip(source);
        return from.length == 4
                ? bytes(from, ip(destination), 0, protocol, be16(length))
                : bytes(from, ip(destination), be32(length), 0, 0, 0, protocol);
    }

    static byte[] icmp(int type, int code, byte[] rest) {
        return withSum(bytes(type, code, 0, 0, rest), 2, new byte[0]);
    }

    static byte[] icmpv6(String source, String destination, int hopLimit, int type, int code, byte[] rest) {
        byte[] message = bytes(type, code, 0, 0, rest);
        return ipv6(
                58,
                source,
                destination,
                hopLimit,
                withSum(message, 2, pseudo(source, destination, 58, message.length)));
    }

    static byte[] udp(String source, int sourcePort, String destination, int destinationPort, byte[] data) {
        byte[] datagram = bytes(be16(sourcePort), be16(destinationPort), be16(8 + data.length), 0, 0, data);
        byte[] summed = withSum(datagram, 6, pseudo(source, destination, 17, datagram.length));
        return source.indexOf(':') < 0
                ? ipv4(17, source, destination, summed)
                : ipv6(17, source, destination, 64, summed);
    }

    static byte[] tcp(
            String source,
            int sourcePort,
            String destination,
            int destinationPort,
            long sequence,
            long acknowledgment,
            int flags,
            int window,
            byte[] options,
            byte[] data) {
        byte[] segment = bytes(
                be16(sourcePort),
                be16(destinationPort),
                be32(sequence),
                be32(acknowledgment),
                (20 + options.length) / 4 << 4 | flags >>> 8,
                flags & 0xff,
                be16(window),
                0,
                0,
                0,
                0,
                options,
                data);
        byte[] summed = withSum(segment, 16, pseudo(source, destination, 6, segment.length));
        return source.indexOf(':') < 0
                ? ipv4(6, source, destination, summed)
                : ipv6(6, source, destination, 64, summed);
    }

    /** A DHCP message: op, transaction, addresses of zero, and {@code options} behind the magic cookie. */
    static byte[] dhcp(int op, long transaction, byte[] options) {
        return bytes(
                op,
                1,
                6,
                0,
                be32(transaction),
                new byte[20],
                mac(GUEST_MAC),
                new byte[10],
                new byte[192],
                hex("63825363"),
                options,
                255);
    }

    /** A domain name in DNS form. */
    static byte[] name(String name) {
        ByteArrayOutputStream out = new ByteArrayOutputStream();
        for (String label : name.isEmpty() ? new String[0] : name.split("\\.", -1)) {
            out.write(label.length());
            out.writeBytes(label.getBytes(StandardCharsets.ISO_8859_1));
        }
        out.write(0);
        return out.toByteArray();
    }

    static byte[] dns(int id, int flags, int questions, int answers, int authorities, int additional, byte[] rest) {
        return bytes(be16(id), be16(flags), be16(questions), be16(answers), be16(authorities), be16(additional), rest);
    }

    /** A resource record whose owner is the question's name (a pointer to offset 12). */
    static byte[] record(int type, byte[] data) {
        return bytes(hex("c00c"), be16(type), be16(1), be32(60), be16(data.length), data);
    }
}
