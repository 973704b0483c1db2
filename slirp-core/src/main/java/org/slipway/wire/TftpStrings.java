package org.slipway.wire;

import io.netty.buffer.ByteBuf;
import java.nio.charset.StandardCharsets;
import java.util.LinkedHashMap;
import java.util.Locale;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/** Strings that end with a NUL, one behind the other, and options made of two of them each (RFC 1350 5, RFC 2347). */
final class TftpStrings {

    private final ByteBuf buf;
    private int at;
    private final int end;

    /** Those from {@code at} to {@code end}. */
    TftpStrings(ByteBuf buf, int at, int end) {
        this.buf = buf;
        this.at = at;
        this.end = end;
    }

    /** The next string, or null if none ends within. */
    @Nullable
    String next() {
        int nul = at < end ? buf.indexOf(at, end, (byte) 0) : -1;
        if (nul < 0) {
            return null;
        }
        String text = buf.toString(at, nul - at, StandardCharsets.ISO_8859_1);
        at = nul + 1;
        return text;
    }

    /** The options to the end or an empty name, names in lower case; null if one is cut off or there are too many. */
    @Nullable
    Map<String, String> options() {
        Map<String, String> options = new LinkedHashMap<>();
        while (at < end) {
            String name = next();
            if (name != null && name.isEmpty()) {
                break;
            }
            String value = next();
            if (name == null || value == null || options.size() == TftpMessage.MAX_OPTIONS) {
                return null;
            }
            options.putIfAbsent(name.toLowerCase(Locale.ROOT), value);
        }
        return options;
    }

    /** What stands between {@code at} and a NUL, or {@code end} if there is none. */
    static String text(ByteBuf buf, int at, int end) {
        int nul = at < end ? buf.indexOf(at, end, (byte) 0) : -1;
        return buf.toString(at, (nul < 0 ? end : nul) - at, StandardCharsets.ISO_8859_1);
    }

    static void write(ByteBuf buf, String text) {
        if (text.indexOf(0) >= 0) {
            throw new IllegalArgumentException("a string with a NUL cannot be sent");
        }
        buf.writeCharSequence(text, StandardCharsets.ISO_8859_1);
        buf.writeByte(0);
    }

    static void write(ByteBuf buf, Map<String, String> options) {
        options.forEach((name, value) -> {
            write(buf, name);
            write(buf, value);
        });
    }
}
