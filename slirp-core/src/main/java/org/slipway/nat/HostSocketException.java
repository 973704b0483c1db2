package org.slipway.nat;

/** The host does not give a socket; the message is the system's reason: {@code "Address already in use"}. */
public final class HostSocketException extends RuntimeException {

    private static final long serialVersionUID = 1;

    public HostSocketException(String reason, Throwable cause) {
        super(reason, cause);
    }
}
