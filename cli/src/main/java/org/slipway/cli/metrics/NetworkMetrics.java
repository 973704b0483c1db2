package org.slipway.cli.metrics;

import io.prometheus.metrics.model.snapshots.CounterSnapshot;
import io.prometheus.metrics.model.snapshots.CounterSnapshot.CounterDataPointSnapshot;
import io.prometheus.metrics.model.snapshots.GaugeSnapshot;
import io.prometheus.metrics.model.snapshots.GaugeSnapshot.GaugeDataPointSnapshot;
import io.prometheus.metrics.model.snapshots.Labels;
import io.prometheus.metrics.model.snapshots.MetricSnapshots;
import java.util.EnumMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.function.ToDoubleFunction;
import org.slipway.nat.FlowSnapshot.Protocol;
import org.slipway.network.Control;
import org.slipway.network.NetworkSummary;
import org.slipway.network.PortSnapshot;

/** The metrics of a network at a moment; docs/metrics.md has their names. */
final class NetworkMetrics {

    private NetworkMetrics() {}

    /** Asks the network; waits for it. */
    static MetricSnapshots of(Control control) {
        List<PortSnapshot> ports = control.ports();
        NetworkSummary summary = control.summary();
        MetricSnapshots.Builder metrics = MetricSnapshots.builder();
        metrics.metricSnapshot(gauge("slipway_guests", "Guests that are plugged in.", ports.size()));
        metrics.metricSnapshot(gauge(
                "slipway_leases",
                "Addresses that guests hold.",
                control.leases().size()));
        metrics.metricSnapshot(flows(control));
        metrics.metricSnapshot(counter("slipway_flows_opened", "Flows that were ever opened.", summary.flows()));
        metrics.metricSnapshot(counter("slipway_plugged", "How often a guest plugged in.", summary.guests()));
        metrics.metricSnapshot(ofGuests(
                "slipway_guest_frames",
                "Ethernet frames of a guest that is plugged in.",
                ports,
                PortSnapshot::framesIn,
                PortSnapshot::framesOut));
        metrics.metricSnapshot(ofGuests(
                "slipway_guest_bytes", "Bytes of these frames.", ports, PortSnapshot::bytesIn, PortSnapshot::bytesOut));
        metrics.metricSnapshot(ofGuests(
                "slipway_guest_dropped_frames",
                "Of these frames, those that were dropped.",
                ports,
                PortSnapshot::dropsIn,
                PortSnapshot::dropsOut));
        metrics.metricSnapshot(drops(summary));
        NetworkSummary.Recording recording = summary.recording();
        if (recording != null) {
            metrics.metricSnapshot(counter(
                    "slipway_recorded_packets", "Packets that were written to recordings.", recording.written()));
            metrics.metricSnapshot(
                    counter("slipway_recording_lost_packets", "Packets that recordings lack.", recording.lost()));
        }
        return metrics.build();
    }

    private static GaugeSnapshot gauge(String name, String help, double value) {
        return GaugeSnapshot.builder()
                .name(name)
                .help(help)
                .dataPoint(GaugeDataPointSnapshot.builder().value(value).build())
                .build();
    }

    private static CounterSnapshot counter(String name, String help, double value) {
        return CounterSnapshot.builder()
                .name(name)
                .help(help)
                .dataPoint(point(Labels.EMPTY, value))
                .build();
    }

    private static CounterDataPointSnapshot point(Labels labels, double value) {
        return CounterDataPointSnapshot.builder().labels(labels).value(value).build();
    }

    private static GaugeSnapshot flows(Control control) {
        Map<Protocol, Integer> counts = new EnumMap<>(Protocol.class);
        for (Protocol protocol : Protocol.values()) {
            counts.put(protocol, 0);
        }
        control.flows().forEach(seen -> counts.merge(seen.flow().protocol(), 1, Integer::sum));
        GaugeSnapshot.Builder flows =
                GaugeSnapshot.builder().name("slipway_flows").help("Flows between guests and the outside.");
        counts.forEach((protocol, count) -> flows.dataPoint(GaugeDataPointSnapshot.builder()
                .labels(Labels.of("protocol", protocol.name().toLowerCase(Locale.ROOT)))
                .value(count)
                .build()));
        return flows.build();
    }

    private static CounterSnapshot ofGuests(
            String name,
            String help,
            List<PortSnapshot> ports,
            ToDoubleFunction<PortSnapshot> fromGuest,
            ToDoubleFunction<PortSnapshot> toGuest) {
        CounterSnapshot.Builder counter = CounterSnapshot.builder().name(name).help(help);
        for (PortSnapshot port : ports) {
            counter.dataPoint(
                    point(Labels.of("guest", port.name(), "direction", "from_guest"), fromGuest.applyAsDouble(port)));
            counter.dataPoint(
                    point(Labels.of("guest", port.name(), "direction", "to_guest"), toGuest.applyAsDouble(port)));
        }
        return counter.build();
    }

    private static CounterSnapshot drops(NetworkSummary summary) {
        CounterSnapshot.Builder counter =
                CounterSnapshot.builder().name("slipway_drops").help("What was dropped, by reason.");
        summary.drops()
                .forEach((reason, count) -> counter.dataPoint(
                        point(Labels.of("reason", reason.name().toLowerCase(Locale.ROOT)), count)));
        return counter.build();
    }
}
