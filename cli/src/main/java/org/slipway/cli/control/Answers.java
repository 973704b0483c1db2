package org.slipway.cli.control;

import com.google.gson.JsonArray;
import com.google.gson.JsonElement;
import com.google.gson.JsonObject;
import com.google.gson.JsonPrimitive;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.function.Function;
import org.jspecify.annotations.Nullable;
import org.slipway.link.Endpoint;
import org.slipway.nat.FlowSnapshot;
import org.slipway.nat.OpenForward;
import org.slipway.network.Control.About;
import org.slipway.network.Control.GuestFlow;
import org.slipway.network.Control.HeldLease;
import org.slipway.network.NetworkSummary;
import org.slipway.network.PortSnapshot;
import org.slipway.service.Lease;
import org.slipway.wire.DropReason;
import org.slipway.wire.IpAddress;

/** What a network is, in the JSON of the control protocol. Times are seconds. */
final class Answers {

    private static final double NANOS = 1e9;

    private Answers() {}

    static <T> JsonArray list(Iterable<T> values, Function<T, JsonElement> one) {
        JsonArray array = new JsonArray();
        values.forEach(value -> array.add(one.apply(value)));
        return array;
    }

    static JsonObject network(About about) {
        JsonObject json = new JsonObject();
        json.addProperty("uptime", about.uptimeNanos() / NANOS);
        json.add("networks", list(about.networks(), network -> new JsonPrimitive(network.toString())));
        return json;
    }

    static JsonObject port(PortSnapshot port) {
        JsonObject json = new JsonObject();
        json.addProperty("port", port.name());
        json.addProperty("link", port.link());
        json.addProperty("up", port.up());
        JsonArray stations = new JsonArray();
        port.stations().forEach(mac -> stations.add(mac.toString()));
        json.add("macs", stations);
        json.addProperty("frames-from-guest", port.framesIn());
        json.addProperty("bytes-from-guest", port.bytesIn());
        json.addProperty("drops-from-guest", port.dropsIn());
        json.addProperty("frames-to-guest", port.framesOut());
        json.addProperty("bytes-to-guest", port.bytesOut());
        json.addProperty("drops-to-guest", port.dropsOut());
        return json;
    }

    static JsonObject lease(Lease lease) {
        JsonObject json = new JsonObject();
        json.addProperty("address", lease.address().toString());
        json.addProperty("mac", lease.mac().toString());
        json.addProperty("hostname", lease.hostname());
        return json;
    }

    static JsonObject lease(HeldLease held) {
        JsonObject json = lease(held.lease());
        json.addProperty(
                "seconds-left",
                held.nanosLeft() == Long.MAX_VALUE ? null : (Number) Math.round(held.nanosLeft() / NANOS));
        return json;
    }

    /** How a flow is called in requests: {@code "tcp12"}. */
    static String name(FlowSnapshot flow) {
        return protocol(flow) + flow.number();
    }

    private static String protocol(FlowSnapshot flow) {
        return flow.protocol().name().toLowerCase(Locale.ROOT);
    }

    static JsonObject flow(GuestFlow seen) {
        FlowSnapshot flow = seen.flow();
        JsonObject json = new JsonObject();
        json.addProperty("flow", name(flow));
        json.addProperty("protocol", protocol(flow));
        json.addProperty("state", flow.state());
        json.addProperty("from-host", flow.fromHost());
        json.addProperty("port", seen.port());
        json.add("guest", endpoint(flow.guest(), flow.guestPort()));
        json.add("remote", endpoint(flow.remote(), flow.remotePort()));
        json.addProperty("age", flow.ageNanos() / NANOS);
        json.addProperty("idle", flow.idleNanos() / NANOS);
        json.addProperty("packets-from-guest", flow.packetsFromGuest());
        json.addProperty("bytes-from-guest", flow.bytesFromGuest());
        json.addProperty("packets-to-guest", flow.packetsToGuest());
        json.addProperty("bytes-to-guest", flow.bytesToGuest());
        json.addProperty("queued-from-guest", flow.queuedFromGuest());
        json.addProperty("queued-to-guest", flow.queuedToGuest());
        json.addProperty("rtt", flow.rttNanos() == 0 ? null : (Number) (flow.rttNanos() / NANOS));
        return json;
    }

    private static JsonObject endpoint(IpAddress address, int port) {
        JsonObject json = new JsonObject();
        json.addProperty("address", address.toString());
        json.addProperty("port", port);
        return json;
    }

    static JsonObject forward(OpenForward forward) {
        JsonObject json = new JsonObject();
        json.addProperty("rule", forward.rule().description());
        json.addProperty("protocol", forward.rule().protocol().name().toLowerCase(Locale.ROOT));
        json.addProperty("listens", Endpoint.text(forward.local()));
        json.add("guest", endpoint(forward.guest(), forward.rule().guestPort()));
        return json;
    }

    static JsonObject hostRecords(Map<String, List<IpAddress>> records) {
        JsonObject json = new JsonObject();
        records.forEach((name, addresses) -> {
            JsonArray array = new JsonArray();
            addresses.forEach(address -> array.add(address.toString()));
            json.add(name, array);
        });
        return json;
    }

    static JsonObject statistics(NetworkSummary summary) {
        JsonObject json = new JsonObject();
        json.addProperty("guests", summary.guests());
        json.addProperty("flows", summary.flows());
        json.addProperty("frames-from-guests", summary.framesFromGuests());
        json.addProperty("bytes-from-guests", summary.bytesFromGuests());
        json.addProperty("frames-to-guests", summary.framesToGuests());
        json.addProperty("bytes-to-guests", summary.bytesToGuests());
        json.add("drops", drops(summary.drops()));
        return json;
    }

    static JsonObject drops(Map<DropReason, Long> counts) {
        JsonObject drops = new JsonObject();
        counts.forEach((reason, count) ->
                drops.addProperty(reason.name().toLowerCase(Locale.ROOT).replace('_', '-'), count));
        return drops;
    }

    static JsonObject recording(@Nullable Object file, NetworkSummary.@Nullable Recording all) {
        JsonObject json = new JsonObject();
        json.addProperty("file", file == null ? null : file.toString());
        json.addProperty("captured", all == null ? 0 : all.captured());
        json.addProperty("written", all == null ? 0 : all.written());
        json.addProperty("lost", all == null ? 0 : all.lost());
        json.addProperty("error", all == null ? null : all.error());
        return json;
    }
}
