package org.slipway.cli;

import java.io.FileDescriptor;
import java.io.FileOutputStream;
import java.io.PrintStream;
import java.nio.charset.Charset;
import java.nio.charset.StandardCharsets;
import org.slipway.network.NetworkException;

/**
 * Where messages and output go. Messages for people go to {@code err}, each a line that begins with {@code slipway:};
 * what was asked for (help, versions, the live view) goes to {@code out}.
 */
record Console(PrintStream out, PrintStream err) {

    /** The process's own standard output and error; output is UTF-8, as that of tshark, whatever the locale. */
    static Console ofProcess() {
        return new Console(
                stream(FileDescriptor.out, StandardCharsets.UTF_8),
                stream(FileDescriptor.err, Charset.defaultCharset()));
    }

    private static PrintStream stream(FileDescriptor descriptor, Charset charset) {
        return new PrintStream(new FileOutputStream(descriptor), true, charset);
    }

    /** Prints one line for the user. */
    void say(String line) {
        err.println("slipway: " + line);
    }

    /** Prints what to paste, indented and without a prefix. */
    void paste(String line) {
        err.println("    " + line);
    }

    /** Says in one line what went wrong; the stack trace only if SLIPWAY_DEBUG is 1. */
    void failed(Throwable failure) {
        say(describe(failure));
        if ("1".equals(System.getenv("SLIPWAY_DEBUG"))) {
            failure.printStackTrace(err);
        }
    }

    private static String describe(Throwable failure) {
        String message = failure.getMessage();
        if (failure instanceof UsageException || failure instanceof NetworkException) {
            return oneLine(String.valueOf(message));
        }
        String name = failure.getClass().getSimpleName();
        return "failed unexpectedly: " + (message == null ? name : name + ": " + oneLine(message))
                + " (SLIPWAY_DEBUG=1 shows where)";
    }

    private static String oneLine(String message) {
        return message.strip().replaceAll("\\s*\\R\\s*", "; ");
    }
}
