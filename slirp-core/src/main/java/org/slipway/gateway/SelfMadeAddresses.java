package org.slipway.gateway;

import io.netty.util.collection.LongObjectHashMap;
import io.netty.util.collection.LongObjectMap;
import java.util.HashMap;
import java.util.LinkedHashSet;
import java.util.Map;
import org.jspecify.annotations.Nullable;
import org.slipway.wire.IpAddress;

/**
 * Which station was the first to use an IPv6 address: guests make these themselves (RFC 4862), so that nobody but they knows
 * whose they are. Bounded for each station, of which the oldest address gives way, and in stations, of which those that came
 * first keep their place: no station can push out what another has.
 */
final class SelfMadeAddresses {

    /** No station. */
    static final long NOBODY = -1;

    /** More than a guest with temporary addresses (RFC 8981) has at a time. */
    static final int MAX_OF_A_STATION = 32;

    /** As many as the switch knows. */
    static final int MAX_STATIONS = 1024;

    private final Map<IpAddress, Long> holders = new HashMap<>();
    private final LongObjectMap<LinkedHashSet<IpAddress>> ofStation = new LongObjectHashMap<>();

    /** Who has {@code address}, or {@link #NOBODY}. */
    long holder(IpAddress address) {
        @Nullable Long holder = holders.get(address);
        return holder == null ? NOBODY : holder;
    }

    /** Notes that {@code station} has {@code address} from now on, whoever had it before. */
    void claim(IpAddress address, long station) {
        LinkedHashSet<IpAddress> own = ofStation.get(station);
        if (own == null) {
            if (ofStation.size() == MAX_STATIONS) {
                return;
            }
            own = new LinkedHashSet<>();
            ofStation.put(station, own);
        }
        forget(address);
        if (own.size() == MAX_OF_A_STATION) {
            forget(own.iterator().next());
        }
        own.add(address);
        ofStation.put(station, own);
        holders.put(address, station);
    }

    private void forget(IpAddress address) {
        @Nullable Long holder = holders.remove(address);
        LinkedHashSet<IpAddress> own = holder == null ? null : ofStation.get(holder);
        if (holder != null && own != null) {
            own.remove(address);
            if (own.isEmpty()) {
                ofStation.remove(holder);
            }
        }
    }
}
