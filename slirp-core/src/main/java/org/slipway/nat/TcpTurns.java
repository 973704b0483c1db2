package org.slipway.nat;

import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.List;
import java.util.function.LongPredicate;
import org.slipway.ip.IpHost;
import org.slipway.loop.Loop;
import org.slipway.tcp.TcpConnection;
import org.slipway.tcp.TcpState;

/**
 * Lets each connection that has something to say speak once, at the end of a turn: one acknowledgment for a whole batch. A
 * connection whose guest's port is full waits until that takes frames again.
 */
final class TcpTurns {

    private final Loop loop;
    private final IpHost ip;
    private final LongPredicate portWritable;
    private final TcpFlowTable table;
    private final ArrayDeque<TcpFlow> turn = new ArrayDeque<>();
    private final List<TcpFlow> blocked = new ArrayList<>();
    private final Runnable endOfTurn = this::endOfTurn;
    private boolean scheduled;
    private boolean closed;

    /** Flows that are over are taken out of {@code table}. */
    TcpTurns(Loop loop, IpHost ip, LongPredicate portWritable, TcpFlowTable table) {
        this.loop = loop;
        this.ip = ip;
        this.portWritable = portWritable;
        this.table = table;
    }

    /** Has {@code flow} speak at the end of this turn. */
    void enqueue(TcpFlow flow) {
        if (!flow.queued && !closed) {
            flow.queued = true;
            turn.add(flow);
            schedule();
        }
    }

    private void schedule() {
        if (!scheduled) {
            scheduled = true;
            loop.endOfTurn(endOfTurn);
        }
    }

    /** Some port takes frames again: those who waited for one try once more. */
    void portsWritable() {
        List<TcpFlow> waiting = List.copyOf(blocked);
        blocked.clear();
        for (TcpFlow flow : waiting) {
            flow.blocked = false;
            enqueue(flow);
        }
    }

    private void endOfTurn() {
        scheduled = false;
        try {
            for (int left = turn.size(); left > 0; left--) {
                TcpFlow flow = turn.remove();
                flow.queued = false;
                flow.beforeTransmit.run();
                transmit(flow);
            }
        } finally {
            if (!turn.isEmpty()) {
                // One flow's fault is not the others'.
                schedule();
            }
        }
    }

    private void transmit(TcpFlow flow) {
        TcpConnection connection = flow.connectionOrNull();
        if (connection == null) {
            return;
        }
        table.account(flow);
        long mac = ip.neighbour(flow.guest());
        if (mac != IpHost.UNKNOWN && !portWritable.test(mac)) {
            if (!flow.blocked) {
                flow.blocked = true;
                blocked.add(flow);
            }
            return;
        }
        long before = ip.onBehalfOf(flow.share());
        try {
            connection.transmit(loop.nanoTime(), flow);
        } finally {
            ip.onBehalfOf(before);
        }
        if (connection.state() == TcpState.CLOSED) {
            table.remove(flow);
        } else {
            flow.armTimer();
        }
    }

    /** Lets nobody speak any more. */
    void close() {
        closed = true;
        turn.clear();
        blocked.clear();
    }
}
