package org.slipway.guest;

/** What a guest tried did not work; the message says in one line what and why. */
public final class GuestException extends RuntimeException {

    private static final long serialVersionUID = 1;

    /** With a message of one line, without a full stop. */
    public GuestException(String message) {
        super(message);
    }
}
