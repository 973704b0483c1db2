package org.slipway.tcp;

/** A scenario cannot be read: the message begins with file and line. */
final class ScenarioSyntaxException extends RuntimeException {

    private static final long serialVersionUID = 1;

    ScenarioSyntaxException(String file, int line, String message) {
        super(file + ":" + line + ": " + message);
    }
}
