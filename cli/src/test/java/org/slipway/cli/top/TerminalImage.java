package org.slipway.cli.top;

import java.util.Arrays;
import java.util.List;
import java.util.stream.Stream;

/** What a terminal would show of the bytes that it was sent: as much of xterm as the screen makes use of. One thread at a time. */
public final class TerminalImage {

    private static final int SIZE = 300;

    private final char[][] alternate = new char[SIZE][SIZE];
    private final StringBuilder normal = new StringBuilder();
    private final StringBuilder sequence = new StringBuilder();
    private boolean inAlternate;
    private boolean cursorShown = true;
    private boolean wraps = true;
    private int row;
    private int column;

    /** Obeys one character. */
    public void accept(char c) {
        if (sequence.length() > 0 || c == '\033') {
            sequence.append(c);
            if (sequence.length() > 2 && c >= '@' && c <= '~') {
                obey(sequence.substring(2, sequence.length() - 1), c);
                sequence.setLength(0);
            }
        } else if (!inAlternate) {
            normal.append(c);
        } else {
            alternate[row][column++] = c;
        }
    }

    private void obey(String parameters, char command) {
        switch (command) {
            case 'H' -> {
                String[] place = parameters.split(";");
                row = Integer.parseInt(place[0]) - 1;
                column = Integer.parseInt(place[1]) - 1;
            }
            case 'J' -> Stream.of(alternate).forEach(line -> Arrays.fill(line, ' '));
            case 'h', 'l' -> mode(parameters, command == 'h');
            case 'm' -> {}
            default -> throw new AssertionError("the screen has no use for '" + parameters + command + "'");
        }
    }

    private void mode(String mode, boolean on) {
        switch (mode) {
            case "?1049" -> inAlternate = on;
            case "?25" -> cursorShown = on;
            case "?7" -> wraps = on;
            default -> throw new AssertionError("the screen has no use for mode " + mode);
        }
    }

    /** Whether a program has the screen to itself. */
    public boolean taken() {
        return inAlternate && !cursorShown && !wraps;
    }

    /** Whether the terminal is as it was before. */
    public boolean restored() {
        return !inAlternate && cursorShown && wraps && sequence.length() == 0;
    }

    /** The lines of the alternate screen. */
    public List<String> lines() {
        return Stream.of(alternate)
                .map(line -> new String(line).stripTrailing())
                .toList();
    }

    /** What was written outside of the alternate screen. */
    public String normal() {
        return normal.toString();
    }

    @Override
    public String toString() {
        return normal + "\n--- alternate\n" + String.join("\n", lines()).stripTrailing();
    }
}
