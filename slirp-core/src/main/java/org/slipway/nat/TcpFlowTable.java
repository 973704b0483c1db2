package org.slipway.nat;

import java.util.HashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import org.jspecify.annotations.Nullable;
import org.slipway.ip.StationQuota;
import org.slipway.wire.DropReason;

/** The guests' TCP flows, found by who talks to whom; bounded, in all and for each share ({@link org.slipway.ip.IpHost#share}). */
final class TcpFlowTable {

    /** As many as a host may have descriptors for; beyond, a SYN is refused with a reset. */
    static final int MAX_FLOWS = 16_384;

    /** One guest may have half of them, so that it cannot starve the others. */
    static final int MAX_FLOWS_OF_A_GUEST = MAX_FLOWS / 2;

    /** Flows whose handshake is not over: a flood of SYNs, and each may hold a socket that is being connected for minutes. */
    static final int MAX_HALF_OPEN = 4096;

    /** Of these, of one guest: Linux's somaxconn is the same; few enough to leave the guest flows for its own connections. */
    static final int MAX_HALF_OPEN_OF_A_GUEST = MAX_HALF_OPEN / 4;

    /** Processes of {@link GuestForward}s: each has threads of its own. */
    static final int MAX_PROCESSES = 128;

    /** Of these, of one guest; those that are ending after their flow is over do not count here. */
    static final int MAX_PROCESSES_OF_A_GUEST = MAX_PROCESSES / 2;

    /** A guest is a few milliseconds away; after this, RFC 6298's first time-out, it will hardly go on. */
    private static final long HANDSHAKE_NANOS = 1_000_000_000L;

    private final Map<FlowKey, TcpFlow> flows = new HashMap<>();
    private final StationQuota quota = new StationQuota(MAX_FLOWS, MAX_FLOWS_OF_A_GUEST);
    private final StationQuota backlog = new StationQuota(MAX_HALF_OPEN, MAX_HALF_OPEN_OF_A_GUEST);
    private final StationQuota processes = new StationQuota(MAX_PROCESSES, MAX_PROCESSES_OF_A_GUEST);
    private final TcpMemory memory = new TcpMemory(quota::of, this::memoryChanged);

    /** The half-open flows whose SYN has its answer, in the order of the answers. */
    private final Set<TcpFlow> answered = new LinkedHashSet<>();

    private long opened;
    private @Nullable FlowListener listener;

    /** Tells {@code listener} of flows from now on. */
    void listener(FlowListener listener) {
        this.listener = listener;
    }

    /** The flow, or null. */
    @Nullable
    TcpFlow find(FlowKey key) {
        return flows.get(key);
    }

    /** Why there is no room for one more flow of {@code share}, or null if there is. */
    @Nullable
    DropReason refusal(long share) {
        if (!quota.hasRoom(share)) {
            return DropReason.FLOW_TABLE_FULL;
        }
        return backlog.hasRoom(share) ? null : DropReason.TCP_BACKLOG_FULL;
    }

    /** Adds a flow, for which there is room; it is half open. */
    void add(TcpFlow flow) {
        flows.put(flow.key, flow);
        quota.take(flow.share());
        backlog.take(flow.share());
        flow.halfOpen = true;
        flow.number = ++opened;
        FlowListener told = listener;
        if (told != null) {
            told.began(flow.snapshot());
        }
    }

    /** Whether {@code share} may have one more process. */
    boolean mayHaveProcess(long share) {
        return processes.hasRoom(share);
    }

    /** A flow that was added has a process, for as long as it is here. */
    void takesProcess(TcpFlow flow) {
        flow.hasProcess = processes.take(flow.share());
    }

    /** The guest's SYN has its answer. */
    void answered(TcpFlow flow, long nowNanos) {
        flow.answeredAtNanos = nowNanos;
        answered.add(flow);
    }

    /** The flow of {@code share} that waits longest for the end of its handshake, and has for a second; or null. */
    @Nullable
    TcpFlow abandonedHandshake(long share, long nowNanos) {
        for (TcpFlow flow : answered) {
            if (nowNanos - flow.answeredAtNanos < HANDSHAKE_NANOS) {
                return null;
            }
            if (flow.share() == share) {
                return flow;
            }
        }
        return null;
    }

    /** The handshake of a flow is over. Harmless when repeated. */
    void established(TcpFlow flow) {
        if (flow.halfOpen) {
            flow.halfOpen = false;
            answered.remove(flow);
            backlog.giveBack(flow.share());
        }
    }

    /** Takes a flow out, if it is there. */
    void remove(TcpFlow flow) {
        flow.cancelTimer();
        if (flows.remove(flow.key, flow)) {
            FlowListener told = listener;
            if (told != null) {
                told.ended(flow.snapshot());
            }
            established(flow);
            quota.giveBack(flow.share());
            if (flow.hasProcess) {
                processes.giveBack(flow.share());
            }
            memory.add(flow.share(), -flow.accountedBytes);
            flow.accountedBytes = 0;
        }
    }

    /** Whether a flow that holds {@code held} bytes in one direction may take one more piece there. */
    boolean mayGrow(TcpFlow flow, int held) {
        return memory.mayGrow(flow.share(), held);
    }

    /** Accounts for what a flow holds now. */
    void account(TcpFlow flow) {
        int bytes = flow.memory();
        if (bytes != flow.accountedBytes && flows.get(flow.key) == flow) {
            int more = bytes - flow.accountedBytes;
            flow.accountedBytes = bytes;
            memory.add(flow.share(), more);
        }
    }

    private void memoryChanged(long share) {
        for (TcpFlow flow : flows.values()) {
            if (flow.share() == share) {
                flow.memoryChanged.run();
            }
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
