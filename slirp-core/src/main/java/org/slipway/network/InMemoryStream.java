package org.slipway.network;

import io.netty.buffer.ByteBuf;
import io.netty.buffer.ByteBufUtil;
import io.netty.buffer.Unpooled;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.Executor;
import java.util.function.Consumer;
import org.slipway.guest.GuestStream;
import org.slipway.guest.GuestStreamListener;
import org.slipway.tcp.CloseCause;

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

    /**
     * Hands over what the peer sends, piece by piece, and says when nothing follows: its FIN has come, or the connection has
     * ended. Takes the place of {@link #readAll}. Both are called on the network's thread, and must not wait.
     */
    public void onReceived(Consumer<byte[]> received, Runnable ended) {
        perform(() -> stream.listener(new Pieces(received, ended)));
    }

    private static final class Pieces implements GuestStreamListener {

        private final Consumer<byte[]> to;
        private final Runnable ended;
        private boolean over;

        Pieces(Consumer<byte[]> to, Runnable ended) {
            this.to = to;
            this.ended = ended;
        }

        @Override
        public void received(ByteBuf bytes) {
            to.accept(ByteBufUtil.getBytes(bytes));
        }

        @Override
        public void receivedFin() {
            if (!over) {
                over = true;
                ended.run();
            }
        }

        @Override
        public void closed(CloseCause cause) {
            receivedFin();
        }
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
