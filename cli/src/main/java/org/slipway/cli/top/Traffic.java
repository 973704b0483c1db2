package org.slipway.cli.top;

import java.util.Comparator;
import java.util.List;
import java.util.Map;
import java.util.function.Function;
import java.util.stream.Collectors;
import org.jspecify.annotations.Nullable;
import org.slipway.cli.top.Snapshot.Counters;
import org.slipway.cli.top.View.Drop;
import org.slipway.cli.top.View.FlowRow;
import org.slipway.cli.top.View.GuestRow;
import org.slipway.cli.top.View.Rates;

/** Makes rates of snapshots that follow on each other. One thread. */
public final class Traffic {

    /** In seconds. Over less than that a rate would say how packets happened to fall; the shortest interval is longer. */
    private static final double MIN_INTERVAL = 0.15;

    private @Nullable Snapshot before;
    private @Nullable Snapshot current;

    /** What {@code next}, which is newer than all so far, makes of what was known. */
    public View update(Snapshot next) {
        Snapshot last = current;
        if (last != null && next.uptime() < last.uptime()) {
            // Another network has taken the place of the first: no counter goes on.
            before = null;
        } else if (last != null && next.uptime() - last.uptime() >= MIN_INTERVAL) {
            before = last;
        }
        current = next;
        return view(before, next);
    }

    private static View view(@Nullable Snapshot before, Snapshot now) {
        double seconds = before == null ? Double.NaN : now.uptime() - before.uptime();
        Map<String, Counters> guests =
                before == null ? Map.of() : counters(before.guests(), Snapshot.Guest::name, Snapshot.Guest::traffic);
        Map<String, Counters> flows =
                before == null ? Map.of() : counters(before.flows(), Snapshot.Flow::name, Snapshot.Flow::traffic);
        Map<String, Long> drops = before == null ? Map.of() : before.drops();
        return new View(
                now,
                rates(before == null ? Counters.ZERO : before.traffic(), now.traffic(), seconds),
                now.drops().entrySet().stream()
                        .map(drop -> new Drop(
                                drop.getKey(),
                                drop.getValue(),
                                rate(drops.getOrDefault(drop.getKey(), 0L), drop.getValue(), seconds)))
                        .sorted(Comparator.comparingDouble(Drop::rate)
                                .thenComparingLong(Drop::count)
                                .reversed())
                        .toList(),
                now.guests().stream()
                        .map(guest -> new GuestRow(guest, rates(guests.get(guest.name()), guest.traffic(), seconds)))
                        .toList(),
                now.flows().stream()
                        .map(flow -> new FlowRow(flow, rates(flows.get(flow.name()), flow.traffic(), seconds)))
                        .toList());
    }

    private static <T> Map<String, Counters> counters(
            List<T> things, Function<T, String> name, Function<T, Counters> traffic) {
        return things.stream().collect(Collectors.toMap(name, traffic, (first, second) -> second));
    }

    /** What was not there before began at zero since then. */
    private static Rates rates(@Nullable Counters earlier, Counters now, double seconds) {
        Counters from = earlier == null ? Counters.ZERO : earlier;
        return new Rates(
                rate(from.framesUp(), now.framesUp(), seconds),
                8 * rate(from.bytesUp(), now.bytesUp(), seconds),
                rate(from.framesDown(), now.framesDown(), seconds),
                8 * rate(from.bytesDown(), now.bytesDown(), seconds));
    }

    /** A counter that went backwards began anew: its guest left and came back. What it has now is what came since. */
    private static double rate(long from, long to, double seconds) {
        return (to < from ? to : to - from) / seconds;
    }
}
