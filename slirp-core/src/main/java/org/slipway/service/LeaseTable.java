package org.slipway.service;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.TimeUnit;
import org.jspecify.annotations.Nullable;
import org.slipway.wire.IpAddress;
import org.slipway.wire.MacAddress;

/**
 * Who holds, held, or was offered which address of the pool (RFC 2131 4.3.1; of DHCPv6 as well). As large as the pool and
 * no larger.
 *
 * <p>A client is known by its Ethernet address: a machine that boots in stages (firmware, boot loader, system) shows
 * another client identifier in each, and must keep its address all the same; machines cloned from one disk image show the
 * same identifier, and must not share an address. The client identifier (option 61) is the second key: it gives a machine
 * whose Ethernet address has changed its old address back, if that is not in use any more. RFC 2131 4.2 has it the other
 * way round.
 *
 * <p>The last quarter of the pool is for those who have nothing yet: a share (the guests behind one port) that has an address,
 * was offered one, or has declined one, gets no more of it. So one guest that calls itself by many names, or declines all that
 * it is offered, leaves addresses to others.
 *
 * <p>Some addresses are fixed: kept for one holder, who gets no other as long as that one is not in use by somebody else. They
 * count to nobody's share.
 */
final class LeaseTable {

    /** Long enough to answer an offer, short enough not to empty the pool for those who ask and never take. */
    static final long OFFER_NANOS = TimeUnit.SECONDS.toNanos(30);

    /** How long an address that a client found in use is left alone. */
    static final long BARRED_NANOS = TimeUnit.MINUTES.toNanos(10);

    /** A lease that never expires. */
    static final long FOREVER = Long.MAX_VALUE;

    /** One address of so many is kept for those who have none. */
    static final int RESERVE = 4;

    private static final LeaseHolder NOBODY = LeaseHolder.of(MacAddress.ZERO.value());

    private enum State {
        /** Nobody's; the last client gets it back if it asks before another needs it. */
        FREE,
        /** Waits for the client's REQUEST. */
        OFFERED,
        /** Leased. */
        BOUND,
        /** A client has declined it: somebody else uses it. */
        BARRED
    }

    private static final class Entry {
        final IpAddress address;
        /** For whom alone it is, or null. */
        final @Nullable StaticLease fixed;

        State state = State.FREE;
        LeaseHolder holder = NOBODY;
        /** Whose share it is of, unless it is free. */
        long share;

        byte @Nullable [] clientId;
        String hostname = "";
        boolean used;
        boolean forever;
        long untilNanos;

        Entry(IpAddress address, @Nullable StaticLease fixed) {
            this.address = address;
            this.fixed = fixed;
        }

        boolean isFree() {
            return state == State.FREE;
        }

        /** Free, and for whoever comes. */
        boolean isOpen() {
            return isFree() && fixed == null;
        }

        Lease lease() {
            return new Lease(address, new MacAddress(holder.mac()), hostname, forever ? FOREVER : untilNanos);
        }
    }

    private final LeaseListener listener;
    private final Map<IpAddress, Entry> entries = new LinkedHashMap<>();
    private final Map<LeaseHolder, Entry> byHolder = new HashMap<>();
    private final Map<LeaseHolder, Entry> fixed = new HashMap<>();

    /**
     * @param pool for whoever comes, without those that are fixed
     * @param leases what is fixed; an address or a holder is there once at most
     */
    LeaseTable(List<IpAddress> pool, List<StaticLease> leases, LeaseListener listener) {
        this.listener = listener;
        pool.forEach(address -> entries.put(address, new Entry(address, null)));
        for (StaticLease lease : leases) {
            Entry entry = new Entry(lease.address(), lease);
            entries.put(lease.address(), entry);
            fixed.put(lease.holder(), entry);
        }
    }

