package org.slipway.network;

import java.util.ArrayList;
import java.util.HashMap;
import java.util.IdentityHashMap;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;
import org.slipway.capture.LiveView;
import org.slipway.capture.PacketSink;
import org.slipway.capture.PcapngRecorder;
import org.slipway.capture.RecordingPort;
import org.slipway.lan.Lan;
import org.slipway.lan.Port;
import org.slipway.lan.PortStatistics;
import org.slipway.lan.SegmentingPort;
import org.slipway.link.LinkListener;
import org.slipway.loop.Loop;
import org.slipway.network.NetworkListener.Kind;
import org.slipway.wire.DropCounters;

/**
 * Plugs guests into the Lan as they come and unplugs them as they go. Between the Lan and a guest's port stand, from the Lan
 * on: what cuts and checksums, then what records, so that a recording has the frames as they are on the wire.
 */
final class GuestPorts implements LinkListener {

    private final Lan lan;
    private final Loop loop;
    private final DropCounters drops;
    private final NetworkListener listener;
    private final @Nullable PcapngRecorder recorder;
    private final @Nullable LiveView live;
    private final IdentityHashMap<Port, Port> outermost = new IdentityHashMap<>();
    private final IdentityHashMap<Port, PortStatistics> present = new IdentityHashMap<>();
    private final Map<String, PacketSink> recorded = new HashMap<>();
    private final Totals gone = new Totals();
    private long guests;

    GuestPorts(
            Lan lan,
            Loop loop,
            DropCounters drops,
            NetworkListener listener,
            @Nullable PcapngRecorder recorder,
            @Nullable LiveView live) {
        this.lan = lan;
        this.loop = loop;
        this.drops = drops;
        this.listener = listener;
        this.recorder = recorder;
        this.live = live;
    }

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
        present.values().forEach(totals::add);
        return totals;
    }

    @Override
    public void plugged(Port port) {
        guests++;
        List<PacketSink> sinks = new ArrayList<>();
        PcapngRecorder to = recorder;
        if (to != null) {
            // A guest that returns has its old name, and its old place in the recording.
            sinks.add(recorded.computeIfAbsent(port.name(), name -> to.addInterface(name, port.toString())));
        }
        if (live != null) {
            sinks.add(live);
        }
        Port heard = sinks.isEmpty() ? port : new RecordingPort(port, loop, sinks);
        Port ready = new SegmentingPort(heard, drops);
        outermost.put(port, ready);
        present.put(port, lan.attach(ready));
    }

    @Override
    public void unplugged(Port port) {
        Port ready = outermost.remove(port);
        PortStatistics statistics = present.remove(port);
        if (ready != null && statistics != null) {
            gone.add(statistics);
            lan.detach(ready);
            ready.close();
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
