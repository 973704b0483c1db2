package org.slipway.tcp;

import java.util.regex.Matcher;
import java.util.regex.Pattern;

/**
 * A number as a scenario writes it: {@code 5}, what a rule does not fix ({@code *}, {@code <=5}, {@code >=5}, {@code 5..9}),
 * or a place that is only known when the scenario runs ({@code next}, {@code <=next+5}, {@code all}).
 *
 * <p>Numbers are 32 bits wide and compared as signed ones, so that sequence numbers before the origin are negative.
 *
 * @param fromEnd whether {@code least} and {@code most} count from the end of what was sent so far
 */
record NumberPattern(String text, int least, int most, boolean fromEnd) {

    private static final Pattern EXACT = Pattern.compile("-?\\d+");
    private static final Pattern FROM_END = Pattern.compile("(?:next|all)([+-]\\d+)?");
    private static final Pattern RANGE = Pattern.compile("(-?\\d+)\\.\\.(-?\\d+)");

    static NumberPattern of(int value) {
        return new NumberPattern(Integer.toString(value), value, value, false);
    }

    /** Reads {@code text}, or throws {@link IllegalArgumentException}. */
    static NumberPattern parse(String text) {
        if (text.equals("*")) {
            return new NumberPattern(text, Integer.MIN_VALUE, Integer.MAX_VALUE, false);
        }
        if (text.startsWith("<=") || text.startsWith(">=")) {
            NumberPattern bound = parse(text.substring(2));
            boolean below = text.startsWith("<");
            int least = below ? Integer.MIN_VALUE : bound.value(0);
            int most = below ? bound.value(0) : Integer.MAX_VALUE;
            return new NumberPattern(text, least, most, bound.fromEnd);
        }
        Matcher fromEnd = FROM_END.matcher(text);
        if (fromEnd.matches()) {
            int offset = fromEnd.group(1) == null ? 0 : number(fromEnd.group(1));
            return new NumberPattern(text, offset, offset, true);
        }
        Matcher range = RANGE.matcher(text);
        if (range.matches()) {
            int least = number(range.group(1));
            int most = number(range.group(2));
            if (least > most) {
                throw new IllegalArgumentException("'" + text + "' is no range: " + least + " is more than " + most);
            }
            return new NumberPattern(text, least, most, false);
        }
        return new NumberPattern(text, number(text), number(text), false);
    }

    private static int number(String text) {
        String digits = text.startsWith("+") ? text.substring(1) : text;
        if (!EXACT.matcher(digits).matches()) {
            throw new IllegalArgumentException("'" + text + "' is no number");
        }
        long value = Long.parseLong(digits);
        if (value < Integer.MIN_VALUE || value > 0xffff_ffffL) {
            throw new IllegalArgumentException(text + " has more than 32 bits");
        }
        return (int) value;
    }

    /** Whether {@code value} is meant, where {@code end} is the end of what was sent so far. */
    boolean matches(int value, int end) {
        int compared = fromEnd ? value - end : value;
        return least <= compared && compared <= most;
    }

    boolean isExact() {
        return least == most;
    }

    /** The one number that is meant. */
    int value(int end) {
        if (!isExact()) {
            throw new IllegalArgumentException("'" + text + "' stands where one number must");
        }
        return fromEnd ? least + end : least;
    }
}
