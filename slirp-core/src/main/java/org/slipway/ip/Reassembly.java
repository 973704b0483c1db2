package org.slipway.ip;

import io.netty.buffer.ByteBuf;
import java.util.Iterator;
import java.util.LinkedHashMap;
import java.util.Map;
import org.jspecify.annotations.Nullable;
import org.slipway.loop.Loop;
import org.slipway.loop.Timer;
import org.slipway.wire.DropCounters;
import org.slipway.wire.DropReason;
import org.slipway.wire.IcmpError;
import org.slipway.wire.IpAddress;

/**
 * Makes packets of both families whole again (RFC 791 3.2, RFC 1122 3.3.2, RFC 8200 4.5). Fragments come in any order; an exact
 * copy of one is ignored. One that overlaps others in any other way, or leads beyond 65,535 bytes, spoils the packet: all of
 * it is dropped, with what is still to come (RFC 5722, RFC 8900 3.7) and comes soon: half a second later it is of another
 * packet that has the same identification, as guests have that count from the same number each time.
 *
 * <p>Memory is bounded, for each station and in all, whatever the families; at a station's bound its own oldest packet gives
 * way, and beyond the total the oldest of the station that holds most.
 */
final class Reassembly {

    /** IPv4, from the first fragment that came; Linux takes 30 s as well. */
    static final long IPV4_TIMEOUT_NANOS = 30_000_000_000L;

    /** IPv6, from the first fragment that came (RFC 8200 4.5). */
    static final long IPV6_TIMEOUT_NANOS = 60_000_000_000L;

    /** The fragments of a packet are sent at once, over a link that keeps their order. */
    static final long TOGETHER_NANOS = 500_000_000L;

    /** Unfinished packets of one station, and their bytes: eight of the largest. */
    static final int MAX_PACKETS_PER_STATION = 32;

    static final int MAX_BYTES_PER_STATION = 512 << 10;

    /** Unfinished packets of all stations, and their bytes: as Linux bounds them (ipfrag_high_thresh). */
    static final int MAX_PACKETS = 256;

    static final int MAX_BYTES = 4 << 20;

    private record Key(long mac, IpAddress source, IpAddress destination, int identification, int protocol) {}

    private final Loop loop;
    private final DropCounters drops;
    private final Cause cause;

    /** In the order of their beginning. */
    private final Map<Key, PartialPacket> partials = new LinkedHashMap<>();

    private int bytes;
    private @Nullable Timer timer;
    private long timerAtNanos;
    private @Nullable DropReason refusal;

    Reassembly(Loop loop, DropCounters drops, Cause cause) {
        this.loop = loop;
        this.drops = drops;
        this.cause = cause;
    }

    /**
     * Takes a fragment, of which it keeps a copy.
     *
     * @param errors by which its sender is told if the packet does not become whole
     * @return the whole packet, which the caller releases, if this was what it lacked; else null
     */
    @Nullable
    ByteBuf receive(IpPacket fragment, IcmpErrors errors) {
        refusal = null;
        Key key = new Key(
                fragment.sourceMac(),
                fragment.source(),
                fragment.destination(),
                fragment.identification(),
                // RFC 8200 4.5: the fragments of one packet may differ in it.
                fragment.isIpv4() ? fragment.protocol() : 0);
        if (!isWellFormed(fragment)) {
            refusal = DropReason.IP_FRAGMENT_BAD;
            return null;
        }
        PartialPacket partial = partials.get(key);
        if (partial != null && isOfAnother(partial, fragment)) {
            partials.remove(key);
            evict(partial);
            partial = null;
        }
        if (partial == null) {
            long share = cause.share();
            makeRoom(share, 1);
            long timeoutNanos = fragment.isIpv4() ? IPV4_TIMEOUT_NANOS : IPV6_TIMEOUT_NANOS;
            partial = new PartialPacket(share, errors, loop.nanoTime() + timeoutNanos);
            partials.put(key, partial);
            armTimer(partial.deadlineNanos());
        }
        int before = partial.bytes();
        partial.lastNanos = loop.nanoTime();
        boolean good = partial.add(fragment);
        bytes += partial.bytes() - before;
        if (!good) {
            refusal = DropReason.IP_FRAGMENT_BAD;
            return null;
        }
        if (partial.isWhole()) {
            partials.remove(key);
            bytes -= partial.bytes();
            ByteBuf whole = partial.assemble();
            refusal = whole == null ? DropReason.IP_FRAGMENT_BAD : null;
            return whole;
        }
        makeRoom(partial.share, 0);
        return null;
    }

