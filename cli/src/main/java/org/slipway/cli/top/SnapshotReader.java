package org.slipway.cli.top;

import com.google.gson.JsonElement;
import com.google.gson.JsonObject;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import org.slipway.cli.top.Snapshot.Counters;
import org.slipway.cli.top.Snapshot.Flow;
import org.slipway.cli.top.Snapshot.Guest;

/** Makes a snapshot of the answers of the control protocol. */
final class SnapshotReader {

    private SnapshotReader() {}

    /**
     * Reads what {@code query-network}, {@code query-statistics}, {@code query-ports}, {@code query-leases} and
     * {@code query-flows} returned.
     *
     * @throws RuntimeException if they are not of the protocol
     */
    static Snapshot read(
            JsonElement network, JsonElement statistics, JsonElement ports, JsonElement leases, JsonElement flows) {
        JsonObject about = network.getAsJsonObject();
        JsonObject totals = statistics.getAsJsonObject();
        Map<String, Long> drops = new TreeMap<>();
        totals.getAsJsonObject("drops")
                .entrySet()
                .forEach(drop ->
                        drops.put(Printable.of(drop.getKey()), drop.getValue().getAsLong()));
        List<JsonObject> held = objects(leases);
        return new Snapshot(
                about.get("uptime").getAsDouble(),
                strings(about.get("networks")),
                totals.get("flows").getAsLong(),
                new Counters(
                        totals.get("frames-from-guests").getAsLong(),
                        totals.get("bytes-from-guests").getAsLong(),
                        totals.get("frames-to-guests").getAsLong(),
                        totals.get("bytes-to-guests").getAsLong()),
                drops,
                objects(ports).stream().map(port -> guest(port, held)).toList(),
                objects(flows).stream().map(SnapshotReader::flow).toList());
    }

    private static Guest guest(JsonObject port, List<JsonObject> leases) {
        List<String> macs = strings(port.get("macs"));
        List<String> addresses = new ArrayList<>();
        String hostname = "";
        for (JsonObject lease : leases) {
            if (macs.contains(text(lease, "mac"))) {
                String address = text(lease, "address");
                addresses.add(address.contains(":") ? addresses.size() : 0, address);
                hostname = hostname.isEmpty() ? text(lease, "hostname") : hostname;
            }
        }
        return new Guest(
                text(port, "port"),
                port.get("up").getAsBoolean(),
                macs,
                addresses,
                hostname,
                new Counters(
                        port.get("frames-from-guest").getAsLong(),
                        port.get("bytes-from-guest").getAsLong(),
                        port.get("frames-to-guest").getAsLong(),
                        port.get("bytes-to-guest").getAsLong()),
                port.get("drops-from-guest").getAsLong()
                        + port.get("drops-to-guest").getAsLong());
    }

    private static Flow flow(JsonObject flow) {
        JsonElement port = flow.get("port");
        JsonElement rtt = flow.get("rtt");
        return new Flow(
                text(flow, "flow"),
                text(flow, "state"),
                flow.get("from-host").getAsBoolean(),
                port.isJsonNull() ? null : Printable.of(port.getAsString()),
                endpoint(flow.getAsJsonObject("guest")),
                endpoint(flow.getAsJsonObject("remote")),
                flow.get("age").getAsDouble(),
                new Counters(
                        flow.get("packets-from-guest").getAsLong(),
                        flow.get("bytes-from-guest").getAsLong(),
                        flow.get("packets-to-guest").getAsLong(),
                        flow.get("bytes-to-guest").getAsLong()),
                rtt.isJsonNull() ? null : (Double) rtt.getAsDouble());
    }

    private static String endpoint(JsonObject endpoint) {
        String address = text(endpoint, "address");
        return (address.contains(":") ? "[" + address + "]" : address) + ":"
                + endpoint.get("port").getAsInt();
    }

    private static String text(JsonObject object, String key) {
        return Printable.of(object.get(key).getAsString());
    }

    private static List<String> strings(JsonElement array) {
        return array.getAsJsonArray().asList().stream()
                .map(element -> Printable.of(element.getAsString()))
                .toList();
    }

    private static List<JsonObject> objects(JsonElement array) {
        return array.getAsJsonArray().asList().stream()
                .map(JsonElement::getAsJsonObject)
                .toList();
    }
}
