package org.slipway.network;

import java.util.EnumMap;
import java.util.Map;
import java.util.concurrent.TimeUnit;
import org.slipway.lan.Lan;
import org.slipway.loop.Loop;
import org.slipway.nat.FlowListener;
import org.slipway.nat.FlowSnapshot;
import org.slipway.network.Control.GuestFlow;
import org.slipway.service.Lease;
import org.slipway.service.LeaseListener;
import org.slipway.wire.DropCounters;
import org.slipway.wire.DropReason;

/** Makes {@link NetworkEvents} of what the parts of a network tell. On the loop. */
final class EventSource implements FlowListener, LeaseListener {

    private static final long DROPS_NANOS = TimeUnit.SECONDS.toNanos(10);

    private final NetworkEvents events;
    private final Loop loop;
    private final Lan lan;
    private final DropCounters drops;
    private Map<DropReason, Long> told = Map.of();

    EventSource(NetworkEvents events, Loop loop, Lan lan, DropCounters drops) {
        this.events = events;
        this.loop = loop;
        this.lan = lan;
        this.drops = drops;
    }

    /** Tells of drops from now on, every ten seconds. */
    void start() {
        loop.schedule(DROPS_NANOS, () -> {
            tellDrops();
            start();
        });
    }

    /** Tells of the drops since they were last told. */
    void tellDrops() {
        Map<DropReason, Long> now = drops.snapshot();
        Map<DropReason, Long> more = new EnumMap<>(DropReason.class);
        now.forEach((reason, count) -> {
            long since = count - told.getOrDefault(reason, 0L);
            if (since > 0) {
                more.put(reason, since);
            }
        });
        told = now;
        if (!more.isEmpty()) {
            events.dropped(more);
        }
    }

    @Override
    public void bound(Lease lease) {
        events.leaseBound(lease);
    }

    @Override
    public void released(Lease lease) {
        events.leaseReleased(lease);
    }

    @Override
    public void began(FlowSnapshot flow) {
        events.flowBegan(new GuestFlow(flow, lan.portOf(flow.share())));
    }

    @Override
    public void ended(FlowSnapshot flow) {
        events.flowEnded(new GuestFlow(flow, lan.portOf(flow.share())));
    }
}
