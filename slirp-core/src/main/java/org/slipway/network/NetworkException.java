package org.slipway.network;

/** A network cannot be started as asked; the message is one line for the user that names the option and the value. */
public final class NetworkException extends RuntimeException {

    private static final long serialVersionUID = 1;

    public NetworkException(String message) {
        super(message);
    }

    public NetworkException(String message, Throwable cause) {
        super(message, cause);
    }
}
