package org.slipway.cli.control;

/** A request that cannot be done, or not be read; the message is one line for whoever sent it. */
public final class RequestException extends RuntimeException {

    private static final long serialVersionUID = 1;

    /** {@code message}: one line that says why. */
    public RequestException(String message) {
        super(message);
    }
}
