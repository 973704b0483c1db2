package org.slipway.loop;

/** A task that {@link Loop#schedule} will run. */
public interface Timer {

    /** Keeps the task from running, if it has not run yet; harmless afterwards. */
    void cancel();
}
