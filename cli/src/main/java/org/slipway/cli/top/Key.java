package org.slipway.cli.top;

/**
 * A key that was pressed.
 *
 * @param letter of a CHARACTER; else 0
 */
record Key(Type type, char letter) {

    /** Which key. */
    enum Type {
        CHARACTER,
        UP,
        DOWN,
        LEFT,
        RIGHT,
        PAGE_UP,
        PAGE_DOWN,
        HOME,
        END,
        ENTER,
        BACKSPACE,
        ESCAPE,
        /** Ctrl-C. */
        INTERRUPT,
        /** Ctrl-L. */
        REDRAW
    }

    static Key of(Type type) {
        return new Key(type, '\0');
    }

    static Key of(char letter) {
        return new Key(Type.CHARACTER, letter);
    }
}
