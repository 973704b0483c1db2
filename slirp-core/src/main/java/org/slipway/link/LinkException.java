package org.slipway.link;

import org.jspecify.annotations.Nullable;

/** A link cannot be had as asked; the message is one line for the user. */
public final class LinkException extends RuntimeException {

    private static final long serialVersionUID = 1;

    LinkException(String message, @Nullable Throwable cause) {
        super(message, cause);
    }
}
