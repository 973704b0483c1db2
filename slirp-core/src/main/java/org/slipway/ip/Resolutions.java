package org.slipway.ip;

import java.util.LinkedHashMap;
import java.util.Map;
import org.jspecify.annotations.Nullable;
import org.slipway.lan.Frame;
import org.slipway.loop.Loop;
import org.slipway.wire.DropCounters;
import org.slipway.wire.DropReason;
import org.slipway.wire.IpAddress;

/**
 * The searches for neighbours of one family, and the packets that wait for their end.
 *
 * <p>A search counts to the share of the station on whose behalf it began ({@link Cause}). At a bound no search is refused:
 * the oldest of that share gives way, with its packets, and beyond the total the oldest of the share that has most. So a guest that has
 * packets sent to hundreds of stations that are not there loses searches of its own.
 */
final class Resolutions {

    /** Searches at the same time: each lasts three seconds at most, so this bounds the requests a second, too. */
    static final int MAX = 128;

    /** Of these, on behalf of one share. */
    static final int MAX_OF_A_STATION = 32;

    /** Bytes that may wait for one neighbour: four of the largest packets. */
    static final int MAX_WAITING_BYTES = 256 << 10;

    /** Bytes that may wait on behalf of one share. */
    static final int MAX_WAITING_BYTES_OF_A_STATION = 512 << 10;

    /** Bytes that may wait in all. */
    static final int MAX_TOTAL_WAITING_BYTES = 2 << 20;

    /** RFC 1122 2.3.2.1: at most one request a second. */
    static final long RETRY_NANOS = 1_000_000_000L;

    static final int MAX_REQUESTS = 3;

    private static final long BROADCAST = 0xffff_ffff_ffffL;

    private final Loop loop;
    private final DropCounters drops;
    private final Cause cause;
    private final Neighbours.Solicitor solicitor;

    /** In the order of their beginning. */
    private final Map<IpAddress, Resolution> resolutions = new LinkedHashMap<>();

    private final Frame waitingFrame = new Frame();
    private int waitingBytes;

    Resolutions(Loop loop, DropCounters drops, Cause cause, Neighbours.Solicitor solicitor) {
        this.loop = loop;
        this.drops = drops;
        this.cause = cause;
        this.solicitor = solicitor;
    }

    boolean contains(IpAddress address) {
        return resolutions.containsKey(address);
    }

    /**
     * Keeps a copy of {@code packet}, whose IP header is at the reader index, until {@code nextHop} answers. Packets for
     * it that have waited longer give way.
     */
    void enqueue(IpAddress nextHop, Frame packet, PacketOutput output) {
        Resolution known = resolutions.get(nextHop);
        Resolution resolution = known == null ? new Resolution(cause.share()) : known;
        int bytes = packet.length();
        makeRoomIn(resolution, bytes);
        makeRoomFor(resolution, known == null ? 1 : 0, bytes);
        waitingBytes += bytes;
        resolution.add(WaitingPacket.copyOf(packet, output));
        if (known == null) {
            resolutions.put(nextHop, resolution);
            request(nextHop, resolution);
        }
    }

    private void makeRoomIn(Resolution resolution, int bytes) {
        while (resolution.isFull() || resolution.bytes() > 0 && resolution.bytes() + bytes > MAX_WAITING_BYTES) {
            dropOldest(resolution);
        }
    }

    /** Brings the shares within their bounds, with {@code more} searches and {@code bytes} on top. */
    private void makeRoomFor(Resolution resolution, int more, int bytes) {
        while (isShareFull(resolution.share(), more, bytes)) {
            endOldest(resolution.share(), resolution);
        }
        while (resolutions.size() + more > MAX || waitingBytes + bytes > MAX_TOTAL_WAITING_BYTES) {
            endOldest(greediest(resolution), resolution);
        }
    }

    private boolean isShareFull(long share, int more, int bytes) {
        int count = more;
        int held = bytes;
        for (Resolution resolution : resolutions.values()) {
            if (resolution.share() == share) {
                count++;
                held += resolution.bytes();
            }
        }
        return count > MAX_OF_A_STATION || held > MAX_WAITING_BYTES_OF_A_STATION;
    }

    /** The share, other than by {@code kept}, that has most of what is short: bytes or searches. */
    private long greediest(Resolution kept) {
        boolean shortOfBytes = resolutions.size() < MAX;
        return Greediest.share(
                resolutions.values(), Resolution::share, each -> each == kept ? 0 : shortOfBytes ? each.bytes() : 1);
    }

    /** Ends the oldest search of {@code share} but {@code kept}; there is one, as one alone breaks no bound. */
    private void endOldest(long share, Resolution kept) {
        for (Map.Entry<IpAddress, Resolution> entry : resolutions.entrySet()) {
            Resolution oldest = entry.getValue();
            if (oldest != kept && oldest.share() == share) {
                resolutions.remove(entry.getKey());
                oldest.cancelTimer();
                while (oldest.bytes() > 0) {
                    dropOldest(oldest);
                }
                return;
            }
        }
        throw new IllegalStateException("one search alone is beyond a bound");
    }

    private void dropOldest(Resolution resolution) {
        WaitingPacket oldest = take(resolution);
        if (oldest != null) {
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

    /** The station {@code mac} has {@code address}: what waits for it is sent. */
    void found(IpAddress address, long mac) {
        Resolution resolution = resolutions.remove(address);
        if (resolution == null) {
            return;
        }
        resolution.cancelTimer();
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

    /** Bytes that wait for neighbours. */
    int waitingBytes() {
        return waitingBytes;
    }

    /** Frees what waits. */
    void close() {
        for (Resolution resolution : resolutions.values()) {
            resolution.cancelTimer();
            for (WaitingPacket packet = take(resolution); packet != null; packet = take(resolution)) {
                packet.release();
            }
        }
        resolutions.clear();
    }
}
