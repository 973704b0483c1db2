package org.slipway.capture;

/** Makes text from packets safe for a terminal: whatever could move the cursor or hide other text is escaped. */
final class PrintableText {

    private PrintableText() {}

    /** {@code text} with everything but printable ASCII written as C does: {@code \n}, {@code \033}, {@code \\}. */
    static String of(String text) {
        StringBuilder safe = new StringBuilder(text.length());
        for (int i = 0; i < text.length(); i++) {
            append(safe, text.charAt(i));
        }
        return safe.toString();
    }

    private static void append(StringBuilder safe, char c) {
        switch (c) {
            case 0x07 -> safe.append("\\a");
            case '\b' -> safe.append("\\b");
            case '\f' -> safe.append("\\f");
            case '\n' -> safe.append("\\n");
            case '\r' -> safe.append("\\r");
            case '\t' -> safe.append("\\t");
            case 0x0b -> safe.append("\\v");
            case '\\' -> safe.append("\\\\");
            default -> {
                if (c >= ' ' && c < 0x7f) {
                    safe.append(c);
                } else {
                    octal(safe, c);
                }
            }
        }
    }

    private static void octal(StringBuilder safe, char c) {
        safe.append('\\')
                .append((char) ('0' + (c >> 6 & 7)))
                .append((char) ('0' + (c >> 3 & 7)))
                .append((char) ('0' + (c & 7)));
    }
}
