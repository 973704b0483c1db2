package org.slipway.wire;

import io.netty.buffer.ByteBuf;
import org.jspecify.annotations.Nullable;

/**
 * Fields of a DNS message in a buffer, as far as a relay looks at them (RFC 1035 4.1, RFC 6891 6.1).
 * <pre>
 *   0  1  2  3  4  5  6  7  8  9 10 11 12 13 14 15
 * +--+--+--+--+--+--+--+--+--+--+--+--+--+--+--+--+
 * |                      ID                       |
 * |QR|   Opcode  |AA|TC|RD|RA| Z|AD|CD|   RCODE   |
 * |                    QDCOUNT                    |
 * |              ANCOUNT, NSCOUNT                 |
 * |                    ARCOUNT                    |
 * +--+--+--+--+--+--+--+--+--+--+--+--+--+--+--+--+
 * </pre>
 * After {@link #check} returned {@code null}, the getters of header fields do not read outside the message; the methods
 * that walk through it take its length and stay within it.
 */
public final class DnsMessage {

    public static final int PORT = 53;

    public static final int HEADER_LENGTH = 12;

    /** Largest answer over UDP for who does not say otherwise (RFC 1035 2.3.4). */
    public static final int MIN_UDP_PAYLOAD = 512;

    public static final int OPCODE_QUERY = 0;

    public static final int RCODE_FORMAT_ERROR = 1;
    public static final int RCODE_SERVER_FAILURE = 2;
    public static final int RCODE_NAME_ERROR = 3;
    public static final int RCODE_NOT_IMPLEMENTED = 4;
    public static final int RCODE_REFUSED = 5;

    /** The type of a question for changes of a zone (RFC 1995). */
    public static final int TYPE_IXFR = 251;

    /** The type of a question for a whole zone (RFC 5936). */
    public static final int TYPE_AXFR = 252;

    private static final int FLAGS = 2;
    private static final int QUESTION_COUNT = 4;
    private static final int ANSWER_COUNT = 6;
    private static final int AUTHORITY_COUNT = 8;
    private static final int ADDITIONAL_COUNT = 10;

    private static final int FLAG_RESPONSE = 0x8000;
    private static final int FLAG_AUTHORITATIVE = 0x0400;
    private static final int FLAG_TRUNCATED = 0x0200;
    private static final int FLAG_RECURSION_AVAILABLE = 0x0080;
    private static final int OPCODE_MASK = 0x7800;
    private static final int FLAGS_ECHOED = OPCODE_MASK | 0x0110; // opcode, RD, CD
    private static final int RCODE_MASK = 0xf;

    private static final int MAX_NAME_LENGTH = 255;
    private static final int MAX_LABEL_LENGTH = 63;
    private static final int COMPRESSED = 0xc0;

    /** Type and class of a question, behind its name. */
    private static final int QUESTION_FIXED_LENGTH = 4;

    /** Type, class, TTL and data length of a record, behind its name. */
    private static final int RECORD_FIXED_LENGTH = 10;

    private static final int TYPE_OPT = 41;

    /** An OPT record without options: an empty name and the fixed part. */
    private static final int OPT_LENGTH = 1 + RECORD_FIXED_LENGTH;

    /** RFC 6891 6.2.5, and what avoids fragments on any link (DNS flag day 2020). */
    private static final int OUR_UDP_PAYLOAD = 1232;

    private static final int FLAG_DNSSEC_OK = 0x8000;

    private DnsMessage() {}

    /** Why the {@code length} bytes at {@code at} are no DNS message, or null if they begin like one. */
    public static @Nullable DropReason check(ByteBuf buf, int at, int length) {
        return length < HEADER_LENGTH ? DropReason.DNS_MALFORMED : null;
    }

    /** What joins an answer to its query. */
    public static int id(ByteBuf buf, int at) {
        return buf.getUnsignedShort(at);
    }

    /** Stores another {@link #id}. */
    public static void writeId(ByteBuf buf, int at, int id) {
        buf.setShort(at, id);
    }

    /** Whether this is an answer. */
    public static boolean isResponse(ByteBuf buf, int at) {
        return (flags(buf, at) & FLAG_RESPONSE) != 0;
    }

    /** What kind of query, see {@link #OPCODE_QUERY}. */
    public static int opcode(ByteBuf buf, int at) {
        return (flags(buf, at) & OPCODE_MASK) >>> 11;
    }

