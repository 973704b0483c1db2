package org.slipway.cli.control;

/** There is no such command. */
final class UnknownCommandException extends RuntimeException {

    private static final long serialVersionUID = 1;

    UnknownCommandException(String name) {
        super("the command '" + name + "' is not known");
    }
}
