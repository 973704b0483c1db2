package org.slipway.network;

import io.netty.buffer.Unpooled;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.Executor;
import org.slipway.guest.GuestStream;

/** A TCP connection of an {@link InMemoryGuest}, for any thread. What is asked for is done in the order of the calls. */
public final class InMemoryStream implements AutoCloseable {

    private final GuestStream stream;
    private final Executor loop;

    InMemoryStream(GuestStream stream, Executor loop) {
        this.stream = stream;
        this.loop = loop;
    }

    /** Sends {@code data}, which the caller may change afterwards; lost if the connection has ended. */
    public void send(byte[] data) {
        byte[] copy = data.clone();
        perform(() -> stream.send(Unpooled.wrappedBuffer(copy)));
    }

    /** See {@link GuestStream#readAll}. */
    public CompletableFuture<byte[]> readAll(int limit) {
        return InMemoryGuest.on(loop, () -> stream.readAll(limit));
    }

    /** See {@link GuestStream#close}: finishes sending; the peer may go on. */
    @Override
    public void close() {
        perform(stream::close);
    }

    /** See {@link GuestStream#abort}. */
    public void abort() {
        perform(stream::abort);
    }

    private void perform(Runnable action) {
        InMemoryGuest.on(loop, () -> {
            action.run();
            return CompletableFuture.completedFuture(stream);
        });
    }
}
