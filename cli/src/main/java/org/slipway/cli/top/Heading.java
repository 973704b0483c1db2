package org.slipway.cli.top;

import java.util.List;
import java.util.stream.Collectors;

/** The network as a whole, in three lines. */
public final class Heading {

    /** More would not fit. */
    private static final int MAX_REASONS = 8;

    private Heading() {}

    /** The lines, as long as they are. */
    public static List<String> lines(View view) {
        Snapshot now = view.now();
        String networks = now.networks().isEmpty() ? "no gateway" : String.join(" ", now.networks());
        return List.of(
                "slipway top  " + networks + "  up " + Amounts.age(now.uptime()),
                "Up " + direction(view.total().bitsUp(), now.traffic().bytesUp()) + "   Down "
                        + direction(view.total().bitsDown(), now.traffic().bytesDown()) + "   Flows "
                        + now.flows().size() + " of " + now.flowsEver() + " so far",
                "Drops " + view.dropped() + ", " + rate(view.dropRate())
                        + view.drops().stream()
                                .limit(MAX_REASONS)
                                .map(drop -> drop.reason() + " " + drop.count()
                                        + (drop.rate() > 0 ? " (" + rate(drop.rate()) + ")" : ""))
                                .collect(Collectors.joining(", ", view.drops().isEmpty() ? "" : ": ", "")));
    }

    private static String direction(double bits, long bytes) {
        return Amounts.bitRate(bits) + ", " + Amounts.size(bytes);
    }

    private static String rate(double rate) {
        return Amounts.frequency(rate) + "/s";
    }
}
