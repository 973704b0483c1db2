package org.slipway.cli.guest;

/** A guest cannot be made, does not boot or does not answer; the message says what to do where something can be done. */
public final class GuestException extends RuntimeException {

    private static final long serialVersionUID = 1;

    GuestException(String message) {
        super(message);
    }

    GuestException(String message, Throwable cause) {
        super(message, cause);
    }
}
