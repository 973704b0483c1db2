package org.slipway.cli.top;

import java.util.List;

/** Cells under heads, not yet laid out. */
public record Table(List<Column> columns, List<List<String>> rows) {

    /**
     * A column.
     *
     * @param head its title
     * @param width it has at least, so that it does not jump while numbers change
     * @param right whether its cells stand on the right
     * @param shrinks whether cells may be cut, for they are long
     * @param rank columns of the highest rank are left out first where the screen is narrow
     */
    record Column(String head, int width, boolean right, boolean shrinks, int rank) {

        static Column text(String head, int width, int rank) {
            return new Column(head, width, false, false, rank);
        }

        static Column address(String head, int width, int rank) {
            return new Column(head, width, false, true, rank);
        }

        static Column number(String head, int width, int rank) {
            return new Column(head, width, true, false, rank);
        }
    }

    /** The titles. */
    public List<String> heads() {
        return columns.stream().map(Column::head).toList();
    }
}
