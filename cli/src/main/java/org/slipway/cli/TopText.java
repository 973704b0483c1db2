package org.slipway.cli;

import java.util.ArrayList;
import java.util.List;
import org.slipway.cli.top.Heading;
import org.slipway.cli.top.SortKey;
import org.slipway.cli.top.Table;
import org.slipway.cli.top.Tables;
import org.slipway.cli.top.View;

/** What {@code slipway top} shows, as text that is printed once. */
final class TopText {

    private TopText() {}

    static List<String> lines(View view, SortKey sort) {
        List<String> lines = new ArrayList<>(Heading.lines(view));
        lines.add("");
        add(lines, Tables.guests(view.guests()));
        lines.add("");
        add(lines, Tables.flows(sort.sorted(view.flows())));
        return lines;
    }

    private static void add(List<String> lines, Table table) {
        TextTable text = new TextTable(table.heads().toArray(String[]::new));
        table.rows().forEach(row -> text.row(row.toArray(String[]::new)));
        lines.addAll(text.lines());
    }
}
