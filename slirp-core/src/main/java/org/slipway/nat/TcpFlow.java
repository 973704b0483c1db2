package org.slipway.nat;

import org.jspecify.annotations.Nullable;
import org.slipway.loop.Timer;
import org.slipway.tcp.Segment;
import org.slipway.tcp.SegmentSink;
import org.slipway.tcp.TcpConnection;
import org.slipway.wire.IpAddress;

/**
 * One TCP connection of a guest as the network holds it: the connection, its place in the table, its timer and its turn. What
 * is at the other end (a host socket, a service) hears the stream as the connection's listener, and calls {@link #wake} after
 * it has used {@link #connection}.
 */
public final class TcpFlow implements SegmentSink {

    private final TcpNat nat;
    final FlowKey key;
    private final long share;
    final FlowTraffic traffic;

    /** Tells it from all other TCP flows; 0 until it is in the table. */
    long number;

    /** Whether a client of the host began it. */
    boolean fromHost;

    /** The guest's SYN while the host is still connecting. */
    @Nullable
    Segment pendingSyn;

    /** The connection between the same ends whose place this flow takes (RFC 9293 3.6.1), until its own begins. */
    @Nullable
    TcpConnection replaced;

    /** Called at the end of a turn, before segments are sent. */
    Runnable beforeTransmit = () -> {};

    /** Called if the flow ends before there is a connection: the guest gave up, or the network stops. */
    Runnable abandoned = () -> {};

    private @Nullable TcpConnection connection;
    private @Nullable Timer timer;
    private long timerAt = TcpConnection.NEVER;

    /** Called when {@link TcpMemory#mayGrow} may have changed for the flow. */
    Runnable memoryChanged = () -> {};

    /** Bytes of buffers that are held for the sake of a few that wait for the host. */
    int pinnedBytes;

    /** Of {@link #memory}: what is accounted for. */
    int accountedBytes;

    /** Whether the handshake with the guest is not over; see {@link TcpFlowTable#established}. */
    boolean halfOpen;

    /** Whether it counts as one that has a process of the host. */
    boolean hasProcess;

    /** When the guest's SYN got its answer; see {@link TcpFlowTable#answered}. */
    long answeredAtNanos;

    /** Whether it is in the queue of this turn. */
    boolean queued;

    /** Whether it waits for the guest's port. */
    boolean blocked;

    /** {@code share} is what the flow counts to: {@link org.slipway.ip.IpHost#share} of the guest's station, or UNKNOWN. */
    TcpFlow(TcpNat nat, FlowKey key, long share) {
        this.nat = nat;
        this.key = key;
        this.share = share;
        traffic = new FlowTraffic(nat.loop().nanoTime());
    }

    /** What it is now. */
    public FlowSnapshot snapshot() {
        long now = nat.loop().nanoTime();
        TcpConnection existing = connection;
        return new FlowSnapshot(
                FlowSnapshot.Protocol.TCP,
                number,
                existing == null ? "CONNECTING" : existing.state().name(),
                fromHost,
                key.guest(),
                key.guestPort(),
                key.remote(),
                key.remotePort(),
                share,
                now - traffic.beganAt,
                now - traffic.usedAt,
                traffic.packetsFromGuest,
                traffic.bytesFromGuest,
                traffic.packetsToGuest,
                traffic.bytesToGuest,
                existing == null ? 0 : existing.receiveHeld(),
                existing == null ? 0 : existing.sendQueued(),
                existing == null ? 0 : Math.max(0, existing.smoothedRttNanos()));
    }

    /** The guest's address. */
    public IpAddress guest() {
        return key.guest();
    }

    /** The share of the guest's station, as it was when the flow began, or {@link org.slipway.ip.IpHost#UNKNOWN}. */
    public long share() {
        return share;
    }

    /** The guest's port. */
    public int guestPort() {
        return key.guestPort();
    }

    /** The other side's address, as the guest sees it. */
    public IpAddress remote() {
        return key.remote();
    }

    /** The other side's port, as the guest sees it. */
    public int remotePort() {
        return key.remotePort();
    }

    /** The connection to the guest; must exist. */
    public TcpConnection connection() {
        TcpConnection existing = connection;
        if (existing == null) {
            throw new IllegalStateException(key + ": the host is still connecting");
        }
        return existing;
    }

    @Nullable
    TcpConnection connectionOrNull() {
        return connection;
    }

    /** Bytes that are held for the flow, both ways. */
    int memory() {
        TcpConnection existing = connection;
        return existing == null ? 0 : existing.sendMemory() + existing.receiveHeld() + pinnedBytes;
    }

    void connection(TcpConnection connection) {
        this.connection = connection;
    }

    @Override
    public void send(Segment segment) {
        nat.send(this, segment);
    }

    /** Has the connection transmit at the end of this turn. */
    public void wake() {
        nat.enqueue(this);
    }

    /** Sees to it that the flow is woken when the connection's deadline comes. */
    void armTimer() {
        TcpConnection existing = connection;
        long deadline = existing == null ? TcpConnection.NEVER : existing.deadline();
        if (deadline == TcpConnection.NEVER) {
            return;
        }
        // A timer that fires too early is cheaper than one that is moved with every segment.
        if (timer == null || deadline - timerAt < 0) {
            cancelTimer();
            timerAt = deadline;
            timer = nat.loop().schedule(deadline - nat.loop().nanoTime(), this::timerFired);
        }
    }

    private void timerFired() {
        timer = null;
        timerAt = TcpConnection.NEVER;
        wake();
    }

    void cancelTimer() {
        Timer armed = timer;
        if (armed != null) {
            armed.cancel();
            timer = null;
            timerAt = TcpConnection.NEVER;
        }
    }

    @Override
    public String toString() {
        TcpConnection existing = connection;
        return key + " " + (existing == null ? "connecting" : existing.state());
    }
}
