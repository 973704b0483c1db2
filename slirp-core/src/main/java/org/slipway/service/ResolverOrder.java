package org.slipway.service;

import java.net.InetSocketAddress;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.TimeUnit;
import org.slipway.loop.Loop;

/** In which order resolvers are asked: as configured, but those that did not answer lately come last. */
final class ResolverOrder {

    /** Long enough that a dead resolver costs few queries, short enough that a mended one is soon used again. */
    static final long DISTRUST_NANOS = TimeUnit.SECONDS.toNanos(30);

    private final Loop loop;
    private final Map<InetSocketAddress, Long> distrustedUntil = new HashMap<>();

    ResolverOrder(Loop loop) {
        this.loop = loop;
    }

    /** The {@code configured} resolvers in the order of asking. Forgets what it knows about others. */
    List<InetSocketAddress> of(List<InetSocketAddress> configured) {
        long now = loop.nanoTime();
        distrustedUntil.values().removeIf(until -> until - now <= 0);
        if (distrustedUntil.isEmpty()) {
            return configured;
        }
        distrustedUntil.keySet().retainAll(configured);
        List<InetSocketAddress> trusted = new ArrayList<>(configured);
        List<InetSocketAddress> distrusted = new ArrayList<>();
        trusted.removeIf(resolver -> distrustedUntil.containsKey(resolver) && distrusted.add(resolver));
        trusted.addAll(distrusted);
        return trusted;
    }

    /** {@code resolver} did not answer. */
    void failed(InetSocketAddress resolver) {
        distrustedUntil.put(resolver, loop.nanoTime() + DISTRUST_NANOS);
    }

    /** {@code resolver} answered. */
    void answered(InetSocketAddress resolver) {
        distrustedUntil.remove(resolver);
    }
}
