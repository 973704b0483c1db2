package org.slipway.ip;

import java.util.ArrayList;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.Map;
import org.jspecify.annotations.Nullable;
import org.slipway.lan.Frame;
import org.slipway.loop.Loop;
import org.slipway.loop.Timer;
import org.slipway.wire.DropCounters;
import org.slipway.wire.DropReason;
import org.slipway.wire.IpAddress;

/**
 * Which station has which address, for both families: what was learnt, what is being asked, and the packets that wait
 * for an answer. ARP (and NDP) ask on its behalf and tell it what they hear.
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

    /** More stations than any Lan has; the least recently used one goes first. */
    static final int MAX_NEIGHBOURS = 1024;

    /** Searches at the same time: each lasts three seconds at most, so this bounds the requests a second, too. */
    static final int MAX_RESOLUTIONS = 128;

    /** Bytes that may wait for one neighbour: four of the largest packets. */
    static final int MAX_WAITING_BYTES = 256 << 10;

    /** Bytes that may wait in all. */
    static final int MAX_TOTAL_WAITING_BYTES = 2 << 20;

    /** RFC 1122 2.3.2.1: a time-out of the order of a minute. */
    static final long REACHABLE_NANOS = 60_000_000_000L;

    /** After ten silent minutes the station may well be another one. */
    static final long FORGET_NANOS = 600_000_000_000L;

    /** RFC 1122 2.3.2.1: at most one request a second. */
    static final long RETRY_NANOS = 1_000_000_000L;

    static final int MAX_REQUESTS = 3;

    private static final long BROADCAST = 0xffff_ffff_ffffL;

    private static final class Neighbour {
        long mac;
        long heardNanos;
        int probes;

        @Nullable
        Timer probeTimer;
    }

    private static final class LeastRecentlyUsed extends LinkedHashMap<IpAddress, Neighbour> {
        private static final long serialVersionUID = 1;

        LeastRecentlyUsed() {
            super(16, 0.75f, true);
        }

        @Override
        protected boolean removeEldestEntry(Map.Entry<IpAddress, Neighbour> eldest) {
            if (size() <= MAX_NEIGHBOURS) {
                return false;
            }
            stopProbing(eldest.getValue());
            return true;
        }
    }

    private final Loop loop;
    private final DropCounters drops;
    private final Solicitor solicitor;
    private final Map<IpAddress, Neighbour> neighbours = new LeastRecentlyUsed();
    private final Map<IpAddress, Resolution> resolutions = new HashMap<>();
    private final Frame waitingFrame = new Frame();
    private int waitingBytes;
    private boolean closed;

    Neighbours(Loop loop, DropCounters drops, Solicitor solicitor) {
        this.loop = loop;
        this.drops = drops;
        this.solicitor = solicitor;
    }

    /** The station that has {@code address}, or {@link IpHost#UNKNOWN}. Changes nothing. */
    long peek(IpAddress address) {
        Neighbour neighbour = neighbours.get(address);
        return neighbour == null || isForgotten(neighbour) ? IpHost.UNKNOWN : neighbour.mac;
    }

    /** The station to send to, or {@link IpHost#UNKNOWN}. Asks again after one that was silent for long. */
    long lookup(IpAddress address) {
        Neighbour neighbour = neighbours.get(address);
        if (neighbour == null) {
            return IpHost.UNKNOWN;
        }
        if (loop.nanoTime() - neighbour.heardNanos > REACHABLE_NANOS && neighbour.probeTimer == null) {
            if (isForgotten(neighbour)) {
                neighbours.remove(address);
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
        if (neighbour.probes == MAX_REQUESTS) {
            neighbours.remove(address);
            return;
        }
        neighbour.probes++;
        neighbour.probeTimer = loop.schedule(RETRY_NANOS, () -> probe(address, neighbour));
        solicitor.solicit(address, neighbour.mac);
    }

    private static void stopProbing(Neighbour neighbour) {
        Timer timer = neighbour.probeTimer;
        if (timer != null) {
            timer.cancel();
            neighbour.probeTimer = null;
        }
    }

    /** Notes that {@code mac} has {@code address}; what waits for it is sent. */
    void learn(IpAddress address, long mac) {
        if (closed) {
            return;
        }
        Neighbour neighbour = neighbours.computeIfAbsent(address, unused -> new Neighbour());
        stopProbing(neighbour);
        neighbour.mac = mac;
        neighbour.heardNanos = loop.nanoTime();
        Resolution resolution = resolutions.remove(address);
        if (resolution != null) {
            resolution.cancelTimer();
            sendWaiting(resolution, mac);
        }
    }

    /** As {@link #learn}, if the neighbour is known or being asked for; returns whether it is. */
    boolean update(IpAddress address, long mac) {
        boolean awaited = neighbours.containsKey(address) || resolutions.containsKey(address);
        if (awaited) {
            learn(address, mac);
        }
        return awaited;
    }

    /** Forgets who has {@code address}. */
    void forget(IpAddress address) {
        Neighbour neighbour = neighbours.remove(address);
        if (neighbour != null) {
            stopProbing(neighbour);
        }
    }

    private void sendWaiting(Resolution resolution, long mac) {
        for (WaitingPacket packet = take(resolution); packet != null; packet = take(resolution)) {
            try {
                packet.output().transmit(packet.into(waitingFrame), mac);
            } finally {
                packet.release();
            }
        }
    }

    private @Nullable WaitingPacket take(Resolution resolution) {
        WaitingPacket packet = resolution.poll();
        if (packet != null) {
            waitingBytes -= packet.length();
        }
        return packet;
    }

    /**
     * Keeps a copy of {@code packet}, whose IP header is at the reader index, until {@code nextHop} answers. Packets for
     * it that have waited longer give way.
     *
     * @return null, or why the packet cannot wait
     */
    @Nullable
    DropReason enqueue(IpAddress nextHop, Frame packet, PacketOutput output) {
        Resolution resolution = resolutions.get(nextHop);
        boolean isNew = resolution == null;
        if (resolution == null) {
            if (closed || resolutions.size() >= MAX_RESOLUTIONS) {
                return DropReason.NEIGHBOUR_QUEUE_FULL;
            }
            resolution = new Resolution();
        }
        makeRoom(resolution, packet.length());
        if (waitingBytes + packet.length() > MAX_TOTAL_WAITING_BYTES) {
            return DropReason.NEIGHBOUR_QUEUE_FULL;
        }
        waitingBytes += packet.length();
        resolution.add(WaitingPacket.copyOf(packet, output));
        if (isNew) {
            resolutions.put(nextHop, resolution);
            request(nextHop, resolution);
        }
        return null;
    }

    private void makeRoom(Resolution resolution, int bytes) {
        while (resolution.isFull() || resolution.bytes() > 0 && resolution.bytes() + bytes > MAX_WAITING_BYTES) {
            WaitingPacket oldest = take(resolution);
            if (oldest == null) {
                return;
            }
            drops.count(DropReason.NEIGHBOUR_QUEUE_FULL);
            oldest.release();
        }
    }

    private void request(IpAddress target, Resolution resolution) {
        if (resolution.requests() == MAX_REQUESTS) {
            resolutions.remove(target);
            giveUp(resolution);
            return;
        }
        resolution.requested(loop.schedule(RETRY_NANOS, () -> request(target, resolution)));
        solicitor.solicit(target, BROADCAST);
    }

    private void giveUp(Resolution resolution) {
        for (WaitingPacket packet = take(resolution); packet != null; packet = take(resolution)) {
            drops.count(DropReason.NEIGHBOUR_UNREACHABLE);
            try {
                packet.output().undeliverable(packet.into(waitingFrame));
            } finally {
                packet.release();
            }
        }
    }

    /** Bytes that wait for neighbours. */
    int waitingBytes() {
        return waitingBytes;
    }

    /** Known neighbours, at most {@link #MAX_NEIGHBOURS}. */
    int size() {
        return neighbours.size();
    }

    /** Frees what waits, and learns nothing more. */
    void close() {
        closed = true;
        neighbours.values().forEach(Neighbours::stopProbing);
        neighbours.clear();
        for (Resolution resolution : new ArrayList<>(resolutions.values())) {
            resolution.cancelTimer();
            for (WaitingPacket packet = take(resolution); packet != null; packet = take(resolution)) {
                packet.release();
            }
        }
        resolutions.clear();
    }
}
