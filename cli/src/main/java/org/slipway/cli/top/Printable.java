package org.slipway.cli.top;

/**
 * Text that a terminal may see. Guests choose their host names, and a control character would steer the terminal; a wide or
 * combining one would shift all that stands behind it.
 */
final class Printable {

    private static final int MAX_CHARACTERS = 128;

    private Printable() {}

    /** {@code text} with {@code ?} for each code point that is not printable ASCII, and cut to a bounded length. */
    static String of(String text) {
        StringBuilder printable = new StringBuilder();
        text.codePoints().limit(MAX_CHARACTERS).forEach(c -> printable.append(isPrintable(c) ? (char) c : '?'));
        return printable.toString();
    }

    static boolean isPrintable(int c) {
        return c >= ' ' && c <= '~';
    }
}
