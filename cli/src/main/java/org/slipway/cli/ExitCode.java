package org.slipway.cli;

/** What the exit status of {@code slipway} says. */
final class ExitCode {

    /** Stopped as asked: by SIGINT, SIGTERM or SIGHUP, or because there was nothing more to do. */
    static final int OK = 0;

    /** Something failed while starting or running. */
    static final int FAILURE = 1;

    /** The command line is wrong. */
    static final int USAGE = 2;

    /** The guest's command cannot be executed (as a shell says it). */
    static final int NOT_EXECUTABLE = 126;

    /** The guest's command was not found (as a shell says it). */
    static final int NOT_FOUND = 127;

    /** A second signal ended it at once, without a clean shutdown. */
    static final int FORCED = 130;

    private ExitCode() {}
}
