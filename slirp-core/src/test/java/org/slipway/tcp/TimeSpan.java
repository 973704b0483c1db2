package org.slipway.tcp;

import java.util.concurrent.TimeUnit;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/** How long something may take, in nanoseconds: {@code 40ms}, {@code 1.5s}, {@code 2min}, {@code 0..500ms}, {@code 1s..3min}. */
record TimeSpan(long least, long most) {

    static final TimeSpan NOW = new TimeSpan(0, 0);

    private static final Pattern DURATION = Pattern.compile("(\\d+(?:\\.\\d+)?)(us|ms|s|min|h|d)?");

    /** Reads {@code text}, or throws {@link IllegalArgumentException}. */
    static TimeSpan parse(String text) {
        int dots = text.indexOf("..");
        if (dots < 0) {
            long exact = nanos(text, "");
            return new TimeSpan(exact, exact);
        }
        String most = text.substring(dots + 2);
        String unit = most.replaceFirst("[\\d.]+", "");
        TimeSpan span = new TimeSpan(nanos(text.substring(0, dots), unit), nanos(most, ""));
        if (span.least > span.most) {
            throw new IllegalArgumentException("'" + text + "' ends before it begins");
        }
        return span;
    }

    /** Reads one duration; {@code unit} if it has none of its own. */
    private static long nanos(String text, String unit) {
        Matcher matcher = DURATION.matcher(text);
        if (!matcher.matches() || matcher.group(2) == null && unit.isEmpty()) {
            throw new IllegalArgumentException(
                    "'" + text + "' is no duration; it should be like 40ms, 1.5s, 2min, 2h, 25d");
        }
        long factor = switch (matcher.group(2) == null ? unit : matcher.group(2)) {
            case "us" -> TimeUnit.MICROSECONDS.toNanos(1);
            case "ms" -> TimeUnit.MILLISECONDS.toNanos(1);
            case "s" -> TimeUnit.SECONDS.toNanos(1);
            case "min" -> TimeUnit.MINUTES.toNanos(1);
            case "h" -> TimeUnit.HOURS.toNanos(1);
            default -> TimeUnit.DAYS.toNanos(1);
        };
        return Math.round(Double.parseDouble(matcher.group(1)) * factor);
    }

    boolean isExact() {
        return least == most;
    }

    /** For people. */
    static String text(long nanos) {
        return nanos / 1_000 / 1_000.0 + " ms";
    }
}
