package org.slipway.cli.demo;

import com.sun.net.httpserver.HttpServer;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.net.DatagramPacket;
import java.net.DatagramSocket;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.Socket;
import java.nio.charset.StandardCharsets;
import java.util.Arrays;

/** What the guest of the demonstration talks to, on the host's loopback: a web server, and a resolver that knows one name. */
final class DemoHost implements AutoCloseable {

    /** The name that the resolver knows; the virtual network's gateway, which stands for this host. */
    static final String NAME = "host.slipway.test";

    static final String PAGE = "hello from the host";

    private static final int DNS_HEADER = 12;
    private static final int CLIENT_TIMEOUT_MILLIS = 10_000;

    private final HttpServer http;
    private final DatagramSocket resolver;

    DemoHost(byte[] addressOfName) throws IOException {
        InetAddress loopback = InetAddress.getLoopbackAddress();
        resolver = new DatagramSocket(new InetSocketAddress(loopback, 0));
        http = HttpServer.create(new InetSocketAddress(loopback, 0), 0);
        http.createContext("/", exchange -> {
            byte[] page = PAGE.getBytes(StandardCharsets.UTF_8);
            exchange.sendResponseHeaders(200, page.length);
            exchange.getResponseBody().write(page);
            exchange.close();
        });
        http.start();
        Thread thread = new Thread(() -> answerQueries(addressOfName), "slipway-demo-resolver");
        thread.setDaemon(true);
        thread.start();
    }

    int httpPort() {
        return http.getAddress().getPort();
    }

    InetSocketAddress resolver() {
        return (InetSocketAddress) resolver.getLocalSocketAddress();
    }

    private void answerQueries(byte[] address) {
        byte[] buffer = new byte[512];
        while (!resolver.isClosed()) {
            try {
                DatagramPacket query = new DatagramPacket(buffer, buffer.length);
                resolver.receive(query);
                byte[] answer = answer(buffer, query.getLength(), address);
                resolver.send(new DatagramPacket(answer, answer.length, query.getSocketAddress()));
            } catch (IOException e) {
                // Closed: the demonstration is over.
                return;
            }
        }
    }

    /** RFC 1035 4: repeats the question; an A record if it asks for the one name's, no such name for others. */
    private static byte[] answer(byte[] query, int length, byte[] address) {
        StringBuilder name = new StringBuilder();
        int at = DNS_HEADER;
        while (at < length && query[at] > 0) {
            name.append(name.isEmpty() ? "" : ".");
            name.append(new String(query, at + 1, query[at], StandardCharsets.US_ASCII));
            at += 1 + query[at];
        }
        boolean known = name.toString().equalsIgnoreCase(NAME);
        boolean asksForA = at + 2 < length && query[at + 2] == 1;
        ByteArrayOutputStream out = new ByteArrayOutputStream();
        out.writeBytes(Arrays.copyOf(query, 2));
        out.write(0x81);
        out.write(known ? 0x80 : 0x83);
        out.writeBytes(new byte[] {0, 1, 0, (byte) (known && asksForA ? 1 : 0), 0, 0, 0, 0});
        out.writeBytes(Arrays.copyOfRange(query, DNS_HEADER, Math.min(length, at + 5)));
        if (known && asksForA) {
            out.writeBytes(new byte[] {(byte) 0xc0, DNS_HEADER, 0, 1, 0, 1, 0, 0, 0, 60, 0, 4});
            out.writeBytes(address);
        }
        return out.toByteArray();
    }

    /** Gets a page from a server on this host's loopback, as a browser would: returns its body. */
    static String fetch(int port) {
        try (Socket socket = new Socket()) {
            socket.connect(new InetSocketAddress(InetAddress.getLoopbackAddress(), port), CLIENT_TIMEOUT_MILLIS);
            socket.setSoTimeout(CLIENT_TIMEOUT_MILLIS);
            socket.getOutputStream().write("GET / HTTP/1.0\r\n\r\n".getBytes(StandardCharsets.US_ASCII));
            return HttpText.body(new String(socket.getInputStream().readAllBytes(), StandardCharsets.UTF_8));
        } catch (IOException e) {
            throw new StepException("port " + port + " of this host: " + e.getMessage(), e);
        }
    }

    @Override
    public void close() {
        resolver.close();
        http.stop(0);
    }
}
