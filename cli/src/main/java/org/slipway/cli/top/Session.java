package org.slipway.cli.top;

import java.util.Comparator;
import java.util.List;
import java.util.Locale;
import org.jspecify.annotations.Nullable;
import org.slipway.cli.top.View.FlowRow;

/** What the user chose, and what each key changes of it. */
final class Session {

    /** What is left to do after a key. */
    enum Action {
        /** Show what has changed. */
        SHOW,
        /** Write the whole screen again. */
        REDRAW,
        /** Ask the network now, and from now on at {@link #interval}, or not at all while {@link #paused}. */
        POLL,
        /** End the flow {@link #victim}. */
        KILL,
        QUIT
    }

    private enum Mode {
        /** Keys are commands. */
        BROWSE,
        /** Keys are text to filter by. */
        FILTER,
        /** The next key says whether the flow is ended. */
        CONFIRM,
        /** The keys are explained until the next one. */
        HELP
    }

    private static final int MAX_FILTER = 40;
    private static final String KEYS = "q quit  s sort  r reverse  f filter  k kill  p pause  ? help";

    private Mode mode = Mode.BROWSE;
    private SortKey sort;
    private boolean reversed;
    private boolean paused;
    private Interval interval;
    private String filter = "";

    /** The flow under the cursor, and where it stood when last seen: what follows on a flow that ends is selected then. */
    private @Nullable String selected;

    private int selectedAt;
    private String victim = "";
    private String said = "";
    private String lost = "";

    Session(SortKey sort, Interval interval) {
        this.sort = sort;
        this.interval = interval;
    }

    // ---- what was chosen

    boolean helping() {
        return mode == Mode.HELP;
    }

    boolean paused() {
        return paused;
    }

    Interval interval() {
        return interval;
    }

    String filter() {
        return filter;
    }

    /** The flow to end. */
    String victim() {
        return victim;
    }

    String order() {
        return sort.label() + (reversed ? " (reversed)" : "");
    }

    /** Those of {@code flows} that are wanted, sorted. */
    List<FlowRow> shown(List<FlowRow> flows) {
        Comparator<FlowRow> order = reversed ? sort.order().reversed() : sort.order();
        return flows.stream().filter(this::matches).sorted(order).toList();
    }

    private boolean matches(FlowRow row) {
        Snapshot.Flow flow = row.flow();
        String all = String.join(
                "\n", flow.name(), flow.guest(), flow.remote(), flow.state(), flow.port() == null ? "" : flow.port());
        return all.toLowerCase(Locale.ROOT).contains(filter.toLowerCase(Locale.ROOT));
    }

    /** Which of {@code shown} is selected, or -1. */
    int selected(List<FlowRow> shown) {
        if (selected == null || shown.isEmpty()) {
            return -1;
        }
        for (int i = 0; i < shown.size(); i++) {
            if (shown.get(i).flow().name().equals(selected)) {
                return i;
            }
        }
        return Math.min(selectedAt, shown.size() - 1);
    }

    // ---- the last line

    /** Says {@code text} until the next key. */
    void say(String text) {
        said = Printable.of(text);
    }

    /** The network does not answer, for {@code reason}; empty when it does again. */
    void lost(String reason) {
        lost = Printable.of(reason);
    }

    /** Whether the last line is no mere help. */
    boolean urgent() {
        return mode == Mode.CONFIRM || !lost.isEmpty();
    }

    String bottom() {
        return switch (mode) {
            case FILTER -> "Show flows with: " + filter + "_   (Enter: done, Escape: all)";
            case CONFIRM -> "End " + victim + "? Both sides are reset. (y/n)";
            case HELP -> "Any key goes back";
            case BROWSE ->
                !lost.isEmpty() ? "No answer, trying again: " + lost + " (q quits)" : said.isEmpty() ? KEYS : said;
        };
    }

    // ---- keys

    /**
     * Does what {@code key} means.
     *
     * @param all the flows there are
     * @param page how many flows the screen has room for
     */
    Action press(Key key, List<FlowRow> all, int page) {
        said = "";
        if (key.type() == Key.Type.INTERRUPT) {
            return Action.QUIT;
        }
        if (key.type() == Key.Type.REDRAW) {
            return Action.REDRAW;
        }
        return switch (mode) {
            case FILTER -> filter(key);
            case CONFIRM -> confirm(key);
            case HELP -> {
                mode = Mode.BROWSE;
                yield Action.SHOW;
            }
            case BROWSE -> browse(key, shown(all), page);
        };
    }

    private Action filter(Key key) {
        switch (key.type()) {
            case CHARACTER -> {
                if (filter.length() < MAX_FILTER) {
                    filter += key.letter();
                }
            }
            case BACKSPACE -> filter = filter.substring(0, Math.max(0, filter.length() - 1));
            case ENTER -> mode = Mode.BROWSE;
            case ESCAPE -> {
                filter = "";
                mode = Mode.BROWSE;
            }
            default -> {}
        }
        return Action.SHOW;
    }

    private Action confirm(Key key) {
        mode = Mode.BROWSE;
        boolean yes = key.letter() == 'y' || key.letter() == 'Y';
        if (!yes) {
            say(victim + " goes on");
        }
        return yes ? Action.KILL : Action.SHOW;
    }

    private Action browse(Key key, List<FlowRow> shown, int page) {
        int at = selected(shown);
        switch (key.type()) {
            case CHARACTER -> {
                return command(key.letter(), shown, at);
            }
            case UP -> select(shown, at < 0 ? 0 : at - 1);
            case DOWN -> select(shown, at + 1);
            case PAGE_UP -> select(shown, at - page);
            case PAGE_DOWN -> select(shown, Math.max(at, 0) + page);
            case HOME -> select(shown, 0);
            case END -> select(shown, shown.size() - 1);
            case LEFT -> sort = sort.next(-1);
            case RIGHT -> sort = sort.next(1);
            case ESCAPE -> selected = null;
            default -> {}
        }
        return Action.SHOW;
    }

    private Action command(char letter, List<FlowRow> shown, int at) {
        switch (letter) {
            case 'q', 'Q' -> {
                return Action.QUIT;
            }
            case 's' -> sort = sort.next(1);
            case 'S' -> sort = sort.next(-1);
            case 'r' -> reversed = !reversed;
            case 'f', '/' -> mode = Mode.FILTER;
            case 'h', '?' -> mode = Mode.HELP;
            case 'k' -> ask(shown, at);
            case 'p', ' ' -> {
                paused = !paused;
                return Action.POLL;
            }
            case '+', '=' -> {
                interval = interval.longer();
                return Action.POLL;
            }
            case '-' -> {
                interval = interval.shorter();
                return Action.POLL;
            }
            default -> {}
        }
        return Action.SHOW;
    }

    private void ask(List<FlowRow> shown, int at) {
        if (at < 0) {
            say("Select a flow first, by the arrow keys");
            return;
        }
        victim = shown.get(at).flow().name();
        mode = Mode.CONFIRM;
    }

    private void select(List<FlowRow> shown, int index) {
        if (!shown.isEmpty()) {
            selectedAt = Math.max(0, Math.min(index, shown.size() - 1));
            selected = shown.get(selectedAt).flow().name();
        }
    }
}
