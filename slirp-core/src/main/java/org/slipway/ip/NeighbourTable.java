package org.slipway.ip;

import java.util.Iterator;
import java.util.LinkedHashMap;
import java.util.Map;
import org.jspecify.annotations.Nullable;
import org.slipway.wire.IpAddress;

/**
 * The neighbours that are known, by address. A station that has told of as many as it may loses the one of its own that was
 * not used for longest, so that one that claims every address takes nothing from the others.
 */
final class NeighbourTable {

    /** More addresses than the stations of a Lan have. */
    static final int MAX = 1024;

    /** Of these, told of by one station, or by all that are behind its port. */
    static final int MAX_OF_A_STATION = MAX / 4;

    private final StationQuota quota = new StationQuota(MAX, MAX_OF_A_STATION);

    /** The least recently used comes first. */
    private final Map<IpAddress, Neighbour> neighbours = new LinkedHashMap<>(16, 0.75f, true);

    /** The neighbour, which counts as used, or null. */
    @Nullable
    Neighbour get(IpAddress address) {
        return neighbours.get(address);
    }

    boolean contains(IpAddress address) {
        return neighbours.containsKey(address);
    }

    /** The neighbour, which from now on counts to {@code share}; a new one if there is none. */
    Neighbour claim(IpAddress address, long share) {
        Neighbour known = neighbours.get(address);
        if (known != null && known.share == share) {
            return known;
        }
        remove(address);
        makeRoom(share);
        Neighbour neighbour = new Neighbour(share);
        neighbours.put(address, neighbour);
        quota.take(share);
        return neighbour;
    }

    private void makeRoom(long share) {
        boolean ofItsOwn = quota.isUsedUp(share);
        if (!ofItsOwn && quota.hasRoom(share)) {
            return;
        }
        for (Iterator<Neighbour> oldestFirst = neighbours.values().iterator(); oldestFirst.hasNext(); ) {
            Neighbour oldest = oldestFirst.next();
            if (!ofItsOwn || oldest.share == share) {
                oldestFirst.remove();
                end(oldest);
                return;
            }
        }
    }

    /** Forgets a neighbour; harmless if there is none. */
    void remove(IpAddress address) {
        Neighbour neighbour = neighbours.remove(address);
        if (neighbour != null) {
            end(neighbour);
        }
    }

    private void end(Neighbour neighbour) {
        neighbour.stopProbing();
        quota.giveBack(neighbour.share);
    }

    int size() {
        return neighbours.size();
    }

    /** Forgets all. */
    void clear() {
        neighbours.values().forEach(this::end);
        neighbours.clear();
    }
}
