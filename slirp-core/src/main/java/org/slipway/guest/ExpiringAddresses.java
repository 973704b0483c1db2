package org.slipway.guest;

import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.slipway.wire.IpAddress;

/** Addresses of which routers told, in that order, each with its lifetime: routers, or resolvers. */
final class ExpiringAddresses {

    /** RFC 4861 6.3.4 and RFC 8106 5.3.1 ask for two routers and three resolvers at least; a hostile router knows more. */
    static final int MAX = 8;

    private final Map<IpAddress, Lifetime> lifetimes = new LinkedHashMap<>();

    /** Adds an address, gives it another lifetime, or ends it at once; an address too many is not added. */
    void put(IpAddress address, Lifetime lifetime, long nowNanos) {
        if (lifetime.isOver(nowNanos)) {
            lifetimes.remove(address);
        } else if (lifetimes.containsKey(address) || lifetimes.size() < MAX) {
            lifetimes.put(address, lifetime);
        }
    }

    void expire(long nowNanos) {
        lifetimes.values().removeIf(lifetime -> lifetime.isOver(nowNanos));
    }

    /** How long nothing expires; {@code Long.MAX_VALUE} if nothing will. */
    long leftNanos(long nowNanos) {
        return lifetimes.values().stream()
                .mapToLong(lifetime -> lifetime.leftNanos(nowNanos))
                .min()
                .orElse(Long.MAX_VALUE);
    }

    List<IpAddress> all() {
        return List.copyOf(lifetimes.keySet());
    }
}
