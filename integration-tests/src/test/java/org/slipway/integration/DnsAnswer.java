package org.slipway.integration;

import java.io.ByteArrayOutputStream;
import java.net.InetAddress;
import java.net.UnknownHostException;
import java.nio.charset.StandardCharsets;
import java.util.Arrays;
import java.util.List;
import java.util.Locale;

/** The simplest DNS server: one name with an address of each family (RFC 1035 4, RFC 3596). */
final class DnsAnswer {

    private static final int HEADER = 12;
    private static final byte TYPE_A = 1;
    private static final byte TYPE_AAAA = 28;
    private static final byte NAME_ERROR = 3;

    private DnsAnswer() {}

    /** The answer to a query with one question, in the first {@code length} bytes of {@code query}. */
    static byte[] to(byte[] query, int length, String name, List<String> addresses) throws UnknownHostException {
        StringBuilder asked = new StringBuilder();
        int at = HEADER;
        while (query[at] != 0) {
            asked.append(new String(query, at + 1, query[at], StandardCharsets.US_ASCII))
                    .append('.');
            at += 1 + query[at];
        }
        int questionEnd = at + 5;
        boolean known = asked.toString().toLowerCase(Locale.ROOT).equals(name + '.');
        byte type = query[at + 2];
        byte[] address = known ? address(type, addresses) : new byte[0];
        boolean answered = address.length > 0;
        ByteArrayOutputStream out = new ByteArrayOutputStream();
        out.writeBytes(Arrays.copyOf(query, 2));
        out.writeBytes(new byte[] {(byte) 0x81, known ? (byte) 0x80 : (byte) 0x80 | NAME_ERROR});
        out.writeBytes(new byte[] {0, 1, 0, answered ? (byte) 1 : 0, 0, 0, 0, 0});
        out.writeBytes(Arrays.copyOfRange(query, HEADER, Math.min(length, questionEnd)));
        if (answered) {
            out.writeBytes(new byte[] {(byte) 0xc0, HEADER, 0, type, 0, 1, 0, 0, 0, 60, 0, (byte) address.length});
            out.writeBytes(address);
        }
        return out.toByteArray();
    }

    /** The first of the addresses that a record of this type holds, or nothing. */
    private static byte[] address(byte type, List<String> addresses) throws UnknownHostException {
        int length = type == TYPE_A ? 4 : type == TYPE_AAAA ? 16 : 0;
        for (String address : addresses) {
            byte[] bytes = InetAddress.getByName(address).getAddress();
            if (bytes.length == length) {
                return bytes;
            }
        }
        return new byte[0];
    }
}
