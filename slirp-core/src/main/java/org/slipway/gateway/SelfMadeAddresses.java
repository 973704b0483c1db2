package org.slipway.gateway;

import io.netty.util.collection.LongObjectHashMap;
import io.netty.util.collection.LongObjectMap;
import java.util.HashMap;
import java.util.LinkedHashSet;
import java.util.Map;
import org.slipway.ip.StationQuota;
import org.slipway.wire.IpAddress;

/**
 * Which station was the first to use an IPv6 address: guests make these themselves (RFC 4862), so that nobody but they knows
 * whose they are. Bounded for each share, of which the oldest address gives way, and in all: no guest can push out what
 * another has.
 */
final class SelfMadeAddresses {

    /** No station. */
    static final long NOBODY = -1;

    /** As many as the neighbours of both families and some that were temporary (RFC 8981). */
    static final int MAX = 4096;

    /** Of these, of the stations behind one port: as many as the switch knows there. */
    static final int MAX_OF_A_SHARE = MAX / 4;

    private record Holder(long station, long share) {}

    private final Map<IpAddress, Holder> holders = new HashMap<>();
    private final LongObjectMap<LinkedHashSet<IpAddress>> ofShare = new LongObjectHashMap<>();
    private final StationQuota quota = new StationQuota(MAX, MAX_OF_A_SHARE);

    /** Who has {@code address}, or {@link #NOBODY}. */
    long holder(IpAddress address) {
        Holder holder = holders.get(address);
        return holder == null ? NOBODY : holder.station;
    }

    /** Notes that {@code station}, whose share is {@code share}, has {@code address} from now on, whoever had it before. */
    void claim(IpAddress address, long station, long share) {
        forget(address);
        LinkedHashSet<IpAddress> own = ofShare.get(share);
        if (own != null && quota.isUsedUp(share)) {
            forget(own.iterator().next());
        }
        if (!quota.take(share)) {
            return;
        }
        ofShare.computeIfAbsent(share, unused -> new LinkedHashSet<>()).add(address);
        holders.put(address, new Holder(station, share));
    }

    private void forget(IpAddress address) {
        Holder holder = holders.remove(address);
        if (holder == null) {
            return;
        }
        quota.giveBack(holder.share);
        LinkedHashSet<IpAddress> own = ofShare.get(holder.share);
        own.remove(address);
        if (own.isEmpty()) {
            ofShare.remove(holder.share);
        }
    }

    /** How many are known. */
    int size() {
        return holders.size();
    }
}
