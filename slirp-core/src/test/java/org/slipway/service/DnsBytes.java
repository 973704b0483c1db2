package org.slipway.service;

import io.netty.buffer.ByteBuf;
import io.netty.buffer.ByteBufUtil;
import io.netty.buffer.Unpooled;
import java.nio.charset.StandardCharsets;

/** DNS messages for tests, as hexadecimal text: what is sent is compared with what arrives, byte for byte. */
final class DnsBytes {

    static final String OPT_1232 = "00" + "0029" + "04d0" + "00000000" + "0000";
    static final String OPT_4096_DO = "00" + "0029" + "1000" + "00008000" + "0000";

    private DnsBytes() {}

    static String name(String name) {
        StringBuilder hex = new StringBuilder();
        for (String label : name.split("\\.")) {
            hex.append(String.format("%02x", label.length()));
            hex.append(ByteBufUtil.hexDump(label.getBytes(StandardCharsets.US_ASCII)));
        }
        return hex + "00";
    }

    static String question(String name, int type) {
        return name(name) + String.format("%04x", type) + "0001";
    }

    /** A query with RD. */
    static String query(int id, String name, int type) {
        return String.format("%04x", id) + "0100" + "0001000000000000" + question(name, type);
    }

    static String ednsQuery(int id, String name, int type, String opt) {
        return String.format("%04x", id) + "0100" + "0001000000000001" + question(name, type) + opt;
    }

    /** An answer of one A record for 192.0.2.{@code host} to a query for {@code name}. */
    static String answer(int id, String name, int host) {
        return String.format("%04x", id)
                + "8180"
                + "0001000100000000"
                + question(name, 1)
                + "c00c00010001000000780004"
                + String.format("c00002%02x", host);
    }

    /** An answer that says nothing but {@code flags}, with its question. */
    static String empty(int id, int flags, String name, int type) {
        return String.format("%04x%04x", id, flags) + "0001000000000000" + question(name, type);
    }

    /** An answer with a TXT record of {@code bytes} bytes of data. */
    static String large(int id, String name, int bytes) {
        return String.format("%04x", id)
                + "8580"
                + "0001000100000000"
                + question(name, 16)
                + "c00c0010000100000078"
                + String.format("%04x", bytes)
                + "61".repeat(bytes);
    }

    static ByteBuf buffer(String hex) {
        return Unpooled.wrappedBuffer(ByteBufUtil.decodeHexDump(hex));
    }

    /** {@code message} with its length in front. */
    static String framed(String message) {
        return String.format("%04x", message.length() / 2) + message;
    }
}
