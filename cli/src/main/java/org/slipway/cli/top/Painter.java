package org.slipway.cli.top;

import java.util.List;

/** Makes what a terminal has to be sent (ECMA-48, and xterm's private modes) of what shall stand on it: the lines that changed. */
final class Painter {

    /** The alternate screen, no cursor, no wrapping at the right edge, nothing on it. */
    static final String ENTER = "\033[?1049h\033[?25l\033[?7l\033[0m\033[2J";

    /** All of that undone. */
    static final String LEAVE = "\033[0m\033[?7h\033[?25h\033[?1049l";

    private static final String CLEAR = "\033[0m\033[2J";

    private List<Line> shown = List.of();

    /** Nothing is known of what stands on the terminal. */
    void forget() {
        shown = List.of();
    }

    /** What turns that which was painted last into {@code lines}. */
    String paint(List<Line> lines) {
        StringBuilder out = new StringBuilder();
        boolean anew = shown.size() != lines.size()
                || lines.get(0).text().length() != shown.get(0).text().length();
        if (anew) {
            out.append(CLEAR);
        }
        for (int i = 0; i < lines.size(); i++) {
            Line line = lines.get(i);
            if (anew || !line.equals(shown.get(i))) {
                out.append("\033[").append(i + 1).append(";1H");
                out.append(line.style().sequence()).append(line.text());
                out.append(line.style() == Line.Style.PLAIN ? "" : "\033[0m");
            }
        }
        shown = List.copyOf(lines);
        return out.toString();
    }
}
