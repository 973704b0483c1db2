package org.slipway.link;

/** A link cannot be had as asked; the message is one line for the user. */
public final class LinkException extends RuntimeException {

    private static final long serialVersionUID = 1;

    public LinkException(String message) {
        super(message);
    }

    public LinkException(String message, Throwable cause) {
        super(message, cause);
    }
}