    /** Whether the answer is not whole. */
    public static boolean isTruncated(ByteBuf buf, int at) {
        return (flags(buf, at) & FLAG_TRUNCATED) != 0;
    }

    /** The lower four bits of the response code. */
    public static int responseCode(ByteBuf buf, int at) {
        return flags(buf, at) & RCODE_MASK;
    }

    /** How many questions the header announces. */
    public static int questionCount(ByteBuf buf, int at) {
        return buf.getUnsignedShort(at + QUESTION_COUNT);
    }

    private static int flags(ByteBuf buf, int at) {
        return buf.getUnsignedShort(at + FLAGS);
    }

    /**
     * Length of header and question in bytes, or -1 if there is not exactly one question (RFC 9619), or it is malformed
     * (a name that is cut off, too long or compressed).
     */
    public static int questionEnd(ByteBuf buf, int at, int length) {
        if (questionCount(buf, at) != 1) {
            return -1;
        }
        int offset = HEADER_LENGTH;
        while (offset < length) {
            int label = buf.getUnsignedByte(at + offset);
            offset += 1 + label;
            if (label > MAX_LABEL_LENGTH || offset - HEADER_LENGTH > MAX_NAME_LENGTH) {
                return -1;
            }
            if (label == 0) {
                return offset + QUESTION_FIXED_LENGTH <= length ? offset + QUESTION_FIXED_LENGTH : -1;
            }
        }
        return -1;
    }

    /** The type that is asked for, {@code questionEnd} being {@link #questionEnd}. */
    public static int questionType(ByteBuf buf, int at, int questionEnd) {
        return buf.getUnsignedShort(at + questionEnd - QUESTION_FIXED_LENGTH);
    }

    /** The class that is asked for, as {@link #questionType}. */
    public static int questionClass(ByteBuf buf, int at, int questionEnd) {
        return buf.getUnsignedShort(at + questionEnd - 2);
    }

    /**
     * The name that is asked for, in lower case, without a dot at its end; or null if it has a character that no host's name
     * has (RFC 1123 2.1, and the underscore), so that nobody has it here.
     */
    public static @Nullable String questionName(ByteBuf buf, int at, int questionEnd) {
        StringBuilder name = new StringBuilder();
        int offset = HEADER_LENGTH;
        for (int label = buf.getUnsignedByte(at + offset); label > 0; label = buf.getUnsignedByte(at + offset)) {
            name.append(name.isEmpty() ? "" : ".");
            for (int i = 1; i <= label; i++) {
                char c = (char) lowerCase(buf.getByte(at + offset + i));
                if (!(c >= 'a' && c <= 'z' || c >= '0' && c <= '9' || c == '-' || c == '_')) {
                    return null;
                }
                name.append(c);
            }
            offset += 1 + label;
        }
        return name.toString();
    }

    /** Whether two messages ask the same, in whatever case (RFC 4343); both have {@code questionEnd}. */
    public static boolean sameQuestion(ByteBuf one, int oneAt, ByteBuf other, int otherAt, int questionEnd) {
        int nameEnd = questionEnd - QUESTION_FIXED_LENGTH;
        if (one.getInt(oneAt + nameEnd) != other.getInt(otherAt + nameEnd)) {
            return false;
        }
        for (int i = HEADER_LENGTH; i < nameEnd; i++) {
            // A length byte is at most 63 and so no letter.
            if (lowerCase(one.getByte(oneAt + i)) != lowerCase(other.getByte(otherAt + i))) {
                return false;
            }
        }
        return true;
    }

    private static int lowerCase(byte b) {
        return b >= 'A' && b <= 'Z' ? b + ('a' - 'A') : b;
    }

    /**
     * Where the OPT record stands (offset from {@code at}, name included), or -1 if there is none or the records are
     * malformed.
     */
    public static int findOpt(ByteBuf buf, int at, int length) {
        int offset = questionEnd(buf, at, length);
        int before = buf.getUnsignedShort(at + ANSWER_COUNT) + buf.getUnsignedShort(at + AUTHORITY_COUNT);
        int records = before + buf.getUnsignedShort(at + ADDITIONAL_COUNT);
        for (int i = 0; i < records && offset >= 0; i++) {
            int fixed = nameEnd(buf, at, offset, length);
            if (fixed < 0 || fixed + RECORD_FIXED_LENGTH > length) {
                return -1;
            }
            if (i >= before && fixed == offset + 1 && buf.getUnsignedShort(at + fixed) == TYPE_OPT) {
                return offset;
            }
            int next = fixed + RECORD_FIXED_LENGTH + buf.getUnsignedShort(at + fixed + RECORD_FIXED_LENGTH - 2);
            offset = next <= length ? next : -1;
        }
        return -1;
    }

