package org.slipway.cli.top;

import org.jspecify.annotations.Nullable;

/**
 * Makes keys of the characters that a terminal sends (ECMA-48, and xterm's sequences). What it does not know is swallowed whole,
 * so that no part of it is taken for a key.
 */
final class KeyDecoder {

    private enum State {
        /** Waits for the first character of a key. */
        GROUND,
        /** Waits for what follows on Escape, if it is not the key itself. */
        ESCAPE,
        /** Waits for the final byte of a control sequence, ESC [ … (ECMA-48 §5.4). */
        CONTROL_SEQUENCE,
        /** Waits for the letter of ESC O, which keypads in application mode send. */
        SINGLE_SHIFT
    }

    /** No key has a longer one. */
    private static final int MAX_PARAMETERS = 16;

    private static final char ESC = '\033';

    private State state = State.GROUND;
    private final StringBuilder parameters = new StringBuilder();

    /** Whether a key may have begun that is not yet complete. */
    boolean pending() {
        return state != State.GROUND;
    }

    /** Nothing came for a while: what is pending was all. */
    @Nullable
    Key expire() {
        boolean escape = state == State.ESCAPE;
        state = State.GROUND;
        return escape ? Key.of(Key.Type.ESCAPE) : null;
    }

    /** The key that {@code c} completes, or null. */
    @Nullable
    Key next(char c) {
        return switch (state) {
            case GROUND -> ground(c);
            case ESCAPE -> escape(c);
            case CONTROL_SEQUENCE -> controlSequence(c);
            case SINGLE_SHIFT -> {
                state = State.GROUND;
                yield letter(c);
            }
        };
    }

    private @Nullable Key ground(char c) {
        return switch (c) {
            case ESC -> {
                state = State.ESCAPE;
                yield null;
            }
            case '\r', '\n' -> Key.of(Key.Type.ENTER);
            case '\b', '\177' -> Key.of(Key.Type.BACKSPACE);
            case '\003' -> Key.of(Key.Type.INTERRUPT);
            case '\f' -> Key.of(Key.Type.REDRAW);
            default -> Printable.isPrintable(c) ? Key.of(c) : null;
        };
    }

    private @Nullable Key escape(char c) {
        switch (c) {
            case '[' -> {
                parameters.setLength(0);
                state = State.CONTROL_SEQUENCE;
            }
            case 'O' -> state = State.SINGLE_SHIFT;
            case ESC -> {
                return Key.of(Key.Type.ESCAPE);
            }
            default -> {
                // Alt and a key; nothing is bound to that.
                state = State.GROUND;
            }
        }
        return null;
    }

    private @Nullable Key controlSequence(char c) {
        if (c >= '@' && c <= '~') {
            state = State.GROUND;
            return c == '~' ? numbered(parameters.toString()) : letter(c);
        }
        if (c == ESC || parameters.length() == MAX_PARAMETERS) {
            state = c == ESC ? State.ESCAPE : State.GROUND;
            return null;
        }
        parameters.append(c);
        return null;
    }

    private static @Nullable Key letter(char c) {
        return switch (c) {
            case 'A' -> Key.of(Key.Type.UP);
            case 'B' -> Key.of(Key.Type.DOWN);
            case 'C' -> Key.of(Key.Type.RIGHT);
            case 'D' -> Key.of(Key.Type.LEFT);
            case 'H' -> Key.of(Key.Type.HOME);
            case 'F' -> Key.of(Key.Type.END);
            case 'M' -> Key.of(Key.Type.ENTER);
            default -> null;
        };
    }

    private static @Nullable Key numbered(String parameters) {
        return switch (parameters) {
            case "1", "7" -> Key.of(Key.Type.HOME);
            case "4", "8" -> Key.of(Key.Type.END);
            case "5" -> Key.of(Key.Type.PAGE_UP);
            case "6" -> Key.of(Key.Type.PAGE_DOWN);
            default -> null;
        };
    }
}
