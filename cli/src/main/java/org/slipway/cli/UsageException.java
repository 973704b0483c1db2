package org.slipway.cli;

/** The command line cannot be meant as written; the message is one line that names the option and the value. Exit status 2. */
final class UsageException extends RuntimeException {

    private static final long serialVersionUID = 1;

    UsageException(String message) {
        super(message);
    }

    /** Of the PORT string {@code port}. */
    static UsageException inPort(String port, String message) {
        return new UsageException("PORT '" + port + "': " + message);
    }
}