    /** Offset behind the name at {@code offset}, or -1 if it is malformed; pointers are not followed. */
    static int nameEnd(ByteBuf buf, int at, int offset, int length) {
        while (offset < length) {
            int label = buf.getUnsignedByte(at + offset);
            if (label >= COMPRESSED) {
                return offset + 2;
            }
            if (label > MAX_LABEL_LENGTH) {
                return -1;
            }
            offset += 1 + label;
            if (label == 0) {
                return offset;
            }
        }
        return -1;
    }

    /** How large an answer over UDP may be: what the query's OPT record says, at least {@link #MIN_UDP_PAYLOAD}. */
    public static int udpPayload(ByteBuf buf, int at, int length) {
        int opt = findOpt(buf, at, length);
        return opt < 0 ? MIN_UDP_PAYLOAD : Math.max(MIN_UDP_PAYLOAD, buf.getUnsignedShort(at + opt + 3));
    }

    /** The most bytes that {@link #writeRefusal} and {@link #writeTruncated} append. */
    public static int maxEmptyLength(int questionEnd) {
        return Math.max(HEADER_LENGTH, questionEnd) + OPT_LENGTH;
    }

    /**
     * Appends to {@code out} an answer to a query that says {@code responseCode} and nothing else: header, the question if
     * {@code questionEnd} is not -1, and an OPT record if the query has one (RFC 6891 6.1.1).
     */
    public static void writeRefusal(ByteBuf out, ByteBuf query, int at, int length, int questionEnd, int responseCode) {
        int flags = FLAG_RESPONSE | FLAG_RECURSION_AVAILABLE | flags(query, at) & FLAGS_ECHOED | responseCode;
        writeEmpty(out, query, at, length, questionEnd, flags);
    }

    /** Appends to {@code out} an answer with the flags of {@code answer} at 0 that says: too large, ask over TCP. */
    public static void writeTruncated(
            ByteBuf out, ByteBuf query, int at, int length, int questionEnd, ByteBuf answer, int answerAt) {
        writeEmpty(out, query, at, length, questionEnd, flags(answer, answerAt) | FLAG_TRUNCATED);
    }

    private static void writeEmpty(ByteBuf out, ByteBuf query, int at, int length, int questionEnd, int flags) {
        int opt = questionEnd < 0 ? -1 : findOpt(query, at, length);
        writeHead(out, query, at, questionEnd, flags, 0, 0, opt >= 0);
        writeOpt(out, query, at, opt);
    }

    /**
     * Appends to {@code out} the header of an answer that this resolver knows by itself, and the question; {@code answers} and
     * {@code authorities} records follow, and then {@link #writeOpt}.
     */
    static void writeHeadOfOwn(
            ByteBuf out,
            ByteBuf query,
            int at,
            int questionEnd,
            int responseCode,
            int answers,
            int authorities,
            boolean hasOpt) {
        int flags = FLAG_RESPONSE
                | FLAG_AUTHORITATIVE
                | FLAG_RECURSION_AVAILABLE
                | flags(query, at) & FLAGS_ECHOED
                | responseCode;
        writeHead(out, query, at, questionEnd, flags, answers, authorities, hasOpt);
    }

    private static void writeHead(
            ByteBuf out,
            ByteBuf query,
            int at,
            int questionEnd,
            int flags,
            int answers,
            int authorities,
            boolean hasOpt) {
        out.writeShort(id(query, at));
        out.writeShort(flags);
        out.writeShort(questionEnd < 0 ? 0 : 1);
        out.writeShort(answers).writeShort(authorities);
        out.writeShort(hasOpt ? 1 : 0);
        if (questionEnd >= 0) {
            out.writeBytes(query, at + HEADER_LENGTH, questionEnd - HEADER_LENGTH);
        }
    }

    /** Appends an OPT record in answer to that of the query at {@code opt}; nothing if there is none (negative). */
    static void writeOpt(ByteBuf out, ByteBuf query, int at, int opt) {
        if (opt >= 0) {
            out.writeByte(0).writeShort(TYPE_OPT).writeShort(OUR_UDP_PAYLOAD);
            out.writeShort(0).writeShort(query.getUnsignedShort(at + opt + 7) & FLAG_DNSSEC_OK);
            out.writeShort(0);
        }
    }
}
