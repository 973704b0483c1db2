package org.slipway.guest;

import java.util.function.Function;
import org.jspecify.annotations.Nullable;
import org.slipway.loop.Loop;
import org.slipway.loop.Timer;
import org.slipway.tcp.Segment;
import org.slipway.tcp.SegmentSink;
import org.slipway.tcp.StreamListener;
import org.slipway.tcp.TcpConnection;
import org.slipway.tcp.TcpState;
import org.slipway.wire.DropReason;

/** One TCP connection of a guest: the state machine, its stream, its timer and its turn. */
final class TcpEndpoint implements SegmentSink {

    final ConnectionKey key;
    final TcpConnection connection;
    final GuestStream stream;

    /** Whether it is in the queue of this turn. */
    boolean queued;

    private final TcpEndpoints endpoints;
    private @Nullable Timer timer;
    private boolean noRoute;

    /** {@code open} makes the connection, active or passive, that tells the listener what happens. */
    TcpEndpoint(TcpEndpoints endpoints, ConnectionKey key, Function<StreamListener, TcpConnection> open) {
        this.endpoints = endpoints;
        this.key = key;
        stream = new GuestStream(this);
        connection = open.apply(stream.events());
    }

    /** Has the connection transmit at the end of this turn: to be called after each use of it. */
    void wake() {
        endpoints.enqueue(this);
    }

    /** Ends the connection because of what {@code why}, one line, says. */
    void fail(String why) {
        stream.failure(why);
        connection.abort();
        wake();
    }

    @Override
    public void send(Segment segment) {
        DropReason dropped = endpoints.send(key, segment);
        noRoute = dropped == DropReason.IP_NO_ROUTE && connection.state() == TcpState.SYN_SENT;
    }

    /** Sends all that is due and arms the timer for what will be. */
    void transmit(Loop loop) {
        connection.transmit(loop.nanoTime(), this);
        if (noRoute) {
            noRoute = false;
            fail("no route");
        }
        cancelTimer();
        long deadline = connection.deadline();
        if (deadline != TcpConnection.NEVER) {
            timer = loop.schedule(deadline - loop.nanoTime(), this::wake);
        }
    }

    void cancelTimer() {
        Timer armed = timer;
        if (armed != null) {
            armed.cancel();
            timer = null;
        }
    }
}
