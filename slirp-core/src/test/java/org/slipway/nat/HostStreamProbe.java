package org.slipway.nat;

import io.netty.buffer.ByteBuf;
import java.io.ByteArrayOutputStream;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;

/** Writes down what a {@link HostStream} tells. What it tells is read from other threads, too. */
final class HostStreamProbe implements HostStreamListener {

    private final List<String> events = new ArrayList<>();
    private final ByteArrayOutputStream bytes = new ByteArrayOutputStream();
    private long written;

    private synchronized void add(String event) {
        events.add(event);
        notifyAll();
    }

    @Override
    public void connected() {
        add("connected");
    }

    @Override
    public void connectFailed(ConnectFailure failure) {
        add("failed " + failure);
    }

    @Override
    public synchronized void received(ByteBuf data) {
        byte[] copy = new byte[data.readableBytes()];
        data.readBytes(copy);
        data.release();
        bytes.writeBytes(copy);
        notifyAll();
    }

    @Override
    public synchronized void written(long count) {
        written += count;
        notifyAll();
    }

    @Override
    public void inputEnded() {
        add("inputEnded");
    }

    @Override
    public void broken() {
        add("broken");
    }

    synchronized List<String> events() {
        return List.copyOf(events);
    }

    synchronized String text() {
        return bytes.toString(StandardCharsets.US_ASCII);
    }

    synchronized long written() {
        return written;
    }

    /** Waits until {@code event} was told; fails after ten seconds. */
    synchronized void await(String event) throws InterruptedException {
        awaitThat(() -> events.contains(event), event);
    }

    synchronized void awaitText(String expected) throws InterruptedException {
        awaitThat(() -> text().equals(expected), "text " + expected);
    }

    synchronized void awaitWritten(long count) throws InterruptedException {
        awaitThat(() -> written >= count, count + " bytes written");
    }

    private void awaitThat(java.util.function.BooleanSupplier condition, String what) throws InterruptedException {
        long until = System.nanoTime() + 10_000_000_000L;
        while (!condition.getAsBoolean()) {
            long left = (until - System.nanoTime()) / 1_000_000;
            if (left <= 0) {
                throw new AssertionError("no " + what + " but " + events + " and '" + text() + "'");
            }
            wait(left);
        }
    }
}
