package org.slipway.cli.top;

import java.util.Arrays;
import java.util.Comparator;
import java.util.List;
import java.util.Locale;
import java.util.stream.Collectors;
import org.jspecify.annotations.Nullable;
import org.slipway.cli.top.View.FlowRow;

/** What flows are sorted by: numbers with the greatest first, text from A on. */
public enum SortKey {
    RATE(Comparator.comparingDouble((FlowRow row) -> row.rates().bits()).reversed()),
    UP(Comparator.comparingDouble((FlowRow row) -> row.rates().bitsUp()).reversed()),
    DOWN(Comparator.comparingDouble((FlowRow row) -> row.rates().bitsDown()).reversed()),
    TOTAL(Comparator.comparingLong(FlowRow::bytes).reversed()),
    RTT(Comparator.comparingDouble(SortKey::rtt).reversed()),
    AGE(Comparator.comparingDouble((FlowRow row) -> row.flow().age()).reversed()),
    FLOW(SortKey::compareNames),
    GUEST(Comparator.comparing((FlowRow row) -> row.flow().guest())),
    DESTINATION(Comparator.comparing((FlowRow row) -> row.flow().remote())),
    STATE(Comparator.comparing((FlowRow row) -> row.flow().state()));

    private final Comparator<FlowRow> order;

    SortKey(Comparator<FlowRow> order) {
        // Rows that are alike keep their places from one snapshot to the next.
        this.order = order.thenComparing(SortKey::compareNames);
    }

    Comparator<FlowRow> order() {
        return order;
    }

    /** {@code flows} in this order. */
    public List<FlowRow> sorted(List<FlowRow> flows) {
        return flows.stream().sorted(order).toList();
    }

    private static double rtt(FlowRow row) {
        Double rtt = row.flow().rtt();
        return rtt == null ? -1 : rtt;
    }

    /** tcp9 stands before tcp10, and icmp before tcp. */
    private static int compareNames(FlowRow a, FlowRow b) {
        String first = a.flow().name();
        String second = b.flow().name();
        int protocols = first.replaceAll("[0-9]", "").compareTo(second.replaceAll("[0-9]", ""));
        if (protocols != 0) {
            return protocols;
        }
        return first.length() != second.length() ? first.length() - second.length() : first.compareTo(second);
    }

    SortKey next(int step) {
        return values()[Math.floorMod(ordinal() + step, values().length)];
    }

    /** The name on the command line and on the screen. */
    String label() {
        return name().toLowerCase(Locale.ROOT);
    }

    /** The key of that name, or null. */
    public static @Nullable SortKey of(String label) {
        return Arrays.stream(values())
                .filter(key -> key.label().equals(label))
                .findFirst()
                .orElse(null);
    }

    /** All names, for a message. */
    public static String labels() {
        return Arrays.stream(values()).map(SortKey::label).collect(Collectors.joining(", "));
    }
}
