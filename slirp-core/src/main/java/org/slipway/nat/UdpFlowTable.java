package org.slipway.nat;

import java.util.ArrayList;
import java.util.Iterator;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.TimeUnit;
import org.jspecify.annotations.Nullable;
import org.slipway.ip.IpHost;
import org.slipway.ip.StationQuota;
import org.slipway.loop.Loop;
import org.slipway.loop.Timer;
import org.slipway.wire.DropCounters;

/** The guests' UDP flows, found by the guest's port, the least recently used first; bounded, in all and for each share. */
final class UdpFlowTable {

    /** As many as a host may have descriptors for. */
    static final int MAX_FLOWS = 4096;

    /** One guest may have half of them. */
    static final int MAX_FLOWS_OF_A_GUEST = MAX_FLOWS / 2;

    private static final long SWEEP_NANOS = TimeUnit.SECONDS.toNanos(5);

    private final Loop loop;
    private final HostSockets hostSockets;
    private final UdpFiltering filtering;
    private final UdpFlow.Surroundings surroundings;
    private final Map<UdpEndpoint, UdpFlow> flows = new LinkedHashMap<>(16, 0.75f, true);
    private final StationQuota quota = new StationQuota(MAX_FLOWS, MAX_FLOWS_OF_A_GUEST);
    private final StationQuota peerQuota = new StationQuota(UdpPeers.MAX_OF_ALL, UdpPeers.MAX_OF_ALL / 2);
    private final List<UdpFlow> unflushed = new ArrayList<>();
    private @Nullable Timer sweep;
    private @Nullable FlowListener listener;
    private long opened;

    UdpFlowTable(
            Loop loop,
            IpHost ip,
            AddressPolicy policy,
            HostSockets hostSockets,
            UdpDatagramWriter writer,
            DropCounters drops,
            UdpFiltering filtering) {
        this.loop = loop;
        this.hostSockets = hostSockets;
        this.filtering = filtering;
        surroundings =
                new UdpFlow.Surroundings(loop, ip, policy, writer, drops, new RecentDatagrams(), this::flushLater);
    }

    /** The flow of a guest's port, or null; it is the most recently used one from now on. */
    @Nullable
    UdpFlow find(UdpEndpoint guest) {
        return flows.get(guest);
    }

    /** A guest that has its share gives up the flow that it has not used for longest; false if others have filled the table. */
    boolean makeRoom(long station) {
        if (!quota.isUsedUp(station)) {
            return quota.hasRoom(station);
        }
        for (Iterator<UdpFlow> oldestFirst = flows.values().iterator(); oldestFirst.hasNext(); ) {
            UdpFlow flow = oldestFirst.next();
            if (flow.station() == station) {
                oldestFirst.remove();
                end(flow);
                return true;
            }
        }
        return false;
    }

    /** Opens a flow, for which there is room; null if the host has no socket for it. */
    @Nullable
    UdpFlow open(UdpEndpoint guest, long station) {
        UdpPeers peers = new UdpPeers(filtering, peerQuota, station);
        UdpFlow flow = new UdpFlow(surroundings, guest, station, peers);
        try {
            flow.socket(
                    hostSockets.openUdpPreferring(guest.port(), guest.address().isIpv4(), flow));
        } catch (HostSocketException e) {
            return null;
        }
        flows.put(guest, flow);
        quota.take(station);
        if (sweep == null) {
            sweep = loop.schedule(SWEEP_NANOS, this::sweep);
        }
        return flow;
    }

    /** Whom the flow is with is known. Harmless when repeated. */
    void begun(UdpFlow flow) {
        if (flow.number() == 0) {
            flow.number(++opened);
            FlowListener told = listener;
            if (told != null) {
                told.began(flow.snapshot());
            }
        }
    }

    private void end(UdpFlow flow) {
        FlowListener told = listener;
        if (told != null) {
            told.ended(flow.snapshot());
        }
        flow.close();
        quota.giveBack(flow.station());
    }

    /** Ends the flows that nobody uses. */
    private void sweep() {
        long now = loop.nanoTime();
        flows.values().removeIf(flow -> {
            boolean idle = flow.isIdle(now);
            if (idle) {
                end(flow);
            }
            return idle;
        });
        sweep = flows.isEmpty() ? null : loop.schedule(SWEEP_NANOS, this::sweep);
    }

    private void flushLater(UdpFlow flow) {
        if (unflushed.isEmpty()) {
            loop.endOfTurn(this::flush);
        }
        unflushed.add(flow);
    }

    private void flush() {
        unflushed.forEach(UdpFlow::flush);
        unflushed.clear();
    }

    /** How many flows were ever opened. */
    long opened() {
        return opened;
    }

    /** How many flows there are. */
    int size() {
        return flows.size();
    }

    /** The flows as they are now. */
    List<FlowSnapshot> snapshots() {
        return flows.values().stream().map(UdpFlow::snapshot).toList();
    }

    /** Tells {@code listener} of flows from now on. */
    void listener(FlowListener listener) {
        this.listener = listener;
    }

    /** Ends the flow of that {@link FlowSnapshot#number}; false if there is none. */
    boolean kill(long number) {
        return flows.values().removeIf(flow -> {
            boolean meant = flow.number() == number;
            if (meant) {
                end(flow);
            }
            return meant;
        });
    }

    /** Ends all flows. */
    void close() {
        Timer armed = sweep;
        if (armed != null) {
            armed.cancel();
        }
        flows.values().forEach(this::end);
        flows.clear();
    }
}
