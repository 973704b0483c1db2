package org.slipway.network;

import java.util.ArrayList;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;
import org.slipway.capture.LiveView;
import org.slipway.capture.PacketSink;
import org.slipway.capture.PcapngRecorder;
import org.slipway.capture.RecordingPort;
import org.slipway.lan.Port;

/**
 * Where the frames of guests' ports are shown: in the live view, and in the recording of the moment, which may begin, give way
 * to another and end while frames pass. On the network's loop only.
 */
final class Recordings {

    private final @Nullable LiveView live;
    private final Map<RecordingPort, Port> ports = new LinkedHashMap<>();
    private final Map<String, PacketSink> interfaces = new HashMap<>();
    private @Nullable PcapngRecorder recorder;
    private NetworkSummary.@Nullable Recording former;

    Recordings(@Nullable LiveView live, @Nullable PcapngRecorder recorder) {
        this.live = live;
        this.recorder = recorder;
    }

    /** Shows the frames that pass {@code recording}, which stands around {@code port}. */
    void add(RecordingPort recording, Port port) {
        ports.put(recording, port);
        recording.sinks(sinks(port));
    }

    /** The port has no more frames. */
    void remove(RecordingPort recording) {
        ports.remove(recording);
    }

    /** Records to {@code next}, or to nothing; gives back what was recorded to so far, which the caller closes. */
    @Nullable
    PcapngRecorder replace(@Nullable PcapngRecorder next) {
        PcapngRecorder before = recorder;
        recorder = next;
        interfaces.clear();
        ports.forEach((recording, port) -> recording.sinks(sinks(port)));
        return before;
    }

    /** The recording of the moment, or null. */
    @Nullable
    PcapngRecorder current() {
        return recorder;
    }

    /** Counts in what a recorder did that is closed. */
    void closed(PcapngRecorder before) {
        former = sum(former, before);
    }

    /** What all recordings together did; null if there was none. */
    NetworkSummary.@Nullable Recording summary() {
        PcapngRecorder present = recorder;
        return present == null ? former : sum(former, present);
    }

    private static NetworkSummary.Recording sum(NetworkSummary.@Nullable Recording former, PcapngRecorder more) {
        PcapngRecorder.Stats stats = more.stats();
        return former == null
                ? new NetworkSummary.Recording(stats.captured(), stats.written(), stats.lost(), stats.error())
                : new NetworkSummary.Recording(
                        former.captured() + stats.captured(),
                        former.written() + stats.written(),
                        former.lost() + stats.lost(),
                        stats.error() == null ? former.error() : stats.error());
    }

    private List<PacketSink> sinks(Port port) {
        List<PacketSink> sinks = new ArrayList<>(2);
        PcapngRecorder to = recorder;
        if (to != null) {
            // A guest that returns has its old name, and its old place in the recording.
            sinks.add(interfaces.computeIfAbsent(port.name(), name -> to.addInterface(name, port.toString())));
        }
        if (live != null) {
            sinks.add(live);
        }
        return sinks;
    }
}
