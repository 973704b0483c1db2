package org.slipway.nat;

import java.util.concurrent.TimeUnit;

/** The end of processes, however they were started. */
final class Processes {

    /** What a process may do after it was asked to end. */
    static final long GRACE_SECONDS = 5;

    private Processes() {}

    /** Asks {@code process} and its children to end, and makes it end if it is still there when the time of grace is over. */
    static void end(ProcessHandle process) {
        process.descendants().forEach(ProcessHandle::destroy);
        process.destroy();
        process.onExit().orTimeout(GRACE_SECONDS, TimeUnit.SECONDS).exceptionally(late -> {
            process.destroyForcibly();
            return process;
        });
    }
}
