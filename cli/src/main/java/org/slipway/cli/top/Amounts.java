package org.slipway.cli.top;

import java.util.Locale;

/** Numbers as short text: three digits and a unit, so that a column stays as wide as it is. */
final class Amounts {

    private static final String[] UNITS = {"", "k", "M", "G", "T", "P", "E"};
    private static final long MINUTE = 60;
    private static final long HOUR = 60 * MINUTE;
    private static final long DAY = 24 * HOUR;

    private Amounts() {}

    /** {@code bits} a second: {@code 12.3Mb}; {@code -} while nobody knows (NaN). */
    static String bits(double bits) {
        return Double.isNaN(bits) ? "-" : scaled(bits, "") + "b";
    }

    /** {@code 12.3MB}. */
    static String bytes(long bytes) {
        return scaled(bytes, "") + "B";
    }

    /** {@code 12.3k}. */
    static String count(double count) {
        return Double.isNaN(count) ? "-" : scaled(count, "");
    }

    /** How often in a second, where little matters, too: {@code 0.4}. */
    static String frequency(double frequency) {
        return frequency > 0 && frequency < 10 ? String.format(Locale.ROOT, "%.1f", frequency) : count(frequency);
    }

    /** {@code 12.3 Mbit/s}. */
    static String bitRate(double bits) {
        return Double.isNaN(bits) ? "- bit/s" : scaled(bits, " ") + "bit/s";
    }

    /** {@code 12.3 MB}. */
    static String size(long bytes) {
        return scaled(bytes, " ") + "B";
    }

    private static String scaled(double value, String space) {
        double left = value;
        int unit = 0;
        // 999.5 and more would be rounded to four digits.
        while (left >= 999.5 && unit < UNITS.length - 1) {
            left /= 1000;
            unit++;
        }
        String digits = unit == 0 || left >= 99.95 ? "%.0f" : left >= 9.995 ? "%.1f" : "%.2f";
        return String.format(Locale.ROOT, digits, left) + space + UNITS[unit];
    }

    /** A time of {@code seconds} in at most five characters up to 99 days: {@code 59s}, {@code 9m05s}, {@code 3h20m}. */
    static String age(double seconds) {
        long whole = Math.max(0, (long) seconds);
        if (whole < MINUTE) {
            return whole + "s";
        }
        if (whole < HOUR) {
            return pair(whole, MINUTE, "m", 1, "s", 10 * MINUTE);
        }
        if (whole < DAY) {
            return pair(whole, HOUR, "h", MINUTE, "m", 10 * HOUR);
        }
        return pair(whole, DAY, "d", HOUR, "h", 10 * DAY);
    }

    private static String pair(long seconds, long big, String bigUnit, long small, String smallUnit, long bothBelow) {
        String first = seconds / big + bigUnit;
        return seconds >= bothBelow
                ? first
                : first + String.format(Locale.ROOT, "%02d", seconds % big / small) + smallUnit;
    }

    /** A round-trip time of {@code seconds} in at most five characters: {@code 85us}, {@code 1.2ms}, {@code 140ms}, {@code 2.1s}. */
    static String roundTrip(double seconds) {
        if (seconds < 0.0009995) {
            return Math.round(seconds * 1e6) + "us";
        }
        if (seconds < 0.9995) {
            return String.format(Locale.ROOT, seconds < 0.00995 ? "%.1fms" : "%.0fms", seconds * 1e3);
        }
        return seconds < 99.95 ? String.format(Locale.ROOT, "%.1fs", seconds) : age(seconds);
    }
}
