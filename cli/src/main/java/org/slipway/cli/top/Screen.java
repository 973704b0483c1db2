package org.slipway.cli.top;

import java.util.ArrayList;
import java.util.List;
import org.slipway.cli.top.Line.Style;
import org.slipway.cli.top.View.FlowRow;

/** What stands on a screen of a given size: as many lines as it is high, each as long as it is wide. */
final class Screen {

    static final int MIN_WIDTH = 40;
    static final int MIN_HEIGHT = 12;

    /** Lines besides those of guests and flows: three of the head, two titles and two heads of tables, one at the bottom. */
    private static final int FIXED_LINES = 8;

    private static final List<String> HELP = List.of(
            "  up, down, page up, page down    select a flow; Escape selects none",
            "  home, end                       the first and the last flow",
            "  s, S, right, left               sort by the next or the previous column",
            "  r                               reverse the order",
            "  f, /                            show only flows with a text in them",
            "  k                               end the selected flow, when confirmed",
            "  p, space                        pause, and go on",
            "  +, -                            look less or more often",
            "  Ctrl-L                          draw anew",
            "  q, Ctrl-C                       quit",
            "",
            "  Up is from guests, down is to guests: bits a second (b).",
            "  > goes out from a guest, < came in over a forward.");

    private final int width;
    private final int height;

    Screen(int width, int height) {
        this.width = width;
        this.height = height;
    }

    private boolean tooSmall() {
        return width < MIN_WIDTH || height < MIN_HEIGHT;
    }

    /** Guests have a third of the room. */
    private int guestLines(View view) {
        return Math.min(view.guests().size(), (height - FIXED_LINES) / 3);
    }

    /** How many flows there is room for. */
    int flowLines(View view) {
        return Math.max(1, height - FIXED_LINES - guestLines(view));
    }

    List<Line> lines(View view, Session session) {
        List<Line> lines = new ArrayList<>();
        if (tooSmall()) {
            lines.add(line(Style.PLAIN, "Too small: " + width + "x" + height));
            lines.add(line(Style.PLAIN, "needs " + MIN_WIDTH + "x" + MIN_HEIGHT + "; q quits"));
        } else if (session.helping()) {
            lines.add(line(Style.HEAD, "Keys of slipway top"));
            HELP.forEach(text -> lines.add(line(Style.PLAIN, text)));
        } else {
            head(lines, view, session);
            guests(lines, view);
            flows(lines, view, session);
        }
        return fit(lines, session);
    }

    private List<Line> fit(List<Line> lines, Session session) {
        int room = tooSmall() ? height : height - 1;
        while (lines.size() < room) {
            lines.add(line(Style.PLAIN, ""));
        }
        List<Line> fitting = new ArrayList<>(lines.subList(0, room));
        if (!tooSmall()) {
            fitting.add(line(session.urgent() ? Style.WARNING : Style.BOLD, session.bottom()));
        }
        return fitting;
    }

    private Line line(Style style, String text) {
        return Line.of(style, text, width);
    }

    private void head(List<Line> lines, View view, Session session) {
        Snapshot now = view.now();
        List<String> texts = Heading.lines(view);
        String right = (session.paused() ? "PAUSED  " : "") + "every "
                + session.interval().text();
        String left = texts.get(0);
        int gap = width - left.length() - right.length();
        lines.add(line(Style.BOLD, gap < 2 ? left : left + " ".repeat(gap) + right));
        lines.add(line(Style.PLAIN, texts.get(1)));
        lines.add(line(Style.PLAIN, texts.get(2)));
    }

    private void guests(List<Line> lines, View view) {
        int shown = guestLines(view);
        int all = view.guests().size();
        lines.add(line(Style.BOLD, "Guests: " + all + (shown < all ? ", of which " + shown + " are shown" : "")));
        TableLayout layout = TableLayout.of(Tables.guests(view.guests()), width);
        lines.add(line(Style.HEAD, layout.head()));
        for (int i = 0; i < shown; i++) {
            lines.add(line(Style.PLAIN, layout.row(i)));
        }
    }

    private void flows(List<Line> lines, View view, Session session) {
        List<FlowRow> flows = session.shown(view.flows());
        int page = flowLines(view);
        int selected = session.selected(flows);
        // Whole pages: what is selected moves over the screen, and not the screen under it.
        int first = Math.max(0, selected) / page * page;
        lines.add(line(Style.BOLD, title(view, session, flows.size(), first, page)));
        TableLayout layout = TableLayout.of(Tables.flows(flows), width);
        lines.add(line(Style.HEAD, layout.head()));
        for (int i = first; i < Math.min(flows.size(), first + page); i++) {
            lines.add(line(i == selected ? Style.SELECTED : Style.PLAIN, layout.row(i)));
        }
    }

    private static String title(View view, Session session, int matching, int first, int page) {
        int all = view.flows().size();
        StringBuilder title =
                new StringBuilder("Flows: ").append(all).append(", by ").append(session.order());
        if (!session.filter().isEmpty()) {
            title.append(", ")
                    .append(matching)
                    .append(" with '")
                    .append(session.filter())
                    .append('\'');
        }
        if (matching > page) {
            title.append(", ").append(first + 1).append(" to ").append(Math.min(matching, first + page));
        }
        return title.toString();
    }
}
