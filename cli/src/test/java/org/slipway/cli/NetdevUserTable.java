package org.slipway.cli;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.function.UnaryOperator;
import java.util.regex.MatchResult;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/**
 * The table of docs/netdev-user.md: strings for {@code -netdev}, what QEMU says to them, and what Slipway does. Tests read
 * it, so that it stays true.
 */
final class NetdevUserTable {

    /**
     * One line of it.
     *
     * @param text the string, {@code a*300} in it stands for 300 times an a
     * @param qemu {@code ok} and warnings, or {@code error: } and the text
     * @param slipway facts of the network, or {@code error: } and the text
     * @param remark how they differ, and why
     */
    record Row(String text, String qemu, String slipway, String remark) {

        private static final Pattern REPEATED = Pattern.compile("([a-z])\\*([0-9]+)");

        /** The string as it is meant. */
        String expanded() {
            return REPEATED.matcher(text).replaceAll(many -> many.group(1).repeat(Integer.parseInt(many.group(2))));
        }

        @Override
        public String toString() {
            return text;
        }
    }

    static final Path FILE = Path.of(System.getProperty("slipway.root", ".."), "docs/netdev-user.md");

    private static final Pattern ROW =
            Pattern.compile("(?m)^\\| `(user[^`]*)` \\| `([^`]*)` \\| `([^`]*)` \\| ?(.*)\\|$");

    private NetdevUserTable() {}

    static List<Row> rows() {
        Matcher matcher = ROW.matcher(read());
        List<Row> rows = new ArrayList<>();
        while (matcher.find()) {
            rows.add(row(matcher));
        }
        return rows;
    }

    private static Row row(MatchResult match) {
        return new Row(
                match.group(1), match.group(2), match.group(3), match.group(4).strip());
    }

    private static String read() {
        try {
            return Files.readString(FILE);
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    /** Writes the table anew, when the build is asked to. */
    static void refresh(UnaryOperator<Row> actual) {
        if (!Boolean.getBoolean("slipway.docs.write")) {
            return;
        }
        String text = ROW.matcher(read()).replaceAll(match -> Matcher.quoteReplacement(line(actual.apply(row(match)))));
        try {
            Files.writeString(FILE, text);
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    private static String line(Row row) {
        return "| `" + row.text + "` | `" + row.qemu + "` | `" + row.slipway + "` | " + row.remark
                + (row.remark.isEmpty() ? "|" : " |");
    }
}
