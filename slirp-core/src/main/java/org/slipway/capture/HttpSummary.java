package org.slipway.capture;

import java.util.List;
import java.util.Locale;

/** The first line of HTTP/1 requests and responses (RFC 9112), on any port. */
final class HttpSummary {

    private static final List<String> METHODS =
            List.of("GET ", "HEAD ", "POST ", "PUT ", "DELETE ", "CONNECT ", "OPTIONS ", "TRACE ", "PATCH ");

    /** Longest first line that is looked at, and longest header section. */
    private static final int MAX_LENGTH = 4_096;

    private static final String CONTENT_TYPE = "content-type:";

    private HttpSummary() {}

    static boolean isHttp(PacketSlice data) {
        if (data.startsWith(0, "HTTP/1.")) {
            return true;
        }
        for (String method : METHODS) {
            if (data.startsWith(0, method)) {
                int end = lineEnd(data, 0);
                return end > 9 && data.startsWith(end - 8, "HTTP/1.");
            }
        }
        return false;
    }

    static void describe(SummaryLine line, PacketSlice data) {
        int end = lineEnd(data, 0);
        line.begin("HTTP").add(data.text(0, end), " ");
        boolean response = data.startsWith(0, "HTTP/");
        String type = "";
        int at = nextLine(data, end);
        while (response && at < Math.min(data.captured(), MAX_LENGTH)) {
            end = lineEnd(data, at);
            if (end == at) {
                boolean hasBody = nextLine(data, end) < data.length();
                line.add(hasBody && !type.isEmpty() ? " (" + type + ")" : "");
                return;
            }
            String header = data.text(at, end - at);
            if (header.toLowerCase(Locale.ROOT).startsWith(CONTENT_TYPE)) {
                type = header.substring(CONTENT_TYPE.length()).split(";", 2)[0].strip();
            }
            at = nextLine(data, end);
        }
    }

    /** Where the line that begins at {@code at} ends: in front of CR or LF, or where the data end. */
    private static int lineEnd(PacketSlice data, int at) {
        int limit = Math.min(data.captured(), MAX_LENGTH);
        int end = at;
        while (end < limit && data.u8(end) != '\r' && data.u8(end) != '\n') {
            end++;
        }
        return end;
    }

    private static int nextLine(PacketSlice data, int end) {
        return data.startsWith(end, "\r\n") ? end + 2 : end + 1;
    }
}
