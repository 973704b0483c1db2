package org.slipway.lan;

import io.netty.util.collection.LongObjectHashMap;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.TimeUnit;
import org.jspecify.annotations.Nullable;
import org.slipway.wire.MacAddress;

/**
 * Which station is behind which slot, learnt from source addresses (IEEE 802.1Q 8.7, 8.8).
 *
 * <p>Bounded so that one guest cannot push out the others' stations: a slot at its own bound gives up its own oldest
 * station, and at the total bound the slot that holds most gives up its oldest. Looking up and seeing again a known
 * station allocate nothing.
 */
final class MacTable {

    /** IEEE 802.1Q table 8-6: the recommended ageing time. */
    static final long AGEING_NANOS = TimeUnit.SECONDS.toNanos(300);

    /** Stations in all: as much as a small hardware switch knows; about half a megabyte. */
    static final int MAX_STATIONS = 4096;

    /** Stations behind one slot: enough for an office behind a TAP, a quarter of the table. */
    static final int MAX_STATIONS_PER_SLOT = 1024;

    // Seeing a station again within this time changes nothing: keeps the common frame from touching the list.
    private static final long REFRESH_NANOS = TimeUnit.SECONDS.toNanos(1);

    /** A station. Those that age stand in their slot's list, longest unseen first; a pinned one stands in none. */
    private static final class Station {
        final boolean pinned;
        long address;
        Slot slot;
        long seenNanos;

        @Nullable
        Station older;

        @Nullable
        Station newer;

        Station(long address, Slot slot, boolean pinned) {
            this.address = address;
            this.slot = slot;
            this.pinned = pinned;
        }
    }

    /** What stations can be behind: a port's place in the switch. */
    abstract static class Slot {
        private @Nullable Station oldest;
        private @Nullable Station newest;
        private int stations;

        private void append(Station station) {
            Station last = newest;
            station.older = last;
            station.newer = null;
            station.slot = this;
            newest = station;
            stations++;
            if (last == null) {
                oldest = station;
            } else {
                last.newer = station;
            }
        }

        private void remove(Station station) {
            Station before = station.older;
            Station behind = station.newer;
            if (before == null) {
                oldest = behind;
            } else {
                before.newer = behind;
            }
            if (behind == null) {
                newest = before;
            } else {
                behind.older = before;
            }
            stations--;
        }
    }

    private final LongObjectHashMap<Station> stations = new LongObjectHashMap<>(64);
    private final List<Station> pinned = new ArrayList<>();

    /** Stations known, pinned ones included, some of them perhaps too old. */
    int size() {
        return stations.size();
    }

    /** The slot that {@code address} is behind, or null if that is not known, or not seen for too long. */
    @Nullable
    Slot slotOf(long address, long nowNanos) {
        Station station = stations.get(address);
        if (station == null) {
            return null;
        }
        if (!station.pinned && isTooOld(station, nowNanos)) {
            forget(station);
            return null;
        }
        return station.slot;
    }

    /** The stations behind {@code slot} that age and are not too old, longest unseen first. */
    List<MacAddress> stations(Slot slot, long nowNanos) {
        List<MacAddress> found = new ArrayList<>();
        for (Station station = slot.oldest; station != null; station = station.newer) {
            if (!isTooOld(station, nowNanos)) {
                found.add(new MacAddress(station.address));
            }
        }
        return found;
    }

    /**
     * Notes that {@code address} was seen as a source on {@code slot}.
     *
     * @param all the slots of the switch, of which one may have to give up a station
     * @return false if the address is pinned to another slot: the sender is an impostor
     */
    boolean learn(long address, Slot slot, long nowNanos, Slot[] all) {
        Station station = stations.get(address);
        if (station == null) {
            station = make(address, slot, nowNanos, all);
        } else if (station.pinned) {
            return station.slot == slot;
        } else if (station.slot == slot && nowNanos - station.seenNanos < REFRESH_NANOS) {
            return true;
        } else {
            station.slot.remove(station);
            if (slot.stations >= MAX_STATIONS_PER_SLOT) {
                evictOldest(slot);
            }
        }
        station.seenNanos = nowNanos;
        slot.append(station);
        return true;
    }

    /** Notes that {@code address} is behind {@code slot} until that is forgotten, whatever others claim. */
    void pin(long address, Slot slot) {
        Station known = stations.get(address);
        if (known != null) {
            forget(known);
        }
        Station station = new Station(address, slot, true);
        stations.put(address, station);
        pinned.add(station);
    }

    /** Forgets all stations behind {@code slot}. */
    void forget(Slot slot) {
        for (Station station = slot.oldest; station != null; station = station.newer) {
            stations.remove(station.address);
        }
        slot.oldest = null;
        slot.newest = null;
        slot.stations = 0;
        for (Station station : pinned) {
            if (station.slot == slot) {
                stations.remove(station.address);
            }
        }
        pinned.removeIf(station -> station.slot == slot);
    }

    /** A station with its place in the map, but in no list; at a bound it is another one's object. */
    private Station make(long address, Slot slot, long nowNanos, Slot[] all) {
        Station station = null;
        if (slot.stations >= MAX_STATIONS_PER_SLOT) {
            station = evictOldest(slot);
        } else if (stations.size() - pinned.size() >= MAX_STATIONS) {
            station = evictOldest(richest(all, nowNanos));
        }
        if (station == null) {
            station = new Station(address, slot, false);
        }
        station.address = address;
        stations.put(address, station);
        return station;
    }

    /** The first slot that holds a station which is too old, or else the one that holds most. */
    private static Slot richest(Slot[] all, long nowNanos) {
        Slot richest = all[0];
        for (Slot slot : all) {
            if (slot.oldest != null && isTooOld(slot.oldest, nowNanos)) {
                return slot;
            }
            if (slot.stations > richest.stations) {
                richest = slot;
            }
        }
        return richest;
    }

    private @Nullable Station evictOldest(Slot slot) {
        Station oldest = slot.oldest;
        if (oldest != null) {
            forget(oldest);
        }
        return oldest;
    }

    private void forget(Station station) {
        stations.remove(station.address);
        if (station.pinned) {
            pinned.remove(station);
        } else {
            station.slot.remove(station);
        }
    }

    private static boolean isTooOld(Station station, long nowNanos) {
        return nowNanos - station.seenNanos >= AGEING_NANOS;
    }
}
