package org.slipway.cli;

import java.util.function.Function;

/** A forwarding rule read from the left, and errors that name the whole of it in QEMU's words. */
final class RuleReader {

    private static final int MAX_PORT = 65_535;

    private final String kind;
    private final String rule;
    private final Function<String, UsageException> error;
    private String rest;

    /**
     * At the beginning of {@code rule}.
     *
     * @param kind {@code host} or {@code guest}, for errors
     * @param error makes the error that says what is wrong
     */
    RuleReader(String kind, String rule, Function<String, UsageException> error) {
        this.kind = kind;
        this.rule = rule;
        this.error = error;
        rest = rule;
    }

    /** The whole rule. */
    String rule() {
        return rule;
    }

    /** What was not read yet. */
    String rest() {
        return rest;
    }

    /** Reads up to {@code separator}, and over it; without one the rule is wrong for the reason {@code error}. */
    String until(String separator, String error) {
        return upTo(rest.indexOf(separator), separator, error);
    }

    /** As {@link #until}, up to the last {@code separator}. */
    String untilLast(String separator, String error) {
        return upTo(rest.lastIndexOf(separator), separator, error);
    }

    private String upTo(int at, String separator, String error) {
        if (at < 0) {
            throw invalid(error);
        }
        String text = rest.substring(0, at);
        rest = rest.substring(at + separator.length());
        return text;
    }

    /** Reads {@code text} if that comes next; whether it did. */
    boolean skip(String text) {
        boolean next = rest.startsWith(text);
        if (next) {
            rest = rest.substring(text.length());
        }
        return next;
    }

    /** The port that {@code text} is, {@code least} to 65535; else the rule is wrong for the reason {@code error}. */
    int port(String text, int least, String error) {
        long number = CNumber.parse(text);
        if (number < least || number > MAX_PORT) {
            throw invalid(error);
        }
        return (int) number;
    }

    /** The rule is wrong. */
    UsageException invalid(String reason) {
        return error.apply("Invalid " + kind + " forwarding rule '" + rule + "' (" + reason + ")");
    }
}
