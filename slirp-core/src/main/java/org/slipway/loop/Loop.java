package org.slipway.loop;

/**
 * The one thread on which a network lives, seen from the inside: its clock, its timers, and the end of its turn.
 *
 * <p>A <em>turn</em> is one wake-up of the loop: everything that was ready is read and run to completion, then the tasks
 * given to {@link #endOfTurn} run. Work that is worth doing once for a whole batch (one acknowledgment per connection,
 * one system call per port) is done there.
 *
 * <p>Nothing in the network reads a clock in any other way, so a test can hand-move time.
 * All methods are called on the loop's own thread, unless they say otherwise.
 */
public interface Loop {

    /** Nanoseconds of a monotonic clock with an arbitrary origin; compare by subtraction only. */
    long nanoTime();

    /** Nanoseconds since 1970-01-01T00:00:00Z, for time stamps; advances with {@link #nanoTime}. Any thread. */
    long epochNanos();

    /** Runs {@code task} on this loop {@code delayNanos} from now (at once in the next turn if not positive). */
    Timer schedule(long delayNanos, Runnable task);

    /**
     * Runs {@code task} once, after everything that is ready now has been read. Tasks run in the order given; a task may
     * add more tasks, which run in the same turn. The caller guards against adding itself twice.
     */
    void endOfTurn(Runnable task);

    /** Whether the caller is on this loop's thread. Any thread. */
    boolean inLoop();
}
