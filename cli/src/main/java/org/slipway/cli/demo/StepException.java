package org.slipway.cli.demo;

/** A step of the demonstration did not do what it should; the message is one line that says what happened instead. */
final class StepException extends RuntimeException {

    private static final long serialVersionUID = 1;

    StepException(String message) {
        super(message);
    }

    StepException(String message, Throwable cause) {
        super(message, cause);
    }
}
