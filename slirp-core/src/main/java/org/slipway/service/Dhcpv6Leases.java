package org.slipway.service;

import java.nio.ByteBuffer;
import java.util.ArrayList;
import java.util.BitSet;
import java.util.HashMap;
import java.util.Iterator;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.TimeUnit;
import org.jspecify.annotations.Nullable;
import org.slipway.loop.Loop;
import org.slipway.wire.Duid;
import org.slipway.wire.IpAddress;

/**
 * The addresses of the identity associations of guests (RFC 8415 12.1).
 *
 * <p>A guest is known by its Ethernet address, for the reasons that {@link LeaseTable} has, and its associations are
 * numbered. It speaks with one identifier at a time: with another (firmware, then a boot loader, then a system) it begins to
 * count anew, and so gets the addresses that it had before, while what the former identifier knew is no binding any more.
 */
final class Dhcpv6Leases {

    /** Of one guest. One more takes the place of the one that the guest has not named for longest. */
    static final int MAX_OF_A_GUEST = 8;

    /** Who asks, to whose share that counts, and in which message. */
    record Client(long mac, long share, Duid duid, int message) {}

    /** An association's number, and the message that named it last. */
    private record Slot(int number, int message) {}

    private static final class Station {
        final Duid duid;
        final Map<Integer, Slot> slots = new LinkedHashMap<>(16, 0.75f, true);

        Station(Duid duid) {
            this.duid = duid;
        }
    }

    private final Dhcpv6Config config;
    private final Loop loop;
    private final LeaseTable table;
    private final LeaseExpiry expiry;
    private final Map<Long, Station> stations = new HashMap<>();

    Dhcpv6Leases(Dhcpv6Config config, Loop loop, LeaseListener listener) {
        this.config = config;
        this.loop = loop;
        table = new LeaseTable(config.pool(), config.fixed(), listener);
        expiry = new LeaseExpiry(loop, table);
    }

    /** Keeps an address for an association for a while; null if there is none left, or none for this guest. */
    @Nullable
    IpAddress offer(Client client, int association, List<IpAddress> hints) {
        LeaseHolder holder = holder(client, association, true);
        if (holder == null) {
            return null;
        }
        return table.offer(
                holder, client.share, id(client, holder), hints.isEmpty() ? null : hints.get(0), loop.nanoTime());
    }

    /** By what a guest is known whose Ethernet address has changed. */
    private static byte[] id(Client client, LeaseHolder holder) {
        byte[] duid = client.duid.bytes();
        return ByteBuffer.allocate(duid.length + Integer.BYTES)
                .put(duid)
                .putInt(holder.association())
                .array();
    }

    /** Leases {@code address}, which was offered to, or is held by, the association. */
    void bind(Client client, int association, IpAddress address, String hostname, boolean renewal) {
        LeaseHolder holder = holder(client, association, true);
        if (holder == null) {
            return;
        }
        long nanos = TimeUnit.SECONDS.toNanos(config.leaseSeconds());
        table.bind(address, holder, client.share, id(client, holder), hostname, nanos, renewal, loop.nanoTime());
        expiry.arm();
    }

    /** What the association has leased, or null. */
    @Nullable
    Lease held(Client client, int association) {
        LeaseHolder holder = holder(client, association, false);
        return holder == null ? null : table.held(holder, loop.nanoTime());
    }

    /** The guest gives up the association's address. */
    void release(Client client, int association, IpAddress address) {
        LeaseHolder holder = holder(client, association, false);
        if (holder != null) {
            table.release(address, holder, loop.nanoTime());
            expiry.arm();
        }
    }

    /** The guest found the association's address in use. */
    void decline(Client client, int association, IpAddress address) {
        LeaseHolder holder = holder(client, association, false);
        if (holder != null) {
            table.decline(address, holder, loop.nanoTime());
            expiry.arm();
        }
    }

    /** All leases, in the order of the pool, the fixed ones behind. */
    List<Lease> leases() {
        return table.leases(loop.nanoTime());
    }

    /** Ends the watch over leases. */
    void close() {
        expiry.close();
    }

    private @Nullable LeaseHolder holder(Client client, int association, boolean make) {
        Station station = stations.get(client.mac);
        if (station == null || !station.duid.equals(client.duid)) {
            if (!make) {
                return null;
            }
            station = new Station(client.duid);
            forgetIdleStations();
            if (stations.size() >= config.addresses() && !stations.containsKey(client.mac)) {
                return null;
            }
            stations.put(client.mac, station);
        }
        Slot known = station.slots.get(association);
        int number = known != null ? known.number : make ? newSlot(station, client.message) : -1;
        if (number < 0) {
            return null;
        }
        station.slots.put(association, new Slot(number, client.message));
        return new LeaseHolder(client.mac, number);
    }

    /** The lowest free number, or that of the association not named for longest, but none of this message; else -1. */
    private static int newSlot(Station station, int message) {
        if (station.slots.size() < MAX_OF_A_GUEST) {
            BitSet used = new BitSet();
            station.slots.values().forEach(slot -> used.set(slot.number));
            return used.nextClearBit(0);
        }
        Iterator<Slot> oldestFirst = station.slots.values().iterator();
        Slot oldest = oldestFirst.next();
        if (oldest.message == message) {
            return -1;
        }
        oldestFirst.remove();
        return oldest.number;
    }

    /** There are no more stations than addresses: those that have none need not be known. */
    private void forgetIdleStations() {
        if (stations.size() < config.addresses()) {
            return;
        }
        table.expire(loop.nanoTime());
        List<Long> idle = new ArrayList<>();
        stations.forEach((mac, station) -> {
            boolean holds =
                    station.slots.values().stream().anyMatch(slot -> table.isTaken(new LeaseHolder(mac, slot.number)));
            if (!holds) {
                idle.add(mac);
            }
        });
        stations.keySet().removeAll(idle);
    }
}
