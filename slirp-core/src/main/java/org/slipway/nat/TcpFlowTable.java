package org.slipway.nat;

import java.util.HashMap;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;
import org.slipway.ip.StationQuota;

/** The guests' TCP flows, found by who talks to whom; bounded, in all and for each station. */
final class TcpFlowTable {

    /** As many as a host may have descriptors for; beyond, a SYN is refused with a reset. */
    static final int MAX_FLOWS = 16_384;

    /** One guest may have half of them, so that it cannot starve the others. */
    static final int MAX_FLOWS_OF_A_GUEST = MAX_FLOWS / 2;

    private final Map<FlowKey, TcpFlow> flows = new HashMap<>();
    private final StationQuota quota = new StationQuota(MAX_FLOWS, MAX_FLOWS_OF_A_GUEST);
    private long opened;

    /** The flow, or null. */
    @Nullable
    TcpFlow find(FlowKey key) {
        return flows.get(key);
    }

    /** Whether {@link #add} may be called for a flow of {@code station}. */
    boolean hasRoom(long station) {
        return quota.hasRoom(station);
    }

    void add(TcpFlow flow) {
        flows.put(flow.key, flow);
        quota.take(flow.station());
        opened++;
    }

    /** Takes a flow out, if it is there. */
    void remove(TcpFlow flow) {
        flow.cancelTimer();
        if (flows.remove(flow.key, flow)) {
            quota.giveBack(flow.station());
        }
    }

    /** How many flows were ever added. */
    long opened() {
        return opened;
    }

    /** A copy: the flows that there are now. */
    List<TcpFlow> flows() {
        return List.copyOf(flows.values());
    }
}
