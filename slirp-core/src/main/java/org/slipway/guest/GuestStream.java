package org.slipway.guest;

import io.netty.buffer.ByteBuf;
import io.netty.buffer.Unpooled;
import java.io.ByteArrayOutputStream;
import java.util.concurrent.CompletableFuture;
import org.jspecify.annotations.Nullable;
import org.slipway.tcp.CloseCause;
import org.slipway.tcp.StreamListener;
import org.slipway.wire.IpAddress;

/**
 * One end of a TCP connection of a guest. What the peer sends waits, up to a megabyte, until there is a {@link #listener} or
 * {@link #readAll} is called. On the network's loop only.
 */
public final class GuestStream {

    private final TcpEndpoint endpoint;
    private final Events events = new Events();
    private final CompletableFuture<GuestStream> opened = new CompletableFuture<>();
    private final ByteArrayOutputStream early = new ByteArrayOutputStream();
    private @Nullable GuestStreamListener listener;
    private boolean finReceived;
    private @Nullable CloseCause closeCause;
    private @Nullable String failure;

    GuestStream(TcpEndpoint endpoint) {
        this.endpoint = endpoint;
    }

    /** The peer's address. */
    public IpAddress remoteAddress() {
        return endpoint.key.remote();
    }

    /** The peer's port. */
    public int remotePort() {
        return endpoint.key.remotePort();
    }

    /** The port at this end. */
    public int localPort() {
        return endpoint.key.localPort();
    }

    /** Sends the readable bytes of {@code data}, taking over its reference; they are lost if the connection has ended. */
    public void send(ByteBuf data) {
        endpoint.connection.send(data);
        endpoint.wake();
    }

    /** Bytes to give to {@link #send} before it is better to wait for {@link GuestStreamListener#acknowledged}. */
    public int sendSpace() {
        return endpoint.connection.sendSpace();
    }

    /** Finishes sending: a FIN goes out behind all that was sent. The peer may go on sending. */
    public void close() {
        endpoint.connection.close();
        endpoint.wake();
    }

    /** Resets the connection; what was not sent is lost. */
    public void abort() {
        endpoint.connection.abort();
        endpoint.wake();
    }

    /** Tells {@code listener} what comes from now on, and at once what has come before; it may be set only once. */
    public void listener(GuestStreamListener listener) {
        if (this.listener != null) {
            throw new IllegalStateException("the stream from " + endpoint.key.peer() + " has a listener");
        }
        this.listener = listener;
        if (early.size() > 0) {
            listener.received(Unpooled.wrappedBuffer(early.toByteArray()));
            endpoint.connection.consumed(early.size());
            endpoint.wake();
            early.reset();
        }
        if (finReceived) {
            listener.receivedFin();
        }
        if (closeCause != null) {
            listener.closed(closeCause);
        }
    }

    /**
     * All bytes that the peer sends until its FIN. Fails with a {@link GuestException} if the connection ends earlier, or, and
     * then it is reset, if there are more than {@code limit} bytes. Takes the place of a {@link #listener}.
     */
    public CompletableFuture<byte[]> readAll(int limit) {
        ReadAll reader = new ReadAll(limit);
        listener(reader);
        return reader.result;
    }

    /** Completes when both sides have agreed on the connection, or will not. */
    CompletableFuture<GuestStream> opened() {
        return opened;
    }

    /** What the connection tells to. */
    StreamListener events() {
        return events;
    }

    /** Notes why the connection is about to be ended at this side. */
    void failure(String why) {
        failure = why;
    }

    private String why(CloseCause cause) {
        String noted = failure;
        return noted != null
                ? noted
                : switch (cause) {
                    case FINISHED -> "finished";
                    case RESET -> "connection reset";
                    case ABORTED -> "aborted";
                    case UNREACHABLE -> "unreachable";
                    case TIMED_OUT -> "no answer";
                };
    }

    private GuestException failed(String what, String why) {
        return new GuestException(what + " " + endpoint.key.peer() + ": " + why);
    }

    private final class Events implements StreamListener {

        @Override
        public void established() {
            opened.complete(GuestStream.this);
        }

        @Override
        public void received(ByteBuf buf, int at, int length) {
            GuestStreamListener to = listener;
            if (to == null) {
                byte[] bytes = new byte[length];
                buf.getBytes(at, bytes);
                early.writeBytes(bytes);
            } else {
                to.received(buf.slice(at, length));
                endpoint.connection.consumed(length);
            }
        }

        @Override
        public void receivedFin() {
            finReceived = true;
            GuestStreamListener to = listener;
            if (to != null) {
                to.receivedFin();
            }
        }

        @Override
        public void acknowledged() {
            GuestStreamListener to = listener;
            if (to != null) {
                to.acknowledged();
            }
        }

        @Override
        public void closed(CloseCause cause) {
            closeCause = cause;
            // Before there is a connection, a reset is a refusal (RFC 9293 3.10.7.3).
            if (!opened.isDone()) {
                opened.completeExceptionally(
                        failed("connect", cause == CloseCause.RESET ? "connection refused" : why(cause)));
            }
            GuestStreamListener to = listener;
            if (to != null) {
                to.closed(cause);
            }
        }
    }

    private final class ReadAll implements GuestStreamListener {

        final CompletableFuture<byte[]> result = new CompletableFuture<>();
        private final ByteArrayOutputStream read = new ByteArrayOutputStream();
        private final int limit;

        ReadAll(int limit) {
            this.limit = limit;
        }

        @Override
        public void received(ByteBuf bytes) {
            if (bytes.readableBytes() > limit - read.size()) {
                result.completeExceptionally(failed("read", "more than " + limit + " bytes came"));
                abort();
            } else {
                byte[] copy = new byte[bytes.readableBytes()];
                bytes.readBytes(copy);
                read.writeBytes(copy);
            }
        }

        @Override
        public void receivedFin() {
            result.complete(read.toByteArray());
        }

        @Override
        public void closed(CloseCause cause) {
            result.completeExceptionally(failed("read", why(cause)));
        }
    }
}
