package org.slipway.cli.control;

import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.channels.SocketChannel;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import org.jspecify.annotations.Nullable;

/**
 * Answers on a Unix socket that only its owner can connect to. Each client has a thread of its own, on which its requests wait
 * for the network one after another.
 */
public final class ControlServer implements AutoCloseable {

    /** One more is told so, and disconnected. */
    static final int MAX_CLIENTS = 16;

    /** What a request may have, its line break included. */
    static final int MAX_LINE_BYTES = 65_536;

    private static final long RETRY_MILLIS = 100;

    private final PrivateSocket socket;
    private final Dialogue dialogue;
    private final Set<SocketChannel> clients = ConcurrentHashMap.newKeySet();
    private final CountDownLatch closing = new CountDownLatch(1);

    /** What is said on one connection. */
    @FunctionalInterface
    interface Dialogue {

        /** Talks until the client or {@code channel} has ended; may block. */
        void talk(SocketChannel channel) throws IOException;
    }

    private ControlServer(PrivateSocket socket, Dialogue dialogue) {
        this.socket = socket;
        this.dialogue = dialogue;
    }

    /**
     * Listens at {@code path}, with mode 0600.
     *
     * @throws IOException if the socket cannot be had; the message is one line
     */
    static ControlServer start(String name, Path path, Dialogue dialogue) throws IOException {
        ControlServer server = new ControlServer(PrivateSocket.listen(path), dialogue);
        Thread acceptor = new Thread(server::accept, name);
        acceptor.setDaemon(true);
        acceptor.start();
        return server;
    }

    /** The control protocol, with {@code protocol} for what is asked. */
    static Dialogue lines(Protocol protocol) {
        return channel -> {
            Lines lines = new Lines(channel, MAX_LINE_BYTES);
            try {
                for (String line = lines.next(); line != null; line = lines.next()) {
                    if (!line.isBlank()) {
                        write(channel, protocol.answer(line));
                    }
                }
            } catch (Lines.TooLongException e) {
                write(channel, protocol.refusal(String.valueOf(e.getMessage())));
            }
        };
    }

    /** slirp4netns's API: a connection has one request, which ends where its JSON does, or the client's half of the stream. */
    static Dialogue oneRequest(Slirp4netnsApi api) {
        return channel -> {
            ByteBuffer request = ByteBuffer.allocate(Slirp4netnsApi.MAX_REQUEST_BYTES);
            while (request.hasRemaining() && channel.read(request) >= 0) {
                if (Slirp4netnsApi.isWhole(text(request))) {
                    break;
                }
            }
            if (request.hasRemaining()) {
                send(channel, api.answer(text(request)));
            } else {
                // Read to the end, or the answer would be lost in a reset.
                do {
                    request.clear();
                } while (channel.read(request) >= 0);
                send(channel, Slirp4netnsApi.tooLarge());
            }
        };
    }

    private static String text(ByteBuffer buffer) {
        return new String(buffer.array(), 0, buffer.position(), StandardCharsets.UTF_8);
    }

    /** Writes one line. */
    static void write(SocketChannel channel, String line) throws IOException {
        send(channel, line + "\n");
    }

    private static void send(SocketChannel channel, String text) throws IOException {
        ByteBuffer bytes = ByteBuffer.wrap(text.getBytes(StandardCharsets.UTF_8));
        while (bytes.hasRemaining()) {
            channel.write(bytes);
        }
    }

    private void accept() {
        while (!isClosed()) {
            SocketChannel client = nextClient();
            if (client != null) {
                serve(client);
            }
        }
    }

    private @Nullable SocketChannel nextClient() {
        try {
            return socket.accept();
        } catch (IOException e) {
            // Closed; or out of descriptors, which passes when somebody else closes some.
            pause();
            return null;
        }
    }

    private boolean isClosed() {
        return closing.getCount() == 0;
    }

    private void pause() {
        try {
            closing.await(RETRY_MILLIS, TimeUnit.MILLISECONDS);
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
    }

    private void serve(SocketChannel client) {
        clients.add(client);
        boolean tooMany = clients.size() > MAX_CLIENTS;
        Thread thread = new Thread(
                () -> {
                    try (client) {
                        if (!tooMany && !isClosed()) {
                            dialogue.talk(client);
                        }
                    } catch (IOException e) {
                        // The client left in the midst of it: nobody is there to be told.
                        return;
                    } finally {
                        clients.remove(client);
                    }
                },
                Thread.currentThread().getName() + "-client");
        thread.setDaemon(true);
        thread.start();
    }

    /** Listens no more and disconnects all clients. Harmless when repeated. */
    @Override
    public void close() {
        closing.countDown();
        try {
            socket.close();
            for (SocketChannel client : clients) {
                client.close();
            }
        } catch (IOException e) {
            // What cannot be closed is closed with the process.
            return;
        }
    }
}