    /**
     * Keeps an address for a client for a while and returns it, or null if the pool is exhausted. In this order: the one
     * that the client holds, that is fixed for it, that it held last, asks for, one that nobody ever had, the one that has been
     * free the longest.
     *
     * @param share to whose share it counts
     */
    @Nullable
    IpAddress offer(
            LeaseHolder holder, long share, byte @Nullable [] clientId, @Nullable IpAddress requested, long now) {
        expire(now);
        Entry own = byHolder.get(holder);
        if (own != null && own.state == State.BOUND) {
            return own.address;
        }
        Entry entry = fixedFor(holder);
        if (entry == null) {
            boolean isOffered = own != null && own.state == State.OFFERED;
            if (!isOffered && !mayTake(share, null)) {
                return null;
            }
            entry = own != null && own.state != State.BARRED ? own : findFree(clientId, requested);
        } else if (own != null && own != entry) {
            free(own);
        }
        if (entry == null) {
            return null;
        }
        assign(entry, State.OFFERED, holder, share, clientId, now + OFFER_NANOS);
        return entry.address;
    }

    /**
     * Binds {@code address} to a client if it may have it: offered to it, held by it, or free.
     *
     * @param nanos how long, or {@link #FOREVER}
     * @param renewal whether the client has been using the address all the while, as far as it says
     */
    @Nullable
    Lease bind(
            IpAddress address,
            LeaseHolder holder,
            long share,
            byte @Nullable [] clientId,
            String hostname,
            long nanos,
            boolean renewal,
            long now) {
        expire(now);
        Entry entry = entries.get(address);
        if (entry == null || entry.state == State.BARRED || !entry.isFree() && !entry.holder.equals(holder)) {
            return null;
        }
        Entry other = byHolder.get(holder);
        if (entry.isFree() && !mayHave(entry, holder, share, other)) {
            return null;
        }
        if (other != null && other != entry) {
            free(other);
        }
        boolean isNew = entry.state != State.BOUND || !entry.holder.equals(holder) || !renewal;
        assign(entry, State.BOUND, holder, share, clientId, nanos == FOREVER ? now : now + nanos);
        entry.forever = nanos == FOREVER;
        entry.hostname = entry.fixed == null || entry.fixed.name().isEmpty() ? hostname : entry.fixed.name();
        Lease lease = entry.lease();
        if (isNew) {
            listener.bound(lease);
        }
        return lease;
    }

    /** Ends what {@code holder} holds or was offered, if that is {@code address} (or if {@code address} is null). */
    void release(@Nullable IpAddress address, LeaseHolder holder, long now) {
        expire(now);
        Entry entry = byHolder.get(holder);
        if (entry != null && (address == null || entry.address.equals(address))) {
            entry.untilNanos = now;
            free(entry);
        }
    }

    /** Takes back an offer that the client has not taken. */
    void withdraw(LeaseHolder holder) {
        Entry entry = byHolder.get(holder);
        if (entry != null && entry.state == State.OFFERED) {
            free(entry);
        }
    }

    /** Bars {@code address} for a while if {@code holder} holds it or was offered it; whether that was so. */
    boolean decline(IpAddress address, LeaseHolder holder, long now) {
        expire(now);
        Entry entry = byHolder.get(holder);
        if (entry == null || !entry.address.equals(address) || entry.state == State.FREE) {
            return false;
        }
        free(entry);
        byHolder.remove(holder, entry);
        entry.state = State.BARRED;
        entry.holder = NOBODY;
        entry.clientId = null;
        entry.untilNanos = now + BARRED_NANOS;
        return true;
    }

    /** Frees everything whose time is over. */
    void expire(long now) {
        for (Entry entry : entries.values()) {
            if (entry.state != State.FREE && !entry.forever && entry.untilNanos - now <= 0) {
                free(entry);
            }
        }
    }

    /** Nanoseconds until the next lease ends, or -1 if none will. */
    long untilNextExpiry(long now) {
        long next = -1;
        for (Entry entry : entries.values()) {
            if (entry.state == State.BOUND && !entry.forever) {
                long left = Math.max(0, entry.untilNanos - now);
                next = next < 0 ? left : Math.min(next, left);
            }
        }
        return next;
    }

