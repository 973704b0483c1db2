package org.slipway.tcp;

import static org.assertj.core.api.Assertions.assertThat;

import io.netty.buffer.ByteBuf;
import java.util.ArrayDeque;
import java.util.Deque;
import java.util.function.Consumer;

/** Whoever holds our end of a scenario's connection. It reads at once, unless it is told not to. */
final class ScenarioUser implements StreamListener {

    /** What it was told and no step has asked for yet. */
    final Deque<String> events = new ArrayDeque<>();

    /** Bytes that it got and no step has asked for yet. */
    int unclaimed;

    /** Bytes that it has not read yet. */
    int unread;

    boolean reads = true;

    private final TcpConnectionHolder holder;
    private final Consumer<String> log;
    private int received;
    private boolean finished;

    /** Where the connection is, which needs its listener to be made. */
    @FunctionalInterface
    interface TcpConnectionHolder {
        TcpConnection connection();
    }

    ScenarioUser(TcpConnectionHolder holder, Consumer<String> log) {
        this.holder = holder;
        this.log = log;
    }

    @Override
    public void established() {
        tell("established");
    }

    @Override
    public void received(ByteBuf buf, int at, int length) {
        assertThat(length).as("bytes received").isPositive();
        assertThat(finished).as("bytes received behind FIN or end").isFalse();
        Pattern.check(received, buf, at, length);
        received += length;
        unclaimed += length;
        log.accept("user gets " + length);
        if (reads) {
            holder.connection().consumed(length);
        } else {
            unread += length;
        }
    }

    @Override
    public void receivedFin() {
        tell("fin");
        finished = true;
    }

    @Override
    public void acknowledged() {}

    @Override
    public void closed(CloseCause cause) {
        tell("closed " + cause);
        finished = true;
    }

    private void tell(String event) {
        log.accept("user is told " + event);
        events.add(event);
    }
}
