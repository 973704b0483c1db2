package org.slipway.cli.top;

import java.util.List;
import java.util.Locale;

/** How long to wait between two snapshots, in seconds. */
public record Interval(double seconds) {

    public static final double MIN_SECONDS = 0.2;
    public static final double MAX_SECONDS = 60;

    private static final List<Double> STEPS = List.of(MIN_SECONDS, 0.5, 1.0, 2.0, 5.0, 10.0, 30.0, MAX_SECONDS);

    public Interval {
        if (!(seconds >= MIN_SECONDS && seconds <= MAX_SECONDS)) {
            throw new IllegalArgumentException(
                    "an interval is " + MIN_SECONDS + " to " + Math.round(MAX_SECONDS) + " seconds, not " + seconds);
        }
    }

    Interval longer() {
        return STEPS.stream()
                .filter(step -> step > seconds)
                .findFirst()
                .map(Interval::new)
                .orElse(this);
    }

    Interval shorter() {
        return STEPS.stream()
                .filter(step -> step < seconds)
                .reduce((first, second) -> second)
                .map(Interval::new)
                .orElse(this);
    }

    /** In milliseconds. */
    public long millis() {
        return Math.round(seconds * 1000);
    }

    String text() {
        return (seconds == Math.rint(seconds)
                        ? String.valueOf(Math.round(seconds))
                        : String.format(Locale.ROOT, "%.1f", seconds))
                + "s";
    }
}
