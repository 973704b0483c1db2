package org.slipway.integration;

import com.sun.net.httpserver.HttpServer;
import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.net.DatagramPacket;
import java.net.DatagramSocket;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.ServerSocket;
import java.net.Socket;
import java.nio.charset.StandardCharsets;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.util.ArrayList;
import java.util.HexFormat;
import java.util.List;
import java.util.Random;
import java.util.concurrent.Executor;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;

/** Servers on the host's loopback for a guest to talk to. */
final class HostServices implements AutoCloseable {

    static final int BULK_BYTES = 20 << 20;
    static final String GREETING = "hello from the host";

    /** The one name that {@link #resolver} knows, and its addresses. */
    static final String KNOWN_NAME = "vm.slipway.test";

    static final String KNOWN_ADDRESS = "192.0.2.7";
    static final String KNOWN_IPV6_ADDRESS = "2001:db8::7";

    private static final long SEED = 20;

    /** What happens to one connection. */
    @FunctionalInterface
    interface Conversation {

        void hold(Socket peer) throws IOException;
    }

    private final ExecutorService threads = Executors.newCachedThreadPool();
    private final List<AutoCloseable> open = new ArrayList<>();
    private final byte[] bulk = new byte[BULK_BYTES];

    private final InetAddress loopback;

    /** Services on 127.0.0.1. */
    HostServices() {
        this(InetAddress.getLoopbackAddress());
    }

    /** Services on a loopback address of either family. */
    HostServices(InetAddress loopback) {
        this.loopback = loopback;
        new Random(SEED).nextBytes(bulk);
    }

    /** As many threads as there is work. */
    Executor threads() {
        return threads;
    }

    /** SHA-256 of what {@link #http} gives for {@code /bulk}. */
    String bulkDigest() {
        return HexFormat.of().formatHex(sha256().digest(bulk));
    }

    static MessageDigest sha256() {
        try {
            return MessageDigest.getInstance("SHA-256");
        } catch (NoSuchAlgorithmException e) {
            throw new AssertionError("every JDK has SHA-256", e);
        }
    }

    /** An HTTP server with {@code /hello} and {@code /bulk}; gives its port. */
    int http() throws IOException {
        HttpServer server = HttpServer.create(new InetSocketAddress(loopback, 0), 16);
        server.setExecutor(threads);
        server.createContext("/", exchange -> {
            byte[] body = exchange.getRequestURI().getPath().equals("/bulk")
                    ? bulk
                    : GREETING.getBytes(StandardCharsets.UTF_8);
            exchange.sendResponseHeaders(200, body.length);
            try (OutputStream out = exchange.getResponseBody()) {
                out.write(body);
            }
        });
        server.start();
        open.add(() -> server.stop(0));
        return server.getAddress().getPort();
    }

    /** A TCP server that holds {@code conversation} with each peer, in a thread of its own; gives its port. */
    int tcp(Conversation conversation) throws IOException {
        ServerSocket server = new ServerSocket(0, 256, loopback);
        open.add(server);
        threads.execute(() -> accept(server, conversation));
        return server.getLocalPort();
    }

    private void accept(ServerSocket server, Conversation conversation) {
        while (!server.isClosed()) {
            try {
                Socket peer = server.accept();
                threads.execute(() -> {
                    try (peer) {
                        conversation.hold(peer);
                    } catch (IOException e) {
                        System.out.println("conversation ended: " + e);
                    }
                });
            } catch (IOException e) {
                return;
            }
        }
    }

    /** A DNS server on UDP that knows {@link #KNOWN_NAME} only. */
    InetSocketAddress resolver() throws IOException {
        DatagramSocket socket = new DatagramSocket(0, loopback);
        open.add(socket);
        threads.execute(() -> {
            byte[] buffer = new byte[1500];
            while (!socket.isClosed()) {
                try {
                    DatagramPacket query = new DatagramPacket(buffer, buffer.length);
                    socket.receive(query);
                    byte[] answer = DnsAnswer.to(
                            buffer, query.getLength(), KNOWN_NAME, List.of(KNOWN_ADDRESS, KNOWN_IPV6_ADDRESS));
                    socket.send(new DatagramPacket(answer, answer.length, query.getSocketAddress()));
                } catch (IOException e) {
                    return;
                }
            }
        });
        return (InetSocketAddress) socket.getLocalSocketAddress();
    }

    /** Reads to the end; gives the SHA-256 in hexadecimal digits. */
    static String digestOf(InputStream in) throws IOException {
        MessageDigest digest = sha256();
        byte[] buffer = new byte[64 << 10];
        for (int n = in.read(buffer); n >= 0; n = in.read(buffer)) {
            digest.update(buffer, 0, n);
        }
        return HexFormat.of().formatHex(digest.digest());
    }

    @Override
    public void close() throws Exception {
        for (AutoCloseable service : open) {
            service.close();
        }
        threads.shutdownNow();
    }
}
