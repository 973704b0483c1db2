package org.slipway.capture;

/** A recording cannot be opened; the message is one line that names the file and the reason. */
public final class RecordingException extends RuntimeException {

    private static final long serialVersionUID = 1;

    RecordingException(String message, Throwable cause) {
        super(message, cause);
    }
}
