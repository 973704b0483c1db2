package org.slipway.wire;

import io.netty.buffer.ByteBuf;
import java.nio.charset.StandardCharsets;
import java.util.List;

/**
 * Writes answers that a resolver knows by itself (RFC 1035 4.1). Each takes a query of {@code length} bytes at {@code at} whose
 * question ends at {@code questionEnd}, and repeats the question as it was asked, whatever its case.
 */
public final class DnsAnswers {

    public static final int TYPE_A = 1;
    public static final int TYPE_SOA = 6;
    public static final int TYPE_PTR = 12;
    public static final int TYPE_AAAA = 28;

    /** All types of a name (RFC 8482). */
    public static final int TYPE_ANY = 255;

    public static final int CLASS_INTERNET = 1;

    /** Why there is nothing: there is no such name, or it has nothing of that type (RFC 2308 2). */
    public enum Nothing {
        NAME_ERROR(DnsMessage.RCODE_NAME_ERROR),
        NO_DATA(0);

        private final int responseCode;

        Nothing(int responseCode) {
            this.responseCode = responseCode;
        }
    }

    /** Name (a pointer), type, class, TTL and length of the data. */
    private static final int RECORD_LENGTH = 12;

    private static final int IPV6_LENGTH = 16;
    private static final int MAX_NAME_LENGTH = 255;
    private static final int MAX_OPT_LENGTH = 11;
    private static final int SOA_NUMBERS_LENGTH = 20;

    /** To the name of the question (RFC 1035 4.1.4). */
    private static final int POINTER_TO_QUESTION = 0xc000 | DnsMessage.HEADER_LENGTH;

    private static final String HOSTMASTER = "hostmaster";
    private static final int REFRESH_SECONDS = 3600;
    private static final int RETRY_SECONDS = 600;
    private static final int EXPIRE_SECONDS = 86_400;

    private DnsAnswers() {}

    /** The most bytes that {@link #writeAddresses} appends. */
    public static int maxLength(int questionEnd, int addresses) {
        return questionEnd + addresses * (RECORD_LENGTH + IPV6_LENGTH) + MAX_OPT_LENGTH;
    }

    /** The most bytes that {@link #writePointer} and {@link #writeNothing} append. */
    public static int maxLength(int questionEnd) {
        return questionEnd + RECORD_LENGTH + 2 * MAX_NAME_LENGTH + SOA_NUMBERS_LENGTH + MAX_OPT_LENGTH;
    }

    /** Appends an answer that is {@code addresses}, one at least, each as a record of its family. */
    public static void writeAddresses(
            ByteBuf out,
            ByteBuf query,
            int at,
            int length,
            int questionEnd,
            List<IpAddress> addresses,
            int timeToLiveSeconds) {
        int opt = DnsMessage.findOpt(query, at, length);
        DnsMessage.writeHeadOfOwn(out, query, at, questionEnd, 0, addresses.size(), 0, opt >= 0);
        for (IpAddress address : addresses) {
            writeRecord(out, address.isIpv4() ? TYPE_A : TYPE_AAAA, timeToLiveSeconds);
            int data = out.writerIndex();
            out.writeShort(address.length()).writeZero(address.length());
            address.write(out, data + 2);
        }
        DnsMessage.writeOpt(out, query, at, opt);
    }

    /** Appends an answer that is the name of an address: {@code name}, which {@link DnsAddresses#isName}. */
    public static void writePointer(
            ByteBuf out, ByteBuf query, int at, int length, int questionEnd, String name, int timeToLiveSeconds) {
        int opt = DnsMessage.findOpt(query, at, length);
        DnsMessage.writeHeadOfOwn(out, query, at, questionEnd, 0, 1, 0, opt >= 0);
        writeRecord(out, TYPE_PTR, timeToLiveSeconds);
        int data = beginData(out);
        DomainNames.write(out, name);
        endData(out, data);
        DnsMessage.writeOpt(out, query, at, opt);
    }

    /**
     * Appends an answer without an answer; the SOA record in it says for how long that may be believed (RFC 2308 3).
     *
     * @param server the name of the resolver, which {@link DnsAddresses#isName}
     */
    public static void writeNothing(
            ByteBuf out,
            ByteBuf query,
            int at,
            int length,
            int questionEnd,
            Nothing nothing,
            String server,
            int timeToLiveSeconds) {
        int opt = DnsMessage.findOpt(query, at, length);
        DnsMessage.writeHeadOfOwn(out, query, at, questionEnd, nothing.responseCode, 0, 1, opt >= 0);
        writeRecord(out, TYPE_SOA, timeToLiveSeconds);
        int data = beginData(out);
        DomainNames.write(out, server);
        // RFC 2142 7: who answers for it. Nobody writes to the mailbox of a network within a process.
        out.writeByte(HOSTMASTER.length()).writeCharSequence(HOSTMASTER, StandardCharsets.US_ASCII);
        DomainNames.write(out, server);
        out.writeInt(1).writeInt(REFRESH_SECONDS).writeInt(RETRY_SECONDS);
        out.writeInt(EXPIRE_SECONDS).writeInt(timeToLiveSeconds);
        endData(out, data);
        DnsMessage.writeOpt(out, query, at, opt);
    }

    private static void writeRecord(ByteBuf out, int type, int timeToLiveSeconds) {
        out.writeShort(POINTER_TO_QUESTION)
                .writeShort(type)
                .writeShort(CLASS_INTERNET)
                .writeInt(timeToLiveSeconds);
    }

    private static int beginData(ByteBuf out) {
        out.writeShort(0);
        return out.writerIndex();
    }

    private static void endData(ByteBuf out, int data) {
        out.setShort(data - 2, out.writerIndex() - data);
    }
}
