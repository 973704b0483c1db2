package org.slipway.service;

import java.net.Inet6Address;
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
    private final Map<Key, Long> distrustedUntil = new HashMap<>();

    /** The JDK holds fe80::1 of one interface and of another to be equal. */
    private record Key(InetSocketAddress resolver, int scopeId) {

        static Key of(InetSocketAddress resolver) {
            return new Key(resolver, resolver.getAddress() instanceof Inet6Address address ? address.getScopeId() : 0);
        }
    }

    ResolverOrder(Loop loop) {
        this.loop = loop;
    }

    /** Whether {@code resolver} is one of {@code resolvers}, of the same interface if it is link-local. */
    static boolean isAmong(List<InetSocketAddress> resolvers, InetSocketAddress resolver) {
        return resolvers.stream().map(Key::of).anyMatch(Key.of(resolver)::equals);
    }

    /** The {@code configured} resolvers in the order of asking. Forgets what it knows about others. */
    List<InetSocketAddress> of(List<InetSocketAddress> configured) {
        long now = loop.nanoTime();
        distrustedUntil.values().removeIf(until -> until - now <= 0);
        if (distrustedUntil.isEmpty()) {
            return configured;
        }
        distrustedUntil.keySet().retainAll(configured.stream().map(Key::of).toList());
        List<InetSocketAddress> trusted = new ArrayList<>(configured);
        List<InetSocketAddress> distrusted = new ArrayList<>();
        trusted.removeIf(resolver -> distrustedUntil.containsKey(Key.of(resolver)) && distrusted.add(resolver));
        trusted.addAll(distrusted);
        return trusted;
    }

    /** {@code resolver} did not answer. */
    void failed(InetSocketAddress resolver) {
        distrustedUntil.put(Key.of(resolver), loop.nanoTime() + DISTRUST_NANOS);
    }

    /** {@code resolver} answered. */
    void answered(InetSocketAddress resolver) {
        distrustedUntil.remove(Key.of(resolver));
    }
}
