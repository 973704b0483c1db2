package org.slipway.tcp;

import java.util.Comparator;
import java.util.PriorityQueue;
import java.util.Random;

/** A clock that jumps from event to event, and all chance of a run, from one seed: the same run every time. */
final class SimulatedClock {

    private record Event(long at, long order, Runnable task) {}

    static final long START = 1_000_000_000L;

    /** More than any test needs; beyond it something goes round in circles. */
    private static final int MOST_EVENTS = 5_000_000;

    private final PriorityQueue<Event> events =
            new PriorityQueue<>(Comparator.comparingLong(Event::at).thenComparingLong(Event::order));
    final Random random;
    private long order;
    private long now = START;
    private int eventCount;

    SimulatedClock(long seed) {
        random = new Random(seed);
    }

    long now() {
        return now;
    }

    /** Runs {@code task} at {@code nanos}, or now if that is past; tasks of one time in the order that they were given. */
    void at(long nanos, Runnable task) {
        events.add(new Event(Math.max(nanos, now), order++, task));
    }

    long nextAt() {
        return events.isEmpty() ? Long.MAX_VALUE : events.element().at;
    }

    /** Runs the next event; there must be one. */
    void step() {
        Event event = events.remove();
        now = event.at;
        event.task.run();
        if (++eventCount > MOST_EVENTS) {
            throw new AssertionError("no end after " + (now - START) / 1_000_000 + " ms");
        }
    }

    /** Runs all events of the next {@code nanos}. */
    void run(long nanos) {
        long until = now + nanos;
        while (nextAt() <= until) {
            step();
        }
        now = until;
    }
}
