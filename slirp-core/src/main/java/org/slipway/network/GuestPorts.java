package org.slipway.network;

import java.util.HashSet;
import java.util.IdentityHashMap;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import org.jspecify.annotations.Nullable;
import org.slipway.capture.RecordingPort;
import org.slipway.lan.Lan;
import org.slipway.lan.LinkPort;
import org.slipway.lan.Port;
import org.slipway.lan.PortStatistics;
import org.slipway.lan.SegmentingPort;
import org.slipway.link.LinkListener;
import org.slipway.loop.Loop;
import org.slipway.network.NetworkListener.Kind;
import org.slipway.wire.DropCounters;

/**
 * Plugs guests into the Lan as they come and unplugs them as they go. Between the Lan and a guest's port stand, from the Lan
 * on: the link that can be set down, what cuts and checksums, then what records, so that a recording has the frames as they
 * are on the wire.
 */
final class GuestPorts implements LinkListener {

    private final Lan lan;
    private final Loop loop;
    private final DropCounters drops;
    private final NetworkListener listener;
    private final Recordings recordings;
    private final NetworkEvents events;
    private final IdentityHashMap<Port, Plugged> present = new IdentityHashMap<>();
    private final Set<String> down = new HashSet<>();
    private final Totals gone = new Totals();
    private long guests;

    GuestPorts(
            Lan lan,
            Loop loop,
            DropCounters drops,
            NetworkListener listener,
            Recordings recordings,
            NetworkEvents events) {
        this.lan = lan;
        this.loop = loop;
        this.drops = drops;
        this.listener = listener;
        this.recordings = recordings;
        this.events = events;
    }

    /** A guest's port, and what stands around it. */
    private record Plugged(Port port, RecordingPort recording, LinkPort link, PortStatistics statistics) {}

    /** Frames and bytes of many ports. */
    static final class Totals {
        long framesIn;
        long framesOut;
        long bytesIn;
        long bytesOut;

        void add(PortStatistics port) {
            framesIn += port.framesIn();
            framesOut += port.framesOut();
            bytesIn += port.bytesIn();
            bytesOut += port.bytesOut();
        }

        void add(Totals other) {
            framesIn += other.framesIn;
            framesOut += other.framesOut;
            bytesIn += other.bytesIn;
            bytesOut += other.bytesOut;
        }
    }

    /** How many times a guest plugged in. */
    long guests() {
        return guests;
    }

    /** What all guests, those that left included, sent and got. */
    Totals totals() {
        Totals totals = new Totals();
        totals.add(gone);
        present.values().forEach(plugged -> totals.add(plugged.statistics));
        return totals;
    }

    /** The guests that are plugged in, in the order in which they came. */
    List<PortSnapshot> ports() {
        return lan.ports().stream()
                .map(this::behind)
                .flatMap(Optional::stream)
                .map(this::snapshot)
                .toList();
    }

    private Optional<Plugged> behind(Port attached) {
        return present.values().stream()
                .filter(plugged -> plugged.link == attached)
                .findFirst();
    }

    private PortSnapshot snapshot(Plugged plugged) {
        PortStatistics statistics = plugged.statistics;
        return new PortSnapshot(
                plugged.port.name(),
                plugged.port.toString(),
                plugged.link.up(),
                lan.stations(plugged.link),
                statistics.framesIn(),
                statistics.bytesIn(),
                statistics.dropsIn(),
                statistics.framesOut(),
                statistics.bytesOut(),
                statistics.dropsOut());
    }

    /** Unplugs the guest of that name; false if there is none. One that connects again is let in. */
    boolean kick(String name) {
        Plugged plugged = find(name);
        if (plugged == null) {
            return false;
        }
        listener.event(Kind.INFO, name + " is unplugged, as asked for");
        unplugged(plugged.port);
        return true;
    }

    /** Sets the link of the guest of that name up or down, also for when it comes back; false if there is none. */
    boolean link(String name, boolean up) {
        Plugged plugged = find(name);
        if (plugged == null) {
            return false;
        }
        plugged.link.up(up);
        if (up) {
            down.remove(name);
        } else {
            down.add(name);
        }
        listener.event(Kind.INFO, name + ": the link is " + (up ? "up" : "down") + ", as asked for");
        return true;
    }

    private @Nullable Plugged find(String name) {
        for (Plugged plugged : present.values()) {
            if (plugged.port.name().equals(name)) {
                return plugged;
            }
        }
        return null;
    }

    @Override
    public void plugged(Port port) {
        guests++;
        RecordingPort recording = new RecordingPort(port, loop, List.of());
        recordings.add(recording, port);
        LinkPort link = new LinkPort(new SegmentingPort(recording, drops), drops);
        link.up(!down.contains(port.name()));
        Plugged plugged = new Plugged(port, recording, link, lan.attach(link));
        present.put(port, plugged);
        events.portUp(snapshot(plugged));
    }

    @Override
    public void unplugged(Port port) {
        Plugged plugged = present.remove(port);
        if (plugged != null) {
            events.portDown(snapshot(plugged));
            gone.add(plugged.statistics);
            recordings.remove(plugged.recording);
            lan.detach(plugged.link);
            plugged.link.close();
        }
    }

    @Override
    public void event(String text) {
        listener.event(Kind.INFO, text);
    }

    @Override
    public void warning(String text) {
        listener.event(Kind.WARNING, text);
    }
}
