package org.slipway.service;

import io.netty.buffer.ByteBuf;
import io.netty.buffer.ByteBufUtil;
import java.net.InetSocketAddress;
import java.util.ArrayList;
import java.util.List;

/** Resolvers that say what the test says. */
final class FakeUpstream implements DnsUpstream {

    /** One query that went out. */
    static final class Sent {
        final Transport transport;
        final InetSocketAddress resolver;
        final String query;
        final Listener listener;
        boolean cancelled;

        Sent(Transport transport, InetSocketAddress resolver, String query, Listener listener) {
            this.transport = transport;
            this.resolver = resolver;
            this.query = query;
            this.listener = listener;
        }

        int id() {
            return Integer.parseInt(query.substring(0, 4), 16);
        }

        /** The resolver says {@code hex}, unless nobody listens. */
        void receive(String hex) {
            if (!cancelled) {
                ByteBuf message = DnsBytes.buffer(hex);
                listener.received(message);
                message.release();
            }
        }

        void fail() {
            if (!cancelled) {
                cancelled = true;
                listener.failed();
            }
        }

        /** {@code "UDP 53"}: how and where the query went; resolvers differ in their ports. */
        @Override
        public String toString() {
            return transport + " " + resolver.getPort();
        }
    }

    final List<Sent> sent = new ArrayList<>();

    Sent last() {
        return sent.get(sent.size() - 1);
    }

    long open() {
        return sent.stream().filter(one -> !one.cancelled).count();
    }

    @Override
    public Exchange send(Transport transport, InetSocketAddress resolver, ByteBuf query, Listener listener) {
        Sent one = new Sent(transport, resolver, ByteBufUtil.hexDump(query), listener);
        sent.add(one);
        return () -> one.cancelled = true;
    }
}
