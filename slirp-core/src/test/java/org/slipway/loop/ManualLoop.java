package org.slipway.loop;

import java.time.Duration;
import java.util.ArrayDeque;
import java.util.Comparator;
import java.util.PriorityQueue;
import java.util.Queue;

/** A {@link Loop} whose clock is moved by hand: nothing happens until {@link #run} or {@link #advance} is called. */
public final class ManualLoop implements Loop {

    /** 2026-01-01T00:00:00Z: time stamps in tests start here. */
    public static final long EPOCH_NANOS = 1_767_225_600_000_000_000L;

    private record Scheduled(long atNanos, long order, Runnable task) {}

    private final PriorityQueue<Scheduled> timers =
            new PriorityQueue<>(Comparator.comparingLong(Scheduled::atNanos).thenComparingLong(Scheduled::order));
    private final Queue<Runnable> endOfTurn = new ArrayDeque<>();
    private long nowNanos;
    private long order;

    @Override
    public long nanoTime() {
        return nowNanos;
    }

    @Override
    public long epochNanos() {
        return EPOCH_NANOS + nowNanos;
    }

    @Override
    public Timer schedule(long delayNanos, Runnable task) {
        Scheduled scheduled = new Scheduled(nowNanos + Math.max(0, delayNanos), order++, task);
        timers.add(scheduled);
        return () -> timers.remove(scheduled);
    }

    @Override
    public void endOfTurn(Runnable task) {
        endOfTurn.add(task);
    }

    @Override
    public boolean inLoop() {
        return true;
    }

    /** Ends the turn: runs all end-of-turn tasks, and those they add, without moving the clock. */
    public void run() {
        for (Runnable task = endOfTurn.poll(); task != null; task = endOfTurn.poll()) {
            task.run();
        }
    }

    /** Moves the clock by {@code duration}, stopping at every timer that falls due on the way and ending each turn. */
    public void advance(Duration duration) {
        long until = nowNanos + duration.toNanos();
        run();
        for (Scheduled next = timers.peek(); next != null && next.atNanos <= until; next = timers.peek()) {
            timers.remove();
            nowNanos = next.atNanos;
            next.task.run();
            run();
        }
        nowNanos = until;
    }

    /** Nanoseconds until the next timer, or -1 if none is set. */
    public long untilNextTimer() {
        Scheduled next = timers.peek();
        return next == null ? -1 : next.atNanos - nowNanos;
    }
}
