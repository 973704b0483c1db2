package org.slipway.gateway;

import io.netty.buffer.ByteBuf;
import org.jspecify.annotations.Nullable;
import org.slipway.nat.StreamAcceptor;
import org.slipway.nat.TcpFlow;
import org.slipway.service.StreamService;
import org.slipway.tcp.CloseCause;
import org.slipway.tcp.StreamListener;

/** Guests' connections that end in a service of the gateway's own. */
final class StreamServices implements StreamAcceptor {

    private final StreamService service;

    StreamServices(StreamService service) {
        this.service = service;
    }

    @Override
    public @Nullable StreamListener accept(TcpFlow flow) {
        Connection connection = new Connection(flow);
        StreamService.Session session = service.accept(flow.share(), connection);
        if (session == null) {
            return null;
        }
        connection.session = session;
        return connection;
    }

    private static final class Connection implements StreamListener, StreamService.Output {

        private final TcpFlow flow;
        private StreamService.@Nullable Session session;

        Connection(TcpFlow flow) {
            this.flow = flow;
        }

        @Override
        public void established() {}

        @Override
        public void received(ByteBuf buf, int at, int length) {
            StreamService.Session to = session;
            if (to != null) {
                to.received(buf.slice(at, length));
                flow.connection().consumed(length);
            }
        }

        @Override
        public void receivedFin() {
            StreamService.Session to = session;
            if (to != null) {
                to.inputClosed();
            }
        }

        @Override
        public void acknowledged() {}

        @Override
        public void closed(CloseCause cause) {
            StreamService.Session to = session;
            session = null;
            if (to != null) {
                to.closed();
            }
        }

        @Override
        public void send(ByteBuf data) {
            flow.connection().send(data);
            flow.wake();
        }

        @Override
        public int unsentBytes() {
            return flow.connection().sendQueued();
        }

        @Override
        public void close() {
            flow.connection().close();
            flow.wake();
        }

        @Override
        public void abort() {
            flow.connection().abort();
            flow.wake();
        }
    }
}
