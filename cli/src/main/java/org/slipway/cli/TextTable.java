package org.slipway.cli;

import java.util.ArrayList;
import java.util.List;

/** Rows of text in columns as wide as they have to be, two spaces apart. */
final class TextTable {

    private final List<List<String>> rows = new ArrayList<>();
    private final int columns;

    TextTable(String... head) {
        columns = head.length;
        rows.add(List.of(head));
    }

    /** Adds a row with as many cells as there are columns. */
    TextTable row(String... cells) {
        if (cells.length != columns) {
            throw new IllegalArgumentException(cells.length + " cells for " + columns + " columns");
        }
        rows.add(List.of(cells));
        return this;
    }

    /** The lines, the head first, without spaces at their ends. */
    List<String> lines() {
        int[] widths = new int[columns];
        for (List<String> row : rows) {
            for (int i = 0; i < columns; i++) {
                widths[i] = Math.max(widths[i], row.get(i).length());
            }
        }
        return rows.stream().map(row -> line(row, widths)).toList();
    }

    private static String line(List<String> row, int[] widths) {
        StringBuilder line = new StringBuilder();
        for (int i = 0; i < widths.length; i++) {
            line.append(row.get(i)).append(" ".repeat(widths[i] - row.get(i).length() + 2));
        }
        return line.toString().stripTrailing();
    }
}
