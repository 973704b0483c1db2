package org.slipway.ip;

import org.jspecify.annotations.Nullable;
import org.slipway.lan.Frame;
import org.slipway.loop.Loop;
import org.slipway.wire.DropCounters;
import org.slipway.wire.DropReason;
import org.slipway.wire.IpAddress;

/**
 * Which station has which address, for both families: what was learnt ({@link NeighbourTable}), and what is being asked with
 * the packets that wait for an answer ({@link Resolutions}). ARP (and NDP) ask on its behalf and tell it what they hear.
 *
 * <p>A neighbour that was not heard of for {@link #REACHABLE_NANOS} is asked again, by unicast and while its packets go
 * on, and forgotten if it keeps silent (RFC 1122 2.3.2.1).
 */
final class Neighbours {

    /** Asks a neighbour for its MAC. */
    interface Solicitor {

        /** Asks who has {@code target}: the station {@code mac}, or all of them if that is the broadcast address. */
        void solicit(IpAddress target, long mac);
    }

    /** RFC 1122 2.3.2.1: a time-out of the order of a minute. */
    static final long REACHABLE_NANOS = 60_000_000_000L;

    /** After ten silent minutes the station may well be another one. */
    static final long FORGET_NANOS = 600_000_000_000L;

    private final Loop loop;
    private final Cause cause;
    private final Solicitor solicitor;
    private final NeighbourTable table = new NeighbourTable();
    private final Resolutions resolutions;
    private boolean closed;

    Neighbours(Loop loop, DropCounters drops, Cause cause, Solicitor solicitor) {
        this.loop = loop;
        this.cause = cause;
        this.solicitor = solicitor;
        resolutions = new Resolutions(loop, drops, cause, solicitor);
    }

    /** The station that has {@code address}, or {@link IpHost#UNKNOWN}. Sends nothing. */
    long peek(IpAddress address) {
        Neighbour neighbour = table.get(address);
        return neighbour == null || isForgotten(neighbour) ? IpHost.UNKNOWN : neighbour.mac;
    }

    /** Whose share the neighbour counts to: that of the station which told of it; or {@link IpHost#UNKNOWN}. */
    long teller(IpAddress address) {
        Neighbour neighbour = table.get(address);
        return neighbour == null || isForgotten(neighbour) ? IpHost.UNKNOWN : neighbour.share;
    }

    /** The station to send to, or {@link IpHost#UNKNOWN}. Asks again after one that was silent for long. */
    long lookup(IpAddress address) {
        Neighbour neighbour = table.get(address);
        if (neighbour == null) {
            return IpHost.UNKNOWN;
        }
        if (loop.nanoTime() - neighbour.heardNanos > REACHABLE_NANOS && neighbour.probeTimer == null) {
            if (isForgotten(neighbour)) {
                table.remove(address);
                return IpHost.UNKNOWN;
            }
            neighbour.probes = 0;
            probe(address, neighbour);
        }
        return neighbour.mac;
    }

    private boolean isForgotten(Neighbour neighbour) {
        return loop.nanoTime() - neighbour.heardNanos > FORGET_NANOS;
    }

    private void probe(IpAddress address, Neighbour neighbour) {
        if (neighbour.probes == Resolutions.MAX_REQUESTS) {
            table.remove(address);
            return;
        }
        neighbour.probes++;
        neighbour.probeTimer = loop.schedule(Resolutions.RETRY_NANOS, () -> probe(address, neighbour));
        solicitor.solicit(address, neighbour.mac);
    }

    /** Notes that {@code mac} has {@code address}; what waits for it is sent. */
    void learn(IpAddress address, long mac) {
        if (closed) {
            return;
        }
        long teller = cause.share();
        Neighbour neighbour = table.claim(address, teller == IpHost.UNKNOWN ? mac : teller);
        neighbour.stopProbing();
        neighbour.mac = mac;
        neighbour.heardNanos = loop.nanoTime();
        resolutions.found(address, mac);
    }

    /** As {@link #learn}, if the neighbour is known or being asked for; returns whether it is. */
    boolean update(IpAddress address, long mac) {
        boolean awaited = table.contains(address) || resolutions.contains(address);
        if (awaited) {
            learn(address, mac);
        }
        return awaited;
    }

    /** Forgets who has {@code address}. */
    void forget(IpAddress address) {
        table.remove(address);
    }

    /**
     * Keeps a copy of {@code packet}, whose IP header is at the reader index, until {@code nextHop} answers.
     *
     * @return null, or why the packet cannot wait
     */
    @Nullable
    DropReason enqueue(IpAddress nextHop, Frame packet, PacketOutput output) {
        if (closed) {
            return DropReason.NEIGHBOUR_QUEUE_FULL;
        }
        resolutions.enqueue(nextHop, packet, output);
        return null;
    }

    /** Bytes that wait for neighbours. */
    int waitingBytes() {
        return resolutions.waitingBytes();
    }

    /** Known neighbours, at most {@link NeighbourTable#MAX}. */
    int size() {
        return table.size();
    }

    /** Frees what waits, and learns nothing more. */
    void close() {
        closed = true;
        table.clear();
        resolutions.close();
    }
}
