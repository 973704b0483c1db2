package org.slipway.cli.top;

/**
 * A line of the screen.
 *
 * @param text printable ASCII, exactly as wide as the screen
 */
record Line(Style style, String text) {

    /** How a line looks. */
    enum Style {
        PLAIN(""),
        BOLD("\033[1m"),
        HEAD("\033[7m"),
        SELECTED("\033[1;7m"),
        WARNING("\033[1;31m");

        private final String sequence;

        Style(String sequence) {
            this.sequence = sequence;
        }

        /** What switches the terminal to it from plain text. */
        String sequence() {
            return sequence;
        }
    }

    /** {@code text}, cut or filled up to {@code width}. */
    static Line of(Style style, String text, int width) {
        String cut = text.length() > width ? text.substring(0, width) : text;
        return new Line(style, cut + " ".repeat(width - cut.length()));
    }
}