    /** Identifications come again (RFC 6864 4.3): what contradicts fragments of some time ago begins a packet of its own. */
    private boolean isOfAnother(PartialPacket partial, IpPacket fragment) {
        return loop.nanoTime() - partial.lastNanos > TOGETHER_NANOS && !partial.admits(fragment);
    }

    /** Why the last fragment was refused, or null if it was not. */
    @Nullable
    DropReason refusal() {
        return refusal;
    }

    /** Not empty; a multiple of eight bytes, if others follow; not beyond the largest packet. */
    private static boolean isWellFormed(IpPacket fragment) {
        return fragment.payloadLength() > 0 && (!fragment.moreFragments() || fragment.payloadLength() % 8 == 0);
    }

    /** Brings everything within the bounds, with room for {@code packets} more of one station. */
    private void makeRoom(long share, int packets) {
        while (isFull(share, packets)) {
            evictOldestOf(share);
        }
        while (partials.size() + packets > MAX_PACKETS || bytes > MAX_BYTES) {
            evictOldestOf(greediest());
        }
    }

    private boolean isFull(long share, int packets) {
        int count = packets;
        int held = 0;
        for (PartialPacket partial : partials.values()) {
            if (partial.share == share) {
                count++;
                held += partial.bytes();
            }
        }
        return count > MAX_PACKETS_PER_STATION || held > MAX_BYTES_PER_STATION;
    }

    private void evictOldestOf(long share) {
        Iterator<PartialPacket> oldestFirst = partials.values().iterator();
        while (oldestFirst.hasNext()) {
            PartialPacket partial = oldestFirst.next();
            if (partial.share == share) {
                oldestFirst.remove();
                evict(partial);
                return;
            }
        }
    }

    /** The share that has most of what is short, bytes or packets. */
    private long greediest() {
        boolean shortOfBytes = bytes > MAX_BYTES;
        return Greediest.share(
                partials.values(), partial -> partial.share, partial -> shortOfBytes ? partial.bytes() : 1);
    }

    private void evict(PartialPacket partial) {
        bytes -= partial.bytes();
        if (!partial.isSpoilt()) {
            drops.count(DropReason.IP_FRAGMENT_EXPIRED);
        }
        partial.release();
    }

    /** Sees to it that {@link #expire()} is called at {@code deadlineNanos}, if not before. */
    private void armTimer(long deadlineNanos) {
        Timer armed = timer;
        if (armed != null && timerAtNanos - deadlineNanos <= 0) {
            return;
        }
        if (armed != null) {
            armed.cancel();
        }
        timerAtNanos = deadlineNanos;
        timer = loop.schedule(deadlineNanos - loop.nanoTime(), this::expire);
    }

    private void expire() {
        timer = null;
        Map<Key, PartialPacket> expired = new LinkedHashMap<>();
        for (Map.Entry<Key, PartialPacket> entry : partials.entrySet()) {
            PartialPacket partial = entry.getValue();
            if (partial.deadlineNanos() - loop.nanoTime() <= 0) {
                expired.put(entry.getKey(), partial);
            } else {
                armTimer(partial.deadlineNanos());
            }
        }
        partials.keySet().removeAll(expired.keySet());
        expired.forEach((key, partial) -> {
            bytes -= partial.bytes();
            expire(key, partial);
        });
    }

    private void expire(Key key, PartialPacket partial) {
        long before = cause.set(key.mac);
        try {
            if (partial.isSpoilt()) {
                return;
            }
            drops.count(DropReason.IP_FRAGMENT_EXPIRED);
            // RFC 792: if fragment zero is not available then no time exceeded need be sent at all.
            ByteBuf first = partial.firstFragment();
            if (first != null) {
                IcmpErrors errors = partial.errors();
                errors.send(
                        first,
                        first.readerIndex(),
                        first.readableBytes(),
                        IcmpError.REASSEMBLY_EXCEEDED,
                        0,
                        errors.sourceFor(key.source, key.destination));
            }
        } finally {
            cause.set(before);
            partial.release();
        }
    }

    /** Bytes that are held, an allowance for each fragment included. */
    int bytes() {
        return bytes;
    }

    /** Packets that are not whole yet. */
    int size() {
        return partials.size();
    }

    /** Frees everything. */
    void close() {
        Timer pending = timer;
        if (pending != null) {
            pending.cancel();
            timer = null;
        }
        partials.values().forEach(PartialPacket::release);
        partials.clear();
        bytes = 0;
    }
}
