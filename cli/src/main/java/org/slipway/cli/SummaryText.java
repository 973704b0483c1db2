package org.slipway.cli;

import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.stream.Collectors;
import org.slipway.network.NetworkSummary;
import org.slipway.network.NetworkSummary.Recording;
import org.slipway.wire.DropReason;

/** Says in lines what a network did. */
final class SummaryText {

    private SummaryText() {}

    /** The lines for the end of a network that carried what {@code summary} says. */
    static List<String> lines(NetworkSummary summary) {
        List<String> lines = new ArrayList<>();
        lines.add(count(summary.guests(), "guest") + ", " + count(summary.flows(), "flow"));
        lines.add(count(summary.framesFromGuests(), "frame") + " (" + count(summary.bytesFromGuests(), "byte")
                + ") from guests, " + count(summary.framesToGuests(), "frame") + " ("
                + count(summary.bytesToGuests(), "byte") + ") to guests");
        long dropped =
                summary.drops().values().stream().mapToLong(Long::longValue).sum();
        if (dropped > 0) {
            lines.add(count(dropped, "drop") + ": " + reasons(summary.drops()));
        }
        return lines;
    }

    /** The line on a recording in {@code file}. */
    static String recording(Recording recording, Path file) {
        String error = recording.error();
        return count(recording.captured(), "packet") + " captured, " + recording.written() + " written to " + file
                + ", " + recording.lost() + " lost" + (error == null ? "" : ": " + error);
    }

    private static String reasons(Map<DropReason, Long> drops) {
        return drops.entrySet().stream()
                .filter(entry -> entry.getValue() > 0)
                .sorted(Map.Entry.<DropReason, Long>comparingByValue()
                        .reversed()
                        .thenComparing(Map.Entry.comparingByKey()))
                .map(entry -> entry.getValue() + " " + entry.getKey().label())
                .collect(Collectors.joining(", "));
    }

    private static String count(long number, String what) {
        return number + " " + what + (number == 1 ? "" : "s");
    }
}
