package org.slipway.cli.top;

import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.stream.IntStream;
import org.slipway.cli.top.Table.Column;

/** Fits a table into a width: leaves columns out, then cuts cells. */
final class TableLayout {

    /** An IPv4 address and port; longer ones are cut before a column is left out. */
    private static final int ADDRESS_WIDTH = 21;

    private final Table table;

    /** Of each column; -1 where it is left out. */
    private final int[] widths;

    private TableLayout(Table table, int[] widths) {
        this.table = table;
        this.widths = widths;
    }

    static TableLayout of(Table table, int width) {
        List<Column> columns = table.columns();
        int[] natural = new int[columns.size()];
        for (int i = 0; i < natural.length; i++) {
            natural[i] = natural(table, i);
        }
        List<Integer> dispensable = IntStream.range(0, natural.length)
                .boxed()
                .filter(i -> columns.get(i).rank() > 0)
                .sorted(Comparator.comparingInt((Integer i) -> -columns.get(i).rank())
                        .thenComparing(Comparator.reverseOrder()))
                .toList();
        for (int i : dispensable) {
            if (total(natural, columns) <= width) {
                break;
            }
            natural[i] = -1;
        }
        shrink(natural, columns, width);
        return new TableLayout(table, natural);
    }

    private static int natural(Table table, int column) {
        Column of = table.columns().get(column);
        int widest = Math.max(of.width(), of.head().length());
        for (List<String> row : table.rows()) {
            widest = Math.max(widest, row.get(column).length());
        }
        return widest;
    }

    /** The width without what can be cut, where they are longer than an address. */
    private static int total(int[] widths, List<Column> columns) {
        int total = -1;
        for (int i = 0; i < widths.length; i++) {
            if (widths[i] >= 0) {
                Column column = columns.get(i);
                total += 1 + (column.shrinks() ? Math.min(widths[i], ADDRESS_WIDTH) : widths[i]);
            }
        }
        return total;
    }

    /** Takes from the widest that can be cut until all fits. */
    private static void shrink(int[] widths, List<Column> columns, int width) {
        while (used(widths) > width) {
            int widest = -1;
            for (int i = 0; i < widths.length; i++) {
                if (columns.get(i).shrinks() && widths[i] > 1 && (widest < 0 || widths[i] > widths[widest])) {
                    widest = i;
                }
            }
            if (widest < 0) {
                return;
            }
            widths[widest]--;
        }
    }

    private static int used(int[] widths) {
        return IntStream.of(widths)
                        .filter(width -> width >= 0)
                        .map(width -> width + 1)
                        .sum()
                - 1;
    }

    /** The titles. */
    String head() {
        return line(table.heads());
    }

    String row(int index) {
        return line(table.rows().get(index));
    }

    private String line(List<String> cells) {
        List<String> parts = new ArrayList<>();
        for (int i = 0; i < widths.length; i++) {
            if (widths[i] >= 0) {
                String cell = cut(cells.get(i), widths[i]);
                String space = " ".repeat(widths[i] - cell.length());
                parts.add(table.columns().get(i).right() ? space + cell : cell + space);
            }
        }
        return String.join(" ", parts);
    }

    /** Leaves out of the middle: of addresses the end matters, too. */
    private static String cut(String cell, int width) {
        if (cell.length() <= width) {
            return cell;
        }
        int tail = (width - 1) / 2;
        return cell.substring(0, width - 1 - tail) + "~" + cell.substring(cell.length() - tail);
    }
}