    /** The lease of {@code address}, or null. */
    @Nullable
    Lease find(IpAddress address, long now) {
        expire(now);
        Entry entry = entries.get(address);
        return entry != null && entry.state == State.BOUND ? entry.lease() : null;
    }

    /** What {@code holder} has leased, or null. */
    @Nullable
    Lease held(LeaseHolder holder, long now) {
        expire(now);
        Entry entry = byHolder.get(holder);
        return entry != null && entry.state == State.BOUND ? entry.lease() : null;
    }

    /** Whether {@code holder} has leased, or is offered, an address; as of the last {@link #expire}. */
    boolean isTaken(LeaseHolder holder) {
        Entry entry = byHolder.get(holder);
        return entry != null && entry.state != State.FREE;
    }

    /** Whether {@code holder} has leased an address other than {@code address}. */
    boolean holdsAnother(LeaseHolder holder, IpAddress address, long now) {
        expire(now);
        Entry entry = byHolder.get(holder);
        return entry != null && entry.state == State.BOUND && !entry.address.equals(address);
    }

    /** All leases, by address. */
    List<Lease> leases(long now) {
        expire(now);
        List<Lease> leases = new ArrayList<>();
        for (Entry entry : entries.values()) {
            if (entry.state == State.BOUND) {
                leases.add(entry.lease());
            }
        }
        return leases;
    }

    /** The address that is kept for a client, unless somebody else uses it. */
    private @Nullable Entry fixedFor(LeaseHolder holder) {
        Entry entry = fixed.get(holder);
        return entry != null && entry.state != State.BARRED ? entry : null;
    }

    /** Whether a free address may go to a client, who has {@code instead} up to now. */
    private boolean mayHave(Entry entry, LeaseHolder holder, long share, @Nullable Entry instead) {
        Entry own = fixedFor(holder);
        return own != null ? own == entry : entry.fixed == null && mayTake(share, instead);
    }

    /** Whether one more address may go to a share, in return for {@code instead}: beyond the reserve, or as it has none. */
    private boolean mayTake(long share, @Nullable Entry instead) {
        int all = 0;
        int free = 0;
        boolean hasOne = false;
        for (Entry entry : entries.values()) {
            if (entry.fixed != null) {
                continue;
            }
            all++;
            if (entry.isFree() || entry == instead) {
                free++;
            } else {
                hasOne |= entry.share == share;
            }
        }
        return !hasOne || free > all / RESERVE;
    }

    private @Nullable Entry findFree(byte @Nullable [] clientId, @Nullable IpAddress requested) {
        Entry wanted = requested == null ? null : entries.get(requested);
        Entry best = wanted != null && wanted.isOpen() ? wanted : null;
        for (Entry entry : entries.values()) {
            if (!entry.isOpen()) {
                continue;
            }
            if (clientId != null && Arrays.equals(entry.clientId, clientId)) {
                return entry;
            }
            if (best == null || best != wanted && isFreeLonger(entry, best)) {
                best = entry;
            }
        }
        return best;
    }

    private static boolean isFreeLonger(Entry entry, Entry other) {
        return other.used && (!entry.used || entry.untilNanos - other.untilNanos < 0);
    }

    private void assign(
            Entry entry, State state, LeaseHolder holder, long share, byte @Nullable [] clientId, long untilNanos) {
        if (!entry.holder.equals(holder)) {
            byHolder.remove(entry.holder, entry);
            entry.hostname = "";
        }
        byHolder.put(holder, entry);
        entry.holder = holder;
        entry.share = share;
        entry.clientId = clientId;
        entry.state = state;
        entry.used = true;
        entry.untilNanos = untilNanos;
        entry.forever = false;
    }

    private void free(Entry entry) {
        boolean wasBound = entry.state == State.BOUND;
        Lease lease = entry.lease();
        entry.state = State.FREE;
        entry.forever = false;
        if (wasBound) {
            listener.released(lease);
        }
    }
}
