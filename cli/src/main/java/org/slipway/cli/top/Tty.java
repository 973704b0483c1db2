package org.slipway.cli.top;

import java.io.IOException;
import java.util.EnumSet;
import java.util.function.Consumer;
import org.jline.terminal.Attributes;
import org.jline.terminal.Attributes.LocalFlag;
import org.jline.terminal.Size;
import org.jline.terminal.Terminal;
import org.jline.terminal.TerminalBuilder;
import org.jline.utils.NonBlockingReader;
import org.jspecify.annotations.Nullable;

/** The terminal of this process: raw, with the screen to itself, until it is closed. */
final class Tty implements AutoCloseable {

    /** How long the rest of a key may take that begins with Escape: more than a slow line needs, and less than is felt. */
    private static final long ESCAPE_MILLIS = 50;

    /** A read without end would hold what closing the terminal waits for. */
    private static final long READ_MILLIS = 1000;

    private final Terminal terminal;
    private final Attributes before;
    private boolean closed;

    private Tty(Terminal terminal) {
        this.terminal = terminal;
        before = terminal.enterRawMode();
        Attributes raw = terminal.getAttributes();
        // Ctrl-C is a key. Ctrl-Z is none: it would stop the process with the terminal as it is.
        raw.setLocalFlags(EnumSet.of(LocalFlag.ISIG), false);
        terminal.setAttributes(raw);
        write(Painter.ENTER);
    }

    /** Takes the terminal over, or returns null if there is none that can be drawn on. */
    static @Nullable Tty open() throws IOException {
        Terminal terminal = TerminalBuilder.builder()
                .system(true)
                .systemOutput(TerminalBuilder.SystemOutput.SysOut)
                .dumb(true)
                // Else the terminal is asked what it can do, and is waited for: our text is ASCII.
                .graphemeCluster(false)
                .build();
        if (terminal.getType().startsWith(Terminal.TYPE_DUMB)) {
            terminal.close();
            return null;
        }
        return new Tty(terminal);
    }

    /** The size; 80 columns and 24 lines if the terminal does not say. */
    Size size() {
        Size size = terminal.getSize();
        return size.getColumns() > 0 && size.getRows() > 0 ? size : Size.of(80, 24);
    }

    void write(String text) {
        terminal.writer().write(text);
        terminal.flush();
    }

    /** Gives {@code keys} each key that is pressed; returns when the terminal is gone. */
    void readKeys(Consumer<Key> keys) {
        KeyDecoder decoder = new KeyDecoder();
        NonBlockingReader reader = terminal.reader();
        try {
            for (int c = read(reader, decoder); c != NonBlockingReader.EOF; c = read(reader, decoder)) {
                Key key = c == NonBlockingReader.READ_EXPIRED ? decoder.expire() : decoder.next((char) c);
                if (key != null) {
                    keys.accept(key);
                }
            }
        } catch (IOException e) {
            // It is gone, or was closed.
            return;
        }
    }

    private static int read(NonBlockingReader reader, KeyDecoder decoder) throws IOException {
        return reader.read(decoder.pending() ? ESCAPE_MILLIS : READ_MILLIS);
    }

    /** Leaves the terminal as it was. Harmless when repeated. */
    @Override
    public synchronized void close() throws IOException {
        if (!closed) {
            closed = true;
            write(Painter.LEAVE);
            terminal.setAttributes(before);
            terminal.close();
        }
    }
}
