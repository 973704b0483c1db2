package org.slipway.cli;

import com.google.gson.JsonElement;
import com.google.gson.JsonObject;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.stream.Collectors;
import java.util.stream.StreamSupport;
import org.jspecify.annotations.Nullable;

/** What a network returned, as text for a person. */
final class CtlText {

    /** Makes lines of an answer. */
    @FunctionalInterface
    interface Shape {
        List<String> lines(JsonElement answer);
    }

    private CtlText() {}

    static List<String> nothing(JsonElement answer) {
        return List.of();
    }

    static List<String> line(String line) {
        return List.of(line);
    }

    static List<String> text(JsonElement answer) {
        return answer.getAsString().lines().toList();
    }

    static List<String> ports(JsonElement answer) {
        TextTable table = new TextTable("GUEST", "LINK", "MAC", "FROM GUEST", "TO GUEST", "DROPS", "PORT");
        for (JsonObject port : objects(answer)) {
            table.row(
                    text(port, "port"),
                    port.get("up").getAsBoolean() ? "up" : "down",
                    StreamSupport.stream(port.getAsJsonArray("macs").spliterator(), false)
                            .map(JsonElement::getAsString)
                            .collect(Collectors.joining(",")),
                    bytes(port, "bytes-from-guest"),
                    bytes(port, "bytes-to-guest"),
                    Long.toString(number(port, "drops-from-guest") + number(port, "drops-to-guest")),
                    text(port, "link"));
        }
        return table.lines();
    }

    static List<String> leases(JsonElement answer) {
        TextTable table = new TextTable("ADDRESS", "MAC", "HOST NAME", "LEFT");
        for (JsonObject lease : objects(answer)) {
            JsonElement left = lease.get("seconds-left");
            table.row(
                    text(lease, "address"),
                    text(lease, "mac"),
                    text(lease, "hostname"),
                    left.isJsonNull() ? "for ever" : duration(left.getAsDouble()));
        }
        return table.lines();
    }

    static List<String> flows(JsonElement answer) {
        TextTable table =
                new TextTable("FLOW", "STATE", "GUEST", "", "REMOTE", "FROM GUEST", "TO GUEST", "AGE", "IDLE", "RTT");
        for (JsonObject flow : objects(answer)) {
            table.row(
                    text(flow, "flow"),
                    text(flow, "state"),
                    endpoint(flow.getAsJsonObject("guest")),
                    flow.get("from-host").getAsBoolean() ? "<-" : "->",
                    endpoint(flow.getAsJsonObject("remote")),
                    bytes(flow, "bytes-from-guest"),
                    bytes(flow, "bytes-to-guest"),
                    duration(flow.get("age").getAsDouble()),
                    duration(flow.get("idle").getAsDouble()),
                    flow.get("rtt").isJsonNull() ? "" : duration(flow.get("rtt").getAsDouble()));
        }
        return table.lines();
    }

    static List<String> forwards(JsonElement answer) {
        TextTable table = new TextTable("PROTOCOL", "LISTENS", "GUEST", "RULE");
        for (JsonObject forward : objects(answer)) {
            table.row(
                    text(forward, "protocol"),
                    text(forward, "listens"),
                    endpoint(forward.getAsJsonObject("guest")),
                    text(forward, "rule"));
        }
        return table.lines();
    }

    static List<String> hostRecords(JsonElement answer) {
        TextTable table = new TextTable("NAME", "ADDRESSES");
        answer.getAsJsonObject()
                .entrySet()
                .forEach(record -> table.row(
                        record.getKey(),
                        record.getValue().getAsJsonArray().asList().stream()
                                .map(JsonElement::getAsString)
                                .collect(Collectors.joining(" "))));
        return table.lines();
    }

    static List<String> listening(JsonElement answer) {
        return objects(answer).stream()
                .map(forward -> text(forward, "protocol") + ": listens on " + text(forward, "listens"))
                .toList();
    }

    static List<String> statistics(JsonElement answer) {
        JsonObject statistics = answer.getAsJsonObject();
        List<String> lines = new ArrayList<>();
        lines.add(text(statistics, "guests") + " guests plugged in, " + text(statistics, "flows") + " flows, so far");
        lines.add("from guests: " + text(statistics, "frames-from-guests") + " frames, "
                + bytes(statistics, "bytes-from-guests"));
        lines.add("to guests: " + text(statistics, "frames-to-guests") + " frames, "
                + bytes(statistics, "bytes-to-guests"));
        for (Map.Entry<String, JsonElement> drop :
                statistics.getAsJsonObject("drops").entrySet()) {
            lines.add("dropped: " + drop.getValue() + " " + drop.getKey());
        }
        return lines;
    }

    static List<String> recording(JsonElement answer) {
        JsonObject recording = answer.getAsJsonObject();
        String file = textOrNull(recording, "file");
        String error = textOrNull(recording, "error");
        return List.of((file == null ? "nothing is being recorded" : "recording to " + file) + "; so far "
                + text(recording, "written") + " packets written, " + text(recording, "lost") + " lost"
                + (error == null ? "" : "; writing stopped: " + error));
    }

    private static List<JsonObject> objects(JsonElement array) {
        return array.getAsJsonArray().asList().stream()
                .map(JsonElement::getAsJsonObject)
                .toList();
    }

    private static String text(JsonObject object, String key) {
        return object.get(key).getAsString();
    }

    private static @Nullable String textOrNull(JsonObject object, String key) {
        JsonElement value = object.get(key);
        return value.isJsonNull() ? null : value.getAsString();
    }

    private static long number(JsonObject object, String key) {
        return object.get(key).getAsLong();
    }

    private static String endpoint(JsonObject endpoint) {
        String address = text(endpoint, "address");
        return (address.contains(":") ? "[" + address + "]" : address) + ":" + text(endpoint, "port");
    }

    private static String bytes(JsonObject object, String key) {
        long bytes = number(object, key);
        String[] units = {" B", " kB", " MB", " GB", " TB"};
        double value = bytes;
        int unit = 0;
        while (value >= 1000 && unit < units.length - 1) {
            value /= 1000;
            unit++;
        }
        return unit == 0 ? bytes + units[0] : String.format(Locale.ROOT, "%.1f%s", value, units[unit]);
    }

    private static String duration(double seconds) {
        if (seconds < 1) {
            return seconds < 0.001
                    ? Math.round(seconds * 1e6) + " us"
                    : String.format(Locale.ROOT, "%.1f ms", seconds * 1e3);
        }
        long whole = (long) seconds;
        return whole < 60
                ? whole + " s"
                : whole < 3600
                        ? whole / 60 + " min " + whole % 60 + " s"
                        : whole / 3600 + " h " + whole % 3600 / 60 + " min";
    }
}
