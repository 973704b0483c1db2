package org.slipway.tap;

/** A call to the operating system failed. */
public final class LibcException extends RuntimeException {

    private static final long serialVersionUID = 1;

    private final int errno;

    /**
     * @param errno the system's error number
     * @param tried what was tried, as a person would say it: {@code "open a ping socket"}
     * @param text the system's words for the number
     */
    LibcException(int errno, String tried, String text) {
        super("cannot " + tried + ": " + text + " (" + Errno.name(errno) + ")");
        this.errno = errno;
    }

    /** The system's error number. */
    public int errno() {
        return errno;
    }

    /** The number's name: {@code "EACCES"}. */
    public String errnoName() {
        return Errno.name(errno);
    }
}
